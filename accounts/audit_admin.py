"""The audit trail in admin: superusers read it, and nobody changes it."""

from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from accounts import hooks
from accounts.audit_export import export
from accounts.models import AuditAct, User
from accounts.read_only_admin import ReadOnlyAdmin

LOOKED_UP = "voice.looked_up"
# Acts on somebody's words: whose these are, nobody is to learn by comparing two lines. A badge
# names its bearer anyway.
OF_WORDS = Q(deed=LOOKED_UP) | (
    Q(object_type__startswith="comments.") & ~Q(object_type="comments.Badge")
)


class DeedFilter(admin.SimpleListFilter):
    title = _("what was done")
    parameter_name = "deed"

    def lookups(self, request: Any, model_admin: Any) -> Iterator[tuple[str, str]]:
        deeds = AuditAct.objects.order_by("deed").values_list("deed", flat=True).distinct()
        return ((deed, deed) for deed in deeds)

    def queryset(self, request: Any, queryset: QuerySet[AuditAct]) -> QuerySet[AuditAct]:
        return queryset.filter(deed=self.value()) if self.value() else queryset


@admin.register(AuditAct)
class AuditAdmin(ReadOnlyAdmin[AuditAct]):
    """Staff who act are named while they are staff; a member stays a random id."""

    list_display = ("at", "deed", "who", "about", "thing")
    list_filter = (DeedFilter, "at")
    search_fields = ("object_id", "actor", "subject")
    search_help_text = _(
        "The id of what it was done on, its address like /articles/stroke/, or somebody’s random id"
    )
    date_hierarchy = "at"
    fields = ("at", "deed", "who", "about", "thing", "reason", "fields", "hashes")
    actions = None
    show_full_result_count = False

    @admin.display(description=_("by"))
    def who(self, act: AuditAct) -> str:
        if act.actor is None:
            return str(_("the site itself"))
        if hides_member(act) and act.actor == act.subject:
            return str(_("the member"))
        return self.staff.get(act.actor, str(act.actor))

    @admin.display(description=_("about"))
    def about(self, act: AuditAct) -> str:
        """Return whom an act was about; who wrote a comment is told by a look-up alone."""
        return "–" if hides_member(act) or not act.subject else str(act.subject)

    @admin.display(description=_("on"))
    def thing(self, act: AuditAct) -> str:
        return f"{act.object_type} {act.object_id}".strip() or "–"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(partial(export, model_admin=self))
        return [path("export/", view, name="accounts_auditact_export"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditAct]:
        # Asked once a page; the staff are few.
        self.staff: dict[UUID, str] = dict(
            User.objects.filter(is_staff=True).values_list("public_id", "handle")
        )
        return super().get_queryset(request)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditAct], search_term: str
    ) -> tuple[QuerySet[AuditAct], bool]:
        """Find what is about words by these or by the staff: never by the member who wrote them."""
        for at_address in hooks.ask("acts_at", search_term) if "/" in search_term else ():
            if at_address is not None:
                return queryset.filter(at_address), False
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if search_term:
            theirs = Q(actor__icontains=search_term) & ~Q(actor=F("subject"))
            by_another_id = Q(object_id__icontains=search_term) | theirs
            found = found.filter(by_another_id | ~OF_WORDS)
        return found, may_repeat

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: AuditAct | None = None) -> bool:
        return request.user.is_active and request.user.is_superuser


def hides_member(act: AuditAct) -> bool:
    """Tell whether an act is one of OF_WORDS."""
    of_words = act.object_type.startswith("comments.") and act.object_type != "comments.Badge"
    return act.deed == LOOKED_UP or of_words
