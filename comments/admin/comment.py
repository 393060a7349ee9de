"""What moderators see of comments wherever they stand; what waits is in their queues.

No page of admin joins a comment to an account, by name, number or address, but a logged look-up
(comments/admin/look_ups.py).
"""

from collections.abc import Callable, Iterable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin import ActionLocation, helpers
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from comments.admin import look_ups
from comments.admin.case_forms import RemoveForm
from comments.admin.case_links import case_can_be_opened, case_link
from comments.admin.read_only import ReadOnlyAdmin, named
from comments.models import Comment, Report
from comments.moderation import deciding
from comments.moderation.deciding import CannotDecide
from comments.standing import standings

EVERYWHERE = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]


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
        "state",
        "open_reports",
        "name",
        "member",
        "standing",
        "in_article",
        "created_at",
    )
    list_filter = (StateFilter, OpenReportsFilter)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("text", "voice__name")
    search_help_text = _("Words of comments, or a public name")
    ordering = ("-created_at", "-pk")
    actions = ("remove", "restore")
    fields = (
        *("name", "member", "standing", "state", "in_article", "answers", "created_at"),
        "shown_text",
        *("case", "earlier", "reports", "removed_reason", "taken_down_by"),
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        rows = super().get_queryset(request).select_related("voice", "article__live", "removed_by")
        unread = ("article__live__text", "article__live__plain_text", "article__live__section_html")
        is_open = Q(reports__isnull=False, reports__handled_at=None)
        return rows.defer(*unread).annotate(open_reports=Count("reports", filter=is_open))

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Fetch the standing of all whose comments are listed, at once."""
        changelist = super().get_changelist_instance(request)
        listed = list(changelist.result_list)
        known = standings(listed)
        for comment in listed:
            comment.standing = known[comment.pk]
        changelist.result_list = listed
        return changelist

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.look_up)
        return [
            path("<int:pk>/look-up/", view, name="comments_comment_look_up"),
            *super().get_urls(),
        ]

    def look_up(self, request: HttpRequest, pk: int) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts}
        return look_ups.look_up(request, pk, {**context, "title": _("Who wrote this comment")})

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["may_open_case"] = case_can_be_opened(context.get("original"), request.user)
        if look_ups.may_look_up(request.user):
            context["look_up_form"] = look_ups.LookUpForm()
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("comment"))
    def beginning(self, comment: Comment) -> Any:
        return Truncator(comment.text).chars(80) or _("no text any more")

    @admin.display(description=_("name"), ordering="voice__name")
    def name(self, comment: Comment) -> SafeString:
        return format_html("<bdi>{}</bdi>", comment.name_at_desk)

    @admin.display(description=_("member number"))
    def member(self, comment: Comment) -> str:
        """Name the writer within this discussion, and nowhere else."""
        return comment.member_number

    @admin.display(description=_("this member’s comments"))
    def standing(self, comment: Any) -> str:
        """Say how much the writer has said on the whole site; roughly (comments/standing.py)."""
        known = getattr(comment, "standing", None) or standings([comment])[comment.pk]
        return str(known)

    @admin.display(description=_("state"))
    def state(self, comment: Comment) -> Any:
        if comment.removed_at:
            return _("removed")
        if comment.hidden_at:
            return _("hidden")
        if comment.withdrawn_at:
            return _("withdrawn")
        return _("held") if comment.is_held else _("visible")

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

    @admin.display(description=_("case"))
    def case(self, comment: Comment) -> SafeString | str:
        return case_link(comment)

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

    @admin.display(description=_("removed by"))
    def taken_down_by(self, comment: Comment) -> SafeString | str:
        return named(comment.removed_by)

    @admin.display(description=_("reports"))
    def reports(self, comment: Comment) -> SafeString:
        rows = (
            (reverse("admin:comments_report_change", args=[report.pk]), report.get_reason_display())
            for report in comment.reports.order_by("-created_at")
        )
        return format_html_join("\n", '<p><a href="{}">{}</a></p>', rows)

    @admin.action(description=_("Remove…"), permissions=["moderate"], location=EVERYWHERE)
    def remove(self, request: HttpRequest, comments: QuerySet[Comment]) -> HttpResponse | None:
        """Ask for the rule and the reason, then take the comments down."""
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
        count = self.decide(request, removable, "Removed", deciding.remove, **form.cleaned_data)
        said = ngettext("%d comment was removed.", "%d comments were removed.", count) % count
        self.message_user(request, said, messages.SUCCESS)
        return None

    @admin.action(description=_("Restore"), permissions=["moderate"], location=EVERYWHERE)
    def restore(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        restorable = [comment for comment in comments if comment.restorable_by(request.user)]
        count = self.decide(request, restorable, "Restored", deciding.restore)
        said = ngettext("%d comment is back.", "%d comments are back.", count) % count
        self.message_user(request, said, messages.SUCCESS)

    def decide(
        self,
        request: HttpRequest,
        comments: list[Comment],
        noted: str,
        deed: Callable[..., Any],
        **details: Any,
    ) -> int:
        """Decide about each; say why of what could not be done, and return how many were."""
        count = 0
        for comment in comments:
            try:
                deed(comment, by=cast("User", request.user), **details)
            except CannotDecide as problem:
                self.message_user(request, str(problem), messages.ERROR)
            else:
                self.log_change(request, comment, noted)
                count += 1
        return count
