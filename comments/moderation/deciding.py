"""What moderators decide about a comment: each deed is one transaction, told after 30 seconds.

A deed holds the discussion, changes the comment by its verb, settles its open reports and its case,
writes the Decision with the rule in the wording in force, and an act for the audit trail without a
word of text (deed.py). Nobody is told before the moderator could undo it. Of two who decide at once
one does it, and the other is told in one sentence (CannotDecide).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuditAct, User
from comments.models import Appeal, Case, Comment, Decision, Discussion, Report, Rule, Sanction
from comments.models import moderating as change
from comments.models.counting import CHANGING, counted
from comments.moderation.deed import (
    ABOUT_MEMBERS,
    CannotDecide,
    Kind,
    TooLate,
    decided_meanwhile,
    deed,
    fingerprint,
    put_back,
    refuse_if,
    tell_decision,
)
from comments.moderation.sanctions import LONGEST, SHORTEST
from comments.telling import notifications

__all__ = ["CannotDecide", "TooLate", "fingerprint", "tell_decision"]


def approve(
    comment: Comment,
    *,
    by: User,
    reason: str = "",
    seen: str = "",
    against: Appeal | None = None,
) -> Decision:
    """Let everyone read a held comment, or its edit; unfold it; later reports find it approved."""
    with deed(comment, by=by, seen=seen, also_gone=bool(against)) as begun:
        waits = comment.held_at or is_looked_at(comment)
        refuse_if(comment.removed_at or not waits, decided_meanwhile())
        asked = latest(comment, Kind.ASK_EDIT) if comment.edit_asked_at else None
        said = _granting(against, or_reversing=asked)
        decision = begun.decide(Kind.APPROVE, reason=reason, **said)
        change.approve(comment)
        return decision


def keep(comment: Comment, *, by: User, reason: str = "", seen: str = "") -> Decision:
    """Leave a comment that was reported as it is."""
    with deed(comment, by=by, seen=seen) as begun:
        refuse_if(comment.removed_at or not is_looked_at(comment), decided_meanwhile())
        refuse_if(comment.held_at, _("This comment is held: approve it, or remove it."))
        decision = begun.decide(Kind.KEEP, reason=reason)
        change.leave(comment)
        return decision


def remove(
    comment: Comment, *, by: User, rule: Rule | None, reason: str, facts: str = "", seen: str = ""
) -> Decision:
    """Take it down; its replies stay. Its writer gets the rule and the reason."""
    with deed(comment, by=by, seen=seen) as begun:
        refuse_if(comment.removed_at, decided_meanwhile())
        decision = begun.decide(Kind.REMOVE, rule=rule, reason=reason, facts=facts)
        comment.remove(by=by, reason=reason)
        return decision


def restore(
    comment: Comment,
    *,
    by: User,
    reason: str = "",
    seen: str = "",
    against: Appeal | None = None,
) -> Decision:
    """Show a removed comment again, unless its text was deleted meanwhile."""
    with deed(comment, by=by, seen=seen, also_gone=bool(against)) as begun:
        refuse_if(not comment.removed_at, decided_meanwhile())
        refuse_if(not comment.text, _("The text of this comment has been deleted meanwhile."))
        said = _granting(against, or_reversing=latest(comment, Kind.REMOVE))
        decision = begun.decide(Kind.RESTORE, reason=reason, **said)
        change.approve(comment)
        return decision


def ask_for_edit(
    comment: Comment, *, by: User, rule: Rule | None, reason: str, seen: str = ""
) -> Decision:
    """Hold it until its writer has found another wording, which a moderator reads first."""
    with deed(comment, by=by, seen=seen) as begun:
        refuse_if(comment.removed_at or comment.edit_asked_at, decided_meanwhile())
        decision = begun.decide(Kind.ASK_EDIT, rule=rule, reason=reason)
        change.ask_for_edit(comment)
        return decision


def hide_name(
    comment: Comment, *, by: User, rule: Rule | None, reason: str, seen: str = ""
) -> Decision:
    """Let readers see "name hidden" in the place of its name."""
    with deed(comment, by=by, seen=seen) as begun:
        refuse_if(comment.removed_at or comment.name_hidden_at, decided_meanwhile())
        refuse_if(not comment.has_name, _("This comment stands under no name any more."))
        decision = begun.decide(Kind.HIDE_NAME, rule=rule, reason=reason)
        change.hide_name(comment)
        return decision


def show_name(
    comment: Comment,
    *,
    by: User,
    reason: str = "",
    seen: str = "",
    against: Appeal | None = None,
) -> Decision:
    """Show a hidden name again."""
    with deed(comment, by=by, seen=seen, also_gone=bool(against)) as begun:
        refuse_if(not comment.name_hidden_at, decided_meanwhile())
        said = _granting(against, or_reversing=latest(comment, Kind.HIDE_NAME))
        decision = begun.decide(Kind.SHOW_NAME, settles=False, reason=reason, **said)
        change.show_name(comment)
        return decision


def corrected(comment: Comment, *, by: User, reply: Comment) -> Decision:
    """Settle its reports by `reply`, a correction that stands pinned under it; it stays."""
    with deed(comment, by=by) as begun:
        refuse_if(not comment.is_visible, decided_meanwhile())
        refuse_if(reply.parent_id != comment.pk, _("This correction answers another comment."))
        decision = begun.decide(Kind.CORRECT)
        change.leave(comment)
        return decision


def collapse(comment: Comment, *, reports: Sequence[Report] = ()) -> Decision | None:
    """Fold it until a moderator has looked: the site does it itself, for these reports.

    The reports stay open. None where it cannot be: approved, folded already, or gone.
    """
    with deed(comment, by=None, also_gone=True) as begun:
        if not comment.is_visible or comment.approved_at or comment.collapsed_at:
            return None
        reasons = {report.get_reason_display() for report in reports}
        facts = _("Several trusted members reported it: %(reasons)s.") % {
            "reasons": "; ".join(sorted(reasons))
        }
        decision = begun.decide(Kind.COLLAPSE, settles=False, facts=facts if reasons else "")
        change.fold(comment)
        return decision


# --- about the writer -----------------------------------------------------------------------------

KIND_OF = {
    Sanction.Kind.NOTICE: Kind.NOTICE,
    Sanction.Kind.HOLD_ALL: Kind.HOLD_ALL,
    Sanction.Kind.SUSPENSION: Kind.SUSPEND,
    Sanction.Kind.BAN: Kind.BAN,
}


def sanction(
    comment: Comment,
    *,
    by: User,
    kind: str,
    until: datetime | None = None,
    rule: Rule | None,
    reason: str,
) -> Sanction:
    """Put its writer, whoever that is, under a sanction of this kind (Sanction.Kind).

    `until` is for suspensions alone (sanctions.ends_after). What else the writer is under, perhaps
    by another name, is told to nobody.
    """
    with deed(comment, by=by, also_gone=True) as begun:
        if kind == Sanction.Kind.SUSPENSION:
            length = until - timezone.now() if until else None
            refuse_if(
                length is None or not SHORTEST <= length <= LONGEST,
                _("A suspension lasts from one day to six months."),
            )
        else:
            until = None
        as_kind = KIND_OF[Sanction.Kind(kind)]
        same = Sanction.objects.in_force().filter(kind=kind, decision__comment=comment)
        refuse_if(same.exists(), decided_meanwhile())
        # Who posts at this moment holds the row: they come before it, or find this.
        writers = User.objects.select_for_update(no_key=True).filter(erased_at=None, is_active=True)
        here = list(writers.filter(pk=comment.author_id).values_list("pk", flat=True))
        refuse_if(not here, _("The account of who wrote this is closed."))
        decision = begun.decide(as_kind, settles=False, rule=rule, reason=reason, until=until)
        return Sanction.objects.create(
            user_id=comment.author_id, kind=kind, decision=decision, ends_at=until
        )


def lift(
    sanction: Sanction, *, by: User, reason: str = "", against: Appeal | None = None
) -> Decision:
    """End a sanction before its time."""
    with deed(sanction.decision.comment, by=by, also_gone=True) as begun:
        sanction.refresh_from_db()
        refuse_if(sanction.lifted_at, decided_meanwhile())
        said = _granting(against, or_reversing=sanction.decision)
        decision = begun.decide(Kind.LIFT, settles=False, reason=reason, **said)
        sanction.lifted_at = timezone.now()
        sanction.save(update_fields=["lifted_at"])
        return decision


# --- taking it back -------------------------------------------------------------------------------


def undo(decision: Decision, *, by: User) -> None:
    """Make it as it was before, within 30 seconds, by who decided; nobody is told.

    Raises TooLate after that.
    """
    comment = decision.comment
    with transaction.atomic():
        Discussion.objects.hold(comment.article_id)
        decision.refresh_from_db()
        refuse_if(decision.undone_at, _("This decision has been undone already."))
        refuse_if(decision.by_id != by.pk, _("Only who decided can undo it."))
        if decision.is_final:
            raise TooLate(_("It is too late to undo this: it is being told."))
        before, decision.before, decision.undone_at = decision.before, {}, timezone.now()
        decision.save(update_fields=["undone_at", "before"])
        if decision.kind in ABOUT_MEMBERS:
            _unsanction(decision)
        else:
            refuse_if(not before, _("Its writer has taken this comment back meanwhile."))
            _refuse_what_came_after(decision, before["comment"]["edited_at"])
            _take_back_correction(decision)
            with counted(comment):
                _open_again(decision)
                put_back(comment, before)
            _tell_what_was_silent(comment, since=decision.at)
        AuditAct.objects.record("decision.undone", by=by, on=decision, about=decision.subject)


def _open_again(decision: Decision) -> None:
    """Let its reports wait again, but for those of members who have reported anew."""
    anew = decision.comment.reports.open().exclude(reporter=None).values("reporter")
    decision.reports.exclude(reporter__in=anew).update(
        handled_at=None, handled_by=None, decision=None, told_at=None
    )


def _tell_what_was_silent(comment: Comment, *, since: datetime) -> None:
    """Tell of a comment that was approved, and could not be told of while it was taken down."""
    approvals = Decision.objects.standing().filter(comment=comment, kind=Kind.APPROVE)
    if comment.is_visible and approvals.filter(told_at__gte=since).exists():
        notifications.tell_of_comment(comment)


def _take_back_correction(decision: Decision) -> None:
    """Withdraw the reply that settled it, if that is what it was: `answering` wrote it before."""
    if decision.kind != Kind.CORRECT:
        return
    theirs = Comment.objects.filter(parent=decision.comment, author=decision.by)
    written = theirs.filter(role=Comment.Role.CORRECTION, created_at__lte=decision.at)
    if reply := written.filter(withdrawn_at=None).order_by("-created_at", "-pk").first():
        reply.withdraw()


def _unsanction(decision: Decision) -> None:
    if decision.kind == Kind.LIFT:
        Sanction.objects.filter(decision=decision.reverses).update(lifted_at=None)
    else:
        Sanction.objects.filter(decision=decision).delete()


def _refuse_what_came_after(decision: Decision, edited_at: str | None) -> None:
    """Refuse to undo what another decision, or an edit, was built on."""
    later = Decision.objects.standing().filter(comment=decision.comment, pk__gt=decision.pk)
    refuse_if(later.exclude(kind__in=ABOUT_MEMBERS).exists(), decided_meanwhile())
    comment = decision.comment
    comment.refresh_from_db(fields=["edited_at"])
    was = datetime.fromisoformat(edited_at) if edited_at else None
    refuse_if(
        comment.edited_at != was,
        _("Its writer has changed the text meanwhile. Please read it again."),
    )


def latest(comment: Comment, kind: Kind) -> Decision | None:
    """Return the last decision of this kind on `comment` that was not undone."""
    return Decision.objects.standing().filter(comment=comment, kind=kind).order_by("-pk").first()


def is_looked_at(comment: Comment) -> bool:
    """Tell whether a comment that readers see waits for a moderator all the same."""
    if comment.collapsed_at or comment.reports.open().exists():
        return True
    return Case.objects.open().filter(comment=comment, opened_by_hand=True).exists()


def _granting(against: Appeal | None, or_reversing: Decision | None = None) -> dict[str, Any]:
    """Return what a decision that grants an appeal says besides: the appeal is told instead."""
    if against is None:
        return {"reverses": or_reversing}
    return {"reverses": against.decision, "tells": False}


# --- appeals --------------------------------------------------------------------------------------


def may_decide(appeal: Appeal, user: User) -> bool:
    """Tell whether `user` may decide on it: somebody else than who decided, if there is anybody."""
    return not why_not_decided_by(appeal, user)


def why_not_decided_by(appeal: Appeal, user: User) -> str:
    """Say in one sentence why `user` may not decide on it; "" when they may."""
    return appeal.why_not_decided_by(user)


def decide_appeal(appeal: Appeal, *, by: User, granted: bool, answer: str = "") -> None:
    """Grant it, which reverses the decision, or refuse it, which needs an answer.

    It is told at once, and is not undone. Raises CannotDecide.
    """
    comment = appeal.decision.comment
    with deed(comment, by=by, also_gone=True) as begun:
        appeal.refresh_from_db()
        problem = why_not_decided_by(appeal, by)
        refuse_if(problem, problem)
        refuse_if(not granted and not answer.strip(), _("Say why the decision stands."))
        if granted:
            _reverse(appeal, by=by, reason=answer)
        appeal.decided_at, appeal.decided_by = timezone.now(), by
        appeal.granted, appeal.answer = granted, answer
        appeal.save(update_fields=["decided_at", "decided_by", "granted", "answer"])
        deed_done = "appeal.granted" if granted else "appeal.refused"
        AuditAct.objects.record(deed_done, by=by, on=appeal, about=appeal.decision.subject)
        comment.refresh_from_db(fields=CHANGING)
        Case.objects.settle(comment)
        notifications.tell_of_appeal(appeal)
        if comment.is_visible and not begun.before["comment"]["published_at"]:
            notifications.tell_of_comment(comment)


def _reverse(appeal: Appeal, *, by: User, reason: str) -> None:
    """Take a decision back, as far as it still has an effect."""
    decision = appeal.decision
    comment = decision.comment
    if decision.kind in KIND_OF.values():
        for put in Sanction.objects.filter(decision=decision, lifted_at=None):
            lift(put, by=by, reason=reason, against=appeal)
        return
    gone = comment.withdrawn_at or not comment.text
    if gone or latest(comment, Kind(decision.kind)) != decision:
        return
    if decision.kind == Kind.REMOVE and comment.removed_at:
        restore(comment, by=by, reason=reason, against=appeal)
    elif decision.kind == Kind.ASK_EDIT and comment.edit_asked_at:
        approve(comment, by=by, reason=reason, against=appeal)
    elif decision.kind == Kind.HIDE_NAME and comment.name_hidden_at:
        show_name(comment, by=by, reason=reason, against=appeal)
