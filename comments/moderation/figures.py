"""What moderators did, in numbers by quarter, for everyone to read at /about/moderation/.

Counted up to last midnight, so that the page is the same all day on every process, from rows that
stay for two years (comments/tasks.py), and from counts of what checks held, which name nobody and
stay. It costs six queries once a day; one of them fetches, for the median, two times of each report
that was decided on.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, DateField, QuerySet, Sum
from django.db.models.functions import TruncQuarter
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.models import Appeal, Decision, HoldCount, Report

SHOWN = 5  # quarters: a year, and the one that runs

# A count below it could point to a person: who knows that there was one report of worry in a small
# discussion may know whom it was about. There are no sums either, to reckon it from.
SMALL = 5

type Counts = Counter[tuple[Any, date]]


@dataclass(frozen=True)
class Row:
    """One line of the table: what was counted, and the words for each quarter."""

    label: str
    cells: list[str]


@dataclass(frozen=True)
class Figures:
    until: date  # the last day that is counted
    quarters: list[str]
    groups: list[tuple[str, list[Row]]]


def figures() -> Figures | None:
    """Return what is known of the last quarters, the newest first; None when there is nothing."""
    today = timezone.localdate()
    span = _midnight(_quarters(today)[-1]), _midnight(today)
    reports = _count(Report.objects.all(), "created_at", "reason", span)
    decided = _count(Decision.objects.standing(), "at", "kind", span)
    made = _count(Appeal.objects.all(), "made_at", "decision__kind", span)
    granted = _count(Appeal.objects.filter(granted=True), "decided_at", "decision__kind", span)
    held = _held(span)
    medians = _medians(span)
    counted = (reports, held, decided, made, granted)
    known = {quarter for counts in counted for _what, quarter in counts}
    if not known | medians.keys():
        return None
    quarters = [start for start in _quarters(today) if start >= min(known | medians.keys())]
    groups = [
        (_("Reports, by reason"), _report_rows(reports, medians, quarters)),
        (_("Held by the site itself until a moderator had read them"), _hold_rows(held, quarters)),
        (_("What was decided"), _decision_rows(decided, quarters)),
        (_("Appeals"), _appeal_rows(made, granted, quarters)),
    ]
    groups = [(heading, rows) for heading, rows in groups if rows]
    return Figures(today - timedelta(days=1), [_name(q, today) for q in quarters], groups)


def _report_rows(
    reports: Counts, medians: dict[date, list[timedelta]], quarters: list[date]
) -> list[Row]:
    rows = [_row(str(reason.label), reports, [reason.value], quarters) for reason in Report.Reason]
    waits = [_wait(medians.get(quarter, [])) for quarter in quarters]
    return [*rows, Row(_("Half of them were decided on within"), waits)]


def _hold_rows(held: Counts, quarters: list[date]) -> list[Row]:
    """Return how many comments each check held; what two of them held stands in both lines."""
    labels = {
        "crisis": _("Words of somebody who may need help"),
        "method": _("A way to harm oneself"),
        "personal": _("Addresses, numbers or dates of birth"),
        "watched": _("Phrases that moderators watch for"),
        "links": _("Many links, or links to watched places"),
        "shouting": _("Capitals, or the same again and again"),
        "first": _("First comments of a member"),
        "record": _("An earlier decision about their writer"),
        "switch": _("A discussion in which every comment waits"),
        "copies": _("Nearly the same text elsewhere"),
    }
    done = {check for check, _quarter in held}
    return [
        _row(label, held, [check], quarters) for check, label in labels.items() if check in done
    ]


def _decision_rows(decided: Counts, quarters: list[date]) -> list[Row]:
    """Return what was decided; what was undone within seconds does not count."""
    labels = {
        Decision.Kind.REMOVE: _("Comments removed"),
        Decision.Kind.APPROVE: _("Comments approved after they were held, folded or reported"),
        Decision.Kind.KEEP: _("Reported comments left as they were"),
        Decision.Kind.HOLD: _("Comments held by the site itself after a report"),
        Decision.Kind.COLLAPSE: _("Comments folded by the site itself after reports"),
        Decision.Kind.SUSPEND: _("Members suspended for a time"),
        Decision.Kind.BAN: _("Members banned"),
    }
    # A line about what a site never does would only make the others harder to find.
    done = {kind for kind, _quarter in decided} | {Decision.Kind.REMOVE, Decision.Kind.APPROVE}
    return [
        _row(label, decided, [kind.value], quarters)
        for kind, label in labels.items()
        if kind in done
    ]


def _appeal_rows(made: Counts, granted: Counts, quarters: list[date]) -> list[Row]:
    every = Decision.Kind.values
    return [
        _row(_("Appeals made"), made, every, quarters),
        _row(_("Appeals granted"), granted, every, quarters),
        _row(
            _("Removed comments restored on appeal"),
            granted,
            [Decision.Kind.REMOVE.value],
            quarters,
        ),
    ]


def _row(label: str, counts: Counts, kinds: list[str], quarters: list[date]) -> Row:
    sums = [sum(counts[kind, quarter] for kind in kinds) for quarter in quarters]
    return Row(label, [_guarded(count) for count in sums])


def _guarded(count: int) -> str:
    return _("fewer than %(number)d") % {"number": SMALL} if 0 < count < SMALL else str(count)


def _wait(times: list[timedelta]) -> str:
    """Return the median in words; of a few it would be the time of one of them."""
    if not times:
        return "–"
    if len(times) < SMALL:
        return _("too few to say")
    minutes = max(1, round(median(wait.total_seconds() for wait in times) / 60))
    if minutes < 90:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    if (hours := round(minutes / 60)) < 48:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    days = round(hours / 24)
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


# --- counting -------------------------------------------------------------------------------------


def _count(rows: QuerySet[Any], when: str, what: str, span: tuple[datetime, datetime]) -> Counts:
    """Count `rows` by the column `what` and the quarter of their time `when`, in one query."""
    found = (
        _within(rows, when, span)
        .annotate(quarter=TruncQuarter(when, output_field=DateField()))
        .order_by()
        .values_list(what, "quarter")
        .annotate(count=Count("pk"))
    )
    return Counter({(kind, quarter): count for kind, quarter, count in found})


def _held(span: tuple[datetime, datetime]) -> Counts:
    """Sum up by check and quarter what was counted day by day."""
    first, after = (timezone.localdate(midnight) for midnight in span)
    found = (
        HoldCount.objects.filter(on__gte=first, on__lt=after, count__gt=0)
        .annotate(quarter=TruncQuarter("on"))
        .order_by()
        .values_list("check_name", "quarter")
        .annotate(sum=Sum("count"))
    )
    return Counter({(check, quarter): count for check, quarter, count in found})


def _medians(span: tuple[datetime, datetime]) -> dict[date, list[timedelta]]:
    """Return how long each report waited for a person, by the quarter of the decision."""
    # Those that nobody had to look at, because the comment was taken back, would only flatter us.
    decided = _within(Report.objects.filter(handled_by__isnull=False), "handled_at", span)
    waited = defaultdict(list)
    for reported, handled in decided.values_list("created_at", "handled_at").iterator():
        assert handled
        waited[_start(timezone.localdate(handled))].append(handled - reported)
    return dict(waited)


def _within(rows: QuerySet[Any], when: str, span: tuple[datetime, datetime]) -> QuerySet[Any]:
    return rows.filter(**{f"{when}__gte": span[0], f"{when}__lt": span[1]})


# --- quarters -------------------------------------------------------------------------------------


def _quarters(today: date) -> list[date]:
    """Return the first days of the quarters that may be shown, the newest first."""
    starts = [_start(today)]
    while len(starts) < SHOWN:
        starts.append(_start(starts[-1] - timedelta(days=1)))
    return starts


def _start(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _name(start: date, today: date) -> str:
    last = start.replace(month=start.month + 2)
    months = {"first": date_format(start, "F"), "last": date_format(last, "F Y")}
    if start == _start(today):
        return _("%(first)s to %(last)s, so far") % months
    return _("%(first)s to %(last)s") % months
