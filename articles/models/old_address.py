"""Addresses that once led somewhere: they redirect for ever and are never given away."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from articles.models.article import Article
    from articles.models.category import Category

MOST_MOVES = 20  # of one topic that are followed; a loop ends here


class OldAddressQuerySet(models.QuerySet["OldAddress"]):
    def remember_article(self, slug: str, article: "Article") -> None:
        self.update_or_create(
            kind=OldAddress.Kind.ARTICLE, path=slug, defaults={"article": article}
        )

    def remember_topic(self, path: str, category: "Category") -> None:
        self.update_or_create(
            kind=OldAddress.Kind.TOPIC, path=path, defaults={"category": category}
        )

    def forget(self, kind: "OldAddress.Kind", path: str) -> None:
        """Drop an address that its own owner takes up again."""
        self.filter(kind=kind, path=path).delete()

    def taken(self, kind: "OldAddress.Kind", path: str) -> Self:
        return self.filter(kind=kind, path=path)

    def article_at(self, slug: str) -> "Article | None":
        """Return the article that `slug` used to name, or None."""
        row = self.taken(OldAddress.Kind.ARTICLE, slug).select_related("article").first()
        return row.article if row else None

    def topic_path_at(self, path: str) -> str | None:
        """Return where the topic that was at `path` is now, or None.

        What it was below may have moved, and then it itself: each step follows one move.
        """
        from articles.models.category import Category

        for _step in range(MOST_MOVES):
            path_then = self._one_move(path)
            if path_then is None or Category.objects.filter(path=path_then).exists():
                return path_then
            path = path_then
        return None

    def _one_move(self, path: str) -> str | None:
        """Return `path` after the latest move of it or of what it was below.

        A moved subtree leaves one row, for its top: the longest remembered beginning of `path`
        decides, and what follows it is kept.
        """
        parts = path.split("/")
        starts = ["/".join(parts[:n]) for n in range(len(parts), 0, -1)]
        remembered = self.filter(
            kind=OldAddress.Kind.TOPIC, path__in=starts, category__isnull=False
        ).select_related("category")
        now = {row.path: row.category.path for row in remembered if row.category}
        return next(
            (now[start] + path.removeprefix(start) for start in starts if start in now), None
        )


class OldAddress(models.Model):
    """A slug or a topic path that was given up; its object may be gone, its place stays taken."""

    class Kind(models.TextChoices):
        ARTICLE = "article", _("article")
        TOPIC = "topic", _("topic")

    kind = models.CharField(max_length=10, choices=Kind)
    path = models.CharField(max_length=300)
    article = models.ForeignKey(
        "articles.Article", models.SET_NULL, null=True, related_name="old_addresses"
    )
    category = models.ForeignKey(
        "articles.Category", models.SET_NULL, null=True, related_name="old_addresses"
    )

    objects: ClassVar[OldAddressQuerySet] = OldAddressQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint("kind", "path", name="old_address_once")]

    def __str__(self) -> str:
        return self.path
