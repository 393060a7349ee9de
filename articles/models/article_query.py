"""Which articles may be seen, what is fetched with them, and how their pages are made old."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from articles.models.category import Category
from articles.models.due import is_long_overdue, is_overdue
from articles.models.revision import Revision

if TYPE_CHECKING:
    from articles.models.article import Article


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> Self:
        """Return what anyone may read now: published, its time come, not withdrawn."""
        return self.filter(is_out())

    def newest(self) -> Self:
        return self.order_by("-published_at", "-pk")

    def leading(self) -> Self:
        """Return those that may stand first on the home page, in that order.

        What is long overdue for review leads nowhere, featured or not.
        """
        return self.exclude(is_long_overdue()).order_by("-featured", "-published_at", "-pk")

    def in_topic(self, category: Category) -> Self:
        return self.filter(category__in=Category.objects.within(category).values("pk"))

    def for_list(self) -> Self:
        """Fetch what a row of a list shows, in one query."""
        return (
            self.select_related("category")
            .select_related("live")
            .defer("live__text", "live__plain_text", "live__contents", "live__section_html")
        )

    def with_page(self) -> Self:
        """Fetch what an article's page needs of single rows: one query, breadcrumbs included."""
        return self.select_related("live", "category__parent__parent__parent")

    def with_newest(self) -> Any:
        """Annotate number, title, time and writer of the newest revision, as `newest_…`."""
        newest = Revision.objects.filter(article=models.OuterRef("pk")).order_by("-number")
        names = {"number": "number", "title": "title", "at": "created_at", "by": "created_by"}
        return self.annotate(
            **{
                f"newest_{name}": models.Subquery(newest.values(field)[:1])
                for name, field in names.items()
            }
        )

    def state(self) -> tuple[object, ...]:
        """Return what lists of published articles are made of; it differs when they would.

        The sum is that of all articles, which only grows: of the published ones alone, one that
        goes and one that comes could leave it as it was. Reviews get late by time alone.
        """
        known = self.aggregate(
            count=models.Count("pk", filter=is_out()),
            newest=models.Max("published_at", filter=is_out()),
            versions=models.Sum("version"),
            overdue=models.Count("pk", filter=is_out() & is_overdue()),
            long_overdue=models.Count("pk", filter=is_out() & is_long_overdue()),
        )
        return tuple(known.values())

    def bump(self) -> int:
        """Make cached copies of these pages old: last in the caller's transaction."""
        return self.update(version=F("version") + 1)

    def bump_several(self) -> int:
        """Bump as many as there are, locked in one order for all.

        Of two that bump several of the same pages at once, neither then waits for the other.
        """
        articles: models.Manager[Article] = self.model._default_manager
        with transaction.atomic():
            locked = articles.select_for_update().filter(pk__in=self.values("pk"))
            pks = list(locked.order_by("pk").values_list("pk", flat=True))
            return articles.filter(pk__in=pks).update(version=F("version") + 1)


def is_out() -> Q:
    """Return the condition of what anyone may read now."""
    return Q(published_at__lte=timezone.now(), withdrawn_at__isnull=True, live__isnull=False)
