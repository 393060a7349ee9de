"""Files about retracted works are read, and tell which sections rest on one."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from articles import source_tasks
from articles.models import Article, Source, SourceTask
from articles.models.revision import new_citation
from tests.source_files import (
    STUDY,
    a_source,
    as_csv,
    check,
    citing,
    opened,
    row,
    update,
    work,
)

TREATMENT = [("faces", "Treatment", "retracted")]


@pytest.fixture
def source(db: None) -> Source:
    return a_source(pmid="12345")


@pytest.fixture
def faces(make_article: Callable[..., Article], source: Source) -> Article:
    return citing(make_article, source, slug="faces")


# --- what is found ------------------------------------------------------------------------------


def test_a_retraction_opens_a_task_for_the_section_that_cites(
    faces: Article, tmp_path: Path
) -> None:
    said, complaints = check(tmp_path, as_csv(row()))

    task = SourceTask.objects.get()
    assert opened() == TREATMENT
    assert (task.anchor, task.status_on, task.notice) == (
        "s-treatment",
        "2026-03-03",
        "10.1000/notice",
    )
    assert task.reason == "Concerns/Issues about Data; Duplication of Image"
    assert task.learned_from == "Retraction Watch, record 4711"
    assert not task.confirmed_at
    assert not task.shown_at
    assert "1 tasks opened" in said
    assert not complaints


def test_each_article_and_section_has_its_own_task(
    make_article: Callable[..., Article], faces: Article, source: Source, tmp_path: Path
) -> None:
    citing(make_article, a_source(doi="10.1000/x"), source, slug="hands")
    check(tmp_path, as_csv(row()))
    assert opened() == [*TREATMENT, ("hands", "Outlook", "retracted")]


def test_a_study_under_further_reading_counts_too(
    make_article: Callable[..., Article], source: Source, tmp_path: Path
) -> None:
    article = make_article(slug="faces")
    words = {"title": "On faces", "summary": "", "text": "Words."}
    article.publish(article.revise(**words, citations=[new_citation(source, "more")]))
    check(tmp_path, as_csv(row()))
    assert SourceTask.objects.get().anchor == "sources"


@pytest.mark.parametrize(
    ("nature", "status"),
    [
        ("Retraction", "retracted"),
        ("Correction", "corrected"),
        ("Expression of concern", "concern"),
        ("EXPRESSION OF CONCERN ", "concern"),
    ],
)
def test_each_nature_has_its_status(
    faces: Article, tmp_path: Path, nature: str, status: str
) -> None:
    check(tmp_path, as_csv(row(RetractionNature=nature)))
    assert opened() == [("faces", "Treatment", status)]


@pytest.mark.parametrize(
    "numbers",
    [
        {"OriginalPaperDOI": "https://doi.org/10.1000/STUDY"},
        {"OriginalPaperDOI": " 10.1000/Study "},
        {"OriginalPaperDOI": "unavailable", "OriginalPaperPubMedID": "12345"},
        {"OriginalPaperDOI": "Unavailable", "OriginalPaperPubMedID": "12345.0"},
        {"OriginalPaperPubMedID": "12345"},
    ],
)
def test_a_work_is_known_by_its_doi_or_its_pubmed_number(
    faces: Article, tmp_path: Path, numbers: dict[str, str]
) -> None:
    check(tmp_path, as_csv(row(**numbers)))
    assert opened() == TREATMENT


@pytest.mark.parametrize(
    "numbers",
    [
        {"OriginalPaperDOI": "10.1000/study.2"},
        {"OriginalPaperDOI": "10.1000/stud"},
        {"OriginalPaperDOI": "unavailable"},
        {"OriginalPaperDOI": "10.1002/(SICI)1097-0142<1::AID-X>3.0.CO;2-P"},
    ],
)
def test_another_work_is_not_taken_for_it(
    faces: Article, tmp_path: Path, numbers: dict[str, str]
) -> None:
    said, complaints = check(tmp_path, as_csv(row(**numbers)))
    assert opened() == []
    assert not complaints
    assert "0 malformed" in said


def test_two_numbers_of_two_works_match_neither(faces: Article, tmp_path: Path) -> None:
    a_source(title="Other", doi="10.1000/two", pmid="999")
    said, complaints = check(
        tmp_path,
        as_csv(
            row(OriginalPaperPubMedID="999"),
            row(OriginalPaperPubMedID="777"),
            row(OriginalPaperDOI="10.1000/elsewhere", OriginalPaperPubMedID="12345"),
        ),
    )
    assert opened() == []
    assert [line.split(":")[0] for line in complaints.splitlines()] == [
        "file-1, line 2",
        "file-1, line 3",
        "file-1, line 4",
    ]
    assert "3 contradicting" in said


def test_drafts_and_withdrawn_articles_are_left_alone(
    make_article: Callable[..., Article], faces: Article, tmp_path: Path
) -> None:
    faces.withdraw(reason="Out of date")
    said, _complaints = check(tmp_path, as_csv(row()))
    assert opened() == []
    assert "1 about sources that no published text cites" in said


def test_a_section_that_no_longer_cites_it_is_left_alone(
    faces: Article, source: Source, tmp_path: Path
) -> None:
    faces.publish(faces.revise(title="On faces", summary="", text="## Treatment\n\nRest.\n"))
    check(tmp_path, as_csv(row()))
    assert opened() == []


# --- Crossref -----------------------------------------------------------------------------------

ON_THE_NOTICE = work("10.1000/notice", **{"update-to": [update(STUDY)]})
ON_THE_WORK = work("10.1000/STUDY", **{"updated-by": [update("10.1000/notice")]})


@pytest.mark.parametrize("record", [ON_THE_NOTICE, ON_THE_WORK])
@pytest.mark.parametrize(
    "wrapped",
    [
        lambda one: one,
        lambda one: [one],
        lambda one: {"status": "ok", "message": one},
        lambda one: {"status": "ok", "message": {"total-results": 1, "items": [one]}},
        lambda one: "\n".join(json.dumps(x) for x in (work("10.1/a"), one, work("10.1/b"))),
        lambda one: json.dumps([one], indent=2),
        lambda one: "\ufeff" + json.dumps({"items": [one]}),
    ],
)
def test_records_of_crossref_name_it_on_either_side(
    faces: Article, tmp_path: Path, record: object, wrapped: Callable[[object], object]
) -> None:
    _said, complaints = check(tmp_path, wrapped(record))
    task = SourceTask.objects.get()
    assert (task.status, task.status_on) == ("retracted", "2026-03-03")
    assert task.notice == "10.1000/notice"
    assert not complaints


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("withdrawal", "retracted"),
        ("removal", "retracted"),
        ("erratum", "corrected"),
        ("corrigendum", "corrected"),
        ("partial_retraction", "corrected"),
        ("expression-of-concern", "concern"),
        ("new_edition", "superseded"),
    ],
)
def test_each_kind_of_update_has_its_status(
    faces: Article, tmp_path: Path, kind: str, status: str
) -> None:
    check(tmp_path, work(STUDY, **{"updated-by": [update("10.1000/n", kind, 2025)]}))
    task = SourceTask.objects.get()
    assert (task.status, task.status_on) == (status, "2025")


def test_records_that_are_none_are_named_and_the_rest_is_read(
    faces: Article, tmp_path: Path
) -> None:
    lines = [
        json.dumps(work("10.1/a")),
        "{not json",
        json.dumps({"title": "no DOI"}),
        json.dumps(work("10.1/b", **{"update-to": "text"})),
        json.dumps(work("10.1/c", **{"update-to": [{"type": "retraction"}]})),
        json.dumps(work("10.1/d", **{"update-to": [update(STUDY, "mystery")]})),
        json.dumps(work("10.1/e", **{"update-to": [update(STUDY, "retraction", 2026, 2, 31)]})),
        json.dumps(work("10.1/\ud800", **{"update-to": [update("10.9/\ud800")]})),
        "[" * 100_000,
        json.dumps(ON_THE_NOTICE),
    ]
    said, complaints = check(tmp_path, "\n".join(lines))
    assert opened() == TREATMENT
    named = [line.split(":")[0].split("line ")[1] for line in complaints.splitlines()]
    assert named == ["2", "3", "4", "5", "6", "7", "9"]
    assert "7 malformed" in said


# --- again, and in several files ------------------------------------------------------------------


def test_running_twice_opens_nothing_twice(faces: Article, tmp_path: Path) -> None:
    check(tmp_path, as_csv(row()))
    said, _complaints = check(tmp_path, as_csv(row(), row()))
    assert opened() == TREATMENT
    assert "0 tasks opened, 1 known" in said


def test_two_registers_that_tell_of_the_same_open_one_task(faces: Article, tmp_path: Path) -> None:
    no_number = row(RetractionDOI="unavailable", RetractionPubMedID="55")
    check(tmp_path, as_csv(no_number), ON_THE_NOTICE, ON_THE_WORK)
    check(tmp_path, ON_THE_WORK)
    assert opened() == TREATMENT


def test_a_correction_and_a_later_retraction_are_two(faces: Article, tmp_path: Path) -> None:
    earlier = row(RetractionNature="Correction", RetractionDate="1/2/2024 0:00", RetractionDOI="")
    check(tmp_path, as_csv(row(), earlier))
    assert [status for _slug, _heading, status in opened()] == ["corrected", "retracted"]


def test_a_dismissed_match_stays_dismissed(
    make_article: Callable[..., Article], faces: Article, source: Source, editor, tmp_path: Path
) -> None:
    check(tmp_path, as_csv(row()))
    source_tasks.dismiss(SourceTask.objects.get(), by=editor, reason="Another work.")
    citing(make_article, source, slug="hands")
    said, _complaints = check(tmp_path, as_csv(row()))
    assert opened() == TREATMENT
    assert "1 dismissed before" in said


def test_a_confirmed_match_counts_for_a_section_that_cites_it_later(
    make_article: Callable[..., Article], faces: Article, source: Source, editor, tmp_path: Path
) -> None:
    check(tmp_path, as_csv(row()))
    source_tasks.confirm(SourceTask.objects.get(), by=editor)
    citing(make_article, source, slug="hands")
    check(tmp_path, as_csv(row()))
    task = SourceTask.objects.get(article__slug="hands")
    assert task.confirmed_at
    assert task.shown_at
    assert task.decided_by == editor


def test_what_was_reinstated_before_anybody_was_told_opens_nothing(
    faces: Article, tmp_path: Path
) -> None:
    back = row(RetractionNature="Reinstatement", RetractionDate="6/1/2026 0:00", RetractionDOI="")
    check(tmp_path, as_csv(back, row()))
    assert opened() == []


def test_a_reinstatement_is_told_where_the_retraction_was(
    faces: Article, editor, tmp_path: Path
) -> None:
    check(tmp_path, as_csv(row()))
    source_tasks.confirm(SourceTask.objects.get(), by=editor)
    back = row(RetractionNature="Reinstatement", RetractionDate="6/1/2026 0:00", RetractionDOI="")
    check(tmp_path, as_csv(row(), back))
    assert [status for _slug, _heading, status in opened()] == ["retracted", "current"]
    source_tasks.confirm(SourceTask.objects.get(status="current"), by=editor)
    assert Source.objects.get(doi=STUDY).status == "current"
