"""How long anybody waits while one member is erased.

`python -m benchmarks.leaving [COMMENTS] [ARTICLES]`: their comments stand under that many articles,
among threads and answers of somebody else. The worker's own functions erase them, while two
processes read pages and another member posts from a third, all through Django's own stack. A chunk
is one transaction, its wait for the lock included; a page comes from the store as long as nobody
changed it.
"""

import multiprocessing
import os
import random
import sys
import time
from collections.abc import Callable
from multiprocessing.synchronize import Event
from typing import Any, NamedTuple

from benchmarks.measuring import database, tidy

ARTICLES = int(sys.argv[2]) if len(sys.argv) > 2 else 200
AT_ONCE = 5_000
READERS = 2
POST_PAUSE = 0.1  # seconds between two comments of the other member
HOST = {"Host": "localhost"}


class Seen(NamedTuple):
    """What one process met: how many requests, the slowest in seconds, and what failed."""

    what: str
    requests: int
    slowest: float
    failures: list[str]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with database():
        from django.core.management import call_command
        from django.db import connection

        call_command("collectstatic", interactive=False, verbosity=0)  # pages name hashed files
        fill(count)
        tidy()
        os.environ["DATABASE_URL"] = address_of(connection)
        print(f"{connection.vendor}: {count} comments under {ARTICLES} articles")
        for phase in (rest, erase):
            print(phase.__doc__)
            for line in watched(phase):
                print(f"    {line}")
        check()


def rest() -> list[str]:
    """Nothing is erased, for five seconds."""
    time.sleep(5)
    return []


def erase() -> list[str]:
    """One member is erased."""
    from accounts import hooks
    from accounts.models import Fate, User
    from comments import leaving

    chunks: list[float] = []
    change_some = leaving.change_some

    def timed(*args: Any) -> None:
        start = time.perf_counter()
        change_some(*args)
        chunks.append(time.perf_counter() - start)

    leaving.change_some = timed
    user, start = User.objects.get(handle="Quiet Heron"), time.perf_counter()
    hooks.run("settle_comments", user, Fate.ERASE)
    hooks.run("erase_member", user, Fate.ERASE)
    took = time.perf_counter() - start
    return [
        f"erased in {took:.1f} s, {len(chunks)} chunks",
        f"longest chunk {max(chunks) * 1_000:.0f} ms, median {median(chunks) * 1_000:.0f} ms",
    ]


def watched(phase: Callable[[], list[str]]) -> list[str]:
    """Run `phase` while others read and post; return what it says, and what they met."""
    spawn = multiprocessing.get_context("spawn")
    ready, stop, seen = spawn.Semaphore(0), spawn.Event(), spawn.Queue()
    people = [read] * READERS + [post]
    processes = [
        spawn.Process(target=person, args=(number, ready, stop, seen))
        for number, person in enumerate(people)
    ]
    for process in processes:
        process.start()
    for _process in processes:
        ready.acquire(timeout=60)
    try:
        said = phase()
    finally:
        stop.set()
    met: list[Seen] = [seen.get(timeout=60) for _process in processes]
    for process in processes:
        process.join(timeout=60)
    return said + [
        f"{one.what} {one.requests} times, slowest {one.slowest * 1_000:.0f} ms,"
        f" {len(one.failures)} failed {' '.join(one.failures[:3])}"
        for one in sorted(met)
    ]


def read(number: int, ready: Any, stop: Event, seen: Any) -> None:
    """Read one article after the other, as somebody without a session."""
    set_up()
    from django.test import Client

    client, chance = Client(headers=HOST), random.Random(number)  # noqa: S311 - no secret

    def visit() -> str:
        response = client.get(f"/articles/article-{chance.randrange(ARTICLES)}/")
        return "" if response.status_code == 200 else str(response.status_code)

    repeat(visit, "read", ready, stop, seen)


