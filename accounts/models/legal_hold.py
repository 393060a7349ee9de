"""The only exception to erasing: what a named case still needs (GDPR article 17 (3) e)."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.departure import Departure
from accounts.models.user import User


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def in_force(self) -> Self:
        return self.filter(ended_at=None, until__gte=timezone.localdate())

    def of(self, user: User) -> Self:
        """Return what keeps `user`'s data now."""
        return self.in_force().filter(user=user)

    def end(self) -> int:
        """End these; whoever left meanwhile is erased as soon as the worker can."""
        with transaction.atomic():
            users = list(self.values_list("user", flat=True))
            ended = self.filter(ended_at=None).update(ended_at=timezone.now())
            leaving = Departure.objects.filter(user__in=users, user__is_active=False)
            leaving.update(due_at=timezone.now())
        return ended


class LegalHold(models.Model):
    """Says that one member's data is kept for one legal claim, until a date.

    What the member asked to be erased is hidden from all readers at once, and erased when the hold
    ends. The member sees it among their data.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="legal_holds",
        verbose_name=_("member"),
    )
    case = models.CharField(
        _("name of the case"),
        max_length=200,
        help_text=_("As the member may read it: a court and a file number, not a person."),
    )
    until = models.DateField(_("until"))
    set_at = models.DateTimeField(_("set"), default=timezone.now, editable=False)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("set by"),
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)

    objects: ClassVar[LegalHoldQuerySet] = LegalHoldQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["-set_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("set_at")),
                name="legal_hold_ended_after_set",
            ),
        ]

    def __str__(self) -> str:
        return self.case

    @property
    def is_in_force(self) -> bool:
        return self.ended_at is None and self.until >= timezone.localdate()
