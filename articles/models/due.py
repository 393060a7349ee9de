"""When an article is to be reviewed again, and how late that is: nobody types that date.

It follows from facts: the last finished review, or else when readers first saw the article, and the
risk class, which sets the cycle.
"""

import calendar
from datetime import date, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.review_round import ReviewRound

if TYPE_CHECKING:
    from articles.models.article import Article

# Months after which an article of a risk class (`RiskClass`) is reviewed again.
CYCLES = {"dose": 12, "emergency": 12, "treatment": 24, "living": 36}

SOON = timedelta(days=60)

# Multiples of the golden ratio, wound around a circle, leave no wide gap on it: articles that came
# one after the other, and so have numbers one after the other, fall due evenly over the cycle.
GOLDEN, CIRCLE = 2_654_435_769, 2**32


class Lateness(IntEnum):
    IN_TIME = 0
    OVERDUE = 1
    LONG_OVERDUE = 2  # by half a cycle


class ReviewedAgain(models.Model):
    """The part of an article that says when it is to be reviewed again."""

    next_due = models.DateField(_("next review due"), null=True, editable=False, db_index=True)
    # The day on which an import published it: nobody knows when its text was last looked at.
    imported_on = models.DateField(_("imported on"), null=True, editable=False)

    if TYPE_CHECKING:
        risk_class: Any

    class Meta:
        abstract = True

    @property
    def lateness(self) -> Lateness:
        """Return how late its review is; by time alone, so that a cached page has to ask."""
        today = timezone.localdate()
        if not self.next_due or self.next_due >= today:
            return Lateness.IN_TIME
        if self.next_due <= long_overdue_by(self.risk_class, today):
            return Lateness.LONG_OVERDUE
        return Lateness.OVERDUE

    @property
    def is_overdue(self) -> bool:
        return self.lateness >= Lateness.OVERDUE

    @property
    def is_long_overdue(self) -> bool:
        return self.lateness == Lateness.LONG_OVERDUE


def due_of(article: "Article") -> date | None:
    """Work out when `article` is to be reviewed again; None while no reader was to see it yet."""
    months = months_between(article)
    finished = ReviewRound.objects.filter(article=article).exclude(outcome="withdraw")
    if last := finished.order_by("-finished_at", "-pk").first():
        return months_later(timezone.localdate(last.finished_at), months)
    first = article.revisions.aggregate(first=Min("published_at"))["first"]
    if first is None:
        return None
    begin = timezone.localdate(first)
    if article.imported_on:
        return spread(max(begin, article.imported_on), months, article.pk)
    return months_later(begin, months)


def months_between(article: "Article") -> int:
    """Return the months after which an article of this risk class is reviewed again."""
    return CYCLES[article.risk_class]


def months_later(day: date, months: int) -> date:
    """Return the same day some months later, or the last of a month that is shorter.

    A negative number of months leads back.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def spread(begin: date, months: int, number: int) -> date:
    """Return a day of the cycle after `begin`; consecutive numbers fall evenly over all of it."""
    days = (months_later(begin, months) - begin).days
    part = number * GOLDEN % CIRCLE
    return begin + timedelta(days=1 + part * days // CIRCLE)


def long_overdue_by(risk_class: str, today: date) -> date:
    """Return the latest date of which an article of this class is half a cycle late today."""
    return months_later(today, -(CYCLES[risk_class] // 2))


# --- the same as conditions of a question to the database -----------------------------------------


def is_due_soon() -> Q:
    today = timezone.localdate()
    return Q(next_due__gte=today, next_due__lte=today + SOON)


def is_overdue() -> Q:
    return Q(next_due__lt=timezone.localdate())


def is_long_overdue() -> Q:
    today, found = timezone.localdate(), Q()
    for risk_class in CYCLES:
        found |= Q(risk_class=risk_class, next_due__lte=long_overdue_by(risk_class, today))
    return found
