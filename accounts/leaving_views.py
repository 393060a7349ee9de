"""The page on which a member leaves, and on which they can stay for a day."""

from typing import cast

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import leaving
from accounts.leaving_forms import LeaveForm
from accounts.models import Departure, Fate, LegalHold, User
from accounts.models.departure import is_last_superuser
from accounts.views import MemberRequest


def asks_to_leave(request: HttpRequest) -> bool:
    """Tell whether this needs a fresh log-in: to stay must be as easy as can be."""
    return "stay" not in request.POST and Departure.objects.of(cast(User, request.user)) is None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required(enabled=asks_to_leave)  # type: ignore[untyped-decorator] # allauth's
def leave(request: MemberRequest) -> HttpResponse:
    if departure := Departure.objects.of(request.user):
        return wait(request, departure)
    if "stay" in request.POST:  # they do already
        return redirect("account_settings")
    form = LeaveForm(request.POST if request.method == "POST" else None)
    may_leave = not is_last_superuser(request.user)
    if form.is_valid() and may_leave:
        leaving.ask(request.user, Fate(form.cleaned_data["fate"]))
        return redirect("account_leave")
    context = {
        "form": form,
        "may_leave": may_leave,
        "hold": LegalHold.objects.of(request.user).first(),
    }
    return render(request, "accounts/leave.html", context)


def wait(request: MemberRequest, departure: Departure) -> HttpResponse:
    """Say when it will be done, and let them stay."""
    if request.method != "POST":
        return render(request, "accounts/leave_waits.html", {"departure": departure})
    if "stay" not in request.POST:
        return redirect("account_leave")  # the form came twice
    if Departure.objects.call_off(request.user):
        messages.success(request, _("You stay, and nothing of yours was changed."))
    return redirect("account_settings")
