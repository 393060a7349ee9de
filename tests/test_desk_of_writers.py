"""What the desk names for those who write, review and publish: each item one click from its act."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from articles.models import (
    Article,
    Contributor,
    Correction,
    MinorEdit,
    ReaderMessage,
    SignOffLink,
    Source,
    SourceTask,
)
from articles.notes import resolve, write
from tests.reviewing import approve, edit, text_of

pytestmark = pytest.mark.django_db


def desk(client: Client) -> dict[str, dict[str, str]]:
    """Return, by heading, where each title leads."""
    html = client.get("/admin/").content.decode()
    sections = re.findall(r'<h2 id="desk-\d+">(.*?)</h2>(.*?)</section>', html, re.DOTALL)
    return {
        heading: {
            title: address for address, title in re.findall(r'<a href="(.*?)">(.*?)</a>', items)
        }
        for heading, items in sections
    }


def of(article: Article, act: str) -> str:
    return f"/admin/articles/article/{article.pk}/{act}/"


@pytest.fixture
def rosa(reviewer: User) -> Contributor:
    return Contributor.objects.create(name="Rosa Checks", profession="Physician", user=reviewer)


@pytest.fixture
def anna(author: User) -> Contributor:
    return Contributor.objects.create(name="Anna Writes", user=author)


@pytest.fixture
def knees(make_article: Callable[..., Article]) -> Article:
    return make_article(title="Knees", text=text_of("One", "Two"))


# --- for those who write --------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["changes", "reject"])
def test_an_author_sees_what_reviewers_want_changed(
    as_author: Client, as_editor: Client, knees: Article, anna: Contributor, outcome: str
) -> None:
    knees.set_authors([anna])
    assert knees.live
    review = approve(knees.live, outcome=outcome, message="Not so sure.")
    assert desk(as_author)["Reviewers asked for changes"] == {"Knees": of(knees, "change")}
    assert "Reviewers asked for changes" not in desk(as_editor)
    assert "Not so sure." not in as_author.get("/admin/").content.decode()
    review.take_back("I erred.")
    assert "Reviewers asked for changes" not in desk(as_author)


def test_a_newer_revision_answers_what_reviewers_wanted(
    as_author: Client, knees: Article, author: User
) -> None:
    revision = knees.revise(title="Knees", summary="", text="Newer.", by=author)
    approve(revision, outcome="changes")
    assert "Reviewers asked for changes" in desk(as_author)
    knees.revise(title="Knees", summary="", text="Newer still.", by=author)
    assert "Reviewers asked for changes" not in desk(as_author)


def test_whoever_a_note_asks_sees_it_until_it_is_resolved(
    as_author: Client, as_editor: Client, author: User, reviewer: User, knees: Article
) -> None:
    assert knees.live
    section = knees.live.sections.get(position=1)
    note = write(section, text="Really?", by=reviewer, asked=author)
    address = f"{of(knees, 'notes')}#note-{note.pk}"
    assert desk(as_author)["You were asked"] == {"Knees: One": address}
    assert f'id="note-{note.pk}"' in as_author.get(address).content.decode()
    assert "You were asked" not in desk(as_editor)
    resolve(note, by=reviewer)
    assert "You were asked" not in desk(as_author)


# --- for those who review -------------------------------------------------------------------------


def test_a_reviewer_sees_what_changed_since_they_signed(
    as_reviewer: Client, knees: Article, rosa: Contributor, make_article: Callable[..., Article]
) -> None:
    assert knees.live
    approve(knees.live, contributor=rosa)
    other = make_article(title="Hips", text=text_of("One"))
    assert other.live
    approve(other.live)
    assert "Changed since you signed" not in desk(as_reviewer)
    edit(knees, text_of("One", "Two", One="Other words."))
    edit(other, text_of("One", One="Other words."))
    assert desk(as_reviewer)["Changed since you signed"] == {"Knees": of(knees, "review")}


def test_a_reviewer_with_an_account_sees_what_was_sent_to_them(
    as_reviewer: Client, knees: Article, rosa: Contributor
) -> None:
    link = SignOffLink.objects.create(revision=knees.live, contributor=rosa, token_hash="x")
    assert desk(as_reviewer)["To review"] == {"Knees": of(knees, "review/1")}
    link.used_at = timezone.now()
    link.save()
    assert "To review" not in desk(as_reviewer)


def test_a_reviewer_sees_that_spellings_wait_and_not_their_own(
    as_reviewer: Client, reviewer: User, editor: User, knees: Article
) -> None:
    newer = edit(knees, text_of("One", "Two", One="On One!"))
    sections = [revision.sections.get(position=1) for revision in (newer, knees.revisions.last())]  # type: ignore[union-attr]
    mark = MinorEdit.objects.create(
        section=sections[0], before=sections[1], marked_by=editor, to_check=True
    )
    assert desk(as_reviewer)["To review"] == {
        "Edits marked as spellings": "/admin/articles/minoredit/"
    }
    MinorEdit.objects.filter(pk=mark.pk).update(marked_by=reviewer)
    assert "To review" not in desk(as_reviewer)


# --- for those who publish ------------------------------------------------------------------------


def test_a_second_person_sees_what_they_can_confirm(
    as_editor: Client, editor: User, author: User, make_article: Callable[..., Article]
) -> None:
    theirs, mine = make_article(title="Theirs"), make_article(title="Mine")
    theirs.withdraw(reason="Wrong.", by=author)
    mine.withdraw(reason="Wrong.", by=editor)
    words = {"kind": "correction", "before": "Ten.", "after": "Two."}
    entry = Correction.objects.create(article=make_article(title="Hips"), by=author, **words)
    Correction.objects.create(article=make_article(title="Toes"), by=editor, **words)
    assert desk(as_editor)["To confirm as a second person"] == {
        "Theirs": of(theirs, "change"),
        str(entry): f"/admin/articles/correction/{entry.pk}/change/",
    }
    assert "Confirm" in as_editor.get(of(theirs, "change")).content.decode()


def test_an_editor_sees_readers_messages_sources_and_changed_sections(
    as_editor: Client, as_author: Client, knees: Article
) -> None:
    assert knees.live
    approve(knees.live)
    edit(knees, text_of("One", "Two", One="Other words."))
    message = ReaderMessage.objects.create(number="1", article=knees, text="It hurts.")
    source = Source.objects.create(title="A study")
    task = SourceTask.objects.create(source=source, article=knees, status="retracted")
    shown = desk(as_editor)
    assert shown["Messages from readers"] == {
        "Knees": f"/admin/articles/readermessage/{message.pk}/change/"
    }
    assert shown["Sources"] == {
        "Was this work retracted or corrected?": "/admin/articles/sourcetask/?state=to_confirm"
    }
    assert shown["Changed since clinical review"] == {"Knees": of(knees, "ask")}
    assert "It hurts." not in as_editor.get("/admin/").content.decode()
    SourceTask.objects.filter(pk=task.pk).update(confirmed_at=timezone.now())
    assert desk(as_editor)["Sources"] == {
        "Sections that rest on a changed source": "/admin/articles/sourcetask/?state=to_deal_with"
    }
    for address in (*shown["Messages from readers"].values(), *shown["Sources"].values()):
        assert as_editor.get(address).status_code == 200
    assert {"Messages from readers", "Sources"}.isdisjoint(desk(as_author))
    message.state = ReaderMessage.State.ANSWERED
    message.save()
    assert "Messages from readers" not in desk(as_editor)


def test_an_editor_sees_what_is_overdue_and_how_much_comes(
    as_editor: Client, as_author: Client, make_article: Callable[..., Article]
) -> None:
    today = timezone.localdate()
    for number in range(7):
        make_article(title=f"Late {number}")
    soon = make_article(title="Soon")
    Article.objects.update(next_due=today - timedelta(days=9))
    Article.objects.filter(pk=soon.pk).update(next_due=today + timedelta(days=9))
    items = desk(as_editor)["Reviews due"]
    assert next(iter(items)).startswith("This week: 1 review, about 20 minutes")
    late = [address for title, address in items.items() if title.startswith("Late")]
    assert len(late) == 5
    assert all(address.endswith("/finish-review/") for address in late)
    assert items["More that is overdue"] == "/admin/articles/reviewround/?state=overdue"
    assert items["Figures"] == "/admin/articles/reviewround/figures/"
    assert items["Due within 60 days"] == "/admin/articles/reviewround/?state=soon"
    assert "Reviews due" not in desk(as_author)


def test_a_full_desk_costs_no_more_questions_than_a_small_one(
    as_superuser: Client, author: User, make_article: Callable[..., Article], anna: Contributor
) -> None:
    def fill(title: str) -> None:
        article: Any = make_article(title=title, text=text_of("One"))
        approve(article.live)
        edit(article, text_of("One", One="Other words."))
        approve(edit(article, text_of("One", One="Third words."), publish=False), outcome="changes")
        Article.objects.filter(pk=article.pk).update(next_due=timezone.localdate())
        ReaderMessage.objects.create(number=title, article=article, text="x")
        Correction.objects.create(
            article=article, kind="correction", before="a", after="b", by=author
        )
        gone = make_article(title=f"{title}, gone")
        gone.withdraw(reason="Wrong.", by=author)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            as_superuser.get("/admin/")
        return len(queries)

    fill("first")
    cost()
    few = cost()
    for number in range(5):
        fill(f"more {number}")
    assert cost() <= few
