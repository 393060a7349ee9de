"""Edits marked as spellings that a reviewer looks at: one in five, with what differs."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.read_only_admin import ReadOnlyAdmin
from articles.models import MinorEdit
from articles.section_texts import differences_of
from articles.signing import check_minor

CHECK = "articles.change_minoredit"
PAGE_SIZE = 20


@admin.register(MinorEdit)
class MinorEditAdmin(ReadOnlyAdmin[MinorEdit]):
    """The list is the queue: each edit with its difference and two buttons."""

    actions = None

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.check_edit))
        return [
            path("<int:pk>/check/", view, name="articles_minoredit_check"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show those that nobody has looked at yet, the oldest first; or all, when asked."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        show_all = request.GET.get("state") == "all"
        page = Paginator(queue(show_all=show_all), PAGE_SIZE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Edits without clinical effect"),
            "opts": self.opts,
            "page": page,
            "rows": [(mark, differences_of(mark.before, mark.section)) for mark in page],
            "show_all": show_all,
            "may_check": request.user.has_perm(CHECK),
        }
        return render(request, "admin/articles/minoredit/queue.html", context)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        """Lead to the list: there stands what there is to see."""
        return redirect("admin:articles_minoredit_changelist")

    def check_edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take the answer: a spelling (`minor`), or more than that (`more`)."""
        if not request.user.has_perm(CHECK):
            raise PermissionDenied
        mark = get_object_or_404(MinorEdit.objects.select_related("section__revision"), pk=pk)
        if not {"minor", "more"} & request.POST.keys():
            messages.error(request, _("Say whether it is a spelling, or more than that."))
            return redirect("admin:articles_minoredit_changelist")
        is_minor = "minor" in request.POST
        user: Any = request.user
        try:
            check_minor(mark, is_minor=is_minor, by=user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            said = {
                True: _("Noted: a spelling."),
                False: _("Noted: more than a spelling. The page says “edited” there now."),
            }
            messages.success(request, said[is_minor])
        return redirect("admin:articles_minoredit_changelist")


def queue(*, show_all: bool = False) -> QuerySet[MinorEdit]:
    """Return the marks that were drawn and wait, the oldest first; or all, the newest first."""
    marks = MinorEdit.objects.select_related(
        "section__revision__article", "before__revision__article", "marked_by", "checked_by"
    )
    if show_all:
        return marks.order_by("-marked_at", "-pk")
    return marks.filter(to_check=True, checked_at=None).order_by("marked_at", "pk")
