"""Questions, who answers them, and what becomes of it when two things happen at once."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from articles.models import Article, Contributor
from comments import answering
from comments.models import Answer, AnswerRequest, Comment, Draft
from comments.models.comment_query import Refused
from tests.conftest import logged_in
from tests.discussing import PAGE, say, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(article: Article, member: User) -> Comment:
    asked, _new = Comment.objects.post(
        author=member, article=article, text="Does it hurt?", is_question=True
    )
    return asked


@pytest.fixture
def ilse(db: None) -> Contributor:
    return Contributor.objects.create(name="Ilse Maier", profession="neurologist")


@pytest.fixture
def doctor(make_user: Callable[..., User], ilse: Contributor) -> User:
    """A contributor who is no staff, and speaks elsewhere under a handle."""
    user = make_user("Night Walker")
    ilse.user = user
    ilse.save()
    return Contributor.objects.get(pk=ilse.pk).user


@pytest.fixture
def asked(question: Comment, ilse: Contributor, doctor: User, editor: User) -> AnswerRequest:
    ilse.refresh_from_db()
    return answering.ask(question, ilse, by=editor)


@pytest.fixture
def as_doctor(doctor: User, asked: AnswerRequest) -> Client:
    return logged_in(doctor)


def page_of(question: Comment) -> str:
    return f"/comments/{question.pk}/answer/"


def sent(client: Client, question: Comment, **more: object) -> dict[str, object]:
    """Return what the browser would send of the answer's form."""
    context = client.get(page_of(question)).context
    form = context["form"]
    return {
        "nonce": context["nonce"],
        "contributor": form["contributor"].value(),
        "section": "",
        "text": "A little, like a pinch.",
        **more,
    }


# --- asking and answering -------------------------------------------------------------------------


def test_a_question_is_marked_as_one(question: Comment, client: Client) -> None:
    assert '<strong class="comment__mark">Question</strong>' in client.get(PAGE).text


def test_a_contributor_who_was_asked_answers_in_their_own_name(
    question: Comment, member: User, as_doctor: Client, client: Client
) -> None:
    form = as_doctor.get(page_of(question)).text
    assert "You answer as <bdi>Ilse Maier, neurologist</bdi>" in form
    assert "Does it hurt?" in form
    answered = as_doctor.post(page_of(question), sent(as_doctor, question))
    [answer] = question.answers.all()
    assert answered.headers["Location"] == f"{PAGE}#comment-{answer.pk}"
    page = client.get(PAGE).text
    assert "Answered by " in page
    assert "<bdi>Ilse Maier</bdi></a>, neurologist, " in page
    assert "General information, not advice for one person." in page
    assert shown(client.get(PAGE)) == [question.pk, answer.pk]
    assert [told.kind for told in member.notifications.all()] == ["answered"]
    assert not AnswerRequest.objects.open().exists()


def test_an_answer_never_tells_the_handle_of_its_writer(
    question: Comment, doctor: User, as_doctor: Client, member: User, client: Client
) -> None:
    as_doctor.post(page_of(question), sent(as_doctor, question))
    [answer] = question.answers.all()
    say(member, question.article, "Thank you.", parent=answer)
    page = client.get(PAGE).text
    assert "in reply to <bdi>Ilse Maier</bdi>" in page
    for name in (doctor.handle, answer.voice.name):
        assert name not in page
        assert name not in client.get(f"/comments/{answer.pk}/report/").text
        assert name not in client.get(f"{PAGE}comments/new/?parent={answer.pk}").text
    assert f"Commenting as <bdi>{doctor.handle}</bdi>" in as_doctor.get(PAGE).text
    # What readers see is the contributor's name: taking the other one off would promise too much.
    assert "Take my name off" not in as_doctor.get("/accounts/comments/").text


def test_a_profession_stays_as_it_was_on_that_day(
    question: Comment, ilse: Contributor, as_doctor: Client, client: Client
) -> None:
    as_doctor.post(page_of(question), sent(as_doctor, question))
    ilse.refresh_from_db()
    ilse.profession = "painter"
    ilse.save()
    Article.objects.filter(pk=question.article_id).bump()
    assert "</a>, neurologist, " in client.get(PAGE).text


