"""What a moderator, or the site itself, decided: why, by which rule, and whom it was told to."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.models.comment import Comment
from comments.models.rule import Rule

# A slip of the hand is taken back before anybody hears of it.
UNDO = timedelta(seconds=30)
# In which its writer may object.
APPEAL_WITHIN = timedelta(days=180)  # EU DSA article 20 (1): at least six months


class DecisionQuerySet(models.QuerySet["Decision"]):
    def standing(self) -> Self:
        """Return those that were not undone."""
        return self.filter(undone_at=None)

    def undoable(self) -> Self:
        """Return those that who decided can still undo, so that nobody has heard of them."""
        return self.standing().filter(told_at=None, at__gt=timezone.now() - UNDO)

    def forget_words(self) -> None:
        """Empty what was said about them: it may quote what its writer has erased."""
        from comments.models.appeal import Appeal  # it knows decisions

        Appeal.objects.filter(decision__in=self.values("pk")).update(words="", answer="")
        self.update(reason="", facts="", before={})


class Decision(models.Model):
    """A statement of reasons (EU DSA article 17)."""

    class Kind(models.TextChoices):
        APPROVE = "approve", gettext_lazy("approved")
        KEEP = "keep", gettext_lazy("looked at, and left as it is")
        REMOVE = "remove", gettext_lazy("removed")
        RESTORE = "restore", gettext_lazy("restored")
        HOLD = "hold", gettext_lazy("held for a moderator")
        COLLAPSE = "collapse", gettext_lazy("folded until a moderator looks")
        ASK_EDIT = "ask-edit", gettext_lazy("an edit was asked for")
        HIDE_NAME = "hide-name", gettext_lazy("name hidden")
        SHOW_NAME = "show-name", gettext_lazy("name shown again")
        CORRECT = "correct", gettext_lazy("answered by a correction")
        NOTICE = "notice", gettext_lazy("notice to read before the next comment")
        HOLD_ALL = "hold-all", gettext_lazy("all new comments are held")
        SUSPEND = "suspend", gettext_lazy("suspended")
        BAN = "ban", gettext_lazy("banned")
        LIFT = "lift", gettext_lazy("sanction lifted")

    # What limits what somebody may say, and so can be appealed against.
    RESTRICTS = (
        Kind.REMOVE,
        Kind.ASK_EDIT,
        Kind.HIDE_NAME,
        Kind.HOLD_ALL,
        Kind.SUSPEND,
        Kind.BAN,
    )

    OF_MEMBERS = (Kind.NOTICE, Kind.HOLD_ALL, Kind.SUSPEND, Kind.BAN, Kind.LIFT)

    kind = models.CharField(gettext_lazy("decision"), max_length=10, choices=Kind)
    comment = models.ForeignKey(
        Comment, models.PROTECT, related_name="decisions", verbose_name=gettext_lazy("comment")
    )
    # Whom it is about: the comment's writer. Public code and the desk never show who that is.
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="decisions"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=gettext_lazy("by"),
    )  # fmt: skip
    automated = models.BooleanField(gettext_lazy("automated"), default=False)
    at = models.DateTimeField(gettext_lazy("when"), default=timezone.now, editable=False)
    rule = models.ForeignKey(
        Rule, models.PROTECT, null=True, related_name="decisions", verbose_name=gettext_lazy("rule")
    )
    facts = models.CharField(gettext_lazy("facts"), max_length=500, blank=True)
    reason = models.CharField(gettext_lazy("reason"), max_length=500, blank=True)
    # Of a sanction: until when. Empty: without an end, or not of this kind.
    until = models.DateTimeField(gettext_lazy("until"), null=True)
    undone_at = models.DateTimeField(gettext_lazy("undone"), null=True)
    told_at = models.DateTimeField(gettext_lazy("told"), null=True)
    # How the comment and its case were, for `undo`; emptied once it is told.
    before: Any = models.JSONField(default=dict, editable=False)
    # What this one takes back: a restoration its removal, a lift its sanction.
    reverses = models.ForeignKey("self", models.PROTECT, null=True, related_name="reversed_by")

    if TYPE_CHECKING:
        reversed_by: Any  # with the queryset of Decision
        sanction: Any

    objects: ClassVar[DecisionQuerySet] = DecisionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = gettext_lazy("decision")
        verbose_name_plural = gettext_lazy("decisions")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(automated=True, by=None) | Q(automated=False, by__isnull=False),
                name="decision_by_somebody_or_automated",
            )
        ]
        indexes = [
            models.Index("subject", F("at").desc(), name="decision_about"),
            models.Index("kind", "at", name="decision_kind"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def undoable_until(self) -> datetime:
        return self.at + UNDO

    @property
    def is_final(self) -> bool:
        """Tell whether it can no longer be undone by a press of a button."""
        return bool(self.undone_at or self.told_at) or timezone.now() >= self.undoable_until

    @property
    def is_of_member(self) -> bool:
        """Tell whether it is about all that its member says, and not about one comment."""
        return self.kind in Decision.OF_MEMBERS

    @property
    def is_restriction(self) -> bool:
        """Tell whether it takes something from its member, be it for an hour."""
        return self.automated or self.kind in Decision.RESTRICTS

    @property
    def appealable_until(self) -> datetime:
        return self.at + APPEAL_WITHIN

    def why_not_appealing(self) -> str:
        """Say in one sentence why its member cannot appeal against it; "" when they can."""
        if self.undone_at:
            return _("This decision was taken back.")
        if hasattr(self, "appeal"):
            return _("You have appealed against this decision. Each decision has one appeal.")
        if not self.is_final:
            return _("This was decided a moment ago. Please try again in half a minute.")
        if self.automated:
            return _("The site did this by itself. A moderator looks at it without being asked.")
        if self.kind not in Decision.RESTRICTS:
            return _("This decision takes nothing from you, so there is nothing to appeal against.")
        if self.reversed_by.standing().exists():
            return _("This decision has been reversed already.")
        if timezone.now() >= self.appealable_until:
            return _("The time for an appeal against this decision is over.")
        return ""
