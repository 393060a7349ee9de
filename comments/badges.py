"""A member's own pages about their badges: ask for one, give it back, show its number."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import ratelimits
from accounts.views import MemberRequest
from comments.badge_forms import AskForm
from comments.composer import FORM_EXPIRED
from comments.models import Badge
from comments.models.badge_query import NotDone, why_not_asking

# Each is an hour of somebody's work.
REQUESTS_A_MONTH = 3
MONTH = 30 * 24 * 60 * 60

shows_and_takes_a_form = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_safe
@login_required
def account_badges(request: MemberRequest) -> HttpResponse:
    context = {
        "badges": Badge.objects.of(request.user).prefetch_related("topics"),
        "refusal": why_not_asking(request.user),
    }
    return render(request, "comments/badges/list.html", context)


@never_cache
@shows_and_takes_a_form
def badge_ask(request: HttpRequest) -> HttpResponse:
    """Take a request; one whose session ended while they typed keeps their words."""
    if request.method == "POST" and not request.user.is_authenticated:
        return ask_page(request, AskForm(request.POST), logged_out=True, status=403)
    return ask(request)  # type: ignore[arg-type] # login_required makes sure of the member


@login_required
def ask(request: MemberRequest) -> HttpResponse:
    form = AskForm(request.POST or None)
    if problem := why_not_asking(request.user):
        if not form.is_bound:
            messages.info(request, problem)
            return redirect("account_badges")
        form.add_error(None, problem)
    if not form.is_valid():
        return ask_page(request, form, status=400 if form.is_bound else 200)
    if not ratelimits.allow("badge", f"member {request.user.pk}", REQUESTS_A_MONTH, MONTH):
        return too_many(request, form)
    try:
        Badge.objects.ask(request.user, **form.cleaned_data)
    except NotDone as not_done:
        form.add_error(None, str(not_done))
        return ask_page(request, form, status=409)
    messages.success(request, _("Your request is with the people who check badges."))
    return redirect("account_badges")


def ask_csrf_failed(request: HttpRequest) -> HttpResponse:
    """Show the request again, with a fresh token, unless another site filled it."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return render(request, "403_csrf.html", status=403)
    form = AskForm(request.POST)
    form.add_error(None, FORM_EXPIRED)
    return ask_page(request, form, status=403)


badge_ask.csrf_failed = ask_csrf_failed  # type: ignore[attr-defined] # config.views asks for it


@never_cache
@shows_and_takes_a_form
@login_required
def badge_give_back(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    badge = get_object_or_404(Badge.objects.of(request.user), pk=pk)
    if request.method != "POST" and not badge.why_not_giving_back(request.user):
        return render(request, "comments/badges/give_back.html", {"badge": badge})
    try:
        badge.give_back(by=request.user)
    except NotDone as not_done:
        messages.info(request, str(not_done))
    return redirect("account_badges")


@never_cache
@shows_and_takes_a_form
@login_required
def badge_number(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the number and the entry, or hide them; whoever only comes by is led to the list."""
    badge = get_object_or_404(Badge.objects.of(request.user), pk=pk)
    if request.method == "POST" and not badge.was_refused:
        shown = request.POST.get("shows_number") == "1"
        badge.show_number(shown)
        messages.success(
            request,
            _("Readers see your number from now on.")
            if shown
            else _("Readers do not see your number any more."),
        )
    return redirect("account_badges")


def too_many(request: HttpRequest, form: AskForm) -> HttpResponse:
    form.add_error(
        None,
        _("You have asked %(count)d times within a month. Please try again later.")
        % {"count": REQUESTS_A_MONTH},
    )
    response = ask_page(request, form, status=429)
    response.headers["Retry-After"] = str(ratelimits.retry_after(MONTH))
    return response


def ask_page(
    request: HttpRequest, form: AskForm, *, logged_out: bool = False, status: int = 200
) -> HttpResponse:
    context = {"form": form, "logged_out": logged_out}
    return render(request, "comments/badges/ask.html", context, status=status)
