"""How often checks held something back, day by day: a number that leads to nobody."""

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class HoldCountQuerySet(models.QuerySet["HoldCount"]):
    def add(self, checks: Iterable[str]) -> None:
        """Count one more of today for each of these checks, by their names.

        In one order, so that no two who count at once wait for each other.
        """
        today = timezone.localdate()
        for check in sorted(set(checks)):
            row = self.filter(on=today, check_name=check)
            if not row.update(count=F("count") + 1):
                self.get_or_create(on=today, check_name=check)
                row.update(count=F("count") + 1)


class HoldCount(models.Model):
    """On how many comments of one day one check held; it stays when the comments are erased."""

    # A day, because a time beside a comment's would tell which one it is.
    on = models.DateField(_("day"), editable=False)
    check_name = models.CharField(_("check"), max_length=20)
    count = models.PositiveIntegerField(_("times"), default=0)

    objects: ClassVar[HoldCountQuerySet] = HoldCountQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("count of holds")
        verbose_name_plural = _("counts of holds")
        ordering = ["-on", "check_name"]
        constraints = [models.UniqueConstraint("on", "check_name", name="hold_count_day")]

    def __str__(self) -> str:
        return f"{self.on} {self.check_name}: {self.count}"
