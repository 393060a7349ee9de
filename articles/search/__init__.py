"""Search in what is published, the same on SQLite and PostgreSQL.

    words.py        what counts as a word           text -> folded words, pairs of Han
    query.py        what a reader asks for          "two words" -not -> Query
    documents.py    what of an article is searched
    sqlite.py, postgresql.py    the index, and a query in each database's own language
    spelling.py     did you mean
    marks.py        titles and excerpts with <mark>

The tables are made by articles/sql/. Scheduled articles stand in the index as well: what may be
seen is asked of `Article.objects.published()` at each search, as everywhere.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Protocol

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.safestring import SafeString

from articles.models import Article, Category
from articles.search import postgresql, spelling, sqlite
from articles.search.documents import Document, document
from articles.search.marks import beginning, excerpt, marked
from articles.search.query import Query, parse

AT_ONCE = 200  # articles, when everything is indexed


@dataclass(frozen=True)
class Hit:
    """An article that was found; both HTML fields are escaped, with the asked words in <mark>."""

    article: Article
    title_html: SafeString
    snippet_html: SafeString


@dataclass(frozen=True)
class Results:
    """One page of what was found, and how much there is in all.

    `facets` count what was found by category, sub-categories included, before narrowing to one.
    `suggestion` is another spelling that finds something. `loose` says that nothing holds all the
    words, and that these hold some.
    """

    hits: Sequence[Hit] = ()
    total: int = 0
    facets: Sequence[tuple[Category, int]] = ()
    suggestion: str | None = None
    loose: bool = False


def search(
    text: str, *, category: Category | None = None, offset: int = 0, limit: int = 20
) -> Results:
    """Return what readers may see of what `text` asks for, best first; at most six queries.

    Any text answers. Words are all wanted, "a phrase" as it stands, -word not. When nothing holds
    all of them, what holds some is returned, and perhaps another spelling.
    """
    query, loose, suggestion = parse(text), False, None
    found = _found(query)
    if query.terms and not found:
        suggestion = _suggestion(text)
        query, loose = query.loosened(), True
        found = _found(query)
    if not found:
        return Results(suggestion=suggestion)
    categories = Category.objects.in_bulk({category_id for _article_id, category_id in found})
    ids = [pk for pk, at in found if category is None or _is_within(categories[at], category)]
    return Results(
        hits=_hits(ids[offset : offset + limit], query),
        total=len(ids),
        facets=_facets(found, categories),
        suggestion=suggestion,
        loose=loose,
    )


def index(article: Article) -> None:
    """Bring the index up to date with `article`, in the caller's transaction."""
    _backend().remove(article.pk)
    _write(_searchable().filter(pk=article.pk))


@transaction.atomic
def rebuild() -> int:
    """Index everything anew; return the number of articles."""
    _backend().clear()
    spelling.forget()
    return _write(_searchable())


def repair() -> None:
    """Rebuild an index that is not of these articles: new, or left behind by `flush`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM articles_search")
        (indexed,) = cursor.fetchone()
    if indexed != _searchable().count():
        rebuild()


class Backend(Protocol):
    """What sqlite.py and postgresql.py offer."""

    def write(self, documents: Sequence[Document]) -> None: ...
    def remove(self, article_id: int) -> None: ...
    def clear(self) -> None: ...
    def ranked(self, query: Query) -> tuple[str, list[str]]: ...


def _backend() -> Backend:
    return sqlite if connection.vendor == "sqlite" else postgresql


def _searchable() -> QuerySet[Article]:
    """Return what is published now or will be."""
    return Article.objects.filter(
        live__isnull=False, published_at__isnull=False, withdrawn_at__isnull=True
    ).select_related("live")


def _write(articles: QuerySet[Article]) -> int:
    count = 0
    for batch in batched(articles.iterator(AT_ONCE), AT_ONCE):
        _backend().write([document(article) for article in batch])
        spelling.remember(batch)
        count += len(batch)
    return count


def _found(query: Query) -> list[tuple[int, int]]:
    """Return (article, category) of all that readers may see and `query` finds, best first."""
    if not query.terms:
        return []
    ranked, ranked_parameters = _backend().ranked(query)
    readable = Article.objects.published().values("id", "category_id", "published_at")
    published, published_parameters = readable.query.sql_with_params()
    sql = (
        "SELECT readable.id, readable.category_id"  # noqa: S608 - both parts have parameters
        f" FROM ({ranked}) AS ranked JOIN ({published}) AS readable ON id = article_id"
        " ORDER BY score, published_at DESC, id DESC"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*ranked_parameters, *published_parameters])
        return [(article_id, category_id) for article_id, category_id in cursor.fetchall()]


def _suggestion(text: str) -> str | None:
    """Return another spelling of `text`, if it finds something that readers may see."""
    suggestion = spelling.respelled(text)
    return suggestion if suggestion and _found(parse(suggestion)) else None


def _hits(ids: list[int], query: Query) -> list[Hit]:
    listed = Article.objects.published().for_list()
    # Unlike the row of a list, an excerpt needs the words.
    articles = listed.defer(None).defer("live__text", "live__contents").in_bulk(ids)
    return [_hit(articles[pk], query) for pk in ids if pk in articles]


def _hit(article: Article, query: Query) -> Hit:
    assert article.live
    summary, body = article.live.summary, article.live.plain_text
    snippet = excerpt(summary, query) or excerpt(body, query) or beginning(summary or body)
    return Hit(article, marked(article.live.title, query), snippet)


def _facets(
    found: list[tuple[int, int]], categories: dict[int, Category]
) -> list[tuple[Category, int]]:
    own = Counter(category_id for _article_id, category_id in found)
    counts = [
        (above, sum(own[pk] for pk, below in categories.items() if _is_within(below, above)))
        for above in categories.values()
    ]
    return sorted(counts, key=lambda facet: (-facet[1], facet[0].path))


def _is_within(category: Category, above: Category) -> bool:
    return f"{category.path}/".startswith(f"{above.path}/")
