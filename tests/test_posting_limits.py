"""Nobody floods a discussion: limits are exact, and what is sent again is no flood."""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from articles.models import Article
from comments import posting_limits
from comments.models import Comment
from tests.discussing import COMPOSER, say
from tests.processes import Processes

pytestmark = pytest.mark.django_db

MakeUser = Callable[..., User]


@pytest.fixture
def clock() -> Iterator[Any]:
    """Stand at the beginning of a window, or its end could come in the middle of a test."""
    with time_machine.travel("2026-11-22T14:00:01Z", tick=False) as clock:
        yield clock


def post(client: Client, text: str, **fields: Any) -> Any:
    return client.post(COMPOSER, {"text": text, "nonce": str(uuid.uuid4()), **fields})


@pytest.fixture
def as_flooder(clock: Any, as_member: Client, member: User, article: Article) -> Client:
    """Whoever has posted ten comments in these ten minutes."""
    as_member.force_login(member)
    for number in range(10):
        assert post(as_member, f"Comment number {number}.").status_code == 302
    return as_member


# --- one at a time --------------------------------------------------------------------------------


def test_the_eleventh_comment_waits_and_its_words_are_kept(as_flooder: Client) -> None:
    response = post(as_flooder, "My eleventh words.", question="on")
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "599"
    assert "My eleventh words.</textarea>" in response.text
    assert "You have posted a lot in a short time." in response.text
    assert response.context["form"].choices["question"] == "True"
    assert Comment.objects.count() == 10


def test_after_the_wait_it_is_posted(as_flooder: Client, clock: Any) -> None:
    refused = post(as_flooder, "My eleventh words.")
    clock.shift(timedelta(seconds=int(refused.headers["Retry-After"])))
    assert post(as_flooder, "My eleventh words.").status_code == 302


def test_a_client_that_asks_for_json_is_told_429(as_flooder: Client) -> None:
    response = as_flooder.post(COMPOSER, {"text": "More."}, content_type="application/json")
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "599"
    assert response.json()["error"].startswith("You have posted a lot")


def test_a_form_that_was_taken_is_not_refused_when_it_comes_again(
    as_member: Client, member: User, article: Article, clock: Any
) -> None:
    as_member.force_login(member)
    fields = {"nonce": str(uuid.uuid4())}
    for _ in range(20):
        assert post(as_member, "Once.", **fields).status_code == 302
    for number in range(9):
        assert post(as_member, f"Comment number {number}.").status_code == 302
    assert post(as_member, "Another.").status_code == 429
    assert post(as_member, "Once.", **fields).status_code == 302
    assert Comment.objects.count() == 10


def test_what_is_only_asked_about_is_not_counted(
    as_member: Client, member: User, article: Article, clock: Any
) -> None:
    as_member.force_login(member)
    for number in range(12):
        assert post(as_member, f"Call me on +44 20 7946 01{number:02}.").status_code == 200
    assert post(as_member, "Hello there.").status_code == 302


def test_one_member_does_not_wait_for_another(
    as_flooder: Client, as_another_member: Client, another_member: User
) -> None:
    as_another_member.force_login(another_member)
    assert post(as_another_member, "Hello there.").status_code == 302


def test_an_address_has_a_limit_for_all_who_use_it(
    make_user: MakeUser, article: Article, clock: Any
) -> None:
    answers = []
    for number in range(7):
        client = Client()
        client.force_login(make_user(f"Member {number}"))
        answers += [post(client, f"Comment {number} {n}.").status_code for n in range(9)]
    assert answers == [302] * 60 + [429] * 3
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    elsewhere.force_login(User.objects.get(handle="Member 6"))
    assert post(elsewhere, "From elsewhere.").status_code == 302


def test_the_twenty_first_edit_waits_and_its_words_are_kept(
    as_member: Client, member: User, article: Article, clock: Any
) -> None:
    as_member.force_login(member)
    comment = say(member, article)
    address = f"/comments/{comment.pk}/edit/"
    for number in range(20):
        assert as_member.post(address, {"text": f"Edit {number}."}).status_code == 302
    response = as_member.post(address, {"text": "One edit more."})
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "599"
    assert "One edit more.</textarea>" in response.text
    comment.refresh_from_db()
    assert comment.text == "Edit 19."


# --- many at once ---------------------------------------------------------------------------------

# Each process posts its share at once, five at a time: of more that wait for it, SQLite, which
# serves them in no order, may leave one waiting too long. The clock stands: it is one window.
PARALLEL_POSTS = """
import json
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4
from django.conf import settings
from django.db import connection
from django.test import Client
from accounts import ratelimits
from accounts.models import User

ratelimits.window_end = lambda seconds: 4_000_000_000

def session_of(user):
    client = Client()
    client.force_login(user)
    return client.session.session_key

members = list(User.objects.filter(handle__startswith={handle!r}).order_by("pk"))[{share}]
sessions = [session_of(member) for member in members] * {times}
connection.close()

def post(numbered):
    number, session = numbered
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    try:
        fields = {{"text": f"{process} says number {{number}}.", "nonce": str(uuid4())}}
        return client.post({address!r}, fields).status_code
    finally:
        connection.close()

with ThreadPoolExecutor(5) as pool:
    print(json.dumps(list(pool.map(post, enumerate(sessions)))))
"""
STATE = """
import json
from comments.models import Comment, Discussion
texts = list(Comment.objects.values_list("text", flat=True))
authors = Comment.objects.values("author").distinct().count()
print(json.dumps([texts, authors, Discussion.objects.get().comment_count]))
"""


def posted_by_two(folder: Path, handle: str, shares: tuple[str, str], times: int) -> Any:
    """Let two processes post; return the answers, the texts, the number of writers, the count."""
    processes = Processes(folder)
    fields = {"handle": handle, "times": times, "address": COMPOSER}
    both = [
        processes.start(
            *("shell", "-v", "0", "-c"),
            PARALLEL_POSTS.format(share=share, process=f"Process {number}", **fields),
        )
        for number, share in enumerate(shares)
    ]
    answers = [code for process in both for code in json.loads(process.communicate(timeout=300)[0])]
    return answers, *json.loads(processes.run("shell", "-v", "0", "-c", STATE))


@pytest.mark.django_db(transaction=True)
def test_of_200_posts_at_once_on_two_processes_exactly_ten_are_taken(
    article: Article, member: User, tmp_path: Path
) -> None:
    answers, texts, writers, count = posted_by_two(tmp_path, "Quiet Heron", (":", ":"), 100)
    assert (answers.count(302), answers.count(429), len(answers)) == (10, 190, 200)
    assert (len(texts), len(set(texts)), writers, count) == (10, 10, 1, 10)


@pytest.mark.django_db(transaction=True)
def test_fifty_members_who_post_at_once_are_each_heard_once(
    article: Article, make_user: MakeUser, tmp_path: Path
) -> None:
    for number in range(50):
        make_user(f"Member {number}")
    answers, texts, writers, count = posted_by_two(tmp_path, "Member", (":25", "25:"), 1)
    assert answers == [302] * 50
    assert (len(texts), len(set(texts)), writers, count) == (50, 50, 50, 50)


def test_the_limits_are_those_that_are_documented() -> None:
    assert posting_limits.POSTS_OF_A_MEMBER == (10, 600)
    assert posting_limits.POSTS_FROM_AN_ADDRESS == (60, 3600)
    assert posting_limits.EDITS_OF_A_MEMBER == (20, 600)
