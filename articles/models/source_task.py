"""A cited study was retracted or corrected: somebody looks at each section that rests on it."""

from datetime import timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.source import Source

# After so long without an answer, readers are told all the same.
UNANSWERED = timedelta(hours=72)


class SourceTaskQuerySet(models.QuerySet["SourceTask"]):
    def waiting(self) -> Self:
        """Return those on which nobody said yet whether the match is right."""
        return self.filter(confirmed_at=None, dismissed_at=None)

    def unanswered(self) -> Self:
        """Return those whose time to answer is over, and that readers do not see yet."""
        due = timezone.now() - UNANSWERED
        return self.waiting().filter(found_at__lte=due, shown_at=None)

    def shown(self) -> Self:
        """Return those of which readers are told."""
        return self.filter(shown_at__isnull=False, dismissed_at=None)

    def open(self) -> Self:
        """Return those that are still somebody's work."""
        return self.filter(dismissed_at=None, resolved_at=None)


class SourceTask(models.Model):
    """That a source cited in one section of one article is not what it was.

    Readers are told at that section when a person confirmed the match, or after 72 hours without
    an answer; and no more when the match was dismissed, or the section no longer cites it.
    """

    source = models.ForeignKey(
        Source, models.PROTECT, related_name="tasks", verbose_name=_("source")
    )
    article = models.ForeignKey(
        "articles.Article", models.PROTECT, related_name="source_tasks", verbose_name=_("article")
    )
    # The section as it was found: "" for what stands before the first heading.
    anchor = models.CharField(max_length=200, blank=True)
    heading = models.CharField(_("section"), max_length=500, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Source.Status)
    status_on = models.CharField(_("since"), max_length=10, blank=True)
    # The DOI or number of the notice itself, and why it was given, where that is known.
    notice = models.CharField(_("notice"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=1_000, blank=True)
    learned_from = models.CharField(_("learned from"), max_length=300, blank=True)
    found_at = models.DateTimeField(_("found"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    dismissed_at = models.DateTimeField(_("dismissed"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("decided by"),
    )  # fmt: skip
    shown_at = models.DateTimeField(_("readers told"), null=True, editable=False)
    # An editor looked at the section: it was changed, or rests on other evidence too.
    resolved_at = models.DateTimeField(_("dealt with"), null=True, editable=False)
    resolved_note = models.CharField(_("how it was dealt with"), max_length=500, blank=True)

    objects: ClassVar[SourceTaskQuerySet] = SourceTaskQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("source to look at")
        verbose_name_plural = _("sources to look at")
        ordering = ["found_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                "source", "article", "anchor", "status", "notice", name="source_task_once"
            ),
        ]
        indexes = [
            models.Index(
                "found_at",
                condition=Q(confirmed_at=None, dismissed_at=None, shown_at=None),
                name="source_task_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.get_status_display()}"
