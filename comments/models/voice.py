"""The names under which members speak."""

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from articles.models import Article

Visitor = User | AnonymousUser


class VoiceQuerySet(models.QuerySet["Voice"]):
    def handle_of(self, user: User) -> "Voice":
        """Return the voice of `user`'s handle, made when they first speak."""
        voice, _created = self.get_or_create(
            user=user, kind=Voice.Kind.HANDLE, article=None, defaults={"name": user.handle}
        )
        return voice

    def rename(self, user: User) -> None:
        """Show `user`'s new handle wherever they spoke under the old one."""
        with transaction.atomic():
            self.filter(user=user, kind=Voice.Kind.HANDLE).update(name=user.handle)
            Article.objects.filter(comments__author=user).bump()


class Voice(models.Model):
    """The name under which a member speaks in a place; a comment shows its voice.

    Public code reads `name` and never `user`. It lives here and not in accounts, because a voice
    may be bound to an article and the ground floor knows no articles.
    """

    class Kind(models.TextChoices):
        HANDLE = "handle", _("handle")
        DISCUSSION = "discussion", _("discussion name")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="voices")
    article = models.ForeignKey(Article, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.HANDLE)
    name = models.CharField(max_length=30, blank=True)

    objects: ClassVar[VoiceQuerySet] = VoiceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("voice")
        verbose_name_plural = _("voices")
        constraints = [
            models.UniqueConstraint(
                "user", condition=models.Q(kind="handle"), name="voice_one_handle_a_member"
            ),
            models.UniqueConstraint(
                "user",
                "article",
                condition=models.Q(kind="discussion"),
                name="voice_one_discussion_name_a_discussion",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="handle", article__isnull=True)
                | models.Q(kind="discussion", article__isnull=False),
                name="voice_discussion_name_has_a_discussion",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(_("former member"))
