"""What a complaint, a regulator or an assessor asks of one article, from the command line."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from accounts.models import AuditAct, User
from articles.live_history import live_at, periods
from articles.models import Article, Category, ReaderMessage, Revision
from articles.models.revision import new_citation
from articles.models.source import Source
from articles.signing import mark_minor
from tests.reviewing import approve, edit, text_of

pytestmark = pytest.mark.django_db

MARCH = datetime(2026, 3, 1, 12, tzinfo=UTC)


def printed(slug: str, **options: Any) -> str:
    out = StringIO()
    call_command("audit_article", slug, stdout=out, **options)
    return out.getvalue()


def told(slug: str, *arguments: str) -> Any:
    out = StringIO()
    call_command("audit_article", slug, *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def stroke(editor: User) -> Article:
    """An article with a life: a day of March 2026 for each thing that happened to it."""
    with time_machine.travel(MARCH, tick=False) as clock:

        def next_day() -> None:
            clock.shift(timedelta(days=1))

        article = Article(slug="stroke", category=Category.objects.at(["Health"]))
        article.save()
        source = Source.objects.create(title="Stroke", publisher="NHS")
        words = {"title": "Stroke", "summary": "Brain cells die."}
        cited = [new_citation(source, "s1")]
        first = article.revise(text="Call.[^s1]\n\n## Signs\n\nA face.\n", citations=cited, **words)
        article.publish(first, by=editor)  # 1 March
        next_day()
        review = approve(first)  # 2 March
        next_day()
        edit(article, text_of("Signs", "Arms"))  # 3 March
        next_day()
        article.unpublish(by=editor)  # 4 March
        next_day()
        article.publish(first, by=editor)  # 5 March: the first one again
        next_day()
        review.take_back("I was wrong.")  # 6 March
        next_day()
        article.withdraw(reason="It was wrong.", by=editor)  # 7 March
    return article


def numbers(article: Article) -> list[tuple[int, int | None]]:
    """Return the day of March on which each period begins, with the revision's number."""
    return [
        (timezone.localtime(period.begin).day, period.revision and period.revision.number)
        for period in periods(article)
    ]


def test_which_revision_was_live_when_is_known_through_all_its_life(stroke: Article) -> None:
    assert numbers(stroke) == [(1, 1), (3, 2), (4, None), (5, 1), (7, None)]


def test_the_text_of_a_day_is_the_exact_text_with_its_hash(stroke: Article) -> None:
    [second, first] = stroke.revisions.order_by("-number")
    found = told("stroke", "--on", "2026-03-03")
    assert (found["revision"], found["sha256"]) == (2, second.sha256)
    assert found["text"] == second.text
    assert found["hash agrees with the text"] is True
    found = told("stroke", "--on", "2026-03-05")
    assert found["text"] == first.text
    assert "NHS" in found["sources"]["s1"]
    page = printed("stroke", on=timezone.localdate(MARCH))
    assert first.sha256 in page
    assert "Call.[^s1]\n\n## Signs\n\nA face.\n----- end" in page


def test_what_the_page_said_of_review_is_told_as_of_that_day(stroke: Article) -> None:
    def said(day: str) -> tuple[str, list[str]]:
        found = told("stroke", "--on", f"2026-03-{day}")
        summary = found["clinical review, as the page said it"]
        return summary, [part["says"] for part in found["by section"].values() if "says" in part]

    assert said("01") == ("Not yet checked by a clinician", ["unchecked", "unchecked"])
    assert said("02") == ("Checked by Nora Nerve, Neurologist, March 2026", ["signed", "signed"])
    assert said("03")[1] == ["edited", "edited", "added"]
    assert said("05")[1] == ["signed", "signed"]
    assert said("06")[0] == "Not yet checked by a clinician"


def test_a_day_on_which_readers_saw_nothing_says_so_and_why(stroke: Article) -> None:
    for day, why in (("2026-02-27", ""), ("2026-03-04", ""), ("2026-03-07", "It was wrong.")):
        found = told("stroke", "--on", day)
        assert (found["published"], found["withdrawn because"]) == (False, why)
    assert "published: no" in printed("stroke", on=timezone.localdate(MARCH) + timedelta(days=3))


