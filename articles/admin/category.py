"""The tree of topics, shown as a tree; moving a branch is choosing another parent."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest, HttpResponse

from accounts.admin_guard import GuardedAdmin, GuardedForm
from articles.forms import in_tree_order, tree_choices
from articles.models import Article, Category
from articles.models.category import topic_tree


class CategoryForm(GuardedForm[Category]):
    class Meta:
        model = Category
        fields = ("name", "slug", "parent", "position", "description", "comments_open")
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        moving = self.instance if self.instance.pk else None
        if parent := self.fields.get("parent"):
            parent.choices = [("", "—"), *tree_choices(leave_out=moving)]  # type: ignore[attr-defined]


@admin.register(Category)
class CategoryAdmin(GuardedAdmin[Category]):
    form = CategoryForm
    change_list_template = "admin/articles/category/change_list.html"
    prepopulated_fields = {"slug": ("name",)}
    ordering = ("path",)
    actions = None

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        drafts = dict(
            Article.objects.filter(published_at__isnull=True, withdrawn_at__isnull=True)
            .order_by()
            .values_list("category_id")
            .annotate(Count("pk"))
        )
        rows = [(node, drafts.get(node.category.pk, 0)) for node in in_tree_order(topic_tree())]
        return super().changelist_view(request, {**(extra_context or {}), "rows": rows})
