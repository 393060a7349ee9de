"""The inbox: what a member was told, and how they want to hear of it by mail."""

from datetime import UTC, datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.views import MemberRequest
from comments.forms import as_id
from comments.models import Decision, Notification, NotificationChoice
from comments.models.notification_choice import Kind
from comments.telling.notification_forms import NotificationsForm
from comments.threads import page_of, places
from comments.views import shows_and_takes_a_form

NEWS_A_PAGE = 30


@never_cache
@shows_and_takes_a_form
@login_required
def account_inbox(request: MemberRequest) -> HttpResponse:
    """List what they were told, newest first; a button marks it as read, and nothing else does."""
    mine = Notification.objects.of(request.user)
    if request.method == "POST":
        mark_read(request)
        number = as_id(request.POST.get("page")) or 1
        return redirect(reverse("account_inbox", query={"page": number} if number > 1 else None))
    page = page_of(mine.count(), NEWS_A_PAGE, request.GET.get("page", "1"))
    start, stop = places(page)
    news = list(mine.with_what_it_tells()[start:stop])
    context = {
        "page": page,
        "news": [{"told": told, "address": address_of(told)} for told in news],
        "has_unread": mine.unread().exists(),
        # Whatever comes while they read is not marked along.
        "until": max((told.created_at for told in news), default=None),
    }
    return render(request, "comments/inbox.html", context)


def mark_read(request: MemberRequest) -> None:
    """Mark one as read, or all that had come when the page was shown."""
    until = None
    if "until" in request.POST:
        until = as_time(request.POST["until"])
        if until is None:
            return
    pk = as_id(request.POST.get("read")) or 0
    Notification.objects.mark_read(request.user, until=until, pk=pk)


def as_time(asked: str) -> datetime | None:
    """Return a time with its zone, or None for what is none, or is none in UTC."""
    try:
        time = parse_datetime(asked)
        return time.astimezone(UTC) if time and time.tzinfo else None
    except (ValueError, OverflowError):
        return None


def address_of(told: Notification) -> str:
    """Return where it leads; "" where there is nothing to be seen any more."""
    if told.kind == Kind.DECISION and told.decision:
        return address_of_decision(told.decision)
    if not told.is_true:
        return ""
    if told.kind == Kind.CORRECTION and told.article:
        return reverse("correction", args=[told.correction_id])
    comment = told.comment or (told.report and told.report.comment)
    return comment.get_absolute_url() if comment and comment.is_visible else ""


def address_of_decision(decision: Decision) -> str:
    """Return the statement of reasons."""
    return reverse("account_decision", args=[decision.pk])


@never_cache
@shows_and_takes_a_form
@login_required
def account_notifications(request: MemberRequest) -> HttpResponse:
    """Let a member choose for each kind of news whether and when it comes by mail."""
    form = NotificationsForm(request.user, request.POST or None)
    if form.is_valid():
        NotificationChoice.objects.choose(request.user, form.chosen)
        messages.success(request, _("Your choices are saved."))
        return redirect("account_notifications")
    context = {"form": form}
    status = 400 if form.is_bound else 200
    return render(request, "comments/notification_settings.html", context, status=status)
