"""The pages where questions are answered, and where staff say what a comment led to."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.models import User
from accounts.views import MemberRequest
from comments import answering, asking, held, unfinished
from comments.answer_form import AnswerForm, ChangeForm, WordsForm
from comments.composer import FORM_EXPIRED, NONCE_USED
from comments.models import Comment, Draft
from comments.models.comment_query import NonceUsed, ParentGone, Refused
from comments.moderation import sanctions
from comments.screening import Verdict
from comments.threads import address_in_discussion
from comments.views import comment_page, find, gone, shows_and_takes_a_form


@never_cache
@shows_and_takes_a_form
def question_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Let staff, and a contributor who was asked, answer a question."""
    if not isinstance(request.user, User):
        return log_in_again(request)
    question = find_question(pk)
    if not answering.may_answer(question, request.user):
        if request.method == "POST":
            return words_kept(request, question, _("You are no longer asked to answer this."))
        raise PermissionDenied
    if request.method != "POST":
        if not question.is_visible:
            return gone(request, question)
        return answer_page(request, question, AnswerForm(question=question, user=request.user))
    form = AnswerForm(request.POST, question=question, user=request.user)
    if not form.is_valid() and form.pressed != "discard":
        return answer_page(request, question, form, status=400)
    return chosen(request, question, form) or screened(request, request.user, question, form)


def chosen(request: HttpRequest, question: Comment, form: AnswerForm) -> HttpResponse | None:
    """Do what the writer chose on a page that asked, unless it was to post."""
    asking.note_outcome(form)
    match form.pressed:
        case "discard":
            return redirect(question)
        case "later":
            keep(request, question, form.cleaned_data["text"])
            return redirect(question)
        case "edit":
            return answer_page(request, question, form)
        case "remove":
            taken_out = asking.without_what_was_found(form, form.candidate)
            return answer_page(request, question, form.with_text(taken_out), is_cut=True)
    return None


def screened(request: HttpRequest, user: User, question: Comment, form: AnswerForm) -> HttpResponse:
    """Post what nobody has to be asked about; who has a notice to read is led to it first."""
    asked = asking.ask(request, form, form.candidate, request.path)
    if not isinstance(asked, Verdict):
        return asked
    if notice := sanctions.unread_notice(user):
        keep(request, question, form.cleaned_data["text"])
        return redirect("account_decision", notice.pk)
    also = ["record"] if sanctions.holds_all(user) else []
    return take(request, user, question, form, [*asked.holds, *also])


def take(
    request: HttpRequest, user: User, question: Comment, form: AnswerForm, holds: list[str]
) -> HttpResponse:
    """Post the answer; whatever hinders it, the page that answers holds the words."""
    try:
        answered = answering.answer(question, by=user, held_for=holds, **form.given)
    except ParentGone:
        return words_kept(request, question, _("The question is no longer here."))
    except NonceUsed as used:
        said = {"problem": NONCE_USED, "posted": used.comment}
        return answer_page(request, question, form, nonce=uuid.uuid4(), status=409, **said)
    except Refused as refused:
        return answer_page(request, question, form, problem=refused, status=409)
    if answered.comment.is_held:
        return redirect(held.address_for_writer(answered.comment))
    return redirect(address_in_discussion(answered.comment))


def question_answer_csrf_failed(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the words again, with a fresh token."""
    if not isinstance(request.user, User):
        return log_in_again(request)
    question = find_question(pk)
    if not answering.may_answer(question, request.user):
        raise PermissionDenied
    form = AnswerForm(request.POST, question=question, user=request.user)
    return answer_page(request, question, form, problem=FORM_EXPIRED, status=403)


question_answer.csrf_failed = question_answer_csrf_failed  # type: ignore[attr-defined] # config.views


@never_cache
@shows_and_takes_a_form
@login_required
def comment_led_to(request: MemberRequest, pk: int) -> HttpResponse:
    """Let staff say to which revision of the article a comment led."""
    if not answering.may_answer_questions(request.user):
        raise PermissionDenied
    comment = find(pk)
    if not comment.is_visible:
        return gone(request, comment)
    form = ChangeForm(request.POST or None, comment=comment)
    if form.is_valid():
        try:
            answering.note_change(comment, form.cleaned_data["revision"], by=request.user)
        except ParentGone:
            return gone(request, find(pk))
        except Refused as refused:
            form.add_error("revision", str(refused))
        else:
            return redirect(address_in_discussion(comment))
    status = 400 if form.is_bound else 200
    return comment_page(request, "led_to", comment, form=form, status=status)


# --- what these share -----------------------------------------------------------------------------


def find_question(pk: int) -> Comment:
    question = find(pk)
    if not question.is_question:
        raise Http404(_("There is no question at this address."))
    return question


def answer_page(
    request: HttpRequest,
    question: Comment,
    form: AnswerForm,
    *,
    nonce: uuid.UUID | None = None,
    status: int = 200,
    **said: Any,
) -> HttpResponse:
    """Show the question and what was answered to it already, above the form."""
    sent = form.cleaned_data.get("nonce") if form.is_bound and form.is_valid() else None
    answers = Comment.objects.visible().filter(parent=question, role=Comment.Role.ANSWER)
    context = {
        "comment": question,
        "article": question.article,
        "answers": answers.select_related("answer__contributor").order_by("published_at", "pk"),
        "form": form,
        "may_ask": answering.may_answer_questions(request.user),
        "nonce": nonce or sent or uuid.uuid4(),
        **said,
    }
    return render(request, "comments/answer.html", context, status=status)


def words_kept(request: HttpRequest, question: Comment, problem: str) -> HttpResponse:
    """Keep an answer that has no question any more among the member's unfinished words."""
    form = WordsForm(request.POST)
    words = form.cleaned_data["text"] if form.is_valid() else request.POST.get("text", "")
    draft = words and keep(request, question, words)
    context = {
        "comment": question,
        "article": question.article,
        "problem": problem,
        "words": words,
        "draft": draft,
    }
    return render(request, "comments/answer_kept.html", context, status=409)


def keep(request: HttpRequest, question: Comment, words: str) -> Draft:
    """Keep words of an answer among what the member has not finished."""
    article = question.article
    return unfinished.keep(
        request, article=article, text=words, parent=None, nonce=None, choices={}
    )


def log_in_again(request: HttpRequest) -> HttpResponse:
    """Send a visitor to log in; one whose session ended while they wrote keeps what they chose."""
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    names = ("contributor", "section", "nonce")
    kept = {name: request.POST[name] for name in names if request.POST.get(name)}
    context = {"form": WordsForm(request.POST), "kept": kept}
    return render(request, "comments/log_in_again.html", context, status=403)
