"""The audit trail as a file: of all, of some days, or of what stands at one address."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import hooks
from accounts.deeds import in_words
from accounts.models import AuditAct
from accounts.spreadsheet import as_download

CHUNK = 500
Read = Callable[[AuditAct], str]


class DayInput(forms.DateInput):
    input_type = "date"


class ExportForm(forms.Form):
    about = forms.CharField(
        label=gettext_lazy("About what stands at this address"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Like /articles/stroke/. Empty: about everything."),
    )
    begin = forms.DateField(
        label=gettext_lazy("From this day on"), required=False, widget=DayInput(format="%Y-%m-%d")
    )
    end = forms.DateField(
        label=gettext_lazy("Up to and with this day"),
        required=False,
        widget=DayInput(format="%Y-%m-%d"),
    )

    def clean_about(self) -> Q | None:
        if not (address := self.cleaned_data["about"].strip()):
            return None
        for found in hooks.ask("acts_at", address):
            if found is not None:
                return Q(found)
        raise ValidationError(_("Nothing of which acts are kept stands at this address."))

    def clean(self) -> None:
        begin, end = self.cleaned_data.get("begin"), self.cleaned_data.get("end")
        if begin and end and end < begin:
            raise ValidationError(_("The last day is before the first."))

    def narrowed(self, acts: QuerySet[AuditAct]) -> QuerySet[AuditAct]:
        chosen = self.cleaned_data
        if chosen["about"]:
            acts = acts.filter(chosen["about"])
        if chosen["begin"]:
            acts = acts.filter(at__gte=beginning_of(chosen["begin"]))
        if chosen["end"]:
            acts = acts.filter(at__lt=beginning_of(chosen["end"] + timedelta(days=1)))
        return acts.order_by("at", "pk")


def export(request: HttpRequest, *, model_admin: Any) -> HttpResponseBase:
    """Ask of which acts; a POST gives the file. That somebody fetched it is an act itself."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        named = [name for name, value in form.cleaned_data.items() if value]
        staff: Any = request.user
        now = AuditAct.objects.record("audit_trail.exported", by=staff, fields=named)
        acts = form.narrowed(model_admin.get_queryset(request)).filter(pk__lt=now.pk)
        columns: Sequence[tuple[str, Read]] = (
            ("when", lambda act: timezone.localtime(act.at).isoformat()),
            ("deed", lambda act: act.deed),
            ("what was done", lambda act: in_words(act.deed)),
            ("by", model_admin.who),
            ("about", model_admin.about),
            ("on", model_admin.thing),
            ("reason", lambda act: act.reason),
            ("fields", lambda act: ", ".join(act.fields)),
            ("hashes", lambda act: as_json(act.hashes)),
        )
        name = f"audit-trail-{timezone.localdate():%Y-%m-%d}.csv"
        return as_download(table(acts, columns), name)
    title = _("The audit trail as a file")
    context = {**model_admin.admin_site.each_context(request), "form": form, "title": title}
    return render(request, "admin/accounts/auditact/export.html", context)


def table(acts: QuerySet[AuditAct], columns: Sequence[tuple[str, Read]]) -> Iterator[Sequence[str]]:
    yield [heading for heading, _read in columns]
    for act in acts.iterator(CHUNK):
        yield [read(act) for _heading, read in columns]


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if value else ""


def beginning_of(day: Any) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())
