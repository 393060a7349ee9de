"""The pages about the site: their words are edited here; which there are is fixed."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet, Value
from django.db.models.functions import Length, Replace
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin_guard import GuardedAdmin, GuardedForm
from articles.admin.preview import modules
from articles.models import Page
from articles.records import WordsField

TO_DO = "**Fill in:**"  # how the starters mark what only the publisher can write


class PageForm(GuardedForm[Page]):
    text = WordsField(
        label=_("Text"),
        strip=False,
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 30}),
    )

    class Meta:
        model = Page
        fields = ("title", "summary", "text")


@admin.register(Page)
class PageAdmin(GuardedAdmin[Page]):
    form = PageForm
    change_form_template = "admin/articles/page/change_form.html"
    list_display = ("title", "address", "left_to_do", "updated_at")
    actions = None

    class Media:
        js = modules("live-preview", "markdown-tools")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        return with_to_do(super().get_queryset(request))

    @admin.display(description=_("address"))
    def address(self, page: Page) -> str:
        return page.get_absolute_url()

    @admin.display(description=_("left to fill in"), ordering="to_do")
    def left_to_do(self, page: Any) -> int:
        return int(page.to_do)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        return False


def with_to_do(pages: QuerySet[Page]) -> QuerySet[Page]:
    """Count, for each page, the places that are still to be filled in."""
    left = Length("text") - Length(Replace("text", Value(TO_DO), Value("")))
    return pages.annotate(to_do=left / len(TO_DO))
