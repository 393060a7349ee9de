"""Members as staff see them: no more of a person than the work needs."""

from datetime import date
from typing import Any

import allauth.account.admin
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401 - all three register what is unregistered here
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import ReadOnlyPasswordHashField
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from accounts import audit_admin, hold_admin, mail_admin  # noqa: F401 - they register theirs
from accounts.models import AuditAct, User
from accounts.offered_filters import OfferedFiltersOnly

# Allauth shows every address, key and session to whoever may look: here nobody needs to.
for model in (EmailAddress, Authenticator, UserSession):
    admin.site.unregister(model)

# Whoever changes these lets somebody do more, or less: an act in the audit trail.
RIGHTS = {"is_active", "is_staff", "is_superuser", "groups"}


class MemberForm(forms.ModelForm[User]):
    password = ReadOnlyPasswordHashField(
        label=_("Password"),
        help_text=_('Nobody can read it. <a href="../password/">Set another one</a>'),
    )

    class Meta:
        model = User
        fields = ("password", "is_active", "is_staff", "is_superuser", "groups")
        widgets = {"groups": forms.CheckboxSelectMultiple}
        help_texts = {
            "groups": _(
                "Authors write. Editors publish as well. Reviewers read, and answer questions."
                " Moderators read what is held and reported."
            ),
            "is_superuser": _("May do everything, and say who is staff. Give it to few."),
        }


@admin.register(User)
class MemberAdmin(OfferedFiltersOnly[User], UserAdmin[User]):
    """Superusers make a member part of the staff; others look, and see no address.

    Nobody is added here (people sign up, or come by bin/staff-link) and nobody is deleted.
    """

    form = MemberForm
    list_display = ("handle", "is_staff", "is_active", "joined_on")
    list_filter = ("is_staff", "is_active", "groups")
    ordering = ("-date_joined",)
    search_fields = ("handle",)
    search_help_text = _("A part of a public name, or a whole e-mail address")
    readonly_fields = ("handle", "email", "joined_on", "logged_in_on")
    filter_horizontal = ()  # two lists and arrows: hard by keyboard, and there are few groups
    fieldsets = (
        (None, {"fields": ("handle", "joined_on", "is_active")}),
        (_("Log-in"), {"fields": ("email", "password", "logged_in_on")}),
        (_("Staff"), {"fields": ("is_staff", "groups", "is_superuser")}),
    )
    seen_by_all_staff = fieldsets[:1]
    without_password = (
        fieldsets[0],
        (_("Log-in"), {"fields": ("email", "logged_in_on")}),
        fieldsets[2],
    )

    # To the day: people join and log in to comment, and the minute would tell under which name.

    @admin.display(description=_("joined"), ordering="date_joined")
    def joined_on(self, user: User) -> date:
        return localdate(user.date_joined)

    @admin.display(description=_("last log-in"), ordering="last_login")
    def logged_in_on(self, user: User) -> date | None:
        return user.last_login and localdate(user.last_login)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if not self.is_superuser(request):
            return self.seen_by_all_staff
        return self.fieldsets if obj and obj.is_staff else self.without_password

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """Find by public name, or by a whole e-mail address: guessing at parts finds nobody."""
        if "@" in search_term:
            return queryset.filter(email=search_term.strip().lower()), False
        return super().get_search_results(request, queryset, search_term)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return self.is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False  # erasing empties the row; it is never deleted

    def user_change_password(self, request: Any, id: str, form_url: str = "") -> HttpResponse:
        """Set a password for staff alone; members get a new one by mail.

        With a member's password one could read under which names they speak, unnoted.
        """
        whose = self.get_object(request, unquote(id))
        if whose and not whose.is_staff:
            raise PermissionDenied
        answer: HttpResponse = super().user_change_password(request, id, form_url)
        if whose and request.method == "POST" and answer.status_code == 302:
            AuditAct.objects.record("member.password_set", by=request.user, on=whose, about=whose)
        return answer

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """Note, beside the admin's own log, who may do more or less from now on."""
        super().save_related(request, form, formsets, change)
        if rights := [name for name in form.changed_data if name in RIGHTS]:
            AuditAct.objects.record(
                "member.rights_changed",
                by=request.user,
                on=form.instance,
                about=form.instance,
                fields=rights,
            )

    def log_addition(self, request: HttpRequest, obj: User, message: Any) -> LogEntry:
        return self.without_name(super().log_addition(request, obj, message), obj)

    def log_change(self, request: HttpRequest, obj: User, message: Any) -> LogEntry:
        return self.without_name(super().log_change(request, obj, message), obj)

    def without_name(self, entry: LogEntry, user: User) -> LogEntry:
        """Call the member by their random id: the log is kept for years, a name may be given up."""
        entry.object_repr = str(user.public_id)
        entry.save(update_fields=["object_repr"])
        return entry

    def is_superuser(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_superuser
