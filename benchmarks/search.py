"""How long a search takes, and indexing: `python -m benchmarks.search FOLDER [--copies N]`.

FOLDER holds articles as `manage.py import_articles` reads them; each is kept N times, under other
addresses.
"""

import argparse
from pathlib import Path

from benchmarks.measuring import database, report, tidy, timed

PAGE = 20
QUERIES = {
    "one common word": "treatment",
    "one rare word": "trichinella",
    "two words": "heart failure",
    "four words": "high blood pressure treatment",
    "a question": "What are the signs of a stroke?",
    "a phrase": '"kidney failure"',
    "an exclusion": "diabetes -insulin",
    "some of the words": "diabetes zzzzz symptoms",
    "a misspelling": "acupunture",
    "two misspellings": "hemifacal spazm",
    "nothing": "zzzzzz",
    "Chinese": "高血压",
}


def main() -> None:
    arguments = parse_arguments()
    with database():
        measure(arguments.folder, arguments.copies)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--copies", type=int, default=1)
    return parser.parse_args()


def measure(folder: Path, copies: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    from articles import search
    from articles.models import Article, Category

    call_command("import_articles", folder)
    multiply(copies)
    seconds = timed(search.rebuild)
    tidy()
    count = Article.objects.count()
    print(f"{connection.vendor}: {count} articles, all indexed in {seconds:.1f} s")
    article = Article.objects.newest()[0]
    report("one article indexed", lambda: search.index(article))
    for kind, text in QUERIES.items():
        total = search.search(text).total
        report(f"{kind}: {text} ({total})", lambda text=text: search.search(text, limit=PAGE))
    common = QUERIES["one common word"]
    last = search.search(common).total - PAGE
    report("the last page", lambda: search.search(common, offset=last, limit=PAGE))
    category = Category.objects.filter(articles__isnull=False)[0]
    report("narrowed to a topic", lambda: search.search(common, category=category, limit=PAGE))


def multiply(copies: int) -> None:
    """Copy all articles, each to addresses of its own."""
    from articles.models import Article, Revision

    originals = list(Article.objects.select_related("live"))
    kept = ("title", "summary", "text", "plain_text", "sha256", "published_at")
    for number in range(1, copies):
        articles, revisions = [], []
        for original in originals:
            slug = f"{original.slug[:140]}-{number}"
            article = Article(slug=slug, category_id=original.category_id)
            words = {name: getattr(original.live, name) for name in kept}
            articles.append(article)
            revisions.append(Revision(article=article, number=1, **words))
        Article.objects.bulk_create(articles, batch_size=500)
        Revision.objects.bulk_create(revisions, batch_size=100)
        for article, revision in zip(articles, revisions, strict=True):
            article.live, article.published_at = revision, revision.published_at
        Article.objects.bulk_update(articles, ["live", "published_at"], batch_size=200)


if __name__ == "__main__":
    main()
