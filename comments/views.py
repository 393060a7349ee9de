"""What the addresses of one comment answer. New ones come in through composer.py."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comments import asking, held, posting_limits, unfinished
from comments.composer import FORM_EXPIRED
from comments.forms import CutForm, WithdrawForm
from comments.models import Comment
from comments.moderation import sanctions
from comments.posting_limits import TooMany, with_wait
from comments.screened_form import EditForm
from comments.screening import Candidate, Verdict, likeness_of
from comments.threads import address_in_discussion, discussion_address

shows_and_takes_a_form = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to a visible comment's place; show a hidden one to its writer and to moderators."""
    comment = find(pk)
    if comment.is_visible:
        return redirect(address_in_discussion(comment))
    if not comment.readable_by(request.user):
        return gone(request, comment)
    return comment_page(request, "comment", comment)


@shows_and_takes_a_form
def comment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the writer change the text for 15 minutes; words that come later are shown, not lost.

    Who is suspended is told so, in the place of the form.
    """
    if not request.user.is_authenticated:
        return log_in_again(request)
    comment = find(pk, author=request.user)
    form = EditForm(request.POST or None, initial={"text": comment.text})
    if not comment.editable_by(request.user):
        return edit_closed(request, comment, form)
    if not form.is_valid() and not (form.is_bound and form.pressed == "discard"):
        return edit_page(request, comment, form, status=400 if form.is_bound else 200)
    return edit_chosen(request, comment, form) or edit_screened(request, comment, form)


def edit_chosen(request: HttpRequest, comment: Comment, form: EditForm) -> HttpResponse | None:
    """Do what the writer chose on a page that asked, unless it was to save."""
    asking.note_outcome(form)
    match form.pressed:
        case "discard":
            return redirect(comment)
        case "later":
            text, parent = form.cleaned_data["text"], comment.parent
            words = {"text": text, "parent": parent, "nonce": None, "choices": {}}
            unfinished.keep(request, article=comment.article, **words)
            return redirect(comment)
        case "edit":
            return edit_page(request, comment, form)
        case "remove":
            taken_out = asking.without_what_was_found(form, changed(comment, form))
            return edit_page(request, comment, form.with_text(taken_out), is_cut=True)
    return None


def edit_screened(request: HttpRequest, comment: Comment, form: EditForm) -> HttpResponse:
    """Save an edit; it is screened as a new text is, or spam would come in by it."""
    asked = asking.ask(request, form, changed(comment, form), request.path)
    if not isinstance(asked, Verdict):
        return asked
    try:
        posting_limits.count_edit(comment.author)
    except TooMany as wait:
        return with_wait(edit_page(request, comment, form, problem=str(wait)), wait)
    text = form.cleaned_data["text"]
    also = ["record"] if sanctions.holds_all(comment.author) else []
    comment.edit(text, [*asked.holds, *also], likeness=likeness_of(text))
    if comment.text != text:  # it was taken back or down at this moment
        return edit_closed(request, comment, form, status=409)
    return redirect(held.address_for_writer(comment))


def edit_closed(
    request: HttpRequest, comment: Comment, form: EditForm, *, status: int = 403
) -> HttpResponse:
    """Say why it cannot be edited now, and show the words that were sent."""
    refusal = sanctions.why_silenced(request.user)
    more: dict[str, Any] = {"form": form, "refusal": refusal}
    return comment_page(request, "edit_closed", comment, status=status, **more)


def changed(comment: Comment, form: EditForm) -> Candidate:
    return Candidate(
        form.cleaned_data["text"],
        comment.article,
        author=comment.author,
        parent=comment.parent,
        comment=comment,
    )


def edit_page(
    request: HttpRequest, comment: Comment, form: EditForm, *, status: int = 200, **said: Any
) -> HttpResponse:
    """Show the words to be edited, and why a moderator asked for it, if one did."""
    because = held.asked_because(comment) if comment.edit_asked_at else ""
    said |= {"form": form, "asked_because": because}
    return comment_page(request, "edit", comment, status=status, **said)


@shows_and_takes_a_form
@login_required
def comment_cut(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the writer take passages out, at any time."""
    comment = find(pk, author=request.user)
    if not comment.cuttable_by(request.user):
        return redirect(comment)
    form = CutForm(request.POST or None, comment=comment)
    if not form.is_valid():
        return form_page(request, "cut", comment, form)
    comment.cut(set(form.cleaned_data["passages"]))
    return redirect(comment)


