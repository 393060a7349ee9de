"""Words not yet posted."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from articles.models import Article
from comments.models.comment import Comment

# Promised on the composer: long enough to find a mail on another device, and no longer.
LIFETIME = timedelta(hours=24)


class DraftQuerySet(models.QuerySet["Draft"]):
    def kept(self) -> Self:
        """Return what has not expired, newest first."""
        return self.filter(saved_at__gt=timezone.now() - LIFETIME).order_by("-saved_at", "-pk")

    def expired(self) -> Self:
        return self.filter(saved_at__lte=timezone.now() - LIFETIME)

    def for_composer(self, article: Article, parent: Comment | None) -> Self:
        return self.filter(article=article, parent=parent)

    def keep(
        self,
        *,
        article: Article,
        text: str,
        parent: Comment | None = None,
        nonce: uuid.UUID | None = None,
        author: User | None = None,
    ) -> "Draft":
        """Keep words for another 24 hours; those of the same form replace what it sent before.

        A nonce that names a draft of somebody else, or of another discussion, is not followed.
        """
        key = nonce or uuid.uuid4()
        if self.filter(pk=key).exclude(article=article, author=author).exists():
            key = uuid.uuid4()
        draft, _created = self.update_or_create(
            pk=key,
            defaults={
                "article": article,
                "author": author,
                "parent": parent,
                "text": text,
                "saved_at": timezone.now(),
            },
        )
        return draft

    def claim(self, nonces: Iterable[str], user: User) -> None:
        """Give the drafts that a visitor's session names to the member they turned out to be."""
        self.filter(pk__in=list(nonces)).update(author=user)


class Draft(models.Model):
    """Words that somebody typed and could not post yet; gone a day after they were last saved.

    Its key is the nonce of its form. Nobody but its writer reads it: the member, or before log-in
    whoever holds the session that names it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    article = models.ForeignKey(Article, models.CASCADE, db_index=False, related_name="+")
    parent = models.ForeignKey(
        Comment, models.SET_NULL, null=True, db_index=False, related_name="+"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, db_index=False, related_name="drafts"
    )
    text = models.TextField(_("text"))
    saved_at = models.DateTimeField(_("saved"), default=timezone.now, db_index=True)

    objects: ClassVar[DraftQuerySet] = DraftQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        indexes = [models.Index("author", models.F("saved_at").desc(), name="draft_of_member")]

    def __str__(self) -> str:
        return str(_("Unfinished comment"))

    def get_absolute_url(self) -> str:
        """Return the composer with these words; needs `article`."""
        query = {"draft": self.pk}
        return reverse("comment_new", args=[self.article.slug], query=query)
