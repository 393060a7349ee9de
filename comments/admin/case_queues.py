"""The queues of the moderators' desk: what waits, the oldest due first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, StringAgg, Subquery, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from comments import text as comment_text
from comments.admin.desk_rights import cases_of
from comments.admin.taking_cases import holder_of
from comments.models import Appeal, Case, Comment, Decision, Report
from comments.screening import reason_of
from comments.standing import Standing, standings

A_PAGE = 50
# What is not shown of a row is not fetched for a thousand of them.
UNREAD = (
    *("comment__html", "comment__article__live__text", "comment__article__live__plain_text"),
    *("comment__article__live__contents", "comment__article__live__section_html"),
)

ALL = ""
TITLES = {
    Case.Queue.HELD: gettext_lazy("Held"),
    Case.Queue.WORRIED: gettext_lazy("Worried about"),
    Case.Queue.REPORTED: gettext_lazy("Reported"),
    Case.Queue.APPEALS: gettext_lazy("Appeals"),
    ALL: gettext_lazy("All"),
}


@dataclass(frozen=True)
class Tab:
    """A queue, as the desk links it."""

    queue: str
    title: str
    count: int
    overdue: int
    url: str


@dataclass(frozen=True)
class Row:
    """A case, as a queue shows it."""

    case: Case
    standing: Standing
    reasons: list[str]
    due: str
    is_overdue: bool
    holder: Any  # who else has it now
    is_mine: bool
    key: str  # of this case with this text: what is ticked is what was read

    @property
    def comment(self) -> Comment:
        return self.case.comment


def tabs(user: User) -> list[Tab]:
    """Return the queues with what waits in each for `user`: one query."""
    late = Count("pk", filter=Q(due_at__lt=timezone.now()))
    counted = cases_of(user).order_by().values("queue").annotate(count=Count("pk"), overdue=late)
    counts = {row["queue"]: (row["count"], row["overdue"]) for row in counted}
    counts[ALL] = (sum(n for n, _o in counts.values()), sum(o for _n, o in counts.values()))
    return [
        Tab(str(queue), str(title), *counts.get(queue, (0, 0)), queue_url(str(queue)))
        for queue, title in TITLES.items()
    ]


def queue_url(queue: str = ALL) -> str:
    return reverse("admin:comments_case_changelist", query={"queue": queue} if queue else None)


def waiting_in(queue: str, user: User) -> QuerySet[Case]:
    """Return the cases of a queue in the order of their times, with what a row shows."""
    found = cases_of(user).filter(queue=queue) if queue else cases_of(user)
    reported = Report.objects.open().filter(comment=OuterRef("comment")).order_by()
    appealed = Appeal.objects.open().filter(decision__comment=OuterRef("comment"))
    return (
        found.select_related("comment__voice", "comment__article__live", "claimed_by")
        .defer(*UNREAD)
        .annotate(
            reported_for=Subquery(
                reported.values("comment").values(said=StringAgg("reason", Value(",")))
            ),
            appealed_against=Subquery(appealed.values("decision__kind")[:1]),
        )
        .order_by("due_at", "pk")
    )


def rows(cases: Iterable[Case], user: User) -> Iterator[Row]:
    listed = list(cases)
    known = standings(case.comment for case in listed)
    now = timezone.now()
    for case in listed:
        yield Row(
            case=case,
            standing=known[case.comment_id],
            reasons=why(case, reported_for(case), case.appealed_against),  # type: ignore[attr-defined] # annotated
            due=due_in(case.due_at, now),
            is_overdue=case.due_at < now,
            holder=holder_of(case, user),
            is_mine=is_held_by(case, user, now),
            key=f"{case.pk}-{comment_text.fingerprint(case.comment.text)}",
        )


def why(case: Case, reported: Iterable[str], appealed: str | None) -> list[str]:
    """Say in sentences why a person has to look at this comment, the gravest first."""
    comment = case.comment
    checks = comment.held_for if comment.is_held else []
    said = [reason_of(check) for check in checks if check != "reported"]
    said += besides_checks(case, reported, appealed)
    return said or ([_("It waits for a moderator.")] if comment.is_held else [])


def besides_checks(case: Case, reported: Iterable[str], appealed: str | None) -> list[str]:
    """Say for which other reasons than a check somebody has to look at this comment."""
    said = [
        _("Reported: %(reason)s.") % {"reason": Report.Reason(reason).label}
        for reason in sorted(reported, key=Report.Reason.values.index)
    ]
    if case.opened_by_hand and not case.closed_at and case.queue != Case.Queue.APPEALS:
        said.append(_("A moderator wants it to be looked at."))
    if case.comment.collapsed_at:
        said.append(_("It is folded, because several trusted members reported it."))
    if appealed:
        said.append(
            _("Its writer objects to a decision: %(decision)s.")
            % {"decision": Decision.Kind(appealed).label}
        )
    return said


def reported_for(case: Any) -> set[str]:
    return set(filter(None, (case.reported_for or "").split(",")))


def is_held_by(case: Case, user: User, now: datetime) -> bool:
    in_time = case.claimed_until is not None and case.claimed_until > now
    return case.claimed_by_id == user.pk and in_time


def due_in(due_at: datetime, now: datetime) -> str:
    if due_at < now:
        return _("overdue for %(time)s") % {"time": timesince(due_at, now, depth=1)}
    return _("due in %(time)s") % {"time": timeuntil(due_at, now, depth=1)}
