"""What moderators see and do: comments and reports. No e-mail address of a member is shown here."""

from collections.abc import Iterable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin import ActionLocation, helpers
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from comments.forms import RemoveForm
from comments.models import Comment, Report
from comments.models.comment_query import is_moderator
from comments.models.report import ReportQuerySet

EVERYWHERE = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]


class ReadOnlyAdmin[Row: (Comment, Report)](admin.ModelAdmin[Row]):
    """Rows that are looked at and acted on, never typed into; acting is for moderators."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return is_moderator(request.user)


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [
            ("held", _("Held")),
            ("visible", _("Visible")),
            ("removed", _("Removed")),
            ("withdrawn", _("Withdrawn")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        return {
            "held": queryset.filter(pk__in=Comment.objects.held().values("pk")),
            "visible": queryset.filter(pk__in=Comment.objects.visible().values("pk")),
            "removed": queryset.filter(removed_at__isnull=False),
            "withdrawn": queryset.filter(withdrawn_at__isnull=False),
        }.get(self.value() or "", queryset)


class OpenReportsFilter(admin.SimpleListFilter):
    title = _("reports")
    parameter_name = "reports"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("open", _("With open reports"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        if self.value() != "open":
            return queryset
        return queryset.filter(pk__in=Report.objects.open().values("comment"))


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin[Comment]):
    list_display = (
        "beginning",
        "name",
        "member",
        "state",
        "in_article",
        "created_at",
        "open_reports",
    )
    list_filter = (StateFilter, OpenReportsFilter)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("text", "voice__name")
    search_help_text = _("Words of comments, or a public name")
    ordering = ("-created_at", "-pk")
    actions = ("remove", "restore")
    fields = (
        *("name", "member", "state", "in_article", "answers", "created_at", "shown_text"),
        *("earlier", "reports", "removed_reason", "removed_by"),
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        rows = super().get_queryset(request).select_related("voice", "article__live", "removed_by")
        unread = ("article__live__text", "article__live__plain_text", "article__live__section_html")
        is_open = Q(reports__isnull=False, reports__handled_at=None)
        return rows.defer(*unread).annotate(open_reports=Count("reports", filter=is_open))

    @admin.display(description=_("comment"))
    def beginning(self, comment: Comment) -> str:
        return Truncator(comment.text).chars(80)

    @admin.display(description=_("name"), ordering="voice__name")
    def name(self, comment: Comment) -> SafeString:
        return format_html("<bdi>{}</bdi>", comment.voice)

    @admin.display(description=_("member number"))
    def member(self, comment: Comment) -> str:
        """Name the writer within this discussion, and nowhere else."""
        return comment.member_number

    @admin.display(description=_("state"))
    def state(self, comment: Comment) -> Any:
        if comment.removed_at:
            return _("removed")
        if comment.withdrawn_at:
            return _("withdrawn")
        return _("visible") if comment.published_at else _("held")

    @admin.display(description=_("article"))
    def in_article(self, comment: Comment) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', comment.get_absolute_url(), Truncator(comment.article).chars(60)
        )

    @admin.display(description=_("open reports"))
    def open_reports(self, comment: Any) -> int:
        return int(comment.open_reports)

    @admin.display(description=_("in reply to"))
    def answers(self, comment: Comment) -> SafeString | str:
        if not comment.parent:
            return "–"
        address = reverse("admin:comments_comment_change", args=[comment.parent.pk])
        return format_html('<a href="{}">{}</a>', address, Truncator(comment.parent.text).chars(80))

    @admin.display(description=_("text"))
    def shown_text(self, comment: Comment) -> SafeString:
        return comment.body

    @admin.display(description=_("earlier texts"))
    def earlier(self, comment: Comment) -> SafeString:
        rows = (
            (date_format(localtime(earlier.replaced_at), "DATETIME_FORMAT"), earlier.text)
            for earlier in comment.earlier_texts.all()
        )
        return format_html_join("\n", "<p>{}</p><blockquote>{}</blockquote>", rows)

    @admin.display(description=_("reports"))
    def reports(self, comment: Comment) -> SafeString:
        rows = (
            (reverse("admin:comments_report_change", args=[report.pk]), report.get_reason_display())
            for report in comment.reports.order_by("-created_at")
        )
        return format_html_join("\n", '<p><a href="{}">{}</a></p>', rows)

    @admin.action(description=_("Remove…"), permissions=["moderate"], location=EVERYWHERE)
    def remove(self, request: HttpRequest, comments: QuerySet[Comment]) -> HttpResponse | None:
        """Ask for the reason, then take the comments down."""
        form = RemoveForm(request.POST if "remove" in request.POST else None)
        removable = [comment for comment in comments if comment.removable_by(request.user)]
        if not form.is_valid():
            context = {
                **self.admin_site.each_context(request),
                "title": _("Remove comments"),
                "opts": self.opts,
                "comments": removable,
                "form": form,
                "action_checkbox_name": helpers.ACTION_CHECKBOX_NAME,
            }
            return render(request, "admin/comments/comment/remove.html", context)
        for comment in removable:
            comment.remove(by=cast("User", request.user), reason=form.cleaned_data["reason"])
            self.log_change(request, comment, "Removed")
        count = len(removable)
        said = ngettext("%d comment was removed.", "%d comments were removed.", count) % count
        self.message_user(request, said, messages.SUCCESS)
        return None

    @admin.action(description=_("Restore"), permissions=["moderate"], location=EVERYWHERE)
    def restore(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        restorable = [comment for comment in comments if comment.restorable_by(request.user)]
        for comment in restorable:
            comment.restore()
            self.log_change(request, comment, "Restored")
        count = len(restorable)
        said = ngettext("%d comment is back.", "%d comments are back.", count) % count
        self.message_user(request, said, messages.SUCCESS)


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
    fields = ("reason", "words", "email", "about", "created_at", "handled_at", "handled_by")
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
            '<p><bdi>{}</bdi></p>{}<p><a href="{}">{}</a></p>',
            report.comment.voice,
            report.comment.body,
            reverse("admin:comments_comment_change", args=[report.comment_id]),
            _("Look at the comment, remove it"),
        )

    @admin.action(description=_("Handled"), permissions=["moderate"], location=EVERYWHERE)
    def handled(self, request: HttpRequest, reports: QuerySet[Report]) -> None:
        cast("ReportQuerySet", reports).handle(by=cast("User", request.user))
