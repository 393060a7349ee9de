"""When recurring jobs are due, and which workers are alive."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# A worker that said nothing for this long was killed; it speaks every twenty seconds.
SILENCE = timedelta(minutes=2)


class ScheduledJobQuerySet(models.QuerySet["ScheduledJob"]):
    def due(self) -> "ScheduledJobQuerySet":
        return self.filter(next_run__lte=timezone.now())


class ScheduledJob(models.Model):
    """A job that recurs. What it does and how often stands in code: accounts/schedule.py."""

    name = models.CharField(_("name"), max_length=200, unique=True, editable=False)
    next_run = models.DateTimeField(_("next run"), default=timezone.now, editable=False)
    last_run = models.DateTimeField(_("last run"), null=True, editable=False)
    last_error = models.CharField(_("last error"), max_length=100, blank=True, editable=False)

    objects = ScheduledJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheduled job")
        verbose_name_plural = _("scheduled jobs")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def claim(self, every: timedelta) -> bool:
        """Tell whether this run is ours: of several workers, one moves `next_run` on."""
        now = timezone.now()
        this_run = ScheduledJob.objects.due().filter(pk=self.pk)
        return bool(this_run.update(next_run=now + every, last_run=now))


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def fresh(self) -> "HeartbeatQuerySet":
        return self.filter(seen_at__gt=timezone.now() - SILENCE)

    def silent(self) -> "HeartbeatQuerySet":
        return self.filter(seen_at__lte=timezone.now() - SILENCE)


class Heartbeat(models.Model):
    """When a worker last said that it is alive."""

    worker = models.CharField(_("worker"), max_length=64, primary_key=True)
    seen_at = models.DateTimeField(_("last seen"))

    objects = HeartbeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.worker

    @classmethod
    def beat(cls, worker: str) -> None:
        cls.objects.update_or_create(worker=worker, defaults={"seen_at": timezone.now()})
