"""How long pages of a very large discussion take: `python -m benchmarks.discussion [COMMENTS]`.

Half of the comments are replies in one thread, the others head threads of their own. Pages are
asked for through Django's own stack, by a reader without a session; none comes from the store.
"""

import sys
from collections.abc import Callable
from datetime import timedelta

from benchmarks.measuring import database, report, tidy

AT_ONCE = 5_000
ADDRESS = "/articles/discussed/"


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with database():
        from django.core.management import call_command
        from django.db import connection

        call_command("collectstatic", interactive=False, verbosity=0)  # pages name hashed files
        top = fill(count)
        tidy()
        print(f"{connection.vendor}: {count} comments")
        pages = -(-count // 2 // 20)
        for name, query in {
            "first page": "",
            "oldest first": "?sort=oldest",
            "most answered first": "?sort=answered",
            "last page": f"?page={pages}",
            "the long thread, shown whole": f"?thread={top}",
        }.items():
            report(f"{name}: {queries(query)} queries", page(query))


def fill(count: int) -> int:
    """Make an article and its discussion; return the comment that half of the others answer."""
    from django.utils import timezone

    from accounts.models import User
    from articles.models import Article, Category
    from comments.models import Comment, Discussion, Voice

    article = Article(slug="discussed", category=Category.objects.at(["Health"]))
    article.save()
    article.publish(article.revise(title="Discussed", summary="", text="## One\n\nWords."))
    user = User.objects.create_user("a@example.org", None, handle="Quiet Heron")
    voice, now = Voice.objects.handle_of(user), timezone.now()

    def comment(number: int, **place: object) -> Comment:
        text = f"The {number}th says a little more than nothing, as people do."
        return Comment(
            article=article, author=user, voice=voice, text=text, html=f"<p>{text}</p>",
            published_at=now - timedelta(seconds=count - number), **place,
        )  # fmt: skip

    top = comment(0, reply_count=count // 2)
    heads = [top, *(comment(number) for number in range(1, count - count // 2))]
    replies = [comment(number, root=top, parent=top) for number in range(len(heads), count)]
    Comment.objects.bulk_create(heads, batch_size=AT_ONCE)
    Comment.objects.bulk_create(replies, batch_size=AT_ONCE)
    Discussion.objects.create(article=article, comment_count=count, thread_count=len(heads))
    return top.pk


def page(query: str) -> Callable[[], object]:
    from django.core.cache import caches
    from django.test import Client

    client = Client(headers={"Host": "localhost"})

    def visit() -> None:
        caches["pages"].clear()
        assert client.get(ADDRESS + query).status_code == 200

    return visit


def queries(query: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        page(query)()
    return len(captured)


if __name__ == "__main__":
    main()
