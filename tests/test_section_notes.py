"""Notes on a section: written, answered and resolved beside the article; readers never see them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import AuditAct, OutgoingMail, User
from articles.models import Article, SectionNote
from tests.desk import change, filled
from tests.reviewing import edit, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(make_article: Callable[..., Article]) -> Article:
    return make_article(title="Spasm of the face", text=text_of("One", "Two"))


def at(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/notes/"


def write(client: Client, article: Article, position: int = 1, **fields: Any) -> Any:
    newest = article.newest_revision
    assert newest
    section = newest.sections.get(position=position)
    sent = {"text": "How often?", "section": section.pk, "revision": newest.number, "write": "1"}
    return client.post(at(article), sent | fields, follow=True)


def mails() -> list[Any]:
    return [row.as_message() for row in OutgoingMail.objects.order_by("pk")] or mail.outbox


def test_a_note_is_written_answered_and_resolved(
    as_reviewer: Client, as_author: Client, article: Article
) -> None:
    assert "Noted." in write(as_reviewer, article).text
    page = as_author.get(change(article)).text
    assert "1 open note" in page
    assert "What reviewers asked" in page
    assert f"{at(article)}#note-" in page
    assert "How often?" in page
    note = SectionNote.objects.get()
    page = as_author.post(at(article), {"answer": note.pk, "text": "Daily."}, follow=True).text
    assert "How often?" in page
    assert "Daily." in page
    page = as_author.post(at(article), {"resolve": note.pk}, follow=True).text
    assert "How often?" not in page
    assert "How often?" in as_author.get(f"{at(article)}?all").text
    assert "1 open note" not in as_author.get(change(article)).text
    trail = AuditAct.objects.filter(object_type="articles.SectionNote").order_by("pk")
    assert [act.deed for act in trail] == ["note.written", "note.answered", "note.resolved"]
    assert "How often?" not in str([(act.fields, act.hashes, act.reason) for act in trail])


def test_whoever_is_asked_gets_a_mail_that_names_no_topic(
    as_reviewer: Client, author: User, article: Article
) -> None:
    page = write(as_reviewer, article, asked=author.pk).text
    assert "Noted, and mailed." in page
    assert "asks <bdi>Anna Writes</bdi>" in page
    [sent] = mails()
    assert sent.to == [author.email]
    assert sent.subject == "A note for you"
    assert at(article) in sent.body
    assert "Rosa Checks" in sent.body
    assert "Spasm" not in sent.body
    assert "How often?" not in sent.body


def test_whoever_wrote_a_note_hears_of_an_answer_and_not_of_their_own(
    as_reviewer: Client, as_author: Client, reviewer: User, article: Article
) -> None:
    write(as_reviewer, article)
    note = SectionNote.objects.get()
    as_reviewer.post(at(article), {"answer": note.pk, "text": "I mean at night."})
    assert not mails()
    as_author.post(at(article), {"answer": note.pk, "text": "Daily."})
    [sent] = mails()
    assert (sent.to, sent.subject) == ([reviewer.email], "Your note was answered")
    assert "Daily." not in sent.body


def test_notes_stay_with_their_section_over_revisions(
    as_reviewer: Client, as_author: Client, article: Article
) -> None:
    write(as_reviewer, article, 1, text="On the first.")
    write(as_reviewer, article, 2, text="On the second.")
    edit(article, text_of("Two"))
    page = as_author.get(at(article)).text
    assert page.index("On the second.") < page.index("On the first.")
    assert "One (no longer there)" in page
    assert "on revision 1" in page


def test_a_note_is_on_the_words_that_were_read(as_reviewer: Client, article: Article) -> None:
    fields = filled(as_reviewer.get(at(article)), "note_form", text="Hm.", write="1")
    edit(article, text_of("One", "Two", Two="New."))
    as_reviewer.post(at(article), fields | {"section": fields["section"] or ""})
    section = article.revisions.get(number=1).sections.get(position=0)
    sent = {"text": "Hm.", "section": section.pk, "revision": 1, "write": "1"}
    as_reviewer.post(at(article), sent)
    assert {note.section.revision.number for note in SectionNote.objects.all()} == {1}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": ""}, "This field is required"),
        ({"text": "x" * 5_001}, "at most 5000"),
        ({"text": "Mine.", "section": "999999"}, "Select a valid choice"),
        ({"text": "Mine.", "section": "x\x00"}, "Select a valid choice"),
        ({"text": "Mine.", "asked": "999999"}, "Select a valid choice"),
    ],
)
def test_what_is_refused_is_said_and_kept(
    as_reviewer: Client, article: Article, fields: dict[str, str], sentence: str
) -> None:
    answer = write(as_reviewer, article, **fields)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert fields["text"][:50] in answer.text
    assert not SectionNote.objects.exists()


def test_a_member_is_nobody_to_ask(
    as_reviewer: Client, member: User, moderator: User, article: Article
) -> None:
    page = as_reviewer.get(at(article)).text
    assert "Quiet Heron" not in page
    assert "Mona Reads" not in page
    assert write(as_reviewer, article, asked=member.pk).status_code == 400


def test_what_is_resolved_is_not_answered_nor_resolved_again(
    as_reviewer: Client, as_author: Client, article: Article
) -> None:
    write(as_reviewer, article)
    note = SectionNote.objects.get()
    as_author.post(at(article), {"resolve": note.pk})
    page = as_reviewer.post(at(article), {"resolve": note.pk}, follow=True).text
    assert "resolved already" in page
    page = as_reviewer.post(f"{at(article)}?all", {"answer": note.pk, "text": "Late."})
    assert page.status_code == 400
    assert "This note is resolved" in page.text
    assert SectionNote.objects.count() == 1
    assert AuditAct.objects.filter(deed="note.resolved").count() == 1


@pytest.mark.parametrize("button", ["resolve", "answer"])
@pytest.mark.parametrize("key", ["0", "x", "", "9" * 30, "999999"])
def test_a_note_that_is_not_there_is_not_found(
    as_reviewer: Client, article: Article, button: str, key: str
) -> None:
    answer = as_reviewer.post(at(article), {button: key, "text": "Hm."})
    assert answer.status_code == 404


def test_a_note_on_another_article_is_not_reached(
    as_reviewer: Client, article: Article, make_article: Callable[..., Article]
) -> None:
    write(as_reviewer, article)
    note = SectionNote.objects.get()
    assert as_reviewer.post(at(make_article()), {"resolve": note.pk}).status_code == 404


def test_only_staff_of_articles_read_notes(
    as_member: Client, as_moderator: Client, client: Client, article: Article
) -> None:
    assert client.get(at(article)).status_code == 302
    assert as_member.get(at(article)).status_code in {302, 403}
    assert as_moderator.get(at(article)).status_code == 403
    assert write(as_moderator, article).status_code == 403
    assert not SectionNote.objects.exists()
