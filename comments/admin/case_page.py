"""All that a moderator needs to decide one case, on one page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.wording import Piece, compared
from comments.admin import desk_rights
from comments.admin.case_deeds import offered
from comments.admin.case_forms import AppealForm, CaseForm
from comments.admin.case_queues import besides_checks, due_in, is_held_by, queue_url
from comments.admin.hand_over import choices_of
from comments.admin.taking_cases import holder_of
from comments.models import Appeal, Case, Comment, Decision, Report, WrongHold
from comments.models.comment_query import is_moderator
from comments.models.decision import UNDO
from comments.moderation import deciding
from comments.moderation.deciding import why_not_decided_by
from comments.screening import reason_of
from comments.standing import standings

COPIES_SHOWN = 50
BESIDE_REMOVING = ("ask-edit", "hide-name", "show-name")


@dataclass(frozen=True)
class Change:
    """What one edit made of the text."""

    at: datetime
    pieces: list[Piece]


@dataclass(frozen=True)
class Undoable:
    """A decision that can still be taken back, and for how long."""

    decision: Decision
    seconds: int


def context(
    case: Case, user: User, *, form: CaseForm | None = None, appeal_form: AppealForm | None = None
) -> dict[str, Any]:
    """Return what the page of `case` shows to `user`."""
    comment, now = case.comment, timezone.now()
    reports = list(desk_rights.reports_on(comment, user).order_by("handled_at", "created_at"))
    # What its writer says against a decision, and what checks made of them, is for moderators.
    appeals = desk_rights.open_appeals(case) if is_moderator(user) else []
    copies = copies_of(comment, user)
    deeds = offered(comment, user)
    return {
        "case": case,
        "comment": comment,
        "form": form or CaseForm(copies=copies, seen=deciding.fingerprint(comment)),
        "deeds": deeds,
        "other_deeds": [deeds[name] for name in BESIDE_REMOVING if name in deeds],
        "main_deed": next((deeds[name] for name in ("approve", "keep") if name in deeds), None),
        "changes": changes(comment),
        "reports": reports,
        "reasons": besides_checks(
            case, open_reasons(reports), appeals[0].decision.kind if appeals else ""
        ),
        "checks": checks(comment) if is_moderator(user) else [],
        "decisions": decisions_on(comment),
        "appeals": [(appeal, why_not_decided_by(appeal, user)) for appeal in appeals],
        "appeal_form": appeal_form or AppealForm(),
        "standing": standings([comment])[comment.pk],
        "copies": copies,
        "why_not": "" if case.closed_at else desk_rights.why_not_by(user, case),
        "holder": holder_of(case, user),
        "is_mine": is_held_by(case, user, now),
        "due": due_in(case.due_at, now),
        "is_overdue": not case.closed_at and case.due_at < now,
        "back": queue_url(case.queue),
        "undoable": undoable(user),
        "choices": choices_of(user),
    }


def changes(comment: Comment) -> list[Change]:
    """Return what each edit changed, the newest first."""
    newer, found = comment.text, []
    for earlier in comment.earlier_texts.all():
        found.append(Change(earlier.replaced_at, list(compared(earlier.text, newer))))
        newer = earlier.text
    return found


def checks(comment: Comment) -> list[tuple[str, str, bool]]:
    """Return the checks that held it: name, sentence, and whether somebody called it wrong."""
    wrong = set(WrongHold.objects.filter(comment=comment).values_list("check_name", flat=True))
    return [(check, reason_of(check), check in wrong) for check in comment.held_for]


def open_reasons(reports: Iterable[Report]) -> set[str]:
    return {report.reason for report in reports if not report.handled_at}


def decisions_on(comment: Comment) -> list[Decision]:
    joined = ("rule", "by", "sanction", "appeal__decided_by")
    return list(comment.decisions.select_related(*joined))


def copies_of(comment: Comment, user: User) -> list[Comment]:
    """Return what says nearly the same elsewhere, and can be decided on with it.

    A short text has no likeness: the same one is looked for among what waits.
    """
    if not comment.text or not desk_rights.may(user, "remove"):
        return []
    waiting = Case.objects.open().values("comment")
    alike = Q(text=comment.text, pk__in=waiting)
    if comment.likeness is not None:
        alike |= Q(likeness=comment.likeness)
    found = Comment.objects.filter(alike, removed_at=None, withdrawn_at=None).exclude(pk=comment.pk)
    unread = ("article__live__text", "article__live__plain_text", "article__live__section_html")
    joined = found.select_related("voice", "article__live").defer(*unread)
    return list(joined.order_by("-created_at")[:COPIES_SHOWN])


def undoable(user: User) -> list[Undoable]:
    """Return what `user` decided a moment ago and can still take back, the latest first."""
    now = timezone.now()
    recent = Decision.objects.standing().filter(by=user, at__gt=now - UNDO)
    return [
        Undoable(decision, max(1, int((decision.undoable_until - now).total_seconds())))
        for decision in recent.select_related("comment")
    ]


def appeal_of(case: Case, pk: int) -> Appeal | None:
    return next((one for one in desk_rights.open_appeals(case) if one.pk == pk), None)