def test_the_day_ends_at_midnight_where_the_site_is(editor: User) -> None:
    with time_machine.travel(datetime(2026, 3, 1, 23, 30, tzinfo=UTC), tick=False):
        article = Article(slug="late", category=Category.objects.at(["Health"]))
        article.save()
        article.publish(article.revise(title="Late", summary="", text="Words.\n"), by=editor)
    with override_settings(TIME_ZONE="UTC"):
        assert told("late", "--on", "2026-03-01")["published"] is True
    with override_settings(TIME_ZONE="Europe/Zurich"):  # there, it is half past midnight already
        assert told("late", "--on", "2026-03-01")["published"] is False
        assert told("late", "--on", "2026-03-02")["published"] is True


def test_the_trail_tells_everything_in_the_order_of_time(stroke: Article, editor: User) -> None:
    ReaderMessage.objects.create(number="1", article=stroke, text="A private word.")
    found = told("stroke")
    times = [datetime.fromisoformat(entry["at"]) for entry in found["trail"]]
    assert times == sorted(times)
    what = [entry["what"] for entry in found["trail"]]
    for one in (
        "Revision 1 written",
        "Readers see revision 2",
        "Readers see no text from here on",
        "Review: approved",
        "Review taken back",
        "Withdrawn",
        "Audit trail: Signed a review",
        "Audit trail: Took an article back to a draft",
    ):
        assert one in what
    assert found["messages from readers"] == 1
    page = printed("stroke")
    assert "by: Editors" in page
    for private in ("A private word", "Emil", editor.email, str(editor.public_id)):
        assert private not in page
    assert page.index("Revision 1 written") < page.index("Withdrawn\n")


def test_an_edit_marked_minor_is_told_with_both_wordings(article: Article, editor: User) -> None:
    assert article.live
    new = edit(article, article.live.text.replace("offered", "ofered", 1))
    mark_minor(new, article.revisions.get(number=1), by=editor)
    [entry] = [e for e in told(article.slug)["trail"] if e["what"].startswith("Marked as without")]
    assert entry["sha256"] != entry["sha256 before"]
    assert entry["by"] == "Editors"


def test_a_schedule_that_was_taken_back_showed_nothing(
    make_article: Callable[..., Article], editor: User
) -> None:
    article = make_article(published=None)
    revision = article.newest_revision
    assert revision
    article.publish(revision, at=timezone.now() + timedelta(days=1), by=editor)
    article.unpublish(by=editor)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert periods(Article.objects.get(pk=article.pk)) == []
        article = Article.objects.get(pk=article.pk)
        article.publish(Revision.objects.get(pk=revision.pk), by=editor)
        assert live_at(article, timezone.now()) == revision


def test_what_is_older_than_the_trail_is_known_from_its_first_publication(
    stroke: Article,
) -> None:
    AuditAct.objects.all().delete()
    assert numbers(stroke) == [(1, 1), (3, 2), (7, None)]


def test_an_import_that_is_dated_back_counts_from_its_date(article: Article) -> None:
    assert article.published_at
    assert periods(article)[0].begin == article.published_at


def test_old_addresses_lead_there_and_nonsense_gets_a_sentence(stroke: Article) -> None:
    stroke.slug = "brain-attack"
    stroke.save()
    assert told("stroke")["article"] == "brain-attack"
    for slug, day, sentence in (
        ("nothing", None, "There is no article at /articles/nothing/"),
        ("stroke", "03/2026", "03/2026 is no day"),
        ("stroke", "2999-01-01", "2999-01-01 is still to come"),
    ):
        with pytest.raises(CommandError, match=sentence):
            call_command("audit_article", slug, *(["--on", day] if day else []))


def test_a_schedule_that_was_replaced_by_another_showed_nothing(
    make_article: Callable[..., Article], editor: User
) -> None:
    with time_machine.travel(MARCH, tick=False):
        article = make_article(published=None)
        first = article.newest_revision
        assert first
        article.publish(first, at=MARCH + timedelta(days=1), by=editor)
    with time_machine.travel(MARCH + timedelta(hours=1), tick=False):
        second = edit(article, text_of("Two"), publish=False)
        article.publish(second, at=MARCH + timedelta(days=3), by=editor)
    assert numbers(article) == [(4, 2)]
