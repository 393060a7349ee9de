"""Finished reviews of articles, and how often these are read."""

from datetime import timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.revision import Revision

COUNTED = timedelta(days=90)


class ReviewRound(models.Model):
    """One finished review of an article, with the checklist by which it was finished.

    The next one is due a cycle later; the cycle is its risk class's (articles/models/due.py).
    """

    class Outcome(models.TextChoices):
        UNCHANGED = "unchanged", _("unchanged")
        UPDATED = "updated", _("updated")
        WITHDRAW = "withdraw", _("to be withdrawn")

    article = models.ForeignKey(
        "articles.Article", models.PROTECT, related_name="rounds", verbose_name=_("article")
    )
    revision = models.ForeignKey(
        Revision, models.PROTECT, related_name="+", verbose_name=_("revision")
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    finished_at = models.DateTimeField(_("finished"), default=timezone.now, editable=False)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("finished by")
    )
    evidence_searched_on = models.DateField(_("evidence searched on"), null=True, blank=True)
    evidence_searched_in = models.CharField(_("evidence searched in"), max_length=500, blank=True)
    sources_rechecked = models.BooleanField(_("sources rechecked"), default=False)
    links_checked = models.BooleanField(_("links checked"), default=False)
    comments_read = models.BooleanField(_("comments under the article read"), default=False)
    says_benefits_and_harms = models.BooleanField(
        _("says benefits and harms of each option"), default=False
    )
    says_without_treatment = models.BooleanField(
        _("says what happens without treatment"), default=False
    )
    says_when_to_seek_help = models.BooleanField(_("says when to seek help"), default=False)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("finished review")
        verbose_name_plural = _("reviews due and finished")
        ordering = ["-finished_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.finished_at:%Y-%m-%d}, {self.get_outcome_display()}"


class DailyReadersQuerySet(models.QuerySet["DailyReaders"]):
    def lately(self) -> Self:
        """Return those of the days that the queue of reviews looks at."""
        return self.filter(day__gt=timezone.localdate() - COUNTED)


class DailyReaders(models.Model):
    """How often an article was read on a day, counted from the access log: numbers alone."""

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="daily_readers")
    day = models.DateField(_("day"))
    readers = models.PositiveIntegerField(_("readers"), default=0)
    counted_at = models.DateTimeField(_("counted"), default=timezone.now, editable=False)

    objects: ClassVar[DailyReadersQuerySet] = DailyReadersQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("readers of a day")
        verbose_name_plural = _("readers by day")
        constraints = [models.UniqueConstraint("article", "day", name="readers_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.readers}"
