"""What waits for a moderator about one comment: why, until when, and who is at it now."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment

# As long as one person may need for one comment; after that another gets it.
CLAIM = timedelta(minutes=10)


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)

    def free_for(self, user: models.Model) -> Self:
        """Return the open ones that nobody else is working on."""
        theirs = Q(claimed_by=user) | Q(claimed_until=None) | Q(claimed_until__lte=timezone.now())
        return self.open().filter(theirs)

    def put(self, comment: Comment, queue: str, *, due_at: datetime) -> "Case":
        """Let `comment` wait in `queue`; the graver queue and the earlier time win.

        The caller holds the discussion (`Discussion.objects.hold`), so that there is one.
        """
        case = self.open().filter(comment=comment).first()
        if case is None:
            return self.create(comment=comment, queue=queue, due_at=due_at)
        order = list(Case.Queue)
        case.queue = min(Case.Queue(case.queue), Case.Queue(queue), key=order.index)
        case.due_at = min(case.due_at, due_at)
        case.save(update_fields=["queue", "due_at"])
        return case

    def settle(self, comment: Comment) -> None:
        """Close the case of `comment` when nothing waits, or leave it to what does.

        The one rule: a held comment waits, unless its writer was asked for an edit; so does one
        with open reports, one that a moderator wants looked at, and one with an appeal against a
        decision on it. Of what its writer took back the reports are settled too. The caller holds
        the discussion.
        """
        case = self.open().filter(comment=comment).first()
        if comment.withdrawn_at:
            _settle_reports(comment)
        if comment.is_held and not comment.edit_asked_at:
            if case is None:
                within = timedelta(hours=settings.READ_WITHIN_HOURS)
                self.put(comment, Case.Queue.HELD, due_at=timezone.now() + within)
        elif case and not _is_reported(comment) and not case.awaits_moderator():
            case.await_appeal()

    def open_by_hand(self, comment: Comment) -> "Case":
        """Open a case that waits until somebody has decided, whether or not anybody reported it.

        The caller holds the discussion, and knows that there is none.
        """
        due_at = timezone.now() + timedelta(hours=settings.READ_WITHIN_HOURS)
        queue = Case.Queue.REPORTED
        return self.create(comment=comment, queue=queue, due_at=due_at, opened_by_hand=True)

    def end(self) -> int:
        """Note that nothing about these waits any more."""
        return self.update(closed_at=timezone.now(), claimed_by=None, claimed_until=None)

    def let_go(self) -> int:
        """Let anybody take these."""
        return self.update(claimed_by=None, claimed_until=None)


class Case(models.Model):
    """One comment that a person has to look at. There is one open case a comment at most."""

    class Queue(models.TextChoices):
        """Ordered by harm: a comment with two reasons waits in the first of its queues."""

        WORRIED = "worried", _("Worried about")
        REPORTED = "reported", _("Reported")
        HELD = "held", _("Held")
        APPEALS = "appeals", _("Appeals")

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="cases")
    queue = models.CharField(_("queue"), max_length=10, choices=Queue)
    opened_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    due_at = models.DateTimeField(_("due"))
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("taken by"),
    )  # fmt: skip
    claimed_until = models.DateTimeField(_("taken until"), null=True)
    closed_at = models.DateTimeField(_("done"), null=True)
    # A moderator wants it looked at, whether or not anybody has reported it.
    opened_by_hand = models.BooleanField(_("opened by a moderator"), default=False, editable=False)

    objects: ClassVar[CaseQuerySet] = CaseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.UniqueConstraint(
                "comment", condition=Q(closed_at=None), name="case_one_open_a_comment"
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None, claimed_until=None)
                | Q(claimed_by__isnull=False, claimed_until__isnull=False),
                name="case_claimed_until_a_time",
            ),
        ]
        indexes = [
            models.Index("due_at", "id", condition=Q(closed_at=None), name="case_by_due"),
            models.Index("queue", "due_at", condition=Q(closed_at=None), name="case_by_queue"),
            models.Index(F("closed_at").desc(), name="case_closed"),
        ]

    def __str__(self) -> str:
        return str(_("Case %(id)s") % {"id": self.pk})

    def awaits_moderator(self) -> bool:
        """Tell whether a moderator opened it, and nobody has decided about the comment since."""
        from comments.models.decision import Decision  # it knows comments

        if not self.opened_by_hand or self.comment.withdrawn_at:
            return False
        since = Decision.objects.standing().filter(comment=self.comment_id, at__gte=self.opened_at)
        decided = since.filter(automated=False).exclude(kind__in=Decision.OF_MEMBERS)
        return not decided.exists()

    def await_appeal(self) -> None:
        """Wait for nothing but an appeal, if there is one; else close."""
        from comments.models.appeal import ANSWERED_WITHIN, Appeal  # it knows decisions

        appeals = Appeal.objects.open().filter(decision__comment=self.comment_id)
        if first := appeals.order_by("made_at").first():
            self.queue, self.due_at = Case.Queue.APPEALS, first.made_at + ANSWERED_WITHIN
        else:
            self.closed_at = timezone.now()
            self.claimed_by = self.claimed_until = None
        self.save(update_fields=["queue", "due_at", "closed_at", "claimed_by", "claimed_until"])


def _is_reported(comment: Comment) -> bool:
    gone = comment.withdrawn_at or comment.removed_at
    return not gone and bool(comment.reports.open().exists())


def _settle_reports(comment: Comment) -> None:
    """Tell those who reported it that nothing is left to look at."""
    from comments.telling import notifications  # it knows comments

    waiting = list(comment.reports.open())
    comment.reports.open().handle(by=None)
    for report in waiting:
        report.refresh_from_db(fields=["handled_at"])
        notifications.tell_of_outcome(report)
