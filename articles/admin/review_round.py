"""Reviews that are due, as a queue, and those that were finished."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from accounts.read_only_admin import ReadOnlyAdmin
from articles.admin.figures import figures
from articles.models import ReviewRound
from articles.review_queue import how_planned, rows_of, waiting, week_plan
from articles.review_rounds import may_finish

PAGE_SIZE = 50
STATES = {"overdue": _("Overdue"), "soon": _("Due within 60 days"), "finished": _("Finished")}


@admin.register(ReviewRound)
class ReviewRoundAdmin(ReadOnlyAdmin[ReviewRound]):
    """The list is the queue; each row leads to the page on which its review is finished."""

    actions = None

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.figures)
        return [path("figures/", view, name="articles_reviewround_figures"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        late, soon = waiting()
        finished = ReviewRound.objects.select_related("article__live", "finished_by").defer(
            *(f"article__live__{name}" for name in ("text", "plain_text", "section_html"))
        )
        lists: dict[str, Any] = {
            "overdue": late,
            "soon": soon,
            "finished": finished.order_by("-finished_at", "-pk"),
        }
        state = request.GET.get("state", "")
        state = state if state in STATES else ("overdue" if late or not soon else "soon")
        page: Any = Paginator(lists[state], PAGE_SIZE).get_page(request.GET.get("p"))
        counts = {"overdue": len(late), "soon": len(soon), "finished": finished.count()}
        context = {
            **self.admin_site.each_context(request),
            "title": _("Reviews due"),
            "opts": self.opts,
            "page": page,
            "rows": page.object_list if state == "finished" else rows_of(page.object_list),
            "state": state,
            "states": [(key, name, counts[key]) for key, name in STATES.items()],
            "plan": week_plan(late, soon),
            "how_planned": how_planned(),
            "may_finish": may_finish(request.user),
        }
        return render(request, "admin/articles/reviewround/queue.html", context)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        """Lead to the list: there stands what there is to see."""
        address = reverse("admin:articles_reviewround_changelist", query={"state": "finished"})
        return redirect(address)

    def figures(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return figures(request, self)
