"""Copies of a member's data, made for that member (GDPR articles 15 and 20)."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User

KEPT = timedelta(hours=48)
PAUSE = timedelta(days=1)  # one a day: making it reads everything a member ever wrote


class TooSoon(Exception):
    """The member has asked within the last day; `next_at` is when they can ask again."""

    def __init__(self, next_at: datetime) -> None:
        self.next_at = next_at


class DataExportQuerySet(models.QuerySet["DataExport"]):
    def ready(self) -> Self:
        return self.filter(made_at__gt=timezone.now() - KEPT)

    def expired(self) -> Self:
        """Return what nobody can fetch any more, and what was asked for and never came to be."""
        return self.filter(asked_at__lte=timezone.now() - KEPT - PAUSE) | self.filter(
            made_at__lte=timezone.now() - KEPT
        )

    def next_at(self, user: User) -> datetime | None:
        """Return when `user` can ask for the next copy; None when that is now."""
        asked_at = self.filter(user=user).aggregate(newest=models.Max("asked_at"))["newest"]
        return asked_at + PAUSE if asked_at and asked_at + PAUSE > timezone.now() else None

    def ask(self, user: User) -> "DataExport":
        """Note that `user` wants a copy, or raise TooSoon: of two at once, one is too soon."""
        with transaction.atomic():
            if not User.objects.select_for_update(of=("self",)).get(pk=user.pk).is_active:
                raise PermissionDenied  # the account was closed since they asked
            if next_at := self.next_at(user):
                raise TooSoon(next_at)
            return self.create(user=user)


class DataExport(models.Model):
    """One copy. It is in the database, as all that is private: each machine can hand it out."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="data_exports")
    asked_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(null=True)
    content = models.BinaryField(null=True)  # a ZIP

    objects: ClassVar[DataExportQuerySet] = DataExportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("copy of a member’s data")
        verbose_name_plural = _("copies of members’ data")
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_ready(self) -> bool:
        return self.made_at is not None and self.made_at > timezone.now() - KEPT

    @property
    def kept_until(self) -> datetime | None:
        return self.made_at and self.made_at + KEPT