def post(number: int, ready: Any, stop: Event, seen: Any) -> None:
    """Post a comment every now and then, as another member."""
    set_up()
    from django.test import Client

    from accounts.models import User

    client, chance = Client(headers=HOST), random.Random(number)  # noqa: S311 - no secret
    client.force_login(User.objects.get(handle="Blue Kettle"))

    def say() -> str:
        address = f"/articles/article-{chance.randrange(ARTICLES)}/comments/new/"
        response = client.post(address, {"text": f"Words number {chance.random()}."})
        return "" if response.status_code == 302 else str(response.status_code)

    repeat(say, "posted", ready, stop, seen, pause=POST_PAUSE)


def repeat(
    deed: Callable[[], str], what: str, ready: Any, stop: Event, seen: Any, pause: float = 0
) -> None:
    """Do it until the word to stop, once beforehand to be warm, and report."""
    requests, slowest, failures = 0, 0.0, []
    deed()
    ready.release()
    while not stop.is_set():
        start = time.perf_counter()
        try:
            failure = deed()
        except Exception as error:
            failure = type(error).__name__
        slowest = max(slowest, time.perf_counter() - start)
        requests += 1
        if failure:
            failures.append(failure)
        time.sleep(pause)
    seen.put(Seen(what, requests, slowest, failures))


def set_up() -> None:
    import django

    django.setup()


def address_of(connection: Any) -> str:
    """Return what DATABASE_URL is for the other processes."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    password = f":{at['PASSWORD']}" if at["PASSWORD"] else ""
    return f"postgres://{at['USER']}{password}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


def fill(count: int) -> None:
    """Make the articles; half of the comments head threads that are answered, half answer."""
    from allauth.account.models import EmailAddress
    from django.db.models import Count, Q
    from django.utils import timezone

    from accounts.models import User
    from articles.models import Article, Category
    from comments.models import Comment, Discussion, Voice

    category = Category.objects.at(["Health"])
    users = []
    for handle in ("Quiet Heron", "Blue Kettle"):
        email = f"{handle[:4].lower()}@example.org"
        users.append(User.objects.create_user(email, None, handle=handle))
        EmailAddress.objects.create(user=users[-1], email=email, verified=True, primary=True)
    voices = {user: Voice.objects.handle_of(user) for user in users}
    leaver, other = users
    heads, answers = [], []

    def comment(author: User, article: Article, **place: Any) -> Comment:
        text = "It says a little more than nothing, as people do when they have time."
        return Comment(
            article=article, author=author, voice=voices[author], text=text,
            html=f"<p>{text}</p>", published_at=timezone.now(), **place,
        )  # fmt: skip

    for number in range(ARTICLES):
        article = Article(slug=f"article-{number}", category=category)
        article.save()
        article.publish(article.revise(title=f"Number {number}", summary="", text="## One\n\nHm."))
        for _pair in range(count // ARTICLES // 2):
            for asks, says in ((leaver, other), (other, leaver)):
                head = comment(asks, article, reply_count=1)
                heads.append(head)
                answers.append(comment(says, article, root=head, parent=head))
    Comment.objects.bulk_create(heads, batch_size=AT_ONCE)
    Comment.objects.bulk_create(answers, batch_size=AT_ONCE)
    counts = Comment.objects.values("article").annotate(
        all=Count("pk"), threads=Count("pk", filter=Q(root=None))
    )
    Discussion.objects.bulk_create(
        Discussion(article_id=one["article"], comment_count=one["all"], thread_count=one["threads"])
        for one in counts
    )


def check() -> None:
    """Make sure that all was done, and that the counts are those of the rows."""
    from django.db.models import Sum

    from comments.models import Comment, Discussion

    left = Comment.objects.filter(author__handle="Quiet Heron").exclude(text="").count()
    counted = Discussion.objects.aggregate(sum=Sum("comment_count"))["sum"]
    assert not left, f"{left} texts were not erased"
    assert counted == Comment.objects.visible().count(), "The counts are wrong"


def median(times: list[float]) -> float:
    return sorted(times)[len(times) // 2]


if __name__ == "__main__":
    main()
