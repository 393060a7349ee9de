"""What moderators keep for each other and for themselves at their desk."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment
from comments.models.phrase import Phrase


class HandOverNote(models.Model):
    """What one moderator tells the next one who comes to the desk."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+",
        verbose_name=_("by"),
    )  # fmt: skip
    text = models.TextField(_("note"), max_length=1_000)
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("hand-over note")
        verbose_name_plural = _("hand-over notes")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return str(self.at)


class DeskChoices(models.Model):
    """How one moderator works. Shortcuts are off at first (WCAG 2.1.4)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    shortcuts = models.BooleanField(_("keys act"), default=False)
    keys: Any = models.JSONField(_("keys"), default=dict)  # the deed by its key
    blurred = models.BooleanField(_("texts are blurred until I point at them"), default=False)

    class Meta:
        verbose_name = _("choices for the desk")
        verbose_name_plural = _("choices for the desk")

    def __str__(self) -> str:
        return str(self.pk)


class WrongHold(models.Model):
    """A moderator’s word that a check was wrong about a comment."""

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="+")
    check_name = models.CharField(_("check"), max_length=20)
    phrase = models.ForeignKey(Phrase, models.SET_NULL, null=True, related_name="wrong_holds")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("wrong hold")
        verbose_name_plural = _("wrong holds")
        constraints = [models.UniqueConstraint("comment", "check_name", name="wrong_hold_once")]

    def __str__(self) -> str:
        return self.check_name


class HelpShown(models.Model):
    """That somebody was shown help before their words: the fact and the outcome, nothing else."""

    class Outcome(models.TextChoices):
        NONE = "none", _("no choice yet")
        SUPPORT = "support", _("posted for support")
        LATER = "later", _("kept as a draft")
        DISCARDED = "discarded", _("discarded")

    # A day, because a time beside a comment's would tell whose it is.
    on = models.DateField(_("day"), default=timezone.localdate, editable=False)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    count = models.PositiveIntegerField(_("times"), default=0)

    class Meta:
        verbose_name = _("help shown")
        verbose_name_plural = _("help shown")
        ordering = ["-on", "outcome"]
        constraints = [models.UniqueConstraint("on", "outcome", name="help_shown_day")]

    def __str__(self) -> str:
        return f"{self.on} {self.outcome}: {self.count}"
