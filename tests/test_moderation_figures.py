"""/about/moderation/: what moderators did, in numbers that point to nobody."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from accounts.models import User
from articles.models import Article
from comments.models import Appeal, Comment, Decision, Report
from tests.discussing import say

pytestmark = pytest.mark.django_db

PAGE = "/about/moderation/"
NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)  # in the second quarter
Kind = Decision.Kind


@pytest.fixture
def comment(article: Article, member: User) -> Comment:
    return say(member, article)


@pytest.fixture
def report(comment: Comment, moderator: User) -> Callable[..., None]:
    """File so many reports at one time, decided on after `hours` if they were."""

    def file(number: int, reason: str, at: datetime, *, hours: float | None = None) -> None:
        handled = {} if hours is None else {"handled_at": at + timedelta(hours=hours)}
        Report.objects.bulk_create(
            Report(
                comment=comment,
                reason=reason,
                created_at=at,
                handled_by=moderator if handled else None,
                **handled,
            )
            for _number in range(number)
        )

    return file


@pytest.fixture
def decide(comment: Comment, member: User, moderator: User) -> Callable[..., list[Decision]]:
    def make(number: int, kind: str, at: datetime, **fields: object) -> list[Decision]:
        by = None if fields.get("automated") else moderator
        return [
            Decision.objects.create(
                kind=kind, comment=comment, subject=member, by=by, at=at, **fields
            )
            for _number in range(number)
        ]

    return make


def table(client: Client, at: datetime = NOW) -> dict[str, list[str]]:
    """Return the cells of the page's table by the words of their row."""
    with time_machine.travel(at, tick=False):
        html = client.get(PAGE).content.decode()
    return {
        re.sub(r"<[^>]+>", "", head): re.findall(r"<td>(.*?)</td>", cells)
        for head, cells in re.findall(r'<th scope="row">(.*?)</th>((?:<td>.*?</td>)+)', html)
    }


def headings(client: Client, at: datetime = NOW) -> list[str]:
    with time_machine.travel(at, tick=False):
        return re.findall(r'<th scope="col">(.*?)</th>', client.get(PAGE).content.decode())


def test_a_new_site_has_one_sentence_instead_of_a_table(client: Client) -> None:
    page = client.get(PAGE).content.decode()
    assert "There is nothing to count yet" in page
    assert "<table" not in page


def test_reports_are_counted_by_reason_and_quarter(
    client: Client, report: Callable[..., None]
) -> None:
    report(7, "unsafe", NOW - timedelta(days=3))
    report(6, "unsafe", datetime(2026, 2, 10, tzinfo=UTC))
    report(12, "spam", datetime(2026, 2, 11, tzinfo=UTC))
    assert headings(client) == ["April to June 2026, so far", "January to March 2026"]
    rows = table(client)
    assert rows["Unsafe medical advice"] == ["7", "6"]
    assert rows["Spam"] == ["0", "12"]


def test_a_small_number_is_not_told(client: Client, report: Callable[..., None]) -> None:
    report(1, "worried", NOW - timedelta(days=3))
    report(4, "names", NOW - timedelta(days=3))
    report(5, "abuse", NOW - timedelta(days=3))
    rows = table(client)
    assert rows["I am worried about this person"] == ["fewer than 5"]
    assert rows["Names a person"] == ["fewer than 5"]
    assert rows["Abuse or hate"] == ["5"]
    assert rows["Spam"] == ["0"]


def test_half_of_the_reports_were_decided_on_within_the_median(
    client: Client, report: Callable[..., None]
) -> None:
    last = datetime(2026, 2, 1, tzinfo=UTC)
    for hours in (1, 2, 30, 200, 300):
        report(1, "spam", last, hours=hours)
    report(9, "spam", last)  # nobody has looked at these
    report(5, "spam", NOW - timedelta(days=1))
    assert table(client)["Half of them were decided on within"] == ["–", "30 hours"]


def test_the_time_of_a_few_reports_is_not_told(client: Client, report: Callable[..., None]) -> None:
    report(4, "spam", NOW - timedelta(days=3), hours=2)
    assert table(client)["Half of them were decided on within"] == ["too few to say"]


