"""When an article is to be reviewed again: nobody types that date."""

import calendar
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.revision import Revision

if TYPE_CHECKING:
    from articles.models.article import Article


class ReviewRound(models.Model):
    """One finished review of an article, with the checklist by which it was finished.

    The next one is due a cycle later; the cycle is its risk class's (`months_between`).
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
    evidence_searched_on = models.DateField(_("evidence searched on"))
    evidence_searched_in = models.CharField(_("evidence searched in"), max_length=500)
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
        verbose_name_plural = _("finished reviews")
        ordering = ["-finished_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.finished_at:%Y-%m-%d}, {self.get_outcome_display()}"


class DailyReaders(models.Model):
    """How often an article was read on a day, counted from the access log: numbers alone."""

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="daily_readers")
    day = models.DateField(_("day"))
    readers = models.PositiveIntegerField(_("readers"), default=0)

    class Meta:
        verbose_name = _("readers of a day")
        verbose_name_plural = _("readers by day")
        constraints = [models.UniqueConstraint("article", "day", name="readers_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.readers}"


def months_between(article: "Article") -> int:
    """Return the months after which an article of this risk class is reviewed again."""
    from articles.models.article import RiskClass

    return {
        RiskClass.DOSE: 12,
        RiskClass.EMERGENCY: 12,
        RiskClass.TREATMENT: 24,
        RiskClass.LIVING: 36,
    }[RiskClass(article.risk_class)]


def months_later(day: date, months: int) -> date:
    """Return the same day some months later, or the last of a month that is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
