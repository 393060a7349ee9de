"""What the site holds about the visitor: to be seen, and to be taken along."""

import uuid

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import packing
from accounts.models import DataExport
from accounts.models.data_export import TooSoon
from accounts.my_data import excerpts_of
from accounts.views import MemberRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required
def my_data(request: MemberRequest) -> HttpResponse:
    """Show all of it, and make a copy when asked."""
    if request.method == "POST":
        return ask_for_copy(request)
    newest = DataExport.objects.filter(user=request.user).defer("content").first()
    context = {
        "excerpts": list(excerpts_of(request.user)),
        "export": newest,
        "next_at": DataExport.objects.next_at(request.user),
    }
    return render(request, "accounts/data.html", context)


def ask_for_copy(request: MemberRequest) -> HttpResponse:
    try:
        with transaction.atomic():
            packing.ask_for_copy(DataExport.objects.ask(request.user))
    except TooSoon as refused:
        when = date_format(timezone.localtime(refused.next_at), "DATETIME_FORMAT")
        said = _("One copy a day is made. You can ask for the next one from %(when)s on.")
        messages.warning(request, said % {"when": when})
    else:
        messages.success(
            request, _("Your copy is being made. We send you a mail when it is ready.")
        )
    return redirect("account_data")


@never_cache
@require_safe
@login_required
@reauthentication_required
def my_data_file(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """Hand a copy to the member it was made for, and tell nobody else that it exists."""
    export = DataExport.objects.ready().filter(pk=pk, user=request.user).first()
    if export is None or export.content is None or export.made_at is None:
        raise Http404
    made_on = timezone.localtime(export.made_at).date()
    response = HttpResponse(bytes(export.content), content_type="application/zip")
    # A name that tells nobody who looks over a shoulder what the site is about.
    response.headers["Content-Disposition"] = f'attachment; filename="my-data-{made_on}.zip"'
    return response
