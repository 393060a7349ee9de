"""When an article is to be reviewed again follows from facts: nobody types it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts.models import User
from articles.models import Article
from articles.models.due import CYCLES, is_long_overdue, is_overdue, months_later, spread
from articles.review_rounds import CHECKS, finish
from tests.desk import rewrite, write

pytestmark = pytest.mark.django_db

TODAY = datetime(2026, 3, 10, 12, tzinfo=UTC)
ALL = dict.fromkeys(CHECKS, True)


def due(article: Article) -> date | None:
    return Article.objects.get(pk=article.pk).next_due


def finished(article: Article, by: User) -> None:
    finish(
        article,
        outcome="unchanged",
        evidence_searched_on=date(2026, 1, 1),
        evidence_searched_in="PubMed",
        checks=ALL,
        by=by,
    )


@pytest.mark.parametrize(
    ("risk_class", "expected"),
    [
        ("dose", date(2027, 3, 10)),
        ("emergency", date(2027, 3, 10)),
        ("treatment", date(2028, 3, 10)),
        ("living", date(2029, 3, 10)),
    ],
)
@time_machine.travel(TODAY, tick=False)
def test_the_first_review_is_due_a_cycle_after_the_first_publication(
    as_editor: Client, risk_class: str, expected: date
) -> None:
    write(as_editor, risk_class=risk_class)
    article = Article.objects.get()
    assert due(article) is None
    rewrite(as_editor, article, _publish="1")
    assert due(article) == expected


@time_machine.travel(TODAY, tick=False)
def test_publishing_later_edits_moves_no_date(as_editor: Client) -> None:
    write(as_editor, _publish="1")
    article = Article.objects.get()
    before = due(article)
    with time_machine.travel(TODAY + timedelta(days=200), tick=False):
        rewrite(as_editor, article, _publish="1", text="Other words.")
        rewrite(as_editor, article, _unpublish="1")
        rewrite(as_editor, article, _publish="1")
    assert due(article) == before


def test_another_risk_class_is_another_cycle(
    as_editor: Client, editor: User, make_article: Callable[..., Article]
) -> None:
    article = make_article(published=datetime(2026, 3, 10, tzinfo=UTC))
    assert due(article) == date(2028, 3, 10)
    rewrite(as_editor, article, _draft="1", risk_class="dose")
    assert due(article) == date(2027, 3, 10)
    with time_machine.travel(datetime(2027, 1, 31, 12, tzinfo=UTC), tick=False):
        finished(article, editor)
    assert due(article) == date(2028, 1, 31)
    rewrite(as_editor, article, _draft="1", risk_class="living")
    assert due(article) == date(2030, 1, 31)


def test_a_stale_copy_of_an_article_brings_no_old_date_back(
    editor: User, make_article: Callable[..., Article]
) -> None:
    article = make_article(published=datetime(2020, 3, 10, tzinfo=UTC))
    stale = Article.objects.get(pk=article.pk)
    finished(article, editor)
    stale.save()
    assert due(article) == article.next_due
    assert article.next_due
    assert article.next_due > date(2022, 3, 10)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -18, date(2024, 7, 15)),
    ],
)
def test_a_month_that_is_shorter_ends_on_its_last_day(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


# --- imports --------------------------------------------------------------------------------------


def test_what_is_imported_together_falls_due_evenly_over_the_cycle() -> None:
    begin = date(2026, 3, 10)
    days = sorted((spread(begin, 24, number) - begin).days for number in range(700, 800))
    assert days[0] >= 1
    assert days[-1] <= (months_later(begin, 24) - begin).days
    gaps = [b - a for a, b in pairwise(days)]
    assert max(gaps) <= 14  # 731 days for a hundred articles: evenly would be 7


@time_machine.travel(TODAY, tick=False)
def test_an_import_of_old_articles_makes_none_overdue(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number}.md").write_text(
            f"---\ntitle: Old {number}\nslug: old-{number}\ncategory: Health/Recovery\n"
            "author: Ada\npublished: 2015-01-01\nrisk: dose\n---\n\nWords.\n"
        )
    call_command("import_articles", str(tmp_path), stdout=StringIO())
    days = set(Article.objects.values_list("next_due", flat=True))
    assert len(days) == 12
    assert min(filter(None, days)) > date(2026, 3, 10)
    assert max(filter(None, days)) <= date(2027, 3, 10)
    with time_machine.travel(TODAY + timedelta(days=100), tick=False):
        (tmp_path / "0.md").write_text((tmp_path / "0.md").read_text() + "\nMore.\n")
        call_command("import_articles", str(tmp_path), stdout=StringIO())
    assert set(Article.objects.values_list("next_due", flat=True)) == days


@time_machine.travel(TODAY, tick=False)
def test_what_is_imported_to_go_out_later_is_not_due_before(tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"{number}.md").write_text(
            f"---\ntitle: New {number}\nslug: new-{number}\ncategory: Health/Recovery\n"
            "author: Ada\npublished: 2026-12-01\nrisk: dose\n---\n\nWords.\n"
        )
    call_command("import_articles", str(tmp_path), stdout=StringIO())
    days = Article.objects.values_list("next_due", flat=True)
    assert all(day and day > date(2026, 12, 1) for day in days)


@time_machine.travel(TODAY, tick=False)
def test_the_migration_dates_what_was_published_before(
    make_article: Callable[..., Article],
) -> None:
    young = make_article(published=datetime(2025, 9, 1, tzinfo=UTC))
    old = [make_article(published=datetime(2015, 9, 1, tzinfo=UTC)) for _ in range(5)]
    draft = make_article(published=None)
    Article.objects.update(next_due=None)
    import_module("articles.migrations.0006_review_dates").set_due(apps, connection.schema_editor())
    assert due(young) == date(2027, 9, 1)
    assert due(draft) is None
    days = {due(article) for article in old}
    assert len(days) == 5
    for article in old:
        day = due(article)
        assert day
        assert date(2026, 3, 10) < day <= date(2028, 3, 10)
        article.refresh_from_db()
        article.risk_class = "dose"
        article.save()
        day = due(article)
        assert day
        assert date(2026, 3, 10) < day <= date(2027, 3, 10)


# --- how late -------------------------------------------------------------------------------------


@pytest.mark.parametrize("risk_class", CYCLES)
@pytest.mark.parametrize("day", [date(2026, 8, 31), date(2024, 2, 29), date(2026, 1, 15)])
def test_a_question_to_the_database_says_the_same_as_the_page(
    make_article: Callable[..., Article], risk_class: str, day: date
) -> None:
    article = make_article(risk_class=risk_class)
    Article.objects.filter(pk=article.pk).update(next_due=day)
    article.refresh_from_db()
    found = []
    for after in [0, 1, 2, *range(180, 187), *range(364, 368), *range(545, 553)]:
        at = datetime.combine(day, datetime.min.time(), UTC) + timedelta(days=after, hours=12)
        with time_machine.travel(at, tick=False):
            late = Article.objects.filter(is_overdue()).exists()
            long_late = Article.objects.filter(is_long_overdue()).exists()
            assert late == article.is_overdue == (after > 0)
            assert long_late == article.is_long_overdue
            assert Article.objects.exclude(is_long_overdue()).exists() != long_late
            found.append(long_late)
    assert not found[2]
    assert found == sorted(found)


def test_what_has_no_date_is_not_late(make_article: Callable[..., Article]) -> None:
    article = make_article(published=None)
    assert not article.is_overdue
    assert Article.objects.leading().get() == article
