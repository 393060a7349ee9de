"""Where staff edit what screening looks for, and clinicians approve what they answer for."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin_guard import GuardedAdmin, GuardedForm
from accounts.models import AuditAct, User
from accounts.offered_filters import OfferedFiltersOnly
from comments.models import Phrase
from comments.models.phrase import mark_of
from comments.screening.foreseen import foreseen


class LanguageFilter(admin.SimpleListFilter):
    """The languages there are lists for; Django’s own filter has no word for none."""

    title = _("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        known = Phrase.objects.exclude(language="").order_by("language").values_list("language")
        return [("any", _("Any language")), *((code, code) for (code,) in known.distinct())]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Phrase]) -> QuerySet[Phrase]:
        if self.value() is None:
            return queryset
        return queryset.filter(language="" if self.value() == "any" else self.value())


class ApprovedFilter(admin.SimpleListFilter):
    title = _("approved by a clinician")
    parameter_name = "approved"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("Not yet")), ("yes", _("Approved"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Phrase]) -> QuerySet[Phrase]:
        if self.value() == "no":
            return queryset.filter(pk__in=Phrase.objects.to_approve().values("pk"))
        if self.value() == "yes":
            return queryset.filter(approved_at__isnull=False)
        return queryset


class PhraseForm(GuardedForm[Phrase]):
    class Meta:
        model = Phrase
        fields = ("kind", "language", "text", "note", "is_on")
        help_texts: ClassVar = {
            "text": _(
                "Whole words, in any case, with or without accents. Spaced and lookalike letters"
                " are seen through; “don’t” and “wanna” are read as their long forms. In brackets"
                " stand choices, of which one may be empty: I (want|need) to leave (now|)."
                " After a ~ stand longer phrases in which it is harmless, with commas between them;"
                " … is the phrase itself: I could die ~ … of shame, … laughing."
            )
        }

    def clean_text(self) -> str:
        """Refuse what would be found in nearly every comment; in Chinese one sign is a word."""
        text: str = self.cleaned_data["text"]
        letters = [sign for sign in text.partition("~")[0] if sign.isalnum()]
        if len(letters) < 2 and not any(sign > "\u2e7f" for sign in letters):
            raise forms.ValidationError(
                _("That is too short: it would be found in nearly every comment.")
            )
        return text


def warn_if_common(request: HttpRequest, phrase: Phrase) -> None:
    """Say how many of the newest comments would have waited, or been asked about, for a phrase."""
    expected = foreseen(phrase)
    if not expected.is_common:
        return
    said = _(
        "This phrase is very common: it stands in %(found)d of the last %(among)d comments. Those"
        " would have been held, or their writers asked. If that is not what you want, make it"
        " longer, or take it out of use."
    )
    messages.warning(request, said % {"found": expected.found, "among": expected.among})


@admin.register(Phrase)
class PhraseAdmin(GuardedAdmin[Phrase], OfferedFiltersOnly[Phrase]):
    form = PhraseForm
    list_display = ("text", "kind", "language", "is_on", "approved_at", "is_starter")
    list_filter = ("kind", LanguageFilter, ApprovedFilter, "is_on", "is_starter")
    list_per_page = 100
    show_full_result_count = False
    search_fields = ("text", "note")
    readonly_fields = ("approved_at", "approved_by", "is_starter")
    fields = ("kind", "language", "text", "note", "is_on", *readonly_fields)
    actions = ("approve",)

    def save_model(self, request: HttpRequest, obj: Phrase, form: Any, change: bool) -> None:
        """Save; another phrase than the clinician saw is no longer approved."""
        if change and {"text", "kind", "language"} & set(form.changed_data):
            obj.approved_at = obj.approved_by = None
        super().save_model(request, obj, form, change)
        deed = "phrase.changed" if change else "phrase.added"
        by = cast("User", request.user)
        known = [form.initial[name] for name in ("kind", "language", "text")] if change else ()
        hashes = {"phrase": mark_of(*known)} if known else {}
        AuditAct.objects.record(deed, by=by, on=obj, fields=form.changed_data, hashes=hashes)
        warn_if_common(request, obj)

    def delete_model(self, request: HttpRequest, obj: Phrase) -> None:
        by = cast("User", request.user)
        AuditAct.objects.record("phrase.deleted", by=by, on=obj, hashes={"phrase": obj.mark})
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Phrase]) -> None:
        for phrase in queryset:
            self.delete_model(request, phrase)

    @admin.action(description=_("A clinician approved these"), permissions=["change"])
    @transaction.atomic
    def approve(self, request: HttpRequest, queryset: QuerySet[Phrase]) -> None:
        """Note it of those that need it; whoever says so answers for it."""
        by = cast("User", request.user)
        to_approve = queryset.filter(kind__in=Phrase.CLINICAL, approved_at=None)
        # `of` and no ordering by joins: PostgreSQL locks no outer joined rows.
        approved = list(to_approve.order_by("pk").select_for_update(of=("self",)))
        Phrase.objects.filter(pk__in=[phrase.pk for phrase in approved]).update(
            approved_at=timezone.now(), approved_by=by
        )
        for phrase in approved:
            AuditAct.objects.record("phrase.approved", by=by, on=phrase)
        said = ngettext(
            "%(count)d phrase is noted as approved by a clinician.",
            "%(count)d phrases are noted as approved by a clinician.",
            len(approved),
        )
        messages.success(request, said % {"count": len(approved)})
