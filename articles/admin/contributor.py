"""Authors and reviewers, as readers will know them."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, ForeignKey, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from accounts.admin_guard import GuardedAdmin
from accounts.models import User
from articles.admin import contributor_acts
from articles.models import Contributor


@admin.register(Contributor)
class ContributorAdmin(GuardedAdmin[Contributor]):
    list_display = ("name", "profession", "written", "user")
    list_select_related = ("user",)
    search_fields = ("name", "profession", "slug")
    actions = None
    fieldsets = (
        (None, {"fields": ("name", "slug", "profession", "credentials", "register_url")}),
        (_("What readers should know"), {"fields": ("biography", "interests", "photo")}),
        (_("On this site"), {"fields": ("user", "email")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contributor]:
        return super().get_queryset(request).annotate(written_count=Count("authorship"))

    @admin.display(description=_("articles"), ordering="written_count")
    def written(self, contributor: Any) -> int:
        return int(contributor.written_count)

    def get_urls(self) -> list[URLPattern]:
        """Add what a contributor may ask for: rectifying is the form itself."""
        wrap, whose = self.admin_site.admin_view, {"model_admin": self}
        return [
            path(
                "<int:pk>/data/",
                wrap(contributor_acts.data),
                whose,
                name="articles_contributor_data",
            ),
            path(
                "<int:pk>/unname/",
                wrap(contributor_acts.unname),
                whose,
                name="articles_contributor_unname",
            ),
            *super().get_urls(),
        ]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Let the slug be made from the name when it is left empty."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name == "slug":
            field.required = False
            field.help_text = _("Left empty, it is made from the name.")
        return field

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Offer staff alone as the account behind a name: members stay unrecognised."""
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(is_staff=True).order_by("handle")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
