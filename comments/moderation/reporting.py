"""Reports: anyone may say that something is wrong with a comment."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import ratelimits
from comments.composer import FORM_EXPIRED
from comments.models import Comment, Report
from comments.models.report import HANDLING, CommentGone
from comments.moderation.filing import file_report
from comments.moderation.reading_hours import groups_with_somebody, promised, when_read
from comments.moderation.report_form import ReportForm
from comments.moderation.sanctions import why_silenced
from comments.views import comment_page, find, form_page, gone, shows_and_takes_a_form

REPORTS_AN_HOUR = 20
HOUR = 60 * 60


@shows_and_takes_a_form
def comment_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a report, from anyone but a member who is suspended."""
    comment = find(pk)
    if not comment.is_visible:
        return gone(request, comment, reporting=request.method == "POST")
    form = ReportForm(request.POST or None, signed_in=request.user.is_authenticated)
    if refusal := why_silenced(request.user):
        more: dict[str, Any] = {"form": form, "refusal": refusal}
        return comment_page(request, "report_refused", comment, status=403, **more)
    if not form.is_valid():
        return form_page(request, "report", comment, form)
    if not ratelimits.allow("report", reporter_key(request), REPORTS_AN_HOUR, HOUR):
        return too_many(request, comment, form)
    try:
        return thanks(file_report(comment, request.user, form.cleaned_data))
    except CommentGone:
        return gone(request, comment, reporting=request.method == "POST")


@require_safe
def comment_reported(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what happens next, and when; the address holds the kind of the report, and no more.

    Of what is hidden by now it says so by its status: their own report may have hidden it.
    """
    comment = find(pk)
    if not comment.published_at:
        return gone(request, comment)
    about = request.GET.get("about", "")
    handling = HANDLING[Report.Reason(about)] if about in Report.Reason else None
    more: dict[str, Any] = {
        "target": promised(handling, groups_with_somebody()) if handling else "",
        "known": "known" in request.GET,
        "worried": about == Report.Reason.WORRIED,
        "when_read": when_read(),
    }
    status = 200 if comment.is_visible else 410
    return comment_page(request, "reported", comment, status=status, **more)


def report_csrf_failed(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the report again, with a fresh token, and the comment to those who may read it."""
    comment = find(pk)
    if not comment.is_visible:
        return gone(request, comment, reporting=True)
    form = ReportForm(request.POST, signed_in=request.user.is_authenticated)
    form.add_error(None, FORM_EXPIRED)
    return comment_page(request, "report", comment, form=form, status=403)


comment_report.csrf_failed = report_csrf_failed  # type: ignore[attr-defined] # config.views asks


def thanks(report: Report) -> HttpResponseRedirect:
    """Lead to the page that says what happens, or that it was looked at already."""
    about = {"about": report.reason} | ({"known": "1"} if report.handled_at else {})
    return redirect(reverse("comment_reported", args=[report.comment_id]) + f"?{urlencode(about)}")


def too_many(request: HttpRequest, comment: Comment, form: ReportForm) -> HttpResponse:
    form.add_error(None, _("Too many reports come from you just now. Please try again later."))
    response = comment_page(request, "report", comment, form=form, status=429)
    response.headers["Retry-After"] = str(ratelimits.retry_after(HOUR))
    return response


def reporter_key(request: HttpRequest) -> str:
    """Return what a reporter's reports are counted under: the member, or the address."""
    if request.user.is_authenticated:
        return f"member {request.user.pk}"
    return ratelimits.client_address(request)
