"""Discussions that a member follows, or wants to hear nothing of."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from articles.models import Article


class FollowQuerySet(models.QuerySet["Follow"]):
    def followed(self) -> Self:
        return self.filter(is_muted=False)

    def of(self, user: User, article: Article) -> "Follow | None":
        return self.filter(user=user, article=article).first()

    def put(self, user: User, article: Article, *, is_muted: bool) -> None:
        """Let `user` follow the discussion of `article`, or hear nothing from it; once is enough.

        `since` is when they last chose.
        """
        chosen = {"is_muted": is_muted, "since": timezone.now()}
        self.update_or_create(user=user, article=article, defaults=chosen)

    def for_list(self) -> Self:
        """Fetch what a member's list shows, newest first."""
        return (
            self.select_related("article__live")
            .order_by("-since", "-pk")
            .only(
                *("since", "is_muted", "article__slug", "article__language"),
                *("article__published_at", "article__withdrawn_at", "article__live__title"),
            )
        )


class Follow(models.Model):
    """One member and one discussion. Without a row they hear of replies to themselves alone."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="follows"
    )
    article = models.ForeignKey(Article, models.PROTECT, related_name="+")
    # Muted: they hear nothing from here, replies to themselves included.
    is_muted = models.BooleanField(_("muted"), default=False)
    since = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects: ClassVar[FollowQuerySet] = FollowQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("followed discussion")
        verbose_name_plural = _("followed discussions")
        constraints = [models.UniqueConstraint("user", "article", name="follow_once")]
        indexes = [models.Index("article", "is_muted", name="follow_of_article")]

    def __str__(self) -> str:
        return str(self.article_id)
