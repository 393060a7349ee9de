"""Reports: anyone may say that something is wrong with a comment."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import ratelimits
from comments import notifications
from comments.composer import FORM_EXPIRED
from comments.forms import ReportForm
from comments.models import Comment, Report
from comments.views import comment_page, find, form_page, gone, shows_and_takes_a_form

REPORTS_AN_HOUR = 20
HOUR = 60 * 60


@shows_and_takes_a_form
def comment_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a report; it hides nothing by itself."""
    comment = find(pk)
    if not comment.is_visible:
        return gone(request, comment)
    form = ReportForm(request.POST or None, signed_in=request.user.is_authenticated)
    if not form.is_valid():
        return form_page(request, "report", comment, form)
    if not ratelimits.allow("report", reporter_key(request), REPORTS_AN_HOUR, HOUR):
        return too_many(request, comment, form)
    with transaction.atomic():
        report, first = Report.objects.file(
            comment=comment, reporter=request.user, **form.cleaned_data
        )
        if first:
            notifications.tell_of_report(report)
    return redirect("comment_reported", comment.pk)


@require_safe
def comment_reported(request: HttpRequest, pk: int) -> HttpResponse:
    return comment_page(request, "reported", find(pk))


def report_csrf_failed(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the report again, with a fresh token."""
    form = ReportForm(request.POST, signed_in=request.user.is_authenticated)
    form.add_error(None, FORM_EXPIRED)
    return comment_page(request, "report", find(pk), form=form, status=403)


comment_report.csrf_failed = report_csrf_failed  # type: ignore[attr-defined] # config.views asks


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
