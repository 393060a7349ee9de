"""Many cases in one act: what is ticked in a queue is approved, or removed by one rule."""

from collections.abc import Callable, Iterable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from comments import text as comment_text
from comments.admin import desk_rights
from comments.admin.case_forms import RemoveForm
from comments.admin.case_queues import A_PAGE, queue_url
from comments.admin.case_views import button, shown, staff, why_not_now
from comments.forms import as_id
from comments.models import Comment, Discussion
from comments.moderation import deciding
from comments.moderation.deciding import CannotDecide

Do = Callable[[Comment], object]


@button
def bulk(request: HttpRequest) -> HttpResponse:
    """Approve what is ticked, or ask by which rule to remove it and do so."""
    user = staff(request)
    if not desk_rights.may(user, "remove"):
        raise PermissionDenied
    keys = request.POST.getlist("chosen")[:A_PAGE]
    back = redirect(queue_url(request.POST.get("queue", "")))
    if not keys:
        messages.error(request, _("Tick at least one comment."))
        return back
    if request.POST.get("deed") != "remove":
        tell(request, keys, handled(keys, user, lambda comment: fine(comment, user)))
        return back
    form = RemoveForm(request.POST if "sure" in request.POST else None)
    if not form.is_valid():
        return ask(request, keys, form)
    tell(
        request,
        keys,
        handled(keys, user, lambda comment: deciding.remove(comment, by=user, **form.cleaned_data)),
    )
    return back


def ask(request: HttpRequest, keys: list[str], form: RemoveForm) -> HttpResponse:
    chosen = [pk for key in keys if (pk := pk_of(key))]
    cases = desk_rights.cases_of(request.user).filter(pk__in=chosen).order_by("due_at", "pk")
    return shown(
        request,
        "bulk_remove",
        status=400 if form.is_bound else 200,
        title=_("Remove these comments"),
        cases=cases.select_related("comment__voice"),
        keys=keys,
        queue=request.POST.get("queue", ""),
        form=form,
    )


def fine(comment: Comment, user: User) -> None:
    """Let readers see it if it is held; leave it as it is if it was reported."""
    decide = deciding.approve if comment.is_held else deciding.keep
    decide(comment, by=user)


def handled(keys: Iterable[str], user: User, do: Do) -> int:
    """Do it to each comment that still says what was shown; return how many it was done to."""
    return sum(is_done(key, user, do) for key in keys)


def is_done(key: str, user: User, do: Do) -> bool:
    waiting = desk_rights.cases_of(user).select_related("comment__voice")
    case = waiting.filter(pk=pk_of(key)).first()
    if case is None or why_not_now(case, user):
        return False
    try:
        with transaction.atomic():
            Discussion.objects.hold(case.comment.article_id)
            case.comment.refresh_from_db()
            if comment_text.fingerprint(case.comment.text) != key.partition("-")[2]:
                return False
            do(case.comment)
    except CannotDecide:
        return False
    return True


def tell(request: HttpRequest, keys: list[str], number: int) -> None:
    if number:
        said = ngettext("%(count)d comment is done.", "%(count)d comments are done.", number)
        messages.success(request, said % {"count": number})
    if left := len(keys) - number:
        said = ngettext(
            "%(count)d was left: somebody else has it, or it changed meanwhile.",
            "%(count)d were left: somebody else has them, or they changed meanwhile.",
            left,
        )
        messages.warning(request, said % {"count": left})


def pk_of(key: str) -> int:
    """Return the case that a ticked row names; 0, which none has, for what is no row."""
    return as_id(key.partition("-")[0]) or 0
