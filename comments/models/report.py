"""A reader's notice that something is wrong with a comment."""

from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from comments.models.comment import Comment
from comments.models.voice import Visitor

MAX_WORDS = 2_000


class ReportQuerySet(models.QuerySet["Report"]):
    def open(self) -> Self:
        return self.filter(handled_at__isnull=True)

    def handle(self, *, by: User) -> int:
        """Note that a moderator dealt with these."""
        return self.open().update(handled_at=timezone.now(), handled_by=by)

    def file(
        self, *, comment: Comment, reporter: Visitor, reason: str, words: str = "", email: str = ""
    ) -> "tuple[Report, bool]":
        """Take a report; return it, and whether it is the only open one of its comment.

        A member has one open report a comment; what they add later goes to the same one.
        """
        first = not self.open().filter(comment=comment).exists()
        details = {"reason": reason, "words": words}
        if not isinstance(reporter, User):
            return self.create(comment=comment, email=email, **details), first
        report, _created = self.update_or_create(
            comment=comment, reporter=reporter, handled_at=None, defaults=details
        )
        return report, first


class Report(models.Model):
    """What a reader, a member or not, tells the moderators about a comment."""

    class Reason(models.TextChoices):
        """Ordered by harm."""

        UNSAFE = "unsafe", _("Unsafe medical advice")
        WORRIED = "worried", _("I am worried about this person")
        PERSONAL = "personal", _("Tells somebody’s name or other personal information")
        ABUSE = "abuse", _("Abuse or hate")
        SPAM = "spam", _("Advertising or spam")
        OTHER = "other", _("Something else")

    comment = models.ForeignKey(
        Comment, models.PROTECT, related_name="reports", verbose_name=_("comment")
    )
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="reports"
    )
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    words = models.TextField(_("words"), blank=True, validators=[MaxLengthValidator(MAX_WORDS)])
    email = models.EmailField(_("e-mail address for an answer"), blank=True)
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