def test_a_name_that_was_replaced_by_a_role_is_gone_from_answers_at_once(
    question: Comment, ilse: Contributor, as_doctor: Client, client: Client
) -> None:
    as_doctor.post(page_of(question), sent(as_doctor, question))
    assert "Ilse Maier" in client.get(PAGE).text
    Contributor.objects.get(pk=ilse.pk).replace_name("a neurologist")
    page = client.get(PAGE).text
    assert "Ilse Maier" not in page
    assert "<bdi>a neurologist</bdi></a>, <a" in page
    assert Answer.objects.get().profession == ""  # nor is it kept where nobody sees it


def test_staff_answer_in_the_name_of_whom_they_asked(
    question: Comment, ilse: Contributor, editor: User, as_editor: Client
) -> None:
    assert "There is none now." in as_editor.get(page_of(question)).text
    answering.ask(question, ilse, by=editor)
    response = as_editor.post(page_of(question), sent(as_editor, question))
    assert response.status_code == 302
    [answer] = question.answers.all()
    assert answer.answer.contributor == ilse
    assert answer.author == editor


def test_an_answer_in_the_name_of_whom_nobody_asked_is_refused(
    question: Comment, ilse: Contributor, editor: User, as_editor: Client
) -> None:
    other = Contributor.objects.create(name="Otto Weiss")
    answering.ask(question, ilse, by=editor)
    fields = sent(as_editor, question, contributor=other.pk)
    refused = as_editor.post(page_of(question), fields)
    assert refused.status_code == 400
    assert "A little, like a pinch." in refused.text
    with pytest.raises(Refused):
        answering.answer(question, by=editor, contributor=other, text="Yes.")
    assert not question.answers.exists()


def test_who_was_not_asked_cannot_answer(
    question: Comment, as_member: Client, as_author: Client, client: Client
) -> None:
    for nobody in (as_member, as_author):
        assert nobody.get(page_of(question)).status_code == 403
    assert client.get(page_of(question)).headers["Location"].startswith("/accounts/login/?next=")
    assert not question.answers.exists()


def test_what_is_no_question_is_not_answered(
    article: Article, member: User, as_moderator: Client
) -> None:
    comment = say(member, article)
    assert as_moderator.get(page_of(comment)).status_code == 404
    assert as_moderator.get("/comments/1/answer/").status_code == 404


# --- the part of the article that it was given on -------------------------------------------------


def test_an_answer_is_marked_when_its_part_of_the_article_changes(
    question: Comment, as_doctor: Client, client: Client
) -> None:
    article = question.article
    part = article.live.sections.get(heading="The Role of Acupuncture")
    as_doctor.post(page_of(question), sent(as_doctor, question, section=part.pk))
    changed = "The article has changed here since this answer."
    page = client.get(PAGE).text
    assert f'href="#{part.anchor}">To this part of the article' in page
    assert changed not in page

    def publish(text: str) -> None:
        live = Article.objects.get(pk=article.pk)
        live.publish(live.revise(title=live.live.title, summary=live.live.summary, text=text))

    text = article.live.text
    publish(text.replace("## Conclusion", "## In the end"))
    assert changed not in client.get(PAGE).text
    publish(
        text.replace("## The Role of Acupuncture\n\nSome", "## The Role of Acupuncture\n\nMany")
    )
    assert changed in client.get(PAGE).text
    publish(text)
    assert changed not in client.get(PAGE).text


def test_an_answer_to_words_that_changed_while_it_was_written_is_marked(
    question: Comment, as_doctor: Client, client: Client
) -> None:
    article = question.article
    part = article.live.sections.get(heading="Conclusion")
    fields = sent(as_doctor, question, section=part.pk)
    article.publish(article.revise(title="New", summary="", text="## Conclusion\n\nNew words.\n"))
    assert as_doctor.post(page_of(question), fields).status_code == 302
    assert "The article has changed here since this answer." in client.get(PAGE).text


def test_a_part_of_another_article_cannot_be_named(
    question: Comment, as_doctor: Client, make_article: Callable[..., Article]
) -> None:
    other = make_article().live.sections.get(position=1)
    fields = sent(as_doctor, question, section=other.pk)
    assert as_doctor.post(page_of(question), fields).status_code == 400
    assert not question.answers.exists()


