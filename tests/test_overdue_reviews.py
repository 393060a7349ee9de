"""What is overdue for review says so: by time alone, in two degrees, and nothing hides it."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from accounts.models import User
from articles.models import Article
from tests.discussing import say

pytestmark = pytest.mark.django_db

PLAIN = "This page was due for review in March 2026. It may be out of date."
STRONG = "and that review has not been done"


def on(year: int, month: int, day: int) -> Any:
    return time_machine.travel(datetime(year, month, day, 12, tzinfo=UTC), tick=False)


@pytest.fixture
def knees(make_article: Callable[..., Article]) -> Article:
    """One of class "treatment", due on 10 March 2026: half a cycle later is 10 March 2027."""
    return make_article(
        title="Knees", slug="knees", category="Health", published=datetime(2024, 3, 10, tzinfo=UTC)
    )


def page(client: Client, address: str = "/articles/knees/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_notice_comes_by_time_alone(client: Client, knees: Article) -> None:
    with on(2026, 3, 10):
        first = client.get("/articles/knees/")
        assert PLAIN not in first.content.decode()
        assert "Next review due" in first.content.decode()
    with on(2026, 3, 11):
        kept = client.get("/articles/knees/", headers={"if-none-match": first.headers["ETag"]})
        assert kept.status_code == 200
        assert PLAIN in kept.content.decode()
        assert "Review was due" in kept.content.decode()
    with on(2027, 3, 9):
        assert STRONG not in page(client)
    with on(2027, 3, 10):
        assert STRONG in page(client)
        assert PLAIN not in page(client)


def test_the_notice_stands_before_the_text(client: Client, knees: Article) -> None:
    with on(2026, 4, 1):
        shown = page(client)
    assert shown.index("</h1>") < shown.index(PLAIN) < shown.index("Words.")


def test_lists_say_so_too_by_time_alone(
    client: Client, knees: Article, make_article: Callable[..., Article]
) -> None:
    make_article(
        title="Hips", slug="hips", category="Health", published=datetime(2026, 1, 1, tzinfo=UTC)
    )
    for address in ("/", "/topics/health/", "/articles/hips/"):
        with on(2026, 3, 10):
            first = client.get(address)
            assert "Review overdue" not in first.content.decode()
        with on(2026, 3, 11):
            kept = client.get(address, headers={"if-none-match": first.headers["ETag"]})
            assert kept.content.decode().count("Review overdue") == 1


def test_what_is_long_overdue_leads_nowhere(
    client: Client, knees: Article, make_article: Callable[..., Article]
) -> None:
    Article.objects.filter(pk=knees.pk).update(featured=True)
    make_article(title="Hips", category="Health", published=datetime(2026, 1, 1, tzinfo=UTC))
    with on(2027, 3, 9):
        assert page(client, "/").index("Knees</a>") < page(client, "/").index("Hips</a>")
    with on(2027, 3, 10):
        assert page(client, "/").index("Hips</a>") < page(client, "/").index("Knees</a>")


def test_where_all_is_long_overdue_nothing_leads_and_all_is_listed(
    client: Client, knees: Article
) -> None:
    with on(2028, 1, 1):
        shown = page(client, "/")
    assert "row lead" not in shown
    assert "Knees</a>" in shown
    assert "Nothing is published yet" not in shown


@pytest.mark.parametrize(
    ("setting", "day", "waits"),
    [
        (True, (2027, 3, 10), True),
        (True, (2027, 3, 9), False),
        (False, (2027, 3, 10), False),
    ],
)
def test_comments_under_what_is_long_overdue_wait_where_the_setting_says_so(
    member: User, knees: Article, settings: Settings, setting: bool, day: Any, waits: bool
) -> None:
    settings.OVERDUE_HOLDS_COMMENTS = setting
    settings.HOLD_FIRST_COMMENTS = 0
    with on(*day):
        knees.refresh_from_db()
        assert knees.holds_comments == waits


def test_a_comment_under_what_is_long_overdue_is_held(
    as_member: Client, client: Client, knees: Article, settings: Settings
) -> None:
    settings.OVERDUE_HOLDS_COMMENTS = True
    settings.HOLD_FIRST_COMMENTS = 0
    with on(2027, 3, 10):
        as_member.post("/articles/knees/comments/new/", {"text": "Mine creak on the stairs."})
        assert "Mine creak" not in page(client)
        assert "Comments (0)" in page(client)


def test_a_notice_costs_no_question_to_the_database(client: Client, knees: Article) -> None:
    def cost(*day: int) -> int:
        with on(*day), CaptureQueriesContext(connection) as queries:
            page(client)
        return len(queries)

    assert cost(2027, 3, 10) == cost(2026, 3, 10)


# --- /about/review/ -------------------------------------------------------------------------------


def rows(client: Client) -> dict[str, str]:
    found = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', page(client, "/about/review/"))
    return dict(found)


def test_the_page_about_review_counts_what_is_so_today(
    client: Client, knees: Article, make_article: Callable[..., Article]
) -> None:
    make_article(title="Soon", published=datetime(2024, 5, 1, tzinfo=UTC))
    make_article(title="Later", published=datetime(2025, 5, 1, tzinfo=UTC))
    make_article(published=None)
    Article.objects.filter(live__title="Later").update(review_state="signed")
    with on(2026, 3, 20):
        assert rows(client) == {
            "Published articles": "3",
            "checked by a clinician": "1",
            "changed since clinical review": "0",
            "checked in part": "0",
            "not yet checked by a clinician": "2",
            "Due within 60 days": "1",
            "Overdue": "1",
            "Of these, overdue by half the time between two reviews": "0",
        }
        shown = page(client, "/about/review/")
        assert '<a href="/articles/knees/"><bdi>Knees</bdi></a>: it was due in March 2026' in shown
    with on(2027, 3, 20):
        assert rows(client)["Overdue"] == "2"
        assert rows(client)["Of these, overdue by half the time between two reviews"] == "1"


def test_the_counts_follow_what_is_withdrawn(client: Client, knees: Article) -> None:
    with on(2026, 4, 1):
        assert rows(client)["Overdue"] == "1"
        knees.withdraw(reason="Wrong.")
        assert "There is nothing to count yet" in page(client, "/about/review/")


def test_without_anything_overdue_the_page_says_so(client: Client, knees: Article) -> None:
    with on(2026, 3, 1):
        assert "No review is overdue." in page(client, "/about/review/")


def test_a_discussion_goes_on_under_a_plain_notice(member: User, knees: Article) -> None:
    with on(2026, 4, 1):
        assert say(member, knees).is_visible
    assert knees.next_due == date(2026, 3, 10)
