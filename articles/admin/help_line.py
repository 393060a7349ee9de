"""The helplines: whoever calls one, and finds it right, says so here."""

import re
from collections.abc import Iterable
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin_guard import GuardedAdmin, GuardedForm
from accounts.offered_filters import OfferedFiltersOnly
from articles.countries import name_of
from articles.models import HelpLine
from articles.models.help_line import HelpLineQuerySet


class HelpLineForm(GuardedForm[HelpLine]):
    class Meta:
        model = HelpLine
        fields = (
            *("country", "kind", "name", "number", "hours", "url", "note"),
            *("checked_on", "position"),
        )

    def clean_country(self) -> str:
        code = self.cleaned_data["country"].upper()
        if not re.fullmatch("[A-Z]{2}", code):
            raise ValidationError(_("Two letters: GB, ES, CN (ISO 3166-1)."))
        return str(code)

    def clean_checked_on(self) -> Any:
        """Refuse a day to come: the line would stay for longer than a year unchecked."""
        day = self.cleaned_data["checked_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        return day


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("shown", _("Shown")), ("to_recheck", _("To check again"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[HelpLine]) -> QuerySet[HelpLine]:
        if self.value() not in {"shown", "to_recheck"}:
            return queryset
        return queryset.filter(pk__in=getattr(HelpLine.objects, self.value() or "")().values("pk"))


class CountryFilter(admin.SimpleListFilter):
    title = _("country")
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        known = set(HelpLine.objects.order_by().values_list("country", flat=True).distinct())
        return sorted(((code, name_of(code)) for code in known), key=lambda country: country[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[HelpLine]) -> QuerySet[HelpLine]:
        return queryset.filter(country=self.value()) if self.value() else queryset


@admin.register(HelpLine)
class HelpLineAdmin(GuardedAdmin[HelpLine], OfferedFiltersOnly[HelpLine]):
    form = HelpLineForm
    list_display = ("name", "number", "of_country", "kind", "checked_on", "is_shown")
    list_filter = (StateFilter, "kind", CountryFilter)
    list_per_page = 100
    search_fields = ("name", "number", "country", "note")
    search_help_text = _("A name, a number, or the two letters of a country")
    actions = ("checked_today",)

    @admin.display(description=_("country"), ordering="country")
    def of_country(self, line: HelpLine) -> str:
        return name_of(line.country)

    @admin.display(description=_("shown"), boolean=True)
    def is_shown(self, line: HelpLine) -> bool:
        return line.is_shown

    @admin.action(description=_("Checked today"), permissions=["change"])
    def checked_today(self, request: HttpRequest, lines: QuerySet[HelpLine]) -> None:
        chosen = list(lines)
        count = cast("HelpLineQuerySet", lines).check_again()
        for line in chosen:
            self.log_change(request, line, "Checked")
        said = ngettext("%d line was checked today.", "%d lines were checked today.", count)
        self.message_user(request, said % count, messages.SUCCESS)