# --- nothing is lost ------------------------------------------------------------------------------


def test_an_empty_answer_is_shown_again_with_what_was_chosen(
    question: Comment, as_doctor: Client
) -> None:
    part = question.article.live.sections.get(position=2)
    again = as_doctor.post(page_of(question), sent(as_doctor, question, section=part.pk, text="  "))
    assert again.status_code == 400
    assert "Write something first." in again.text
    assert f'<option value="{part.pk}" selected>' in again.text


def test_the_same_form_sent_twice_is_one_answer(question: Comment, as_doctor: Client) -> None:
    fields = sent(as_doctor, question)
    first, second = (as_doctor.post(page_of(question), fields) for _twice in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert question.answers.count() == 1


def test_an_answer_to_a_question_that_was_withdrawn_is_kept_and_offered(
    question: Comment, doctor: User, as_doctor: Client
) -> None:
    fields = sent(as_doctor, question)
    question.withdraw()
    kept = as_doctor.post(page_of(question), fields)
    assert kept.status_code == 409
    assert "The question is no longer here." in kept.text
    assert "A little, like a pinch." in kept.text
    [draft] = Draft.objects.filter(author=doctor)
    assert draft.get_absolute_url() in kept.text
    assert "A little, like a pinch." in as_doctor.get(draft.get_absolute_url()).text
    assert as_doctor.get(page_of(question)).status_code == 410


def test_an_answer_that_is_not_wanted_any_more_is_kept(
    question: Comment, asked: AnswerRequest, editor: User, doctor: User, as_doctor: Client
) -> None:
    fields = sent(as_doctor, question)
    answering.take_back(asked, by=editor)
    kept = as_doctor.post(page_of(question), fields)
    assert "no longer asked" in kept.text
    assert Draft.objects.filter(author=doctor).exists()
    assert not question.answers.exists()


def test_a_stranger_cannot_keep_words_by_the_page_of_an_answer(
    question: Comment, member: User, as_member: Client
) -> None:
    refused = as_member.post(page_of(question), {"text": "Buy this."})
    assert refused.status_code == 409
    assert not Draft.objects.exclude(author=member).exists()
    assert not question.answers.exists()


def test_an_answer_under_a_withdrawn_article_is_shown_again(
    question: Comment, as_doctor: Client
) -> None:
    fields = sent(as_doctor, question)
    question.article.withdraw(reason="Superseded.")
    again = as_doctor.post(page_of(question), fields)
    assert again.status_code == 409
    assert "withdrawn" in again.text
    assert "A little, like a pinch." in again.text


def test_words_written_after_the_session_ended_are_shown_again(
    question: Comment, as_doctor: Client, client: Client
) -> None:
    fields = sent(as_doctor, question)
    again = client.post(page_of(question), fields)
    assert again.status_code == 403
    assert "A little, like a pinch." in again.text
    assert f'name="nonce" value="{fields["nonce"]}"' in again.text


def test_words_sent_with_a_stale_token_are_shown_again(
    question: Comment, doctor: User, as_doctor: Client
) -> None:
    fields = sent(as_doctor, question)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(doctor)
    again = strict.post(page_of(question), fields)
    assert again.status_code == 403
    assert "A little, like a pinch." in again.text


def test_two_who_answer_at_once_both_do_and_one_answers_once(
    question: Comment, editor: User, reviewer: User, ilse: Contributor
) -> None:
    otto = Contributor.objects.create(name="Otto Weiss", user=reviewer)
    answering.ask(question, ilse, by=editor)
    answering.ask(question, otto, by=editor)
    first = answering.answer(question, by=editor, contributor=ilse, text="A little.")
    second = answering.answer(question, by=reviewer, contributor=otto, text="Hardly.")
    assert first.pk != second.pk
    with pytest.raises(Refused, match=r"Otto Weiss has answered"):
        answering.answer(question, by=editor, contributor=otto, text="Not at all.")
    second.comment.withdraw()
    third = answering.answer(question, by=reviewer, contributor=otto, text="Hardly at all.")
    assert third.comment.is_visible
