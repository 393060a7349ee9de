"""Corrections on the desk: what was published, and what waits for a second person."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from accounts.read_only_admin import ReadOnlyAdmin
from articles.admin.correct import KINDS
from articles.correcting import CONFIRM, confirm, why_not_confirmed_by
from articles.models import Correction
from articles.records import WordsField


class ConfirmForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=list(KINDS.items()), widget=forms.RadioSelect, required=False
    )
    to_do = WordsField(
        label=_("What to do now"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A safety entry needs it."),
    )

    def __init__(self, correction: Correction, data: Any = None) -> None:
        super().__init__(data, initial={"kind": correction.kind})
        if correction.to_do:
            del self.fields["to_do"]


class PendingFilter(admin.SimpleListFilter):
    title = _("second person")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("to_confirm", _("to confirm"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Correction]
    ) -> QuerySet[Correction] | None:
        waiting = queryset.filter(confirmed_at=None)
        return waiting if self.value() == "to_confirm" else queryset


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin[Correction]):
    """Nothing of an entry is changed here but its kind, by a second person, once."""

    actions = None
    list_display = ("entry", "kind", "heading", "at", "by", "confirmed_by")
    list_filter = (PendingFilter, "kind")
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Correction]:
        return Correction.objects.for_list().select_related("by", "confirmed_by")

    @admin.display(description=_("article"))
    def entry(self, correction: Correction) -> str:
        return str(correction.article)

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show an entry as readers see it, and the button of the second person."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        correction = self.get_object(request, object_id)
        if correction is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined,no-any-return] # Django's own
        form = ConfirmForm(correction, request.POST if request.method == "POST" else None)
        if form.is_bound:
            if not request.user.has_perm(CONFIRM):
                raise PermissionDenied
            if form.is_valid() and self._confirmed(request, correction, form):
                return redirect("admin:articles_correction_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Correction"),
            "opts": self.opts,
            "correction": correction,
            "article": correction.article,
            "form": form,
            "why_not": why_not_confirmed_by(correction, request.user),
        }
        status = 400 if form.is_bound else 200
        return render(request, "admin/articles/correction/change_form.html", context, status=status)

    def _confirmed(self, request: HttpRequest, correction: Correction, form: ConfirmForm) -> bool:
        user: Any = request.user
        try:
            confirm(correction, by=user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
            return False
        self.log_change(request, correction, "Confirmed")
        messages.success(request, _("The correction is confirmed."))
        return True
