"""One deed of a moderator: a transaction that holds the discussion, and is told after 30 seconds.

comments/moderation/deciding.py has the deeds themselves.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuditAct, User
from accounts.tasks import retrying
from comments import text as comment_text
from comments.forms import as_id
from comments.models import Appeal, Case, Comment, Decision, Discussion
from comments.models.appeal import other_moderators
from comments.models.counting import CHANGING
from comments.telling import notifications

# What decisions change of a comment, and undoing restores; `edited_at` only tells of an edit.
STATE = (
    *("published_at", "held_at", "held_for", "approved_at", "edit_asked_at", "collapsed_at"),
    *("name_hidden_at", "removed_at", "removed_by_id", "removed_reason", "edited_at"),
)
CASE = ("queue", "due_at", "claimed_by_id", "claimed_until")

Kind = Decision.Kind
DEEDS = {
    Kind.APPROVE: "comment.approved",
    Kind.KEEP: "comment.kept",
    Kind.REMOVE: "comment.removed",
    Kind.RESTORE: "comment.restored",
    Kind.HOLD: "comment.held",
    Kind.COLLAPSE: "comment.folded",
    Kind.ASK_EDIT: "comment.edit_asked",
    Kind.HIDE_NAME: "comment.name_hidden",
    Kind.SHOW_NAME: "comment.name_shown",
    Kind.CORRECT: "comment.corrected",
    Kind.NOTICE: "member.noticed",
    Kind.HOLD_ALL: "member.held",
    Kind.SUSPEND: "member.suspended",
    Kind.BAN: "member.banned",
    Kind.LIFT: "member.sanction_lifted",
}
# About a member more than about a comment: they do not settle what is said of the comment.
ABOUT_MEMBERS = Decision.OF_MEMBERS


class CannotDecide(Exception):
    """A deed was not done; the message says why in one sentence for the moderator."""


class TooLate(CannotDecide):
    """It can no longer be undone: it has been told, or is about to be."""


class Deed:
    """A deed that has begun: what was before is known, and nobody changes it meanwhile."""

    def __init__(self, comment: Comment, by: User | None) -> None:
        self.comment, self.by = comment, by
        case = Case.objects.open().filter(comment=comment).first()
        self.before: dict[str, Any] = {
            "comment": _written(comment, STATE),
            "case": case and {"pk": case.pk, **_written(case, CASE)},
        }

    def decide(
        self, kind: Kind, *, settles: bool = True, tells: bool = True, **said: Any
    ) -> Decision:
        """Write the decision, settle the open reports by it, and let it be told unless undone.

        The change itself comes after: it settles the case, which looks for open reports.
        """
        decision = Decision.objects.create(
            kind=kind,
            comment=self.comment,
            subject_id=self.comment.author_id,
            by=self.by,
            automated=self.by is None,
            before=self.before if tells else {},
            told_at=None if tells else timezone.now(),
            **said,
        )
        if settles:
            self.comment.reports.open().handle(by=self.by, decision=decision)
        AuditAct.objects.record(DEEDS[kind], by=self.by, on=self.comment, about=self.comment.author)
        if tells:
            tell_decision.using(run_after=decision.undoable_until).enqueue(decision.pk)
        return decision


@contextmanager
def deed(
    comment: Comment, *, by: User | None, seen: str = "", also_gone: bool = False
) -> Iterator[Deed]:
    """Hold the discussion for a deed, unless somebody or something came first.

    `also_gone`: it can be done about what its writer has taken back. Raises CannotDecide.
    """
    with transaction.atomic():
        Discussion.objects.hold(comment.article_id)
        comment.refresh_from_db(fields=CHANGING)
        if not also_gone:
            refuse_if(
                comment.withdrawn_at or comment.hidden_at,
                _("Its writer has taken this comment back meanwhile."),
            )
        if by:
            refuse_if(problem := why_not_theirs(comment, by), problem)
            refuse_if(decided_since(comment, by, seen), decided_meanwhile())
            text = seen.partition("-")[0]
            refuse_if(
                text and text != comment_text.fingerprint(comment.text),
                _("Its writer has changed the text meanwhile. Please read it again."),
            )
            refuse_if(
                Case.objects.open().filter(comment=comment).exists()
                and not Case.objects.free_for(by).filter(comment=comment).exists(),
                _("Somebody else is working on this comment just now."),
            )
        yield Deed(comment, by)


def why_not_theirs(comment: Comment, by: User) -> str:
    """Say why it is not for `by` to decide about `comment` or its writer; "" when it is."""
    if comment.author_id == by.pk and other_moderators(by).exists():
        return _("This comment is yours, so somebody else decides about it.")
    return ""


def refuse_if(problem: object, sentence: str) -> None:
    if problem:
        raise CannotDecide(sentence)


def decided_meanwhile() -> str:
    return _("Somebody has decided on this comment meanwhile.")


def fingerprint(comment: Comment) -> str:
    """Return what a moderator's page sends back as `seen`: the text and decisions it showed."""
    newest = Decision.objects.standing().filter(comment=comment).order_by("-pk").first()
    return f"{comment_text.fingerprint(comment.text)}-{newest.pk if newest else 0}"


