"""What articles rest on: found again by title, DOI, PubMed number or address."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin_guard import GuardedAdmin
from articles.models import Article, Source


@admin.register(Source)
class SourceAdmin(GuardedAdmin[Source]):
    list_display = ("title", "publisher", "published_on", "cited_by")
    search_fields = ("title", "publisher", "doi", "pmid", "url")
    search_help_text = _("Title, publisher, DOI, PubMed number or address")
    actions = None
    fieldsets = (
        (None, {"fields": ("title", "publisher", "published_on")}),
        (_("Where to read it"), {"fields": ("doi", "pmid", "url")}),
        (_("What rests on it"), {"fields": ("articles",)}),
    )
    readonly_fields = ("articles",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        citing = (
            Article.objects.filter(live__citations__source=OuterRef("pk"))
            .order_by()
            .values("live__citations__source")
            .annotate(count=Count("pk", distinct=True))
            .values("count")
        )
        count = Coalesce(Subquery(citing, output_field=IntegerField()), 0)
        return super().get_queryset(request).annotate(citing=count)

    @admin.display(description=_("cited by (articles)"), ordering="citing")
    def cited_by(self, source: Any) -> int:
        return int(source.citing)

    @admin.display(description=_("Articles"))
    def articles(self, source: Source | None) -> str | SafeString:
        """Name the articles that cite it now; those that did are in their histories."""
        if source is None or not source.pk:
            return "–"
        citing = Article.objects.filter(live__citations__source=source).select_related("live")
        return links_to(citing.distinct()[:50]) or gettext("No article that readers can see.")


def links_to(articles: QuerySet[Article]) -> SafeString:
    """Return a list of links to the pages where these articles are written."""
    items = format_html_join(
        "",
        '<li><a href="{}">{}</a></li>',
        ((reverse("admin:articles_article_change", args=[a.pk]), str(a)) for a in articles),
    )
    return format_html("<ul>{}</ul>", items) if items else items
