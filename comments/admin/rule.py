"""Where editors reword the house rules. Nothing is overwritten, and nothing is deleted."""

from collections.abc import Iterable
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin_guard import GuardedAdmin, GuardedForm
from accounts.models import User
from accounts.offered_filters import OfferedFiltersOnly
from articles.records import WordsField
from comments.models import Rule
from comments.models.rule import NotInForceError


class RuleForm(GuardedForm[Rule]):
    class Meta:
        model = Rule
        fields = ("key", "title", "text", "reason", "position")
        field_classes = {"title": WordsField, "text": WordsField, "reason": WordsField}
        help_texts = {
            "key": _("Part of the rule’s address, in Latin letters; it stays as it is."),
            "text": _("Readers see it at /about/rules/. An empty line begins a paragraph."),
            "reason": _("A moderator’s message begins with it; the rule stands beside it."),
        }

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if Rule.objects.in_force().filter(key=key).exists():
            raise ValidationError(_("A rule with this key is in force: reword that one."))
        return key


class ForceFilter(admin.SimpleListFilter):
    """Offers the wordings that ended; without it those in force are listed."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("all", _("Every wording"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Rule]) -> QuerySet[Rule]:
        return queryset if self.value() == "all" else queryset.filter(ended_at=None)


@admin.register(Rule)
class RuleAdmin(GuardedAdmin[Rule], OfferedFiltersOnly[Rule]):
    form = RuleForm
    list_display = ("title", "key", "version", "since", "ended_at", "position")
    list_filter = (ForceFilter,)
    show_full_result_count = False
    readonly_fields = ("version", "since", "ended_at")
    actions = ("end",)

    def get_readonly_fields(self, request: HttpRequest, obj: Rule | None = None) -> Any:
        return (*self.readonly_fields, "key") if obj else ()

    def get_fields(self, request: HttpRequest, obj: Rule | None = None) -> Any:
        return (*RuleForm.Meta.fields, *(self.readonly_fields if obj else ()))

    def has_change_permission(self, request: HttpRequest, obj: Rule | None = None) -> bool:
        """Refuse earlier wordings to everybody: they are what decisions refer to."""
        is_over = obj is not None and obj.ended_at is not None
        return not is_over and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Rule | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Rule, form: Any, change: bool) -> None:
        """Begin a rule, or put a new wording in the place of the one that was opened."""
        by = cast("User", request.user)
        words = {name: form.cleaned_data[name] for name in ("title", "text", "reason", "position")}
        if change:
            Rule.objects.get(pk=obj.pk).reword(**words, by=by)
        else:
            begun = Rule.objects.begin(key=form.cleaned_data["key"], **words, by=by)
            obj.pk, obj.version, obj.since = begun.pk, begun.version, begun.since

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except NotInForceError:
            messages.error(request, _("Somebody else changed this rule meanwhile."))
            return redirect("admin:comments_rule_changelist")

    def response_change(self, request: HttpRequest, obj: Rule) -> HttpResponse:
        """Go back to the list: the wording that was opened is not the newest any more."""
        self.message_user(request, _("This wording is in force from now on."), messages.SUCCESS)
        return redirect("admin:comments_rule_changelist")

    @admin.action(description=_("Let it be in force no longer"), permissions=["change"])
    def end(self, request: HttpRequest, rules: QuerySet[Rule]) -> None:
        ended = 0
        for rule in rules.filter(ended_at=None):
            rule.end(by=cast("User", request.user))
            self.log_change(request, rule, "Ended")
            ended += 1
        said = ngettext("%d rule is in force no longer.", "%d rules are in force no longer.", ended)
        self.message_user(request, said % ended, messages.SUCCESS)
