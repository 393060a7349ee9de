"""A person confirms or dismisses what was found about a source, and readers are told."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditAct, User
from articles import source_tasks
from articles.models import Article, Source, SourceTask
from articles.tasks import tell_of_unanswered_notices
from tests.reviewing import approve, said
from tests.source_files import STUDY, a_source, as_csv, check, citing, row

RETRACTED = "A study cited here was retracted on 3 March 2026"


@pytest.fixture
def source(db: None) -> Source:
    return a_source()


@pytest.fixture
def faces(make_article: Callable[..., Article], source: Source) -> Article:
    return citing(make_article, source, slug="faces")


@pytest.fixture
def task(faces: Article, tmp_path: Path) -> SourceTask:
    check(tmp_path, as_csv(row()))
    return SourceTask.objects.get()


def page(slug: str = "faces") -> str:
    answer = Client().get(f"/articles/{slug}/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def section(heading: str, slug: str = "faces") -> str:
    """Return the HTML of one section of the page."""
    parts = page(slug).split("<h2")[1:]
    return next(part for part in parts if f">{heading}" in part.split("</h2>")[0])


def deeds() -> list[str]:
    return list(
        AuditAct.objects.filter(deed__startswith="source")
        .order_by("pk")
        .values_list("deed", flat=True)
    )


# --- deciding -----------------------------------------------------------------------------------


def test_nobody_is_told_before_somebody_confirmed_it(task: SourceTask, source: Source) -> None:
    source.refresh_from_db()
    assert source.status == "current"
    assert "retracted" not in page()


def test_a_confirmed_retraction_is_told_at_the_section_that_cites_it_and_no_other(
    task: SourceTask, editor: User
) -> None:
    page()  # which is kept from now on
    source_tasks.confirm(task, by=editor)

    assert RETRACTED in section("Treatment")
    assert '<a href="#source-needles">see source 1</a>' in section("Treatment")
    assert RETRACTED not in section("Causes")
    assert "retracted" not in section("Outlook").split("<section")[0]
    assert "Retracted, 3 March 2026." in section("Sources")
    assert "2 sources, 1 retracted" in page()
    assert page().count(RETRACTED) == 1


def test_the_source_knows_since_when_and_from_where(task: SourceTask, editor: User) -> None:
    source_tasks.confirm(task, by=editor)
    source = Source.objects.get(doi=STUDY)
    assert (source.status, source.status_on) == ("retracted", "2026-03-03")
    assert source.learned_from == "Retraction Watch, record 4711"
    assert source.changed_at


def test_a_signed_section_says_that_its_source_changed(
    faces: Article, task: SourceTask, editor: User
) -> None:
    faces.refresh_from_db()
    approve(faces.live)
    source_tasks.confirm(task, by=editor)
    assert said(faces) == ["signed", "signed", "source", "signed"]
    faces.refresh_from_db()
    assert faces.review_state == "changed"


def test_one_answer_is_for_all_sections_of_the_match(
    make_article: Callable[..., Article],
    faces: Article,
    source: Source,
    editor: User,
    tmp_path: Path,
) -> None:
    citing(make_article, source, slug="hands")
    check(tmp_path, as_csv(row()))
    source_tasks.confirm(SourceTask.objects.get(article=faces), by=editor)
    assert not SourceTask.objects.waiting().exists()
    assert RETRACTED in section("Treatment", "hands")
    assert deeds() == ["source_task.confirmed"] * 2


def test_a_dismissed_match_is_told_to_nobody(task: SourceTask, editor: User) -> None:
    source_tasks.dismiss(task, by=editor, reason="Another paper of the same name.")
    task.refresh_from_db()
    assert task.dismissed_at
    assert task.decided_by == editor
    assert Source.objects.get(doi=STUDY).status == "current"
    assert "retracted" not in page()
    assert AuditAct.objects.get(deed="source_task.dismissed").reason.startswith("Another paper")


def test_who_comes_second_is_told_so_and_changes_nothing(
    task: SourceTask, editor: User, reviewer: User
) -> None:
    source_tasks.dismiss(task, by=editor)
    with pytest.raises(source_tasks.CannotDecide, match="Somebody has answered this already"):
        source_tasks.confirm(task, by=reviewer)
    task.refresh_from_db()
    assert task.decided_by == editor
    assert not task.confirmed_at


def test_an_answer_can_be_taken_back(task: SourceTask, editor: User) -> None:
    with pytest.raises(source_tasks.CannotDecide, match="Nobody has answered"):
        source_tasks.reconsider(task, by=editor)
    source_tasks.confirm(task, by=editor)
    source_tasks.reconsider(task, by=editor, reason="It was a slip.")
    assert Source.objects.get(doi=STUDY).status == "current"
    assert RETRACTED not in page()
    source_tasks.confirm(SourceTask.objects.get(), by=editor)
    assert RETRACTED in page()


def test_a_section_is_dealt_with_once_and_after_the_match_was_confirmed(
    task: SourceTask, editor: User
) -> None:
    with pytest.raises(source_tasks.CannotDecide, match="Say first"):
        source_tasks.resolve(task, by=editor)
    source_tasks.confirm(task, by=editor)
    source_tasks.resolve(task, by=editor, note="It also rests on two guidelines.")
    with pytest.raises(source_tasks.CannotDecide, match="already"):
        source_tasks.resolve(task, by=editor)
    task.refresh_from_db()
    assert task.resolved_note == "It also rests on two guidelines."
    assert RETRACTED in page()  # it cites the study still


def test_the_notice_goes_when_the_section_no_longer_cites_the_study(
    faces: Article, task: SourceTask, editor: User
) -> None:
    source_tasks.confirm(task, by=editor)
    faces.publish(faces.revise(title="On faces", summary="", text="## Treatment\n\nRest.\n"))
    assert RETRACTED not in page()


def test_a_text_that_cites_it_later_says_so_from_its_first_day(
    make_article: Callable[..., Article], task: SourceTask, source: Source, editor: User
) -> None:
    source_tasks.confirm(task, by=editor)
    citing(make_article, Source.objects.get(pk=source.pk), slug="hands")
    assert RETRACTED in section("Treatment", "hands")


# --- without an answer ----------------------------------------------------------------------------


def later(task: SourceTask, hours: int) -> None:
    SourceTask.objects.filter(pk=task.pk).update(found_at=timezone.now() - timedelta(hours=hours))


def test_readers_are_told_after_three_days_without_an_answer(task: SourceTask) -> None:
    later(task, 71)
    assert tell_of_unanswered_notices() == 0
    assert RETRACTED not in page()

    later(task, 73)
    assert tell_of_unanswered_notices() == 1
    assert RETRACTED in section("Treatment")
    assert tell_of_unanswered_notices() == 0
    assert deeds() == ["source_task.shown"]
    assert AuditAct.objects.get(deed="source_task.shown").actor is None


def test_a_late_dismissal_takes_the_notice_down(task: SourceTask, editor: User) -> None:
    later(task, 73)
    tell_of_unanswered_notices()
    source_tasks.dismiss(task, by=editor)
    source = Source.objects.get(doi=STUDY)
    assert (source.status, source.status_on, source.learned_from) == ("current", "", "")
    assert RETRACTED not in page()


def test_what_was_answered_is_not_told_by_the_clock(task: SourceTask, editor: User) -> None:
    later(task, 73)
    source_tasks.dismiss(task, by=editor)
    assert tell_of_unanswered_notices() == 0
    assert RETRACTED not in page()


# --- several notices about one source -------------------------------------------------------------


@pytest.fixture
def two(faces: Article, tmp_path: Path) -> tuple[SourceTask, SourceTask]:
    earlier = row(
        RetractionNature="Correction",
        RetractionDate="1/2/2024 0:00",
        RetractionDOI="10.1000/erratum",
    )
    check(tmp_path, as_csv(row(), earlier))
    return SourceTask.objects.get(status="corrected"), SourceTask.objects.get(status="retracted")


def test_the_worst_of_several_counts(two: tuple[SourceTask, SourceTask], editor: User) -> None:
    corrected, retracted = two
    source_tasks.confirm(retracted, by=editor)
    source_tasks.confirm(corrected, by=editor)
    assert Source.objects.get(doi=STUDY).status == "retracted"
    source_tasks.reconsider(retracted, by=editor)
    source_tasks.dismiss(SourceTask.objects.get(pk=retracted.pk), by=editor)
    assert Source.objects.get(doi=STUDY).status == "corrected"
    assert "A study cited here was corrected on 2 January 2024" in section("Treatment")


def test_a_reinstatement_makes_it_current_and_leaves_a_correction(
    two: tuple[SourceTask, SourceTask], editor: User, tmp_path: Path
) -> None:
    back = row(RetractionNature="Reinstatement", RetractionDate="6/1/2026 0:00", RetractionDOI="")
    for one in two:
        source_tasks.confirm(one, by=editor)
    check(tmp_path, as_csv(back))
    source_tasks.confirm(SourceTask.objects.get(status="current"), by=editor)
    assert Source.objects.get(doi=STUDY).status == "corrected"


@pytest.mark.parametrize(
    ("status", "on", "words"),
    [
        ("retracted", "", "A study cited here was retracted: <a"),
        ("retracted", "2026-03", "A study cited here was retracted in March 2026: <a"),
        ("retracted", "2026", "A study cited here was retracted in 2026: <a"),
        (
            "concern",
            "2026-03-03",
            "The publisher voiced concern about a study cited here on 3 March",
        ),
        ("corrected", "2026-03-03", "A study cited here was corrected on 3 March 2026"),
        ("superseded", "2026-03-03", "A source cited here was superseded on 3 March 2026"),
    ],
)
def test_each_status_has_its_words(
    faces: Article, source: Source, status: str, on: str, words: str
) -> None:
    source.status, source.status_on = status, on
    source.save()
    assert words in section("Treatment")


def test_what_superseded_a_source_is_named_in_the_list(faces: Article, source: Source) -> None:
    newer = Source.objects.create(title="Needles, second edition", doi="10.1000/second")
    source.status, source.superseded_by = "superseded", newer
    source.save()
    listed = section("Sources")
    assert (
        '<a href="https://doi.org/10.1000/second" rel="noopener">Needles, second edition</a>'
        in listed
    )
    assert "Superseded" in listed
