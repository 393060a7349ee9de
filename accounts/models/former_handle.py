"""Handles that somebody gave up, and that nobody else may take yet."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models.user import User

# Long enough that who knew the old bearer does not take a new one for them.
RESERVED = timedelta(days=365)


def key_hash(handle_key: str) -> str:
    """Return what a folded handle is kept as: it can be compared, and not be read."""
    return salted_hmac("accounts.former_handle", handle_key, algorithm="sha256").hexdigest()


class FormerHandleQuerySet(models.QuerySet["FormerHandle"]):
    def reserved(self) -> Self:
        return self.filter(given_up_at__gt=timezone.now() - RESERVED)

    def expired(self) -> Self:
        return self.filter(given_up_at__lte=timezone.now() - RESERVED)

    def give_up(self, handle_key: str, user: "User | None") -> None:
        """Reserve a folded handle for a year; its last bearer may take it back meanwhile."""
        self.update_or_create(
            key_hash=key_hash(handle_key), defaults={"user": user, "given_up_at": timezone.now()}
        )

    def among(self, handle_keys: Iterable[str], but_for: "User | None" = None) -> set[str]:
        """Return those of these folded handles that are reserved, for others than `but_for`."""
        hashes = {key_hash(key): key for key in handle_keys}
        reserved = self.reserved().filter(key_hash__in=hashes)
        if but_for is not None:
            reserved = reserved.exclude(user=but_for)
        return {hashes[found] for found in reserved.values_list("key_hash", flat=True)}


class FormerHandle(models.Model):
    """A handle somebody had. Only a keyed hash of it stays: the name itself is forgotten."""

    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    # Whose it was, who may have it back; nobody once they left.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="former_handles"
    )
    given_up_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[FormerHandleQuerySet] = FormerHandleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("former public name")
        verbose_name_plural = _("former public names")

    def __str__(self) -> str:
        return self.key_hash[:8]
