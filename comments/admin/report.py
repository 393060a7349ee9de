"""Reports as they came: what each says, and what became of it. They are decided on as cases."""

from collections.abc import Iterable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from comments.admin.case_links import case_link
from comments.admin.read_only import ReadOnlyAdmin, named
from comments.models import Report
from comments.moderation import deciding
from comments.moderation.deciding import CannotDecide

EVERYWHERE = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]


class HandledFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("open", _("Open")), ("handled", _("Handled"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        if self.value() in {"open", "handled"}:
            return queryset.filter(handled_at__isnull=self.value() == "open")
        return queryset


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin[Report]):
    """Open reports first, the oldest of them on top."""

    list_display = ("reason", "beginning", "created_at", "handled_at")
    list_filter = (HandledFilter, "reason")
    list_per_page = 50
    show_full_result_count = False
    actions = ("handled",)
    fields = (
        *("reason", "words", "email", "about", "created_at", "due_at"),
        *("place", "name", "good_faith", "shows_child_abuse"),
        *("handled_at", "dealt_with_by", "decision"),
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        return super().get_queryset(request).select_related("comment__voice", "handled_by")

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return [F("handled_at").asc(nulls_first=True), "created_at"]

    @admin.display(description=_("comment"))
    def beginning(self, report: Report) -> str:
        return Truncator(report.comment.text).chars(80)

    @admin.display(description=_("comment"))
    def about(self, report: Report) -> SafeString:
        return format_html(
            '<p><bdi>{}</bdi></p>{}<p><a href="{}">{}</a></p><p>{}</p>',
            report.comment.name_at_desk,
            report.comment.body,
            reverse("admin:comments_comment_change", args=[report.comment_id]),
            _("Look at the comment"),
            case_link(report.comment),
        )

    @admin.display(description=_("handled by"))
    def dealt_with_by(self, report: Report) -> SafeString | str:
        return named(report.handled_by)

    @admin.action(
        description=_("Handled: leave the comment as it is"),
        permissions=["moderate"],
        location=EVERYWHERE,
    )
    def handled(self, request: HttpRequest, reports: QuerySet[Report]) -> None:
        """Leave the comments as they are, which answers all reports of each."""
        comments = {
            report.comment_id: report.comment for report in reports if not report.handled_at
        }
        count = 0
        for comment in comments.values():
            try:
                deciding.keep(comment, by=cast("User", request.user))
                count += 1
            except CannotDecide as problem:
                self.message_user(request, str(problem), messages.ERROR)
        if count:
            said = ngettext("%d comment stays as it is.", "%d comments stay as they are.", count)
            self.message_user(request, said % count, messages.SUCCESS)
