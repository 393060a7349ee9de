"""Who is behind a name: a logged look-up, on a comment's page in admin.

Nowhere else in admin is a comment joined to its writer's account, for superusers neither. The
answer stands on the page that answers the form and nowhere else: in no address, title, session or
message, so that neither a log nor a browser's history holds it.
"""

from typing import Any, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts import ratelimits
from accounts.models import AuditAct, User
from comments.models import Comment, Voice
from comments.models.voice import Visitor

DEED = "voice.looked_up"
LOOK_UPS_AN_HOUR = 30  # more than a long evening of moderating needs
HOUR = 60 * 60


class LookUpForm(forms.Form):
    reason = forms.CharField(
        label=_("Why you need to know"),
        max_length=300,
        help_text=_("It is kept with the look-up, and the member can read both in their data."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why you need to know who this is.")},
    )


def may_look_up(user: Visitor) -> bool:
    may = ("comments.view_comment", "comments.look_up_member")
    return user.is_active and user.is_staff and user.has_perms(may)


@sensitive_post_parameters("reason")
def look_up(request: HttpRequest, pk: int, context: dict[str, Any]) -> HttpResponse:
    """Ask why, note it, and show who wrote a comment; `context` is what every page of admin has."""
    if not may_look_up(request.user):
        raise PermissionDenied
    comment = get_object_or_404(Comment.objects.select_related("voice", "author"), pk=pk)
    form = LookUpForm(request.POST) if request.method == "POST" else LookUpForm()
    page = {**context, "comment": comment, "form": form}
    if not form.is_valid():
        return shown(request, page, status=400 if form.is_bound else 200)
    if not ratelimits.allow("look-up", str(request.user.pk), LOOK_UPS_AN_HOUR, HOUR):
        form.add_error(None, _("You have looked up many members just now. Please try again later."))
        response = shown(request, page, status=429)
        response.headers["Retry-After"] = str(ratelimits.retry_after(HOUR))
        return response
    by = cast("User", request.user)
    return shown(request, {**page, **told(comment, by=by, reason=form.cleaned_data["reason"])})


def told(comment: Comment, *, by: User, reason: str) -> dict[str, Any]:
    """Note that `by` looked up who wrote `comment`; return what they are told."""
    member = comment.author
    AuditAct.objects.record(DEED, by=by, on=comment, about=member, reason=reason)
    return {
        "member": member,
        "is_public": comment.voice.kind == Voice.Kind.HANDLE,
        "linked": by.has_perm("accounts.view_user") and not member.erased_at,
    }


def shown(request: HttpRequest, page: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "admin/comments/comment/look_up.html", page, status=status)
