"""Words not yet posted."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedJSONField, EncryptedTextField
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

    def begin(
        self,
        *,
        article: Article,
        author: User | None,
        text: str,
        parent: Comment | None,
        nonce: uuid.UUID | None,
        choices: dict[str, str],
    ) -> "Draft":
        """Keep words under the nonce of their form, or under a new one when that is taken.

        Another visitor's draft may have it (a form sent twice, a guess): it is theirs, and stays.
        """
        draft = self.model(article=article, author=author, text=text, parent=parent)
        draft.pk, draft.choices = nonce or draft.pk, choices
        try:
            with transaction.atomic():
                draft.save(force_insert=True)
        except IntegrityError:
            draft.pk = uuid.uuid4()
            draft.save(force_insert=True)
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
    text = EncryptedTextField(_("text"))
    # What else the form said: `as`, `badge`, `interests`, `question`, `answered` (comment_form.py).
    choices: Any = EncryptedJSONField(default=dict)
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
        return reverse("comment_new", args=[self.article.slug], query={"draft": self.pk})

    def keep(self, text: str, parent: Comment | None, choices: dict[str, str]) -> None:
        """Replace what was typed and chosen, and keep it for another 24 hours."""
        self.text, self.parent, self.choices, self.saved_at = text, parent, choices, timezone.now()
        self.save(update_fields=["text", "parent", "choices", "saved_at"])
