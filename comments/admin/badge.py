"""Where staff look up who asked for a badge, and decide. No comment of theirs is shown here.

Each deed has a page of its own, which the page of the badge links while it can be done.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.offered_filters import OfferedFiltersOnly
from comments.badge_forms import CheckForm, GrantForm, RefuseForm, TakeBackForm
from comments.models import Badge
from comments.models.badge_query import NotDone, may_grant_badges
from comments.telling import notifications


@dataclass(frozen=True)
class Deed:
    """What staff may do with a badge: in what words, by which form, and when not."""

    title: str | Promise
    explained: str | Promise
    button: str | Promise
    done: str | Promise
    form: type[forms.Form]
    why_not: Callable[[Badge, User], str]
    do: Callable[..., None]  # called with the badge, `by`, and what the form holds
    is_told: bool = True  # to the member, by mail


DEEDS = {
    "check": Deed(
        _("Check the entry"),
        _(
            "Open the entry in the register, look for the number there yourself, and compare both"
            " with what the member wrote. Write to the work address if they name one. Go on only"
            " if you are sure that the entry is this member’s."
        ),
        _("The entry is theirs"),
        _("It is noted that you found the entry."),
        CheckForm,
        Badge.why_not_checking,
        Badge.mark_checked,
        is_told=False,
    ),
    "grant": Deed(
        _("Grant this badge"),
        _("The member may show it on comments from now on, as it is worded here."),
        _("Grant"),
        _("The badge is granted, and the member is told by mail."),
        GrantForm,
        Badge.why_not_granting,
        Badge.grant,
    ),
    "refuse": Deed(
        _("Refuse this badge"),
        _("The member can ask again."),
        _("Refuse"),
        _("The badge is refused, and the member is told by mail."),
        RefuseForm,
        Badge.why_not_refusing,
        Badge.refuse,
    ),
    "take-back": Deed(
        _("Take this badge back"),
        _("The member can no longer choose it. This cannot be undone."),
        _("Take it back"),
        _("The badge is taken back, and the member is told by mail."),
        TakeBackForm,
        Badge.why_not_taking_back,
        Badge.take_back,
    ),
}


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [
            ("to_check", _("To check")),
            ("to_confirm", _("To confirm")),
            ("in_force", _("In force")),
            ("lapsed", _("Lapsed")),
            ("ended", _("Refused or given up")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Badge]) -> QuerySet[Badge]:
        state = self.value()
        known = {name for name, _label in self.lookups(request, None)}
        if state not in known:
            return queryset
        return queryset.filter(pk__in=getattr(Badge.objects, state)().values("pk"))


@admin.register(Badge)
class BadgeAdmin(OfferedFiltersOnly[Badge]):
    """What waits first, the oldest of it on top; number and evidence for those who decide."""

    change_form_template = "admin/comments/badge/change_form.html"
    list_display = ("__str__", "jurisdiction", "member", "state", "asked_at")
    list_filter = (StateFilter,)
    list_per_page = 50
    list_select_related = ("user",)
    show_full_result_count = False
    search_fields = ("user__handle", "profession", "register")
    search_help_text = _("A public name, a profession, or a register")
    actions = None
    seen_by_all = ("member", "profession", "register", "jurisdiction", "state")
    seen_by_checkers = ("number", "entry", "proof")
    standing = ("scope", "asked_at", "checked", "granted", "expires_on", "ended")
    readonly_fields = (*seen_by_all, *seen_by_checkers, *standing)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        ended, granted = F("ended_at"), F("granted_at")
        return [ended.asc(nulls_first=True), granted.asc(nulls_first=True), "asked_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Badge]:
        people = ("user", "checked_by", "granted_by", "ended_by")
        return super().get_queryset(request).select_related(*people)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        private = self.seen_by_checkers if may_grant_badges(request.user) else ()
        return [*self.seen_by_all, *private, *self.standing]

    def get_urls(self) -> list[URLPattern]:
        act = self.admin_site.admin_view(self.act)
        deeds = [
            path(f"<uuid:pk>/{deed}/", act, {"deed": deed}, name=f"comments_badge_{deed}")
            for deed in DEEDS
        ]
        return [*deeds, *super().get_urls()]

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        user = cast("User", request.user)
        context["deeds"] = [
            (reverse(f"admin:comments_badge_{name}", args=[obj.pk]), deed.title)
            for name, deed in DEEDS.items()
            if not deed.why_not(obj, user)
        ]
        context["notes"] = list(notes(obj, user))
        return super().render_change_form(request, context, add, change, form_url, obj)

    def act(self, request: HttpRequest, pk: uuid.UUID, deed: str) -> HttpResponse:
        """Ask for what a deed needs, and do it; explain when somebody was faster."""
        badge = get_object_or_404(self.get_queryset(request), pk=pk)
        page, user = DEEDS[deed], cast("User", request.user)
        if not may_grant_badges(user):
            raise PermissionDenied
        if problem := page.why_not(badge, user):
            messages.error(request, problem)
            return redirect("admin:comments_badge_change", pk)
        form = page.form(request.POST) if request.method == "POST" else page.form()
        if form.is_valid() and self.is_done(request, badge, page, form):
            return redirect("admin:comments_badge_change", pk)
        context = {
            **self.admin_site.each_context(request),
            "title": page.title,
            "opts": self.opts,
            "badge": badge,
            "page": page,
            "form": form,
            "entry": self.entry(badge),
            "notes": list(notes(badge, user)),
        }
        return render(request, "admin/comments/badge/deed.html", context)

    def is_done(self, request: HttpRequest, badge: Badge, page: Deed, form: forms.Form) -> bool:
        try:
            with transaction.atomic():
                page.do(badge, by=request.user, **form.cleaned_data)
                if page.is_told:
                    notifications.tell_of_badge(badge)
        except NotDone as not_done:
            form.add_error(None, str(not_done))
            return False
        messages.success(request, str(page.done))
        return True

    # --- what is shown --------------------------------------------------------------------------

    @admin.display(description=_("asked for by"))
    def member(self, badge: Badge) -> SafeString:
        """Return the public name: the member asked under their account, and not in a discussion."""
        return format_html("<bdi>{}</bdi>", badge.user)

    @admin.display(description=_("state"))
    def state(self, badge: Badge) -> Any:
        if badge.is_waiting:
            return _("to confirm") if badge.checked_at else _("to check")
        if badge.was_false:
            return _("never was true")
        if badge.was_given_back:
            return _("given back")
        if badge.ended_at:
            return _("taken back") if badge.is_granted else _("refused")
        return _("lapsed") if badge.has_lapsed else _("in force")

    @admin.display(description=_("entry in the public register"))
    def entry(self, badge: Badge) -> SafeString:
        return format_html(
            '<a href="{0}" rel="noreferrer noopener nofollow" target="_blank">{0}</a>',
            badge.register_url,
        )

    @admin.display(description=_("how we can tell that it is them"))
    def proof(self, badge: Badge) -> str:
        return badge.evidence

    @admin.display(description=_("topics"))
    def scope(self, badge: Badge) -> Any:
        return ", ".join(topic.name for topic in badge.topics.all()) or _("everywhere")

    @admin.display(description=_("checked"))
    def checked(self, badge: Badge) -> str:
        return by_and_when(badge.checked_by, badge.checked_at)

    @admin.display(description=_("granted"))
    def granted(self, badge: Badge) -> str:
        return by_and_when(badge.granted_by, badge.granted_at)

    @admin.display(description=_("ended"))
    def ended(self, badge: Badge) -> str:
        who_and_when = by_and_when(badge.ended_by, badge.ended_at)
        return f"{who_and_when}: {badge.ended_reason}" if badge.ended_reason else who_and_when


def notes(badge: Badge, user: User) -> Iterable[str | Promise]:
    """Yield what `user` should know about who decides on a badge that waits."""
    if not badge.is_waiting or not may_grant_badges(user):
        return
    if badge.user_id == user.pk:
        yield badge.why_not_checking(user)
    elif badge.checked_by_id not in {None, user.pk} or badge.has_checker_besides(user):
        yield _("Two people decide: one looks at the register, another one grants.")
    else:
        yield _("Nobody else here may grant badges, so you may look at the register and grant.")


def by_and_when(who: User | None, when: Any) -> str:
    if when is None:
        return "–"
    said = {"name": str(who), "when": date_format(localtime(when), "DATETIME_FORMAT")}
    return _("%(name)s, %(when)s") % said
