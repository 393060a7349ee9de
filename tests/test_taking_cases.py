"""Taking cases: two people never work on the same one, whoever presses first, and when."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.models import Decision
from tests.cases import DESK, decide, due, held, page_of, reported
from tests.conftest import logged_in
from tests.processes import Processes

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(make_user: Callable[..., User]) -> User:
    return make_user("Otto Reads", groups=("Moderators",), is_staff=True)


@pytest.fixture
def as_other(other: User) -> Client:
    return logged_in(other)


def taken(client: Client, queue: str = "", **sent: object) -> str:
    """Press "Take next"; return the address that it leads to."""
    return str(client.post(f"{DESK}take/", {"queue": queue, **sent}).headers["Location"])


def test_the_case_due_first_is_taken(
    as_moderator: Client, as_other: Client, article: Article, member: User, moderator: User
) -> None:
    later, first = held(member, article), due(held(member, article), hours=2)
    assert taken(as_moderator, "held") == page_of(first)
    first.refresh_from_db()
    assert first.claimed_by == moderator
    assert timedelta(minutes=9) < first.claimed_until - timezone.now() <= timedelta(minutes=10)
    assert taken(as_other, "held") == page_of(later)


def test_a_queue_gives_its_own_cases(as_moderator: Client, article: Article, member: User) -> None:
    due(held(member, article), hours=2)
    from_readers = reported(member, article)
    assert taken(as_moderator, "reported") == page_of(from_readers)


def test_who_has_a_case_gets_it_again(as_moderator: Client, article: Article, member: User) -> None:
    first = due(held(member, article), hours=1)
    assert taken(as_moderator) == page_of(first)
    due(held(member, article), hours=5)
    assert taken(as_moderator) == page_of(first)


def test_an_empty_queue_says_so(
    as_moderator: Client, as_other: Client, article: Article, member: User
) -> None:
    held(member, article)
    taken(as_other)
    page = as_moderator.post(f"{DESK}take/", {"queue": "held"}, follow=True)
    assert page.redirect_chain == [(f"{DESK}?queue=held", 302)]
    assert "Nothing waits here that nobody else has taken." in page.text
    assert "<bdi>Otto Reads</bdi> has it until" in page.text


def test_what_another_has_can_be_read_and_not_decided(
    as_moderator: Client, as_other: Client, article: Article, member: User
) -> None:
    case = held(member, article)
    taken(as_other)
    assert (
        "<bdi>Otto Reads</bdi></strong> has this case until" in as_moderator.get(page_of(case)).text
    )
    page = decide(as_moderator, case, "approve")
    assert "Otto Reads has taken this case. Nothing was changed." in page.text
    page = as_moderator.post(f"{DESK}{case.pk}/take/", follow=True)
    assert "Otto Reads has taken this case." in page.text
    keys = f"{case.pk}-0"
    as_moderator.post(f"{DESK}bulk/", {"chosen": [keys], "deed": "fine"})
    case.comment.refresh_from_db()
    assert case.comment.is_held
    assert not Decision.objects.exists()


def test_after_ten_minutes_another_gets_it(
    as_moderator: Client, as_other: Client, article: Article, member: User
) -> None:
    case = held(member, article)
    assert taken(as_other) == page_of(case)
    assert taken(as_moderator) == DESK
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert taken(as_moderator) == page_of(case)
        assert "Mona Reads has taken this case." in decide(as_other, case, "approve").text


def test_acting_keeps_a_case_longer(as_moderator: Client, article: Article, member: User) -> None:
    case = reported(member, article)
    taken(as_moderator)
    with time_machine.travel(timezone.now() + timedelta(minutes=8)):
        decide(as_moderator, case, "reply", text="Please read the rules.")
        case.refresh_from_db()
        assert case.claimed_until - timezone.now() > timedelta(minutes=9)


def test_what_is_put_back_is_for_others(
    as_moderator: Client, as_other: Client, article: Article, member: User
) -> None:
    first, second = due(held(member, article), hours=1), held(member, article)
    taken(as_moderator)
    as_moderator.post(f"{DESK}{first.pk}/put-back/")
    first.refresh_from_db()
    assert first.claimed_by is None
    assert taken(as_moderator) == page_of(first)
    assert taken(as_moderator, but=first.pk) == page_of(second)
    assert taken(as_other) == page_of(first)
    as_moderator.post(f"{DESK}{first.pk}/put-back/")
    first.refresh_from_db()
    assert first.claimed_by is not None


def test_nobody_is_given_their_own_comment(
    as_moderator: Client, as_other: Client, article: Article, moderator: User
) -> None:
    case = reported(moderator, article)
    assert taken(as_moderator) == DESK
    assert taken(as_other) == page_of(case)


def test_what_is_done_is_taken_by_nobody(
    as_moderator: Client, article: Article, member: User
) -> None:
    case = held(member, article)
    decide(as_moderator, case, "approve")
    assert taken(as_moderator) == DESK
    page = as_moderator.post(f"{DESK}{case.pk}/take/", follow=True)
    assert "Somebody has decided on this meanwhile." in page.text


PARALLEL = """
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from django.db import connection
from accounts.models import User
from comments.admin.taking_cases import take_next

moderators = list(User.objects.filter(groups__name="Moderators").order_by("pk"))
together = Barrier(len(moderators))

def attempt(user):
    try:
        together.wait()
        case = take_next(user)
        return case and case.pk
    finally:
        connection.close()

with ThreadPoolExecutor(len(moderators)) as pool:
    print(json.dumps(list(pool.map(attempt, moderators))))
"""


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_take_at_once_each_gets_another_case(
    make_user: Callable[..., User], article: Article, member: User, tmp_path: Path
) -> None:
    for number in range(8):
        make_user(f"Reader {number}", groups=("Moderators",), is_staff=True)
    for _each in range(6):
        held(member, article)
    got = json.loads(Processes(tmp_path).run("shell", "-v", "0", "-c", PARALLEL))
    cases = [pk for pk in got if pk]
    assert len(cases) == len(set(cases)) == 6
    assert got.count(None) == 2
