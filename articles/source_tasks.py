"""The deeds on tasks about sources: confirm or dismiss the match, deal with the section, tell.

Whether a notice is about a source is one question, however many sections cite it: the tasks of one
match (source, status, number of the notice) are decided together. What readers are told follows
from the status of the source, which `settle` works out from the matches that stand.

Each deed locks the source, writes an act for each task, and saves the source last: that makes the
claims and the pages of the articles that cite it new. What is refused raises CannotDecide.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuditAct, User
from articles.models import Source, SourceTask
from articles.models.source_task import SourceTaskQuerySet
from articles.source_checking.opening import LIFTED, places_citing
from articles.source_words import rank


class CannotDecide(ValidationError):  # named as what it says
    """Why nothing was decided, in a sentence for whoever wanted to."""


@transaction.atomic
def confirm(task: SourceTask, *, by: User) -> None:
    """Say that the notice is about this source: readers are told now."""
    source, match = _locked(task)
    now = timezone.now()
    waiting = list(_still_waiting(task, match))
    for one in waiting:
        one.confirmed_at, one.decided_by, one.shown_at = now, by, one.shown_at or now
        one.save(update_fields=["confirmed_at", "decided_by", "shown_at"])
    _record("source_task.confirmed", waiting, by=by)
    settle(source)


@transaction.atomic
def dismiss(task: SourceTask, *, by: User, reason: str = "") -> None:
    """Say that the notice is about another work: nobody is told, or nobody any more."""
    source, match = _locked(task)
    waiting = list(_still_waiting(task, match))
    for one in waiting:
        one.dismissed_at, one.decided_by = timezone.now(), by
        one.save(update_fields=["dismissed_at", "decided_by"])
    _record("source_task.dismissed", waiting, by=by, reason=reason.strip())
    settle(source)


@transaction.atomic
def reconsider(task: SourceTask, *, by: User, reason: str = "") -> None:
    """Take an answer back: the match waits again, and readers are not told meanwhile."""
    source, match = _locked(task)
    decided = list(match.exclude(confirmed_at=None, dismissed_at=None))
    if not decided:
        raise CannotDecide(_("Nobody has answered this yet."))
    for one in decided:
        one.confirmed_at = one.dismissed_at = one.decided_by = one.shown_at = None
        one.found_at = timezone.now()  # another 72 hours to answer
        one.save(
            update_fields=["confirmed_at", "dismissed_at", "decided_by", "shown_at", "found_at"]
        )
    _record("source_task.reconsidered", decided, by=by, reason=reason.strip())
    settle(source, lifted={task.status})


@transaction.atomic
def resolve(task: SourceTask, *, by: User, note: str = "") -> None:
    """Note that an editor looked at the section, and what they did about it."""
    _source, _match = _locked(task)
    now = SourceTask.objects.get(pk=task.pk)
    if now.resolved_at:
        raise CannotDecide(_("Somebody has dealt with this section already."))
    if not now.confirmed_at:
        raise CannotDecide(_("Say first whether the notice is about this source."))
    now.resolved_at, now.resolved_note = timezone.now(), note.strip()
    now.save(update_fields=["resolved_at", "resolved_note"])
    _record("source_task.resolved", [now], by=by, reason=note.strip())


@transaction.atomic
def set_by_hand(source: Source, *, by: User) -> None:
    """Open a task for each section that rests on a source whose status somebody has just set.

    They need no confirmation; tasks of that status which still wait for one are answered by it.
    """
    locked = Source.objects.select_for_update().get(pk=source.pk)
    now = timezone.now()
    decided = {"confirmed_at": now, "decided_by": by, "shown_at": now}
    same = locked.tasks.filter(status=locked.status)
    same.waiting().update(**decided)
    same.filter(notice="").exclude(dismissed_at=None).update(**decided, dismissed_at=None)
    if locked.status != Source.Status.CURRENT:
        known = set(same.filter(dismissed_at=None).values_list("article", "anchor"))
        SourceTask.objects.bulk_create(
            SourceTask(
                source=locked,
                article_id=place.article,
                anchor=place.anchor,
                heading=place.heading,
                status=locked.status,
                status_on=locked.status_on,
                learned_from=locked.learned_from,
                **decided,
            )
            for place in places_citing(locked)
            if (place.article, place.anchor) not in known
        )
    AuditAct.objects.record("source.status_set", by=by, on=locked, fields=[locked.status])


def show_unanswered() -> int:
    """Tell readers of what nobody answered for 72 hours; return of how many sections.

    Somebody may answer at this moment: whoever comes second finds the source locked, and looks
    again.
    """
    shown = 0
    due = SourceTask.objects.unanswered().order_by("source").values_list("source", flat=True)
    for pk in dict.fromkeys(due):
        shown += _show_of(pk)
    return shown


@transaction.atomic
def _show_of(pk: int) -> int:
    source = Source.objects.select_for_update().get(pk=pk)
    late = list(source.tasks.unanswered())
    found = {task.pk: task for one in late for task in _match(one).waiting().filter(shown_at=None)}
    for task in found.values():
        task.shown_at = timezone.now()
        task.save(update_fields=["shown_at"])
    if found:
        _record("source_task.shown", found.values(), by=None)
        settle(source)
    return len(found)


def settle(source: Source, *, lifted: Collection[str] = ()) -> None:
    """Give `source` the status that its matches say, the worst of them. The caller has it locked.

    A status that somebody set by hand, and that no match ever said, is not made better by this.
    """
    said = {task.status for task in source.tasks.exclude(shown_at=None)} | set(lifted)
    task = in_force(source.tasks.shown())
    status = task.status if task else Source.Status.CURRENT
    if rank(status) < rank(source.status) and source.status not in said:
        return
    facts = {
        "status": status,
        "status_on": task.status_on if task else "",
        "learned_from": task.learned_from if task else "",
    }
    if any(getattr(source, name) != value for name, value in facts.items()):
        for name, value in facts.items():
            setattr(source, name, value)
        source.save()


def in_force(shown: Iterable[SourceTask]) -> SourceTask | None:
    """Return the worst of what is shown, without what a later reinstatement has lifted."""
    tasks = list(shown)
    back = [task for task in tasks if task.status == Source.Status.CURRENT]
    stands = [
        task
        for task in tasks
        if task.status not in LIFTED or not any(_is_after(one, task) for one in back)
    ]
    return max(stands, key=lambda task: (rank(task.status), task.status_on), default=None)


def _is_after(back: SourceTask, task: SourceTask) -> bool:
    """Tell whether `back` came after `task` or with it, as exactly as both dates are known."""
    one, other = _when(back), _when(task)
    length = min(len(one), len(other))
    return one[:length] >= other[:length]


def _when(task: SourceTask) -> str:
    return task.status_on or timezone.localdate(task.found_at).isoformat()


def _locked(task: SourceTask) -> tuple[Source, SourceTaskQuerySet]:
    """Wait for whoever decides on the same source; return it, and the tasks of the same match."""
    source = Source.objects.select_for_update().get(pk=task.source_id)
    return source, _match(task)


def _match(task: SourceTask) -> SourceTaskQuerySet:
    return SourceTask.objects.filter(
        source=task.source_id, status=task.status, notice=task.notice
    ).order_by("pk")


def _still_waiting(task: SourceTask, match: SourceTaskQuerySet) -> QuerySet[SourceTask]:
    if not match.waiting().filter(pk=task.pk).exists():
        raise CannotDecide(_("Somebody has answered this already."))
    return match.waiting()


def _record(deed: str, tasks: Iterable[SourceTask], *, by: User | None, **more: Any) -> None:
    for task in tasks:
        AuditAct.objects.record(deed, by=by, on=task, fields=[task.status], **more)
