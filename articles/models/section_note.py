"""What authors, reviewers and editors say to each other beside the text."""

from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.revision import Section


class SectionNoteQuerySet(models.QuerySet["SectionNote"]):
    def open(self) -> Self:
        """Return the notes that nobody resolved, without the answers to them."""
        return self.filter(resolved_at=None, answers_to=None)


class SectionNote(models.Model):
    """A note on one section of one revision, or an answer to one. Readers never see it."""

    section = models.ForeignKey(
        Section, models.PROTECT, related_name="notes", verbose_name=_("section")
    )
    answers_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="answers",
        verbose_name=_("answers"),
    )  # fmt: skip
    text = models.TextField(_("note"), validators=[MaxLengthValidator(5_000)])
    at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    # Mailed to them; nobody in particular when empty.
    asked = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True,
        related_name="section_notes", verbose_name=_("person asked"),
    )  # fmt: skip
    resolved_at = models.DateTimeField(_("resolved"), null=True, editable=False)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("resolved by"),
    )  # fmt: skip

    objects: ClassVar[SectionNoteQuerySet] = SectionNoteQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]
