"""A reader's notice that something is wrong with a comment: what kinds there are, and who looks."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from comments.groups import EDITORS, MODERATORS, REVIEWERS
from comments.models.case import Case
from comments.models.comment import Comment
from comments.models.counting import CHANGING
from comments.models.decision import Decision
from comments.models.discussion import Discussion
from comments.models.voice import Visitor

MAX_WORDS = 2_000


class CommentGone(Exception):
    """What is reported can no longer be read by everyone, so there is nothing to report."""


class ReportQuerySet(models.QuerySet["Report"]):
    def open(self) -> Self:
        return self.filter(handled_at__isnull=True)

    def handle(self, *, by: User | None, decision: Decision | None = None) -> int:
        """Note that a moderator dealt with these; by nobody, that nothing is left to deal with."""
        return self.open().update(handled_at=timezone.now(), handled_by=by, decision=decision)

    def file(
        self, *, comment: Comment, reporter: Visitor, reason: str, email: str = "", **details: Any
    ) -> "tuple[Report, bool]":
        """Take a report; return it, and whether it is the first open one for those who look.

        A member has one open report a comment; what they add later goes to the same one. What a
        moderator has looked at already, and approved, is not opened again by the same reason.
        Raises CommentGone.
        """
        with transaction.atomic():
            Discussion.objects.hold(comment.article_id)
            comment.refresh_from_db(fields=CHANGING)
            if not comment.is_visible:
                raise CommentGone
            details["reason"] = reason
            if earlier := self._settled_by_approval(comment, reason):
                return self._already_looked_at(comment, reporter, earlier, details), False
            handling = HANDLING[Report.Reason(reason)]
            details["due_at"] = timezone.now() + handling.within
            first = not any(handling.is_for_the_same(other) for other in self._open_kinds(comment))
            Case.objects.put(comment, handling.queue, due_at=details["due_at"])
            if not isinstance(reporter, User):
                return self.create(comment=comment, email=email, **details), first
            report, _created = self.update_or_create(
                comment=comment, reporter=reporter, handled_at=None, defaults=details
            )
            return report, first

    def _open_kinds(self, comment: Comment) -> "list[Handling]":
        reasons = self.open().filter(comment=comment).values_list("reason", flat=True)
        return [HANDLING[Report.Reason(reason)] for reason in reasons.distinct()]

    def _settled_by_approval(self, comment: Comment, reason: str) -> "Report | None":
        """Return a report of the same kind that a moderator answered by approving this very text.

        A formal notice is always looked at (EU DSA article 16 (6)).
        """
        approved = comment.approved_at
        if reason == Report.Reason.LEGAL or not approved:
            return None
        if comment.edited_at and comment.edited_at > approved:
            return None
        same = self.filter(comment=comment, reason=reason, created_at__lte=approved)
        return same.exclude(handled_at=None).order_by("-handled_at").first()

    def _already_looked_at(
        self, comment: Comment, reporter: Visitor, earlier: "Report", details: dict[str, Any]
    ) -> "Report":
        """File a report as dealt with; whoever sent it reads so on the next page."""
        now = timezone.now()
        member = reporter if isinstance(reporter, User) else None
        settled = {"handled_at": now, "told_at": now, "decision": earlier.decision}
        return self.create(comment=comment, reporter=member, **settled, **details)


class Report(models.Model):
    """What a reader, a member or not, tells the moderators about a comment."""

    class Reason(models.TextChoices):
        """Ordered by harm."""

        UNSAFE = "unsafe", _("Unsafe medical advice")
        WORRIED = "worried", _("I am worried about this person")
        NAMES = "names", _("Names a person")
        PERSONAL = "personal", _("Tells personal information: an address, a number")
        SELLING = "selling", _("Sells something, or promises a miracle cure")
        ABUSE = "abuse", _("Abuse or hate")
        SPAM = "spam", _("Spam")
        OTHER = "other", _("Something else")
        LEGAL = "legal", _("It is against the law (a formal notice)")

    comment = models.ForeignKey(
        Comment, models.PROTECT, related_name="reports", verbose_name=_("comment")
    )
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="reports"
    )
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    words = models.TextField(_("words"), blank=True, validators=[MaxLengthValidator(MAX_WORDS)])
    # Of a visitor without an account; forgotten once the answer was sent.
    email = models.EmailField(_("e-mail address for an answer"), blank=True)
    # Of a formal notice (EU DSA article 16 (2)): who sends it, which place of the text is meant,
    # and that they believe what they say to be right.
    name = models.CharField(_("name"), max_length=100, blank=True)
    place = models.CharField(_("which words"), max_length=500, blank=True)
    good_faith = models.BooleanField(_("in good faith"), default=False)
    # Nobody has to name themselves to report it, and moderators must not pass it on.
    shows_child_abuse = models.BooleanField(_("shows the abuse of a child"), default=False)
    due_at = models.DateTimeField(_("due"), null=True, editable=False)
    created_at = models.DateTimeField(_("reported"), default=timezone.now, editable=False)
    handled_at = models.DateTimeField(_("handled"), null=True, editable=False)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("handled by"),
    )

    decision = models.ForeignKey(
        "comments.Decision", models.PROTECT, null=True, editable=False, related_name="reports",
        verbose_name=_("decision"),
    )  # fmt: skip
    told_at = models.DateTimeField(_("told"), null=True, editable=False)

    objects: ClassVar[ReportQuerySet] = ReportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(
                "comment",
                "reporter",
                condition=Q(handled_at__isnull=True),
                name="report_one_open_a_member",
            ),
        ]
        indexes = [
            models.Index("created_at", condition=Q(handled_at__isnull=True), name="report_open")
        ]

    def __str__(self) -> str:
        return str(_("Report %(id)s") % {"id": self.pk})

    @property
    def handling(self) -> "Handling":
        return HANDLING[self.Reason(self.reason)]

    @property
    def outcome(self) -> str:
        """Say in one sentence, for the reporter, what became of it."""
        if not self.handled_at:
            return str(_("It waits for a moderator."))
        if self.decision is None:
            return str(self._outcome_without_decision())
        kind = Decision.Kind(self.decision.kind)
        if kind == Decision.Kind.REMOVE and not self.comment.removed_at:
            return str(_("The comment was removed, and after a second look it is back."))
        return str(OUTCOMES.get(kind, LOOKED_AT))

    def _outcome_without_decision(self) -> Any:
        if self.comment.removed_at:
            return OUTCOMES[Decision.Kind.REMOVE]
        if self.comment.withdrawn_at:
            return _("Its writer took the comment back.")
        return _("A moderator looked at it; the comment was not removed.")

    def owners(self) -> models.QuerySet[User]:
        """Return whose work it is; the moderators', where nobody is in a group that it is for."""
        active = User.objects.filter(is_active=True, is_staff=True)
        owners = active.filter(groups__name__in=self.handling.groups).distinct()
        return owners if owners.exists() else active.filter(groups__name=MODERATORS)


