"""What a member says against a decision, once, and what became of it."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import models, transaction
from django.db.models import Exists, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AuditAct, User
from comments.models.case import Case
from comments.models.comment_query import is_moderator
from comments.models.decision import Decision
from comments.models.discussion import Discussion
from comments.models.voice import Visitor

# Where only one person moderates, they look again after a night.
SAME_PERSON_AFTER = timedelta(hours=24)
ANSWERED_WITHIN = timedelta(days=7)


LONGEST = 2_000


class NotAppealed(Exception):
    """An appeal was not taken; the message says why in one sentence for the member."""


class AppealQuerySet(models.QuerySet["Appeal"]):
    def open(self) -> Self:
        """Return what waits; of somebody who has left nothing does."""
        return self.filter(decided_at=None, decision__subject__erased_at=None)

    def decided_by(self, moderator: User) -> Self:
        """Return those on which `moderator` may decide now; see Appeal.why_not_decided_by."""
        after_a_night = Q(made_at__lte=timezone.now() - SAME_PERSON_AFTER)
        is_alone = ~Exists(other_moderators(moderator))
        theirs = ~Q(decision__by=moderator) | Q(decision__by=None) | (after_a_night & is_alone)
        return self.open().filter(theirs).exclude(decision__subject=moderator)

    def make(self, decision: Decision, *, words: str) -> "Appeal":
        """Take the one appeal of a member against `decision`, and let it wait for a moderator.

        Raises NotAppealed.
        """
        comment = decision.comment
        with transaction.atomic():
            Discussion.objects.hold(comment.article_id)
            if problem := Decision.objects.get(pk=decision.pk).why_not_appealing():
                raise NotAppealed(problem)
            appeal = self.create(decision=decision, words=words)
            due = appeal.made_at + ANSWERED_WITHIN
            Case.objects.put(comment, Case.Queue.APPEALS, due_at=due)
            AuditAct.objects.record(
                "appeal.made", by=decision.subject, on=appeal, about=decision.subject
            )
            return appeal


class Appeal(models.Model):
    """One for each decision (EU DSA article 20), decided by another person."""

    decision = models.OneToOneField(
        Decision, models.PROTECT, related_name="appeal", verbose_name=gettext_lazy("decision")
    )
    words = models.TextField(gettext_lazy("words"), max_length=LONGEST)
    made_at = models.DateTimeField(gettext_lazy("made"), default=timezone.now, editable=False)
    decided_at = models.DateTimeField(gettext_lazy("decided"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=gettext_lazy("decided by"),
    )  # fmt: skip
    granted = models.BooleanField(gettext_lazy("granted"), null=True)
    answer = models.CharField(gettext_lazy("answer"), max_length=500, blank=True)

    objects: ClassVar[AppealQuerySet] = AppealQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = gettext_lazy("appeal")
        verbose_name_plural = gettext_lazy("appeals")
        ordering = ["made_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, granted=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False, granted__isnull=False),
                name="appeal_decided_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return str(gettext_lazy("Appeal %(id)s") % {"id": self.pk})

    @property
    def same_person_from(self) -> datetime:
        return self.made_at + SAME_PERSON_AFTER

    def why_not_decided_by(self, user: Visitor) -> str:
        """Say in one sentence why `user` may not decide on it; "" when they may.

        Another person decides than the one who did (EU DSA article 20 (6) asks for diligence); the
        only one there is looks again after a night.
        """
        if self.decided_at:
            return _("Somebody has decided on this appeal already.")
        if not is_moderator(user):
            return _("Only moderators decide on appeals.")
        if self.decision.subject_id == user.pk:
            return _("This appeal is yours, so somebody else decides on it.")
        if self.decision.by_id != user.pk:
            return ""
        if other_moderators(user).exists():
            return _("You decided what this appeal is against, so somebody else decides on it.")
        if timezone.now() < self.same_person_from:
            return _(
                "You decided what this appeal is against, and nobody else moderates here: you can"
                " look at it again 24 hours after it was made."
            )
        return ""


def other_moderators(user: Visitor) -> models.QuerySet[User]:
    """Return who else moderates here: not those who only might, because they run the site."""
    may = Q(codename="moderate_comment", content_type__app_label="comments")
    can = Permission.objects.filter(may)
    theirs = Q(groups__permissions__in=can) | Q(user_permissions__in=can)
    return User.objects.filter(theirs, is_active=True, is_staff=True).exclude(pk=user.pk or 0)
