"""An answer is a comment: it is screened as others are, and may wait for a moderator."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from articles.models import Article, Contributor
from comments import answering
from comments.models import AnswerRequest, Comment, Draft, Rule
from comments.moderation import deciding, sanctions
from comments.moderation.deed import tell_decision
from tests.conftest import logged_in
from tests.discussing import PAGE, say

pytestmark = pytest.mark.django_db

PERSONAL = "Call me on +44 20 7946 0123."


@pytest.fixture
def question(article: Article, member: User) -> Comment:
    asked, _new = Comment.objects.post(
        author=member, article=article, text="Does it hurt?", is_question=True
    )
    return asked


@pytest.fixture
def doctor(make_user: Callable[..., User], question: Comment, editor: User) -> User:
    """A contributor who is no staff, and was asked."""
    user = make_user("Night Walker")
    ilse = Contributor.objects.create(name="Ilse Maier", profession="neurologist", user=user)
    answering.ask(question, ilse, by=editor)
    return user


@pytest.fixture
def as_doctor(doctor: User) -> Client:
    return logged_in(doctor)


def page_of(question: Comment) -> str:
    return f"/comments/{question.pk}/answer/"


def send(client: Client, question: Comment, text: str, **more: str) -> Any:
    context = client.get(page_of(question)).context
    contributor = context["form"]["contributor"].value()
    fields = {"nonce": context["nonce"], "contributor": contributor, "section": "", "text": text}
    return client.post(page_of(question), {**fields, **more})


def carried(response: Any) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', response.text)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def sanctioned(doctor: User, moderator: User, article: Article, kind: str) -> None:
    until = sanctions.ends_after("1-week") if kind == "suspend" else None
    said = say(doctor, article, "He is a fool.")
    rule = Rule.objects.order_by("pk").first()
    deciding.sanction(
        said, by=moderator, kind=kind, until=until, rule=rule, reason="You attack people."
    )


def test_what_an_answer_says_of_a_person_is_marked_before_it_is_posted(
    question: Comment, as_doctor: Client
) -> None:
    page = send(as_doctor, question, PERSONAL)
    assert "<mark>+44 20 7946 0123</mark>" in page.text
    assert not question.answers.exists()
    taken_out = as_doctor.post(page_of(question), {**carried(page), "answer": "remove"})
    assert "Call me on […]." in taken_out.text
    assert "What was marked is taken out" in taken_out.text
    assert not question.answers.exists()


def test_an_answer_with_personal_data_posted_as_it_is_waits_for_a_moderator(
    question: Comment, member: User, moderator: User, as_doctor: Client, client: Client
) -> None:
    page = send(as_doctor, question, PERSONAL)
    posted = as_doctor.post(page_of(question), {**carried(page), "answer": "personal"})
    [answer] = Comment.objects.filter(parent=question)
    assert posted.headers["Location"].endswith(f"#comment-{answer.pk}")
    assert answer.answer.contributor.name == "Ilse Maier"
    assert "personal" in answer.held_for
    assert "7946" not in client.get(PAGE).text
    own = as_doctor.get(PAGE).text
    assert "Only you see this." in own
    assert "<bdi>Ilse Maier</bdi>" in own
    assert answer.voice.name not in own
    assert not member.notifications.exists()
    tell_decision.call(deciding.approve(answer, by=moderator).pk)
    assert "Answered by " in client.get(PAGE).text
    assert [told.kind for told in member.notifications.all()] == ["answered"]


def test_words_of_crisis_in_an_answer_are_met_with_help(
    question: Comment, as_doctor: Client
) -> None:
    page = send(as_doctor, question, "I want to kill myself.")
    assert "Help comes first" in page.text
    later = as_doctor.post(
        page_of(question), {**carried(page), "text": "I want to kill myself.", "answer": "later"}
    )
    assert later.status_code == 302
    assert not question.answers.exists()
    assert Draft.objects.count() == 1
    gone = {**carried(page), "text": "I want to kill myself.", "answer": "discard"}
    assert as_doctor.post(page_of(question), gone).status_code == 302
    assert AnswerRequest.objects.open().exists()


def test_an_answer_waits_where_every_comment_does(
    question: Comment, article: Article, as_doctor: Client, client: Client
) -> None:
    Article.objects.filter(pk=article.pk).update(comments_held=True)
    send(as_doctor, question, "A little, like a pinch.")
    assert "switch" in Comment.objects.get(parent=question).held_for
    assert "like a pinch" not in client.get(PAGE).text


def test_an_answer_that_waits_is_answered_once(
    question: Comment, article: Article, as_doctor: Client
) -> None:
    Article.objects.filter(pk=article.pk).update(comments_held=True)
    send(as_doctor, question, "A little, like a pinch.")
    assert "There is none now." in as_doctor.get(page_of(question)).text
    assert Comment.objects.filter(parent=question).count() == 1


def test_who_is_read_first_is_read_first_as_a_contributor_too(
    question: Comment, article: Article, doctor: User, moderator: User, as_doctor: Client
) -> None:
    sanctioned(doctor, moderator, article, "hold-all")
    send(as_doctor, question, "A little, like a pinch.")
    assert "record" in Comment.objects.get(parent=question).held_for


def test_who_has_a_notice_to_read_reads_it_before_they_answer(
    question: Comment, article: Article, doctor: User, moderator: User, as_doctor: Client
) -> None:
    sanctioned(doctor, moderator, article, "notice")
    response = send(as_doctor, question, "A little, like a pinch.")
    assert response.headers["Location"].startswith("/accounts/decisions/")
    assert not Comment.objects.filter(parent=question).exists()
    assert Draft.objects.count() == 1


def test_who_is_suspended_cannot_answer_and_keeps_their_words(
    question: Comment, article: Article, doctor: User, moderator: User, as_doctor: Client
) -> None:
    sanctioned(doctor, moderator, article, "suspend")
    response = send(as_doctor, question, "A little, like a pinch.")
    assert response.status_code == 409
    assert "A moderator has suspended you" in response.text
    assert "A little, like a pinch." in response.text
    assert not Comment.objects.filter(parent=question).exists()


def test_staff_who_answer_are_not_asked(
    question: Comment, doctor: User, as_editor: Client, client: Client
) -> None:
    send(as_editor, question, "Call the clinic on +44 20 7946 0123.")
    assert "7946" in client.get(PAGE).text
