"""What a member may not do for a time, and knows of."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.decision import Decision


class SanctionQuerySet(models.QuerySet["Sanction"]):
    def in_force(self) -> Self:
        """Return those that hold now; a suspension ends by itself."""
        endless = Q(ends_at=None) | Q(ends_at__gt=timezone.now())
        return self.filter(endless, lifted_at=None).exclude(
            kind=Sanction.Kind.NOTICE, read_at__isnull=False
        )


class Sanction(models.Model):
    """One step of four. Whoever is under one can always read, export, appeal and leave."""

    class Kind(models.TextChoices):
        """From the mildest to the hardest."""

        NOTICE = "notice", _("notice")
        HOLD_ALL = "hold-all", _("all comments are held")
        SUSPENSION = "suspend", _("suspension")
        BAN = "ban", _("ban")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="sanctions"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="sanction")
    begins_at = models.DateTimeField(_("begins"), default=timezone.now)
    ends_at = models.DateTimeField(_("ends"), null=True)
    # When a notice was read: before the next comment.
    read_at = models.DateTimeField(_("read"), null=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True)

    objects: ClassVar[SanctionQuerySet] = SanctionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("sanction")
        verbose_name_plural = _("sanctions")
        indexes = [models.Index("user", condition=Q(lifted_at=None), name="sanction_of")]

    def __str__(self) -> str:
        return self.get_kind_display()
