"""Which articles are to be reviewed next, and how many this week.

What is overdue stands in the order of risk x readers x days late: an hour of a reviewer goes where
a wrong sentence would do most harm. What is due soon stands by its date.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article, DailyReaders
from articles.models.due import CYCLES, SOON, is_due_soon, is_overdue
from articles.review_effort import minutes_in_words, minutes_of

# As many times as an article of this class is reviewed in six years: 6, 3 and 2.
WEIGHTS = {risk_class: 72 // months for risk_class, months in CYCLES.items()}
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Due:
    """An article in the queue, without its words."""

    pk: int
    risk_class: str
    day: date
    late: int  # days; negative while there is time
    readers: int  # in 90 days; 0 where nobody counted
    words: int

    @property
    def urgency(self) -> int:
        """Return risk x readers x days late; what nobody counted stands as read once."""
        return WEIGHTS[self.risk_class] * max(1, self.readers) * self.late


@dataclass(frozen=True)
class Row:
    """What the desk shows of an article in the queue."""

    due: Due
    article: Article
    minutes: int

    @property
    def effort(self) -> str:
        return minutes_in_words(self.minutes)


@dataclass(frozen=True)
class WeekPlan:
    """What to review this week, so that nothing due by the end of the 60 days stays behind."""

    chosen: Sequence[Due]
    minutes: int

    @property
    def in_words(self) -> str:
        """Return "3 reviews, about 2 hours"."""
        words = ngettext(
            "%(count)d review, %(time)s", "%(count)d reviews, %(time)s", len(self.chosen)
        )
        return words % {"count": len(self.chosen), "time": minutes_in_words(self.minutes)}


def waiting() -> tuple[list[Due], list[Due]]:
    """Return what is overdue, the most urgent first, and what is due soon, the next first.

    Two queries, however many there are.
    """
    found = _due(is_overdue() | is_due_soon())
    late = [one for one in found if one.late > 0]
    soon = [one for one in found if one.late <= 0]
    late.sort(key=lambda one: (-one.urgency, one.day, one.pk))
    soon.sort(key=lambda one: (one.day, -WEIGHTS[one.risk_class], -one.readers, one.pk))
    return late, soon


def week_plan(late: Sequence[Due], soon: Sequence[Due]) -> WeekPlan:
    """Choose what to review this week: an even share of what is overdue or due in 60 days."""
    weeks = SOON / WEEK
    every = [*late, *soon]
    number = -int(-len(every) // weeks)  # rounded up
    chosen = every[:number]
    return WeekPlan(chosen, sum(_minutes(chosen).values()))


def rows_of(due: Sequence[Due]) -> list[Row]:
    """Return what is shown of these, in their order: two queries."""
    articles = Article.objects.for_list().in_bulk([one.pk for one in due])
    minutes = _minutes(due)
    return [Row(one, articles[one.pk], minutes[one.pk]) for one in due if one.pk in articles]


def how_planned() -> str:
    return str(
        _(
            "The plan is an even share of all that is overdue or due within 60 days, the most "
            "urgent first: at this pace nothing is left over then. The time is estimated: 15 "
            "minutes to search for newer evidence, two readings at 100 words a minute, and 3 "
            "minutes a section."
        )
    )


def _due(condition: Q) -> list[Due]:
    today = timezone.localdate()
    published = Article.objects.published().filter(condition)
    rows = list(published.values_list("pk", "risk_class", "next_due", "live__words"))
    readers = readers_of(pk for pk, *_others in rows) if rows else {}
    return [
        Due(pk, risk_class, day, (today - day).days, readers.get(pk, 0), words)
        for pk, risk_class, day, words in rows
        if day
    ]


def readers_of(pks: Iterable[int]) -> dict[int, int]:
    """Return how often each was read in 90 days, of those of which somebody counted it."""
    wanted = set(pks)
    # All are summed: thousands of numbers in one question are more than a database takes.
    counted = DailyReaders.objects.lately().order_by().values_list("article")
    return {pk: sum_ for pk, sum_ in counted.annotate(sum=Sum("readers")) if pk in wanted}


def _minutes(due: Sequence[Due]) -> dict[int, int]:
    counted = Article.objects.filter(pk__in=[one.pk for one in due])
    sections = dict(counted.annotate(number=Count("live__sections")).values_list("pk", "number"))
    return {one.pk: minutes_of(one.words, sections.get(one.pk, 1)) for one in due}
