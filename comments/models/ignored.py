"""Voices that a member does not want to hear."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from comments.models.voice import Visitor, Voice


class IgnoredQuerySet(models.QuerySet["Ignored"]):
    def by(self, user: Visitor) -> Self:
        return self.filter(user=user.pk) if user.is_authenticated else self.none()

    def add(self, user: User, voice: Voice) -> None:
        """Let `user` ignore `voice` from now on, unless it has gone meanwhile; once is enough."""
        with transaction.atomic():
            if Voice.objects.select_for_update().filter(pk=voice.pk).exists():
                self.get_or_create(user=user, voice=voice)

    def for_list(self) -> Self:
        """Fetch what their list shows: each name, and where it is used. Newest first."""
        rows = self.select_related("voice__article__live").order_by("-since", "-pk")
        return rows.only(
            *("since", "voice__name", "voice__kind", "voice__article__slug"),
            *("voice__article__published_at", "voice__article__withdrawn_at"),
            *("voice__article__language", "voice__article__live__title"),
        )


class Ignored(models.Model):
    """One member ignores one voice.

    A discussion name is ignored in its discussion only: to hide the same person's handle as well
    would tell who it is.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="ignored"
    )
    voice = models.ForeignKey(Voice, models.CASCADE, related_name="+")
    since = models.DateTimeField(default=timezone.now)

    objects: ClassVar[IgnoredQuerySet] = IgnoredQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = gettext_lazy("ignored voice")
        verbose_name_plural = gettext_lazy("ignored voices")
        constraints = [models.UniqueConstraint("user", "voice", name="ignored_once")]

    def __str__(self) -> str:
        return str(self.voice_id)


def why_not_ignored(voice: Voice, user: User) -> str:
    """Say in one sentence why `user` cannot ignore `voice`; "" when they can."""
    if voice.kind == Voice.Kind.NOBODY:
        return _("This comment stands under no name any more, so there is none to ignore.")
    if voice.user_id == user.pk:
        return _("This is your own name.")
    return ""
