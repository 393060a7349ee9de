"""The addresses of the moderators' desk in admin; the pages are in case_views and bulk_deeds."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from comments.admin import bulk_deeds, case_views, opening_cases
from comments.admin.desk_rights import may_see_cases
from comments.admin.read_only import ReadOnlyAdmin
from comments.forms import as_id
from comments.models import Case


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin[Case]):
    """Queues in the place of Django's list, and a page to decide on in the place of its form."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_see_cases(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_see_cases(request.user)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return case_views.queue(request)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        if (pk := as_id(object_id)) is None:
            raise Http404
        return case_views.case(request, pk)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Lead to the page of the case: what was decided stands there."""
        return self.change_view(request, object_id)

    def get_urls(self) -> list[URLPattern]:
        def at(address: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
            return path(address, self.admin_site.admin_view(view), name=f"comments_case_{name}")

        return [
            at("take/", case_views.take, "take"),
            at("undo/", case_views.undo, "undo"),
            at("note/", case_views.note, "note"),
            at("choices/", case_views.choices, "choices"),
            at("bulk/", bulk_deeds.bulk, "bulk"),
            at("open/<int:comment>/", opening_cases.open_about, "open"),
            at("<int:pk>/take/", case_views.take_this, "take_this"),
            at("<int:pk>/put-back/", case_views.put_this_back, "put_back"),
            at("<int:pk>/act/", case_views.act, "act"),
            at("<int:pk>/wrong/", case_views.wrong, "wrong"),
            at("<int:pk>/appeal/<int:appeal>/", case_views.appeal, "appeal"),
            at("<int:pk>/lift/<int:sanction>/", case_views.lift, "lift"),
            *super().get_urls(),
        ]
