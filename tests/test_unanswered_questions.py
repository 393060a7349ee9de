"""The staff's list of questions that nobody has answered, and whom they ask to."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from articles.models import Article, Contributor
from comments import answering
from comments.models import AnswerRequest, Comment, Question
from comments.models.comment_query import ParentGone
from tests.discussing import say

pytestmark = pytest.mark.django_db

LIST = "/admin/comments/question/"


@pytest.fixture
def question(article: Article, member: User) -> Comment:
    asked, _new = Comment.objects.post(
        author=member, article=article, text="Does it hurt?", is_question=True
    )
    return asked


@pytest.fixture
def doctor(make_user: Callable[..., User]) -> User:
    return make_user("Night Walker")


@pytest.fixture
def ilse(doctor: User) -> Contributor:
    return Contributor.objects.create(name="Ilse Maier", profession="neurologist", user=doctor)


def test_staff_see_what_nobody_has_answered_oldest_first(
    question: Comment, article: Article, another_member: User, ilse: Contributor,
    editor: User, as_reviewer: Client, as_editor: Client,
) -> None:  # fmt: skip
    younger, _new = Comment.objects.post(
        author=another_member, article=article, text="How long?", is_question=True
    )
    say(another_member, article, "Not a question.")
    page = as_reviewer.get(LIST).text
    assert page.index("Does it hurt?") < page.index("How long?")
    assert "Not a question." not in page
    assert "/admin/comments/question/" in as_reviewer.get("/admin/").text
    answering.ask(question, ilse, by=editor)
    answering.answer(question, by=editor, contributor=ilse, text="A little.")
    page = as_editor.get(LIST).text
    assert "Does it hurt?" not in page
    assert f"/comments/{younger.pk}/answer/" in page


def test_what_can_be_done_stands_under_the_question_where_a_phone_shows_it(
    question: Comment, as_moderator: Client
) -> None:
    cell = as_moderator.get(LIST).text.partition("field-beginning")[2].partition("</t")[0]
    for act in ("Answer", "Ask a contributor…", "It led to a change…"):
        assert f">{act}</a>" in cell


def test_staff_ask_a_contributor_and_take_it_back(
    question: Comment, ilse: Contributor, doctor: User, as_moderator: Client
) -> None:
    address = f"{LIST}{question.pk}/ask/"
    asked = {"contributor": ilse.pk, "ask": "1"}
    for _twice in range(2):
        assert as_moderator.post(address, asked).status_code == 302
    [request] = AnswerRequest.objects.open()
    assert [told.kind for told in doctor.notifications.all()] == ["asked"]
    assert "Ilse Maier" in as_moderator.get(LIST).text
    assert "Ilse Maier" in as_moderator.get(address).text
    as_moderator.post(address, {"take_back": request.pk})
    assert not AnswerRequest.objects.open().exists()
    assert as_moderator.post(address, {"ask": "1"}).status_code == 400


def test_others_see_no_list_of_questions(
    question: Comment, as_author: Client, as_member: Client, client: Client
) -> None:
    assert as_author.get(LIST).status_code == 403
    assert as_author.get(f"{LIST}{question.pk}/ask/").status_code == 403
    for nobody in (as_member, client):
        assert nobody.get(LIST).status_code == 302


def test_the_list_costs_as_much_for_one_as_for_many(
    question: Comment, article: Article, another_member: User, as_editor: Client,
    ilse: Contributor, editor: User, django_assert_max_num_queries: Callable,
) -> None:  # fmt: skip
    for number in range(20):
        asked, _new = Comment.objects.post(
            author=another_member, article=article, text=f"What of {number}?", is_question=True
        )
        answering.ask(asked, ilse, by=editor)
    with django_assert_max_num_queries(9):
        assert "What of 19?" in as_editor.get(LIST).text


def test_a_withdrawn_question_waits_no_more(
    question: Comment, ilse: Contributor, editor: User
) -> None:
    question.withdraw()
    assert not Question.objects.unanswered().exists()
    with pytest.raises(ParentGone):
        answering.ask(question, ilse, by=editor)


def test_unanswered_questions_wait_on_the_desk(
    question: Comment, as_reviewer: Client, as_author: Client
) -> None:
    assert "Unanswered questions" in as_reviewer.get("/admin/").text
    assert "1 question" in as_reviewer.get("/admin/").text
    assert "Unanswered questions" not in as_author.get("/admin/").text
    question.withdraw()
    assert "Unanswered questions" not in as_reviewer.get("/admin/").text


def test_a_moderator_gets_from_a_comment_to_what_can_be_done_with_it(
    question: Comment, another_member: User, as_moderator: Client
) -> None:
    page = as_moderator.get(f"/admin/comments/comment/{question.pk}/change/").text
    assert f"/comments/{question.pk}/answer/" in page
    assert f"/comments/{question.pk}/led-to/" in page
    remark = say(another_member, question.article)
    page = as_moderator.get(f"/admin/comments/comment/{remark.pk}/change/").text
    assert f"/comments/{remark.pk}/answer/" not in page
    assert f"/comments/{remark.pk}/led-to/" in page