def test_what_was_removed_and_what_an_appeal_brought_back(
    client: Client, decide: Callable[..., list[Decision]], another_member: User
) -> None:
    at = NOW - timedelta(days=10)
    removed = decide(11, Kind.REMOVE, at)
    decide(6, Kind.REMOVE, at, undone_at=at)
    suspended = decide(6, Kind.SUSPEND, at)
    for decision in [*removed[:8], *suspended]:
        Appeal.objects.create(decision=decision, words="No.", made_at=at)
    granted = {"decided_at": at, "decided_by": another_member, "granted": True}
    Appeal.objects.filter(decision__in=[*removed[:5], suspended[0]]).update(**granted)
    rows = table(client)
    assert rows["Comments removed"] == ["11"]
    assert rows["Members suspended for a time"] == ["6"]
    assert rows["Appeals made"] == ["14"]
    assert rows["Appeals granted"] == ["6"]
    assert rows["Removed comments restored on appeal"] == ["5"]


def test_what_the_site_did_by_itself_is_told(
    client: Client, decide: Callable[..., list[Decision]]
) -> None:
    decide(8, Kind.COLLAPSE, NOW - timedelta(days=1), automated=True)
    rows = table(client)
    assert rows["Comments folded by the site itself after reports"] == ["8"]
    assert "Members banned" not in rows


def test_a_quarter_begins_where_the_site_is(
    client: Client, report: Callable[..., None], settings: Settings
) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    report(5, "spam", datetime(2026, 3, 31, 16, tzinfo=UTC))  # 1 April, 1 o'clock, in Tokyo
    report(6, "spam", datetime(2026, 3, 31, 14, tzinfo=UTC))
    assert table(client)["Spam"] == ["5", "6"]


def test_the_last_five_quarters_are_shown(client: Client, report: Callable[..., None]) -> None:
    for year, month in ((2024, 12), (2025, 1), (2025, 4), (2025, 8), (2025, 10), (2026, 1)):
        report(5, "spam", datetime(year, month, 15, tzinfo=UTC))
    assert len(headings(client)) == 5
    assert headings(client)[-1] == "April to June 2025"


def test_the_page_changes_once_a_day(client: Client, report: Callable[..., None]) -> None:
    report(5, "spam", NOW - timedelta(days=3))
    before = table(client)
    report(5, "spam", NOW - timedelta(hours=1))
    assert table(client) == before
    caches["pages"].clear()  # as in a process that did not render it yet
    assert table(client) == before
    with time_machine.travel(NOW, tick=False):
        etag = client.get(PAGE).headers["ETag"]
        assert client.get(PAGE, headers={"If-None-Match": etag}).status_code == 304
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert client.get(PAGE, headers={"If-None-Match": etag}).status_code == 200
    assert table(client, NOW + timedelta(days=1))["Spam"] == ["10"]


def test_it_costs_the_same_however_many_there_are(
    client: Client, report: Callable[..., None], decide: Callable[..., list[Decision]]
) -> None:
    report(40, "spam", NOW - timedelta(days=3), hours=2)
    decide(40, Kind.REMOVE, NOW - timedelta(days=3))
    with time_machine.travel(NOW, tick=False), CaptureQueriesContext(connection) as queries:
        client.get(PAGE)
    assert len(queries) <= 7
    with time_machine.travel(NOW, tick=False), CaptureQueriesContext(connection) as queries:
        client.get(PAGE)
    assert len(queries) == 1


def test_the_table_can_be_read_out_and_scrolled_by_keys(
    client: Client, report: Callable[..., None]
) -> None:
    report(5, "spam", NOW - timedelta(days=3))
    with time_machine.travel(NOW, tick=False):
        page = client.get(PAGE).content.decode()
    assert '<div class="table" role="region" aria-labelledby="figures" tabindex="0">' in page
    assert page.count('scope="rowgroup"') == 3
    assert "up to the end of 19 May 2026" in page or "up to the end of May 19, 2026" in page
