"""Members as staff see them: no more of a person than the work needs."""

from typing import Any

import allauth.account.admin
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401 - all three register what is unregistered here
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import ReadOnlyPasswordHashField
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import mail_admin  # noqa: F401 - registers the outgoing mail
from accounts.models import User

# Allauth shows every address, key and session to whoever may look: here nobody needs to.
for model in (EmailAddress, Authenticator, UserSession):
    admin.site.unregister(model)


class MemberForm(forms.ModelForm[User]):
    password = ReadOnlyPasswordHashField(
        label=_("Password"),
        help_text=_('Nobody can read it. <a href="../password/">Set another one</a>'),
    )

    class Meta:
        model = User
        fields = ("password", "is_active", "is_staff", "is_superuser", "groups")


@admin.register(User)
class MemberAdmin(UserAdmin[User]):
    """Superusers make a member part of the staff; others look, and see no address.

    Nobody is added here (people sign up, or come by bin/staff-link) and nobody is deleted.
    """

    form = MemberForm
    list_display = ("handle", "is_staff", "is_active", "date_joined")
    list_filter = ("is_staff", "is_active", "groups")
    ordering = ("-date_joined",)
    search_fields = ("handle",)
    search_help_text = _("A part of a public name, or a whole e-mail address")
    readonly_fields = ("handle", "email", "date_joined", "last_login")
    filter_horizontal = ("groups",)
    fieldsets = (
        (None, {"fields": ("handle", "date_joined", "is_active")}),
        (_("Log-in"), {"fields": ("email", "password", "last_login")}),
        (_("Staff"), {"fields": ("is_staff", "groups", "is_superuser")}),
    )
    seen_by_all_staff = fieldsets[:1]

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.fieldsets if self.is_superuser(request) else self.seen_by_all_staff

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

    def is_superuser(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_superuser
