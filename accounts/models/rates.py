"""How often something was done of late; counted by accounts/ratelimits.py."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Over no longer time is anybody counted: the privacy page says so.
LONGEST_WINDOW = timedelta(hours=1)


class RateCountQuerySet(models.QuerySet["RateCount"]):
    def expired(self) -> "RateCountQuerySet":
        return self.filter(expires_at__lte=timezone.now())


class RateCount(models.Model):
    """How often one key was counted in one window of time."""

    # A keyed hash of scope, key and window: who was counted cannot be read here.
    bucket = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    expires_at = models.DateTimeField(db_index=True)

    objects = RateCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("rate count")
        verbose_name_plural = _("rate counts")

    def __str__(self) -> str:
        return f"{self.bucket[:8]}: {self.count}"