def decided_since(comment: Comment, by: User, seen: str) -> bool:
    """Tell whether somebody else decided on this comment after a page with `seen` was made."""
    newest = as_id(seen.partition("-")[2])
    if newest is None:
        return False
    since = Decision.objects.standing().filter(comment=comment, pk__gt=newest)
    theirs = since.exclude(by=by).filter(automated=False)
    return theirs.exclude(kind__in=ABOUT_MEMBERS).exists()


@task
@retrying(times=5, first_pause=timedelta(seconds=10))
def tell_decision(decision_id: int) -> None:
    """Tell whom a decision is about, and who waited for it, unless it was undone."""
    with transaction.atomic():
        found = Decision.objects.select_related("comment", "subject")
        decision = found.filter(pk=decision_id).first()
        if decision is None:
            return
        # Whoever undoes it holds the discussion too: one of both comes first.
        Discussion.objects.hold(decision.comment.article_id)
        decision.refresh_from_db(fields=["undone_at", "told_at", "before"])
        if decision.undone_at or decision.told_at:
            return
        before = decision.before.get("comment") or {}
        decision.told_at, decision.before = timezone.now(), {}
        decision.save(update_fields=["told_at", "before"])
        comment = decision.comment
        comment.refresh_from_db(fields=CHANGING)
        if before and not before["published_at"] and comment.is_visible:
            notifications.tell_of_comment(comment)
        settled = settle_appeal(decision)
        notifications.tell_of_decision(decision, instead_to_writer=settled)


def settle_appeal(decision: Decision) -> Appeal | None:
    """Grant the appeal that waits against what `decision` took back, for nothing is left of it.

    It is done when it is too late to undo the decision. Returns the appeal, which is told instead.
    """
    appeal = Appeal.objects.open().filter(decision=decision.reverses_id).first()
    if appeal is None or not decision.by:
        return None
    appeal.decided_at, appeal.decided_by, appeal.granted = timezone.now(), decision.by, True
    appeal.answer = _(
        "What you appealed against has been taken back by another decision, before anybody had"
        " answered you."
    )
    appeal.save(update_fields=["decided_at", "decided_by", "granted", "answer"])
    AuditAct.objects.record("appeal.granted", by=decision.by, on=appeal, about=decision.subject)
    Case.objects.settle(decision.comment)
    return appeal


# --- how things were ------------------------------------------------------------------------------


def put_back(comment: Comment, before: Mapping[str, Any]) -> None:
    """Let `comment` and its case be as they were; the caller counts."""
    was = _read(before["comment"])
    # Who answered it meanwhile is shown under a quiet line.
    if was["published_at"] is None and comment.reply_count:
        was["published_at"] = comment.published_at
    for name, value in was.items():
        setattr(comment, name, value)
    comment.save(update_fields=[name.removesuffix("_id") for name in STATE])
    case = _read(before["case"] or {})
    if not case:
        return
    if Case.objects.open().filter(comment=comment).exclude(pk=case["pk"]).exists():
        Case.objects.put(comment, case["queue"], due_at=case["due_at"])
    else:
        Case.objects.filter(pk=case.pop("pk")).update(closed_at=None, **case)


def _written(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    values = ((name, getattr(row, name)) for name in names)
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in values
    }


def _read(written: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value) if name.endswith(TIMES) and value else value
        for name, value in written.items()
    }


TIMES = ("_at", "_until")