@shows_and_takes_a_form
@login_required
def comment_name_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the writer leave the text under nobody's name."""
    comment = find(pk, author=request.user)
    if comment.name_removable_by(request.user):
        if request.method != "POST":
            return comment_page(request, "name_off", comment)
        comment.take_name_off()
    return redirect(comment)


@shows_and_takes_a_form
@login_required
def comment_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the writer take it back; with a tick, also what was kept of it for moderators."""
    comment = find(pk, author=request.user)
    form = WithdrawForm(request.POST or None)
    at_once = form.is_valid() and form.cleaned_data["at_once"]
    if request.method != "POST" and comment.withdrawable_by(request.user):
        return comment_page(request, "withdraw", comment, form=form)
    if request.method == "POST" and at_once and comment.erasable_by(request.user):
        comment.erase()
    elif request.method == "POST" and comment.withdrawable_by(request.user):
        comment.withdraw()
    return redirect(comment)


@require_safe
def unfinished_comment(request: HttpRequest) -> HttpResponse:
    """Lead to the composer with the words saved last; it links the others."""
    if draft := unfinished.of_visitor(request).select_related("article").first():
        return redirect(draft)
    raise Http404(_("There is no unfinished comment. Words are kept for 24 hours."))


@require_POST
def draft_discard(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    draft = get_object_or_404(unfinished.of_visitor(request).select_related("article"), pk=pk)
    draft.delete()
    return redirect(discussion_address(draft.article))


def edit_csrf_failed(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the edited words again, with a fresh token."""
    if not request.user.is_authenticated:
        return log_in_again(request)
    form = EditForm(request.POST)
    form.add_error(None, FORM_EXPIRED)
    return edit_page(request, find(pk, author=request.user), form, status=403)


comment_edit.csrf_failed = edit_csrf_failed  # type: ignore[attr-defined] # config.views asks for it


# --- what these share -----------------------------------------------------------------------------


def find(pk: int, **conditions: Any) -> Comment:
    """Return a comment with what its own pages show, or raise 404; somebody else's is not found."""
    comments = Comment.objects.select_related("voice", "article__live", "parent__voice")
    return get_object_or_404(comments.defer("article__live__text"), pk=pk, **conditions)


def comment_page(
    request: HttpRequest, name: str, comment: Comment, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "comment": comment,
        "article": comment.article,
        "editable": comment.editable_by(request.user),
        "cuttable": comment.cuttable_by(request.user),
        "withdrawable": comment.withdrawable_by(request.user),
        "nameable": comment.name_removable_by(request.user),
        "erasable": comment.erasable_by(request.user),
        "is_writer": comment.author_id == request.user.pk,
        **more,
    }
    return render(request, f"comments/{name}.html", context, status=status)


def form_page(request: HttpRequest, name: str, comment: Comment, form: Any) -> HttpResponse:
    """Show a form, empty or with what is wrong in it."""
    return comment_page(request, name, comment, form=form, status=400 if form.is_bound else 200)


def gone(request: HttpRequest, comment: Comment, **more: Any) -> HttpResponse:
    """Answer for a hidden comment: that it is gone, if it was ever public."""
    if not comment.published_at:
        raise Http404(_("There is no comment at this address."))
    return render(request, "comments/gone.html", {"comment": comment, **more}, status=410)


def log_in_again(request: HttpRequest) -> HttpResponse:
    """Send a visitor to log in; one whose session ended while they edited keeps the words."""
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    form = EditForm(request.POST)
    return render(request, "comments/log_in_again.html", {"form": form}, status=403)
