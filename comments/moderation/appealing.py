"""A member's own pages about decisions: why it was decided so, and the one appeal against it."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.views import MemberRequest
from comments import unfinished
from comments.composer import FORM_EXPIRED
from comments.forms import Words
from comments.models import Appeal, Decision, Sanction
from comments.models.appeal import LONGEST, NotAppealed, other_moderators
from comments.moderation.deciding import decide_appeal, may_decide
from comments.moderation.reading_hours import is_moderated
from comments.threads import page_of, places

__all__ = ["decide_appeal", "may_decide"]

DECISIONS_A_PAGE = 50


class AppealForm(forms.Form):
    words = Words(
        label=gettext_lazy("Why the decision is wrong"),
        longest=LONGEST,
        error_messages={"required": gettext_lazy("Say why the decision is wrong.")},
    )


@never_cache
@require_safe
@login_required
def account_decisions(request: MemberRequest) -> HttpResponse:
    """List what was decided about them, newest first; what was undone was never told."""
    mine = Decision.objects.standing().filter(subject=request.user)
    told = mine.exclude(kind=Decision.Kind.KEEP)
    page = page_of(told.count(), DECISIONS_A_PAGE, request.GET.get("page", "1"))
    start, stop = places(page)
    decisions = told.select_related("rule", "appeal")[start:stop]
    return render(request, "comments/decisions.html", {"page": page, "decisions": decisions})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account_decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a statement of reasons; take the word that a notice was read, or an appeal."""
    if not isinstance(request.user, User):
        return log_in_again(request)
    decision = find(pk, request.user)
    if request.method != "POST":
        return statement(request, decision, AppealForm())
    if "read" in request.POST:
        return take_as_read(request, decision)
    form = AppealForm(request.POST)
    if not form.is_valid():
        return statement(request, decision, form, status=400)
    try:
        Appeal.objects.make(decision, words=form.cleaned_data["words"])
    except NotAppealed as not_appealed:
        form.add_error(None, str(not_appealed))
        return statement(request, decision, form, status=409)
    return redirect("account_decision", decision.pk)


def take_as_read(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Note that a notice was read, and lead back to the words that waited for it."""
    notices = Sanction.objects.filter(decision=decision, kind=Sanction.Kind.NOTICE, read_at=None)
    notices.update(read_at=timezone.now())
    if unfinished.of_visitor(request).exists():
        return redirect("unfinished_comment")
    return redirect("account_decision", decision.pk)


def decision_csrf_failed(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an appeal again, with a fresh token, unless another site filled it."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return render(request, "403_csrf.html", status=403)
    if not isinstance(request.user, User):
        return log_in_again(request)
    form = AppealForm(request.POST)
    form.add_error(None, FORM_EXPIRED)
    return statement(request, find(pk, request.user), form, status=403)


account_decision.csrf_failed = decision_csrf_failed  # type: ignore[attr-defined] # config.views asks for it


# --- what these share -----------------------------------------------------------------------------


def find(pk: int, user: User) -> Decision:
    """Return a decision about `user`; one about somebody else is not found."""
    shown = Decision.objects.select_related("rule", "comment__article__live", "appeal")
    return get_object_or_404(shown.defer("comment__article__live__text"), pk=pk, subject=user)


def statement(
    request: HttpRequest, decision: Decision, form: AppealForm, *, status: int = 200
) -> HttpResponse:
    appeal = getattr(decision, "appeal", None)
    reversal = decision.reversed_by.standing().first()
    is_over = bool(reversal or decision.undone_at)
    context = {
        "decision": decision,
        "comment": decision.comment,
        "appeal": appeal,
        # Or could have been: then it says why it can no longer.
        "may_be_appealed": appeal or form.is_bound or (decision.is_restriction and not is_over),
        "is_moderated": is_moderated(),
        "sanction": getattr(decision, "sanction", None),
        "is_of_member": decision.is_of_member,
        "reversal": reversal,
        "why_not": decision.why_not_appealing(),
        "who_decides": who_decides(decision),
        "form": form,
    }
    return render(request, "comments/decision.html", context, status=status)


def who_decides(decision: Decision) -> str:
    """Say in one sentence who will look at an appeal against `decision`."""
    by = decision.by
    if by is None or other_moderators(by).exists():
        return _("Somebody else than the person who decided looks at your appeal.")
    return _(
        "Only one person moderates here. So the same person looks at your appeal, after 24 hours"
        " at the earliest."
    )


def log_in_again(request: HttpRequest) -> HttpResponse:
    """Send a visitor to log in; one whose session ended while they wrote keeps the words."""
    if request.method != "POST" or "words" not in request.POST:
        return redirect_to_login(request.path)
    context: dict[str, Any] = {"form": AppealForm(request.POST)}
    return render(request, "comments/appeal_log_in_again.html", context, status=403)
