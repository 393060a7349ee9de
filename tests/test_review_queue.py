"""The queue of reviews: what is most urgent stands first, and a week is planned."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from articles.models import Article, DailyReaders, ReviewRound, Revision, Source
from articles.models.revision import new_citation
from articles.review_effort import minutes_in_words, minutes_of
from articles.review_queue import waiting, week_plan

pytestmark = pytest.mark.django_db

QUEUE = "/admin/articles/reviewround/"
FIGURES = "/admin/articles/reviewround/figures/"
TODAY = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(TODAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def make_due(make_article: Callable[..., Article]) -> Callable[..., Article]:
    """Make an article that is due in so many days; read so often, if somebody counted."""

    def make(title: str, days: int, *, readers: int = 0, **fields: Any) -> Article:
        article = make_article(title=title, **fields)
        Article.objects.filter(pk=article.pk).update(
            next_due=timezone.localdate() + timedelta(days=days)
        )
        if readers:
            DailyReaders.objects.create(
                article=article, day=timezone.localdate() - timedelta(days=3), readers=readers
            )
        return article

    return make


def page(client: Client, address: str = QUEUE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def titles(html: str) -> list[str]:
    return re.findall(r'<th scope="row" dir="auto"><a [^>]+>(.*?)</a>', html)


def test_the_order_is_risk_times_readers_times_days_late(
    as_editor: Client, make_due: Callable[..., Article]
) -> None:
    make_due("Living, much read", -10, readers=100, risk_class="living")  # 2 x 100 x 10
    make_due("Dose, read", -10, readers=30, risk_class="dose")  # 6 x 30 x 10
    make_due("Treatment, late", -500, readers=2)  # 3 x 2 x 500
    make_due("Dose, not counted", -40, risk_class="dose")  # 6 x 1 x 40
    make_due("Emergency, in time", 10, readers=9_000, risk_class="emergency")
    make_due("Later", 61)
    assert titles(page(as_editor)) == [
        "Treatment, late",
        "Living, much read",
        "Dose, read",
        "Dose, not counted",
    ]
    assert titles(page(as_editor, f"{QUEUE}?state=soon")) == ["Emergency, in time"]


def test_only_readers_of_90_days_count(make_due: Callable[..., Article]) -> None:
    article = make_due("Knees", -1, readers=5)
    DailyReaders.objects.create(article=article, day=date(2025, 12, 10), readers=400)
    DailyReaders.objects.create(article=article, day=date(2025, 12, 11), readers=7)
    late, _soon = waiting()
    assert [one.readers for one in late] == [12]


def test_what_readers_do_not_see_is_in_no_queue(
    make_due: Callable[..., Article], make_article: Callable[..., Article]
) -> None:
    make_due("Gone", -10).withdraw(reason="Wrong.")
    make_due("Taken back", -10).unpublish()
    make_article(published=None)
    assert waiting() == ([], [])


def test_each_row_is_one_click_from_finishing(
    as_editor: Client, as_reviewer: Client, make_due: Callable[..., Article]
) -> None:
    article = make_due("Knees", -10)
    finish = f'href="/admin/articles/article/{article.pk}/finish-review/"'
    assert finish in page(as_editor)
    assert finish in page(as_editor, "/admin/")
    assert finish not in page(as_reviewer)
    assert titles(page(as_reviewer)) == ["Knees"]


def test_finished_reviews_have_a_list(
    as_editor: Client, editor: User, make_due: Callable[..., Article]
) -> None:
    article = make_due("Knees", -10)
    assert article.live
    assert "No review was finished yet" in page(as_editor, f"{QUEUE}?state=finished")
    done = ReviewRound.objects.create(
        article=article,
        revision=article.live,
        outcome="unchanged",
        finished_by=editor,
        evidence_searched_in="NICE <b>",
    )
    shown = page(as_editor, f"{QUEUE}?state=finished")
    assert titles(shown) == ["Knees"]
    assert "NICE &lt;b&gt;" in shown
    assert as_editor.get(f"{QUEUE}{done.pk}/change/").status_code == 302


@pytest.mark.parametrize("query", ["state=x", "p=0", "p=-1", "p=999", "p=x", "state=soon&p=2"])
def test_the_queue_answers_whatever_it_is_asked(as_editor: Client, query: str) -> None:
    assert "Nothing is here." in page(as_editor, f"{QUEUE}?{query}")


@pytest.mark.parametrize("address", [QUEUE, FIGURES])
def test_the_queue_and_the_figures_are_for_staff_of_articles(
    client: Client, as_member: Client, as_moderator: Client, as_author: Client, address: str
) -> None:
    assert client.get(address).status_code == 302
    assert as_member.get(address).status_code == 302
    assert as_moderator.get(address).status_code == 403
    assert as_author.get(address).status_code == 200


def test_nobody_types_into_the_queue(as_superuser: Client) -> None:
    assert as_superuser.get(f"{QUEUE}add/").status_code == 403


# --- the plan of a week ---------------------------------------------------------------------------


def test_a_week_is_an_even_share_of_what_is_due_in_60_days(
    as_editor: Client, make_due: Callable[..., Article]
) -> None:
    for number in range(10):
        make_due(f"Late {number}", -10 - number)
        make_due(f"Soon {number}", 10 + number)
    late, soon = waiting()
    plan = week_plan(late, soon)
    assert plan.chosen == late[:3]  # of 20 in 8.6 weeks
    assert plan.in_words == "3 reviews, about 1 hour"
    for address in (QUEUE, "/admin/"):
        assert "This week: 3 reviews, about 1 hour" in page(as_editor, address)
    assert "two readings at 100 words a minute" in page(as_editor)


def test_nothing_due_is_no_plan(as_editor: Client) -> None:
    late, soon = waiting()
    assert week_plan(late, soon).chosen == []
    assert "This week" not in page(as_editor)
    assert "This week" not in page(as_editor, "/admin/")


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (18, "about 20 minutes"),
        (1, "about 5 minutes"),
        (60, "about 1 hour"),
        (100, "about 1½ hours"),
        (118, "about 2 hours"),
        (600, "about 10 hours"),
    ],
)
def test_a_time_is_said_no_more_exactly_than_it_is_known(minutes: int, words: str) -> None:
    assert minutes_in_words(minutes) == words


def test_a_longer_text_takes_longer() -> None:
    assert minutes_of(0, 1) == 18
    assert minutes_of(1_000, 6) == 15 + 20 + 18


# --- many -----------------------------------------------------------------------------------------


def test_a_thousand_articles_cost_no_more_questions_than_two(
    as_editor: Client, make_due: Callable[..., Article]
) -> None:
    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            page(as_editor, address)
        return len(queries)

    first = make_due("Late", -10, readers=3)
    make_due("Soon", 10)
    addresses = (QUEUE, f"{QUEUE}?state=soon", "/admin/", FIGURES)
    few = {address: cost(address) for address in addresses}
    many(first, 1_000)
    assert len(titles(page(as_editor))) == 50
    assert {address: cost(address) for address in addresses} == few
    assert few[QUEUE] <= 10
    assert few[FIGURES] <= 9


def many(first: Article, number: int) -> None:
    """Copy an article so often, with other dates, by a few statements."""
    assert first.live
    due = [timezone.localdate() + timedelta(days=day % 120 - 60) for day in range(number)]
    articles = Article.objects.bulk_create(
        Article(slug=f"copy-{at}", category=first.category, next_due=day)
        for at, day in enumerate(due)
    )
    revisions = Revision.objects.bulk_create(
        Revision(article=article, number=1, title=f"Copy {article.pk}", text="x\n", sha256="0" * 64)
        for article in articles
    )
    for article, revision in zip(articles, revisions, strict=True):
        article.live, article.published_at = revision, timezone.now()
    Article.objects.bulk_update(articles, ["live", "published_at"], batch_size=200)
    DailyReaders.objects.bulk_create(
        DailyReaders(article=article, day=timezone.localdate(), readers=at % 7 + 1)
        for at, article in enumerate(articles)
    )


# --- figures --------------------------------------------------------------------------------------


def table(html: str, name: str) -> dict[str, list[str]]:
    section = html.partition(f'<h2 id="{name}">')[2].partition("</table>")[0]
    found = re.findall(r'<th scope="row">(.*?)</th>((?:<td>\d+</td>)+)', section)
    return {head: re.findall(r"\d+", cells) for head, cells in found}


def test_the_figures_say_in_tables_what_they_draw(
    as_editor: Client, editor: User, make_due: Callable[..., Article]
) -> None:
    old = make_due("Old", -10, published=datetime(2020, 1, 1, tzinfo=UTC))
    make_due("Soon", 30, published=datetime(2026, 1, 1, tzinfo=UTC))
    assert old.live
    for month in (1, 1, 2):
        ReviewRound.objects.create(
            article=old,
            revision=old.live,
            outcome="unchanged",
            finished_by=editor,
            finished_at=datetime(2026, month, 5, tzinfo=UTC),
        )
    retracted, current = (
        Source.objects.create(title=title, status=status)
        for title, status in (("A", "retracted"), ("B", "current"))
    )
    citations = [new_citation(retracted, "a"), new_citation(current, "b")]
    old.publish(
        old.revise(title="Old", summary="", text="One [@a], two [@b].", citations=citations)
    )
    Article.objects.filter(pk=old.pk).update(next_due=date(2024, 4, 9))
    html = page(as_editor, FIGURES)
    months = table(html, "months")
    assert months["Earlier"] == ["0", "1"]
    assert months["January 2026"] == ["2", "0"]
    assert months["April 2026"] == ["0", "1"]
    assert len(months) == 25
    assert table(html, "ages")["Up to 6 months"] == ["2"]
    assert table(html, "sources")["retracted"] == ["1"]
    assert table(html, "sources")["current"] == ["1"]
    assert "3 reviews were finished" in html
    assert "1 of 2 cited sources are no longer what they were" in html


def test_the_age_of_a_text_is_that_of_its_words(
    as_editor: Client, make_due: Callable[..., Article]
) -> None:
    for title, day in (("A", (2025, 10, 1)), ("B", (2025, 6, 1)), ("C", (2024, 6, 1))):
        make_due(title, 30, published=datetime(*day, tzinfo=UTC))
    for title, day in (("D", (2023, 6, 1)), ("E", (2023, 3, 10)), ("F", (2016, 1, 1))):
        make_due(title, 30, published=datetime(*day, tzinfo=UTC))
    ages = table(page(as_editor, FIGURES), "ages")
    assert list(ages.values()) == [["1"], ["1"], ["1"], ["1"], ["2"]]


def test_a_drawing_is_named_described_and_without_style(
    as_editor: Client, make_due: Callable[..., Article]
) -> None:
    make_due("Late", -10)
    html = page(as_editor, FIGURES)
    drawings = re.findall(r'<svg class="chart".*?</svg>', html, re.DOTALL)
    assert len(drawings) == 3
    for drawing in drawings:
        [named] = re.findall(r'role="img" aria-labelledby="([^"]+)"', drawing)
        for name in named.split():
            assert f'id="{name}"' in drawing
        assert "<rect" in drawing or "sources" in named
        assert "style=" not in drawing
        assert not re.search(r'="-?\d+[.,]\d', drawing)
    assert f'href="{FIGURES}"' in page(as_editor)


def test_figures_of_nothing_are_drawn_too(as_editor: Client) -> None:
    assert "0 of 0 articles" in page(as_editor, FIGURES)
