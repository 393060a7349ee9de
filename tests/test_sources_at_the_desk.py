"""Staff look at what was found about sources, in the admin."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditAct
from articles.models import Article, Source, SourceTask
from tests.desk import filled
from tests.source_files import STUDY, a_source, as_csv, check, citing, row

QUEUE = "/admin/articles/sourcetask/"


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


def decide(client: Client, task: SourceTask, deed: str, **fields: Any) -> str:
    answer = client.post(f"{QUEUE}{task.pk}/decide/", {"deed": deed, **fields}, follow=True)
    assert answer.status_code in {200, 400}
    return answer.content.decode()


def status() -> str:
    return Source.objects.get(doi=STUDY).status


# --- the queue ------------------------------------------------------------------------------------


def test_the_queue_shows_the_notice_and_where_the_work_is_cited(
    as_editor: Client, faces: Article, task: SourceTask
) -> None:
    page = as_editor.get(QUEUE).content.decode()
    assert "Needles for faces" in page
    assert "Concerns/Issues about Data; Duplication of Image" in page
    assert 'href="https://doi.org/10.1000/notice"' in page
    assert f'href="/admin/articles/article/{faces.pk}/change/"' in page
    assert 'href="/articles/faces/#s-treatment">Treatment</a>' in page


def test_a_click_confirms_and_another_closes_it(as_editor: Client, task: SourceTask) -> None:
    assert "readers are told at each section" in decide(as_editor, task, "confirm")
    assert status() == "retracted"
    assert "Needles for faces" not in as_editor.get(QUEUE).content.decode()
    assert "Needles for faces" in as_editor.get(f"{QUEUE}?state=to_deal_with").content.decode()

    decide(as_editor, task, "resolve", words="Two guidelines say the same.", state="to_deal_with")
    page = as_editor.get(f"{QUEUE}?state=done").content.decode()
    assert "Two guidelines say the same." in page


def test_a_click_says_that_it_is_another_work_and_another_takes_that_back(
    as_editor: Client, task: SourceTask
) -> None:
    decide(as_editor, task, "dismiss", words="A namesake.")
    assert AuditAct.objects.get(deed="source_task.dismissed").reason == "A namesake."
    assert "Take the answer back" in as_editor.get(f"{QUEUE}?state=done").content.decode()
    decide(as_editor, task, "reconsider")
    assert "Needles for faces" in as_editor.get(QUEUE).content.decode()


def test_who_was_slower_reads_why_nothing_happened(as_editor: Client, task: SourceTask) -> None:
    decide(as_editor, task, "confirm")
    assert "Somebody has answered this already." in decide(as_editor, task, "dismiss")
    assert status() == "retracted"


def test_odd_clicks_change_nothing(as_editor: Client, task: SourceTask) -> None:
    assert "Say what shall be done." in decide(as_editor, task, "explode")
    page = decide(as_editor, task, "dismiss", words="x" * 600)
    assert f'value="{"x" * 600}"' in page
    assert SourceTask.objects.waiting().exists()
    assert as_editor.get(f"{QUEUE}{task.pk}/decide/").status_code == 405
    assert as_editor.post(f"{QUEUE}999/decide/", {"deed": "confirm"}).status_code == 404
    for query in ("?state=x", "?p=99", "?p=x", "?state=done&p=-1", "?q=x&o=9"):
        assert as_editor.get(QUEUE + query).status_code == 200
    assert as_editor.get(f"{QUEUE}{task.pk}/change/").status_code == 302


def test_others_look_and_do_not_decide(
    as_author: Client, as_moderator: Client, as_member: Client, task: SourceTask
) -> None:
    page = as_author.get(QUEUE).content.decode()
    assert "Needles for faces" in page
    assert "It is this work" not in page
    for client in (as_author, as_moderator):
        answer = client.post(f"{QUEUE}{task.pk}/decide/", {"deed": "confirm"})
        assert answer.status_code == 403
    for client in (as_member, Client()):
        assert client.post(f"{QUEUE}{task.pk}/decide/", {"deed": "confirm"}).status_code in {
            302,
            403,
        }
    assert as_moderator.get(QUEUE).status_code == 403
    assert status() == "current"


def test_the_queue_asks_few_questions(
    make_article: Callable[..., Article],
    as_editor: Client,
    source: Source,
    tmp_path: Path,
    django_assert_max_num_queries,
) -> None:
    for number in range(5):
        citing(make_article, source, slug=f"faces-{number}")
    check(tmp_path, as_csv(row()))
    with django_assert_max_num_queries(13):
        as_editor.get(QUEUE)


# --- the form of a source -------------------------------------------------------------------------


def save(client: Client, source: Source, **fields: Any) -> str:
    address = f"/admin/articles/source/{source.pk}/change/"
    sent = filled(client.get(address), "source_form", **fields)
    return client.post(address, sent, follow=True).content.decode()


def test_a_status_set_by_hand_is_told_at_once_and_is_a_task_for_each_section(
    as_editor: Client, editor, faces: Article, source: Source
) -> None:
    save(as_editor, source, status="concern", status_on="2026-03", learned_from="https://bmj.com")
    task = SourceTask.objects.get()
    assert (task.heading, task.status, task.status_on) == ("Treatment", "concern", "2026-03")
    assert task.decided_by == editor
    assert task.shown_at
    assert "voiced concern about a study cited here in March 2026" in page_of("faces")
    assert AuditAct.objects.get(deed="source.status_set").fields == ["concern"]


def page_of(slug: str) -> str:
    return Client().get(f"/articles/{slug}/").content.decode()


def test_a_status_set_by_hand_answers_what_a_file_asked(
    as_editor: Client, task: SourceTask, source: Source
) -> None:
    save(as_editor, source, status="retracted")
    assert SourceTask.objects.get().confirmed_at
    assert not SourceTask.objects.waiting().exists()


def test_a_confirmed_notice_is_not_talked_away_in_the_form(
    as_editor: Client, task: SourceTask, source: Source
) -> None:
    decide(as_editor, task, "confirm")
    page = save(as_editor, source, status="current")
    assert "A notice that was confirmed says “retracted”." in page
    assert status() == "retracted"


def test_the_status_goes_back_when_a_match_set_by_hand_is_taken_back(
    as_editor: Client, faces: Article, source: Source
) -> None:
    save(as_editor, source, status="retracted")
    task = SourceTask.objects.get()
    decide(as_editor, task, "reconsider")
    decide(as_editor, task, "dismiss")
    assert status() == "current"
    save(as_editor, source, status="retracted")
    assert status() == "retracted"
    assert SourceTask.objects.get().dismissed_at is None


def test_a_newer_source_is_named_by_its_doi(as_editor: Client, source: Source) -> None:
    newer = a_source(title="Second edition", doi="10.1000/second")
    page = save(as_editor, source, superseded_by="10.1000/second")
    assert "A source that another superseded is not current." in page
    save(as_editor, source, superseded_by="10.1000/second", status="superseded")
    source.refresh_from_db()
    assert source.superseded_by == newer
    page = save(as_editor, source, superseded_by=STUDY)
    assert "This is the source itself." in page


def test_the_form_says_what_waits_and_who_cites_it(
    as_editor: Client, faces: Article, task: SourceTask, source: Source
) -> None:
    page = as_editor.get(f"/admin/articles/source/{source.pk}/change/").content.decode()
    assert "1 section to look at" in page
    assert f'href="/admin/articles/article/{faces.pk}/change/"' in page
    assert "retracted" in as_editor.get("/admin/articles/source/?status=current").content.decode()
