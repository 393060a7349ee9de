"""The house rules as readers see them: those in force, and every wording they had before."""

from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.caching import public_page
from articles.database import is_migrated
from articles.models import Page
from comments.models import Rule


def add_starters(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Let a new site begin with rules; a receiver of post_migrate, which also follows `flush`."""
    if using == DEFAULT_DB_ALIAS and is_migrated(sender.label):
        Rule.objects.add_starters()


@require_safe
def rules_history(request: HttpRequest) -> HttpResponse:
    """Show the rules in every wording, the newest of each first: decisions refer to them."""
    page = get_object_or_404(Page, slug=Page.Slug.RULES)

    def answer() -> HttpResponse:
        context = {"page": page, "rules": Rule.objects.order_by("key", "-version")}
        return render(request, "comments/rules_history.html", context)

    return public_page(request, made_of=(page.version,), render=answer)
