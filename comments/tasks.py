"""What recurs for comments; the worker runs it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import consent
from accounts.models import Departure, LegalHold, User
from accounts.models.consent import choice_of
from accounts.retention import forgets
from accounts.schedule import scheduled
from comments.models import (
    Appeal,
    Case,
    Comment,
    Decision,
    Draft,
    HandOverNote,
    Notification,
    Report,
    WrongHold,
)
from comments.models.draft import LIFETIME
from comments.models.taking_back import (
    REMOVED_KEPT,
    WITHDRAWN_KEPT,
    forget_wordings,
    wordless,
)
from comments.telling import mailing as mailing  # its jobs are found here

if TYPE_CHECKING:
    from comments.models.decision import DecisionQuerySet

AT_ONCE = 200
REPORTS_KEPT = timedelta(days=2 * 365)
# As long as reports, on which many of them rest.
REASONS_KEPT = timedelta(days=2 * 365)
NOTIFICATIONS_KEPT = timedelta(days=180)
# For whoever comes to the desk after a holiday.
NOTES_KEPT = timedelta(days=30)
# So that a moderator can still say that a check was wrong.
HELD_FOR_KEPT = timedelta(days=30)
CASES_KEPT = timedelta(days=90)


@forgets(
    _("Unfinished comments"),
    since=_("since they were last changed"),
    after=LIFETIME,
    every=timedelta(minutes=15),
)
def forget_expired_drafts() -> None:
    """Keep the composer's promise: kept for 24 hours."""
    Draft.objects.expired().delete()


@forgets(
    _("Texts of comments that their writers withdrew"),
    since=_("since they were withdrawn"),
    after=WITHDRAWN_KEPT,
    every=timedelta(days=1),
)
def forget_withdrawn_texts() -> None:
    forget_texts(Q(withdrawn_at__lte=timezone.now() - WITHDRAWN_KEPT))


@forgets(
    _("Texts of comments that a moderator removed"),
    since=_("since they were removed"),
    after=REMOVED_KEPT,
    every=timedelta(days=1),
)
def forget_removed_texts() -> None:
    """Leave the reason: it is a decision, which its writer may still want to read."""
    forget_texts(Q(removed_at__lte=timezone.now() - REMOVED_KEPT))


@forgets(
    _("Reports of comments"),
    since=_("since they were dealt with, or else since they came"),
    after=REPORTS_KEPT,
    every=timedelta(days=1),
)
def forget_old_reports() -> None:
    ended = timezone.now() - REPORTS_KEPT
    old = Q(handled_at__lte=ended) | Q(handled_at=None, created_at__lte=ended)
    needed = Q(reporter__in=under_hold()) | Q(comment__author__in=under_hold())
    for reports in batches(Report.objects.filter(old).exclude(needed)):
        with transaction.atomic():
            # A hold that has just ended may have kept what was told of them.
            Notification.objects.filter(report__in=reports.values("pk")).delete()
            reports.delete()


@forgets(
    _("The words of moderators’ decisions, and of appeals against them"),
    since=_("since they were decided"),
    after=REASONS_KEPT,
    every=timedelta(days=1),
)
def forget_old_reasons() -> None:
    """Leave that it was decided, when and by which rule: the public counts are made of it."""
    ended = timezone.now() - REASONS_KEPT
    waiting = Appeal.objects.open().values("decision")
    old = Decision.objects.filter(at__lte=ended).exclude(pk__in=waiting)
    old = old.exclude(reason="", facts="").exclude(subject__in=under_hold())
    for decisions in batches(old):
        cast("DecisionQuerySet", decisions).forget_words()


@forgets(
    _("Why a comment waited for a moderator"),
    since=_("since it was decided or withdrawn"),
    after=HELD_FOR_KEPT,
    every=timedelta(days=1),
)
def forget_why_held() -> None:
    """It may say that somebody wrote words of crisis: that is nobody's business later."""
    before = timezone.now() - HELD_FOR_KEPT
    decided = Q(approved_at__lte=before) | Q(removed_at__lte=before) | Q(withdrawn_at__lte=before)
    held = Comment.objects.filter(decided).exclude(held_for=[])
    for comments in batches(held.exclude(author__in=under_hold())):
        WrongHold.objects.filter(comment__in=comments.values("pk")).delete()
        comments.update(held_for=[])


@forgets(_("What you were told in your inbox"), after=NOTIFICATIONS_KEPT, every=timedelta(days=1))
def forget_old_notifications() -> None:
    old = Notification.objects.filter(created_at__lte=timezone.now() - NOTIFICATIONS_KEPT)
    for notifications in batches(old.exclude(user__in=under_hold())):
        notifications.delete()


@forgets(
    _("Which moderator looked at what"),
    since=_("since it was done"),
    after=CASES_KEPT,
    every=timedelta(days=1),
)
def forget_closed_cases() -> None:
    old = Case.objects.filter(closed_at__lte=timezone.now() - CASES_KEPT)
    needed = Q(comment__author__in=under_hold()) | Q(comment__reports__reporter__in=under_hold())
    for cases in batches(old.exclude(needed)):
        cases.delete()


@forgets(_("Notes that moderators leave each other"), after=NOTES_KEPT, every=timedelta(days=1))
def forget_old_notes() -> None:
    HandOverNote.objects.filter(at__lte=timezone.now() - NOTES_KEPT).delete()


@scheduled(every=timedelta(hours=1))
def settle_what_a_hold_kept() -> None:
    """Carry out what members chose for all their comments while a legal hold forbade it."""
    waiting = Comment.objects.filter(hidden_at__isnull=False).exclude(author__in=under_hold())
    leaving = Departure.objects.values("user")
    for user in User.objects.filter(pk__in=waiting.values("author")).exclude(pk__in=leaving):
        if choice_of(user):
            consent.follow.call(user.pk)


def forget_texts(old: Q) -> None:
    """Empty these comments, and what they said before; readers see none of them any more."""
    texts = Comment.objects.filter(old).exclude(text="", badge=None, interests="")
    for comments in batches(texts.exclude(author__in=under_hold())):
        with transaction.atomic():
            # What a moderator restores at this moment is left as it is.
            pks = list(comments.select_for_update().filter(old).values_list("pk", flat=True))
            forget_wordings(Comment.objects.filter(pk__in=pks))
            Comment.objects.filter(pk__in=pks).update(**wordless())


def under_hold() -> QuerySet[LegalHold, int]:
    """Return the members whose data a legal claim needs."""
    return LegalHold.objects.in_force().values_list("user", flat=True)


def batches[Row: Model](rows: QuerySet[Row]) -> Iterator[QuerySet[Row]]:
    """Yield the rows that there are now, some at a time, for short transactions."""
    pks = list(rows.values_list("pk", flat=True))
    for start in range(0, len(pks), AT_ONCE):
        yield rows.model._default_manager.filter(pk__in=pks[start : start + AT_ONCE])
