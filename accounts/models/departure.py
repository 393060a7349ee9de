"""Members who leave: what they chose, and when it is done."""

from datetime import timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User

# To change one's mind: a day, in which a mail to the address tells whoever did not ask for it.
TIME_TO_THINK = timedelta(hours=24)


class Fate(models.TextChoices):
    """What becomes of a member's comments when they leave, or take back their consent."""

    KEEP = "keep", _("Keep my comments, without my name")
    WITHDRAW = "withdraw", _("Withdraw my comments")
    ERASE = "erase", _("Erase every trace of what I wrote")


class DepartureQuerySet(models.QuerySet["Departure"]):
    def due(self) -> Self:
        return self.filter(due_at__lte=timezone.now())

    def of(self, user: User) -> "Departure | None":
        return self.filter(user=user).first()

    def ask(self, user: User, fate: Fate) -> "tuple[Departure, bool]":
        """Note that `user` wishes to leave; return it, and whether it is their first word of it."""
        now = timezone.now()
        return self.get_or_create(
            user=user, defaults={"fate": fate, "asked_at": now, "due_at": now + TIME_TO_THINK}
        )

    def call_off(self, user: User) -> bool:
        """Let `user` stay; tell whether it was not too late."""
        with transaction.atomic():
            who = User.objects.select_for_update().filter(pk=user.pk, is_active=True)
            deleted, _models = self.filter(user__in=list(who)).delete()
        return bool(deleted)


class Departure(models.Model):
    """One member's wish to leave. The row is gone when it is done, or when they stay."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="departure"
    )
    fate = models.CharField(max_length=10, choices=Fate)
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(db_index=True)

    objects: ClassVar[DepartureQuerySet] = DepartureQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("departure")
        verbose_name_plural = _("departures")

    def __str__(self) -> str:
        return str(self.user_id)

    def close_account(self) -> bool:
        """Let nobody log in any more; False when they stay meanwhile, or nobody else could manage.

        From here on there is no way back.
        """
        with transaction.atomic():
            user = User.objects.select_for_update().get(pk=self.user_id)
            if not Departure.objects.due().filter(pk=self.pk).exists():
                return False
            if is_last_superuser(user):
                self.put_off()
                return False
            user.is_active = False
            user.set_unusable_password()
            user.save(update_fields=["is_active", "password"])
        return True

    def put_off(self) -> None:
        """Look at it again in a day: something stands in the way, such as a legal hold."""
        self.due_at = timezone.now() + TIME_TO_THINK
        self.save(update_fields=["due_at"])


def is_last_superuser(user: User) -> bool:
    """Tell whether nobody else could manage the site; inside a transaction it stays true."""
    superusers = User.objects.filter(is_superuser=True, is_active=True)
    if transaction.get_connection().in_atomic_block:
        superusers = superusers.select_for_update().order_by("pk")
    return [superuser.pk for superuser in superusers] == [user.pk]
