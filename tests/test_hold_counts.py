"""How often screening held is counted by the day, without a trace of whom or what."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from articles.models import Article
from comments.models import Comment, HoldCount
from comments.moderation import deciding
from comments.moderation.filing import file_report
from tests.deciding import rule
from tests.discussing import COMPOSER, say
from tests.test_moderation_figures import NOW, table

pytestmark = pytest.mark.django_db

HELD = "Held by the site itself until a moderator had read them"


def counts() -> dict[str, int]:
    return {row.check_name: row.count for row in HoldCount.objects.all()}


def held(author: User, article: Article, text: str, *checks: str) -> Comment:
    return Comment.objects.post(author=author, article=article, text=text, held_for=checks)[0]


def test_each_hold_is_counted_by_its_reasons(
    as_member: Client, article: Article, member: User, settings: Settings
) -> None:
    settings.HOLD_FIRST_COMMENTS = 1
    as_member.post(COMPOSER, {"text": "My first words."})
    assert Comment.objects.get().held_for == ["first"]
    held(member, article, "One.", "first", "links")
    held(member, article, "Two.", "links")
    say(member, article)
    assert counts() == {"first": 2, "links": 2}


def test_what_waits_already_is_counted_once(
    article: Article, member: User, moderator: User
) -> None:
    comment = held(member, article, "One.", "links")
    comment.edit("Two.", ["links", "watched"])
    deciding.ask_for_edit(comment, by=moderator, rule=rule(), reason="Kinder.")
    comment.edit("Three.")
    assert counts() == {"links": 1}
    deciding.approve(comment, by=moderator)
    comment.edit("Four.", ["watched"])
    assert counts() == {"links": 1, "watched": 1}


def test_what_a_report_holds_is_counted_as_a_decision_alone(
    article: Article, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comments.moderation.filing.describes_method", lambda text: True)
    file_report(say(member, article), None, {"reason": "unsafe"})  # type: ignore[arg-type]
    assert Comment.objects.get().held_for == ["method", "reported"]
    assert counts() == {}


def test_the_count_outlives_the_comment_and_leads_to_nobody(article: Article, member: User) -> None:
    held(member, article, "One.", "links").erase()
    assert counts() == {"links": 1}
    assert {field.name for field in HoldCount._meta.fields} == {"id", "on", "check_name", "count"}


def test_everyone_reads_how_often_each_check_held(client: Client) -> None:
    for day, check, count in (
        (date(2026, 4, 1), "first", 4),
        (date(2026, 5, 19), "first", 3),
        (date(2026, 5, 20), "first", 50),  # today
        (date(2026, 2, 1), "links", 8),
        (date(2026, 4, 2), "crisis", 4),
    ):
        HoldCount.objects.create(on=day, check_name=check, count=count)
    rows = table(client)
    assert rows["First comments of a member"] == ["7", "0"]
    assert rows["Many links, or links to watched places"] == ["0", "8"]
    assert rows["Words of somebody who may need help"] == ["fewer than 5", "0"]
    assert "Nearly the same text elsewhere" not in rows
    with time_machine.travel(NOW, tick=False):
        assert HELD in client.get("/about/moderation/").text


def test_a_day_is_one_of_the_site(article: Article, member: User) -> None:
    with time_machine.travel(datetime(2026, 5, 20, 12, tzinfo=UTC), tick=False):
        held(member, article, "One.", "links")
    assert HoldCount.objects.get().on == date(2026, 5, 20)
