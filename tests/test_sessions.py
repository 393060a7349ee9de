"""A member who comes by stays logged in, and one who stays away for thirty days is logged out."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from tests.conftest import FIRST_PAGE, PASSWORD
from tests.discussing import COMPOSER

pytestmark = pytest.mark.django_db

PAGE = f"/articles/{FIRST_PAGE}/"
MONTH = 30 * 24 * 60 * 60
COOKIE = settings.SESSION_COOKIE_NAME


def log_in(client: Client, user: User) -> None:
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})


def end_of_session() -> object:
    return Session.objects.get().expire_date


def writes_of(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return [
        query["sql"]
        for query in queries.captured_queries
        if query["sql"].startswith(("UPDATE", "INSERT", "DELETE"))
    ]


def test_a_member_who_comes_every_three_weeks_stays_logged_in(client: Client, member: User) -> None:
    log_in(client, member)
    begun = timezone.now()
    for visit in range(1, 5):
        with time_machine.travel(begun + timedelta(days=21 * visit)):
            assert client.get("/accounts/").status_code == 200


def test_a_member_who_stays_away_for_thirty_days_is_logged_out(
    client: Client, member: User
) -> None:
    log_in(client, member)
    with time_machine.travel(timezone.now() + timedelta(days=30, minutes=1)):
        assert client.get("/accounts/").url == "/accounts/login/?next=/accounts/"


@pytest.mark.parametrize("address", [PAGE, "/", "/accounts/", "/topics/"])
def test_a_session_moves_with_its_cookie_once_a_day(
    client: Client, member: User, article: Article, address: str
) -> None:
    log_in(client, member)
    client.get(address)
    first = end_of_session()
    with time_machine.travel(timezone.now() + timedelta(hours=23)):
        assert COOKIE not in client.get(address).cookies
        assert end_of_session() == first
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        answer = client.get(address)
        assert answer.cookies[COOKIE]["max-age"] == MONTH
        assert "no-store" in answer.headers["Cache-Control"]
        assert COOKIE not in client.get(address).cookies
    assert end_of_session() == pytest.approx(
        first + timedelta(hours=25),  # type: ignore[operator]
        abs=timedelta(minutes=1),
    )


def test_a_visit_writes_nothing_but_once_a_day(
    client: Client, member: User, article: Article
) -> None:
    log_in(client, member)
    assert writes_of(client, PAGE) == []
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        [write] = writes_of(client, PAGE)
        assert "django_session" in write
        assert writes_of(client, PAGE) == []


def test_the_words_of_a_signed_out_visitor_do_not_keep_their_session(
    client: Client, article: Article
) -> None:
    """It holds the keys of drafts, which are gone after a day."""
    client.post(COMPOSER, {"text": "Is it safe to drive?"})
    end = end_of_session()
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert COOKIE not in client.get(PAGE).cookies
    assert end_of_session() == end


@pytest.mark.parametrize("address", ["/", PAGE, "/robots.txt", "/feed/", "/help/", "/sitemap.xml"])
def test_a_signed_out_reader_has_no_session(client: Client, article: Article, address: str) -> None:
    answer = client.get(address)
    assert not answer.cookies
    assert not Session.objects.exists()


@pytest.mark.parametrize("address", ["/robots.txt", "/healthz"])
def test_what_reads_no_session_moves_none(client: Client, member: User, address: str) -> None:
    log_in(client, member)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert not client.get(address).cookies


def test_a_session_that_was_ended_elsewhere_is_not_brought_back(
    client: Client, member: User
) -> None:
    log_in(client, member)
    Session.objects.all().delete()
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert client.get("/accounts/").status_code == 302
    assert not Session.objects.exists()


def test_logging_out_clears_what_the_browser_keeps(client: Client, member: User) -> None:
    log_in(client, member)
    answer = client.post("/accounts/logout/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.cookies[COOKIE]["max-age"] == 0
    assert not Session.objects.exists()