@dataclass(frozen=True)
class Handling:
    """Who looks at reports of one kind, and how soon, usually; the reporter is told the time."""

    groups: tuple[str, ...]
    hours: int
    queue: str = Case.Queue.REPORTED

    @property
    def within(self) -> timedelta:
        return timedelta(hours=self.hours)

    @property
    def target(self) -> str:
        return ngettext(
            "Usually looked at within %(hours)d hour.",
            "Usually looked at within %(hours)d hours.",
            self.hours,
        ) % {"hours": self.hours}

    def is_for_the_same(self, other: "Handling") -> bool:
        """Tell whether those whom this is for have heard already when they heard of `other`."""
        return (self.groups, self.queue) == (other.groups, other.queue)


# Somebody in danger first; then what can hurt a reader or cannot be taken back, such as a number
# that others copy; then what is a nuisance. A formal notice is checked by two offices.
HANDLING: dict[Report.Reason, Handling] = {
    Report.Reason.UNSAFE: Handling((REVIEWERS,), 24),
    Report.Reason.WORRIED: Handling((MODERATORS,), 2, Case.Queue.WORRIED),
    Report.Reason.NAMES: Handling((MODERATORS,), 12),
    Report.Reason.PERSONAL: Handling((MODERATORS,), 12),
    Report.Reason.SELLING: Handling((MODERATORS,), 24),
    Report.Reason.ABUSE: Handling((MODERATORS,), 24),
    Report.Reason.SPAM: Handling((MODERATORS,), 48),
    Report.Reason.OTHER: Handling((MODERATORS,), 72),
    Report.Reason.LEGAL: Handling((MODERATORS, EDITORS), 24),
}

LOOKED_AT = _("A moderator looked at it and acted on it.")

# What a reporter reads. What its writer may no longer do is between them and the moderators.
OUTCOMES = {
    Decision.Kind.REMOVE: _("The comment was removed."),
    Decision.Kind.ASK_EDIT: _("The writer was asked to change the comment."),
    Decision.Kind.CORRECT: _("A correction was put under the comment, which stays."),
    Decision.Kind.HIDE_NAME: _("The name above the comment was hidden."),
    Decision.Kind.KEEP: _("A moderator looked at it; the comment was not removed."),
    Decision.Kind.APPROVE: _("A moderator looked at it; the comment was not removed."),
    Decision.Kind.RESTORE: _("A moderator looked at it; the comment was not removed."),
}
