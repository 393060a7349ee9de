"""Legal holds in admin: superusers set and end them, and each is an act in the audit trail."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import handles
from accounts.models import AuditAct, LegalHold, User
from accounts.models.legal_hold import LegalHoldQuerySet
from accounts.offered_filters import OfferedFiltersOnly


class HoldForm(forms.ModelForm[LegalHold]):
    member = forms.CharField(
        label=_("Member"), max_length=100, help_text=_("The public name, or the random id.")
    )

    class Meta:
        model = LegalHold
        fields = ("case", "until")

    def clean_member(self) -> User:
        named = str(self.cleaned_data["member"]).strip()
        members = User.objects.filter(erased_at=None)
        try:
            found = members.filter(public_id=uuid.UUID(named)).first()
        except ValueError:
            found = members.filter(handle_key=handles.fold(named) or None).first()
        if found is None:
            raise ValidationError(_("No member has this name or id."))
        return found

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until < timezone.localdate():
            raise ValidationError(_("Name a day that is still to come."))
        return until


@admin.register(LegalHold)
class HoldAdmin(OfferedFiltersOnly[LegalHold]):
    """A hold is set once and ended once; what it says is not changed in between."""

    form = HoldForm
    fields = ("member", "case", "until")
    list_display = ("case", "user", "set_at", "until", "ended_at", "in_force")
    list_select_related = ("user",)
    list_filter = (("ended_at", admin.EmptyFieldListFilter),)
    actions = ("end",)

    @admin.display(description=_("in force"), boolean=True)
    def in_force(self, hold: LegalHold) -> bool:
        return hold.is_in_force

    def save_model(self, request: HttpRequest, obj: LegalHold, form: Any, change: bool) -> None:
        obj.user = form.cleaned_data["member"]
        obj.set_by = request.user  # type: ignore[assignment] # `admin_view` lets nobody else in
        super().save_model(request, obj, form, change)
        self.note("legal_hold.set", request, obj)

    @admin.action(description=_("End the chosen legal holds"), permissions=["end"])
    def end(self, request: HttpRequest, queryset: LegalHoldQuerySet) -> None:
        ending = list(queryset.filter(ended_at=None).select_related("user"))
        count = LegalHold.objects.filter(pk__in=[hold.pk for hold in ending]).end()
        for hold in ending:
            self.note("legal_hold.ended", request, hold)
        words = ngettext("%(count)d hold was ended.", "%(count)d holds were ended.", count)
        self.message_user(request, words % {"count": count})

    def note(self, deed: str, request: HttpRequest, hold: LegalHold) -> None:
        by: Any = request.user
        AuditAct.objects.record(deed, by=by, on=hold, about=hold.user, reason=hold.case)

    def get_fields(self, request: HttpRequest, obj: LegalHold | None = None) -> Any:
        shown = ("user", "case", "until", "set_at", "set_by", "ended_at")
        return shown if obj else self.fields

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.is_superuser(request)

    def has_view_permission(self, request: HttpRequest, obj: LegalHold | None = None) -> bool:
        return self.is_superuser(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.is_superuser(request)

    def has_end_permission(self, request: HttpRequest) -> bool:
        return self.is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: LegalHold | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: LegalHold | None = None) -> bool:
        return False

    def is_superuser(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_superuser
