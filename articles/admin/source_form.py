"""The form of a source: what it is, where to read it, and whether it holds."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.admin_guard import GuardedForm
from articles.models import Source
from articles.records import RecordField, find_source
from articles.source_tasks import in_force
from articles.source_words import rank

STANDING = ("status", "status_on", "learned_from")


class SourceForm(GuardedForm[Source]):
    superseded_by = RecordField(
        Source,
        find_source,
        label=_("Superseded by"),
        required=False,
        suggest="articles.citation.source",
        help_text=_("The DOI, PubMed number, address or title of the newer source."),
    )

    class Meta:
        model = Source
        fields = (
            "title", "publisher", "published_on", "doi", "pmid", "url", *STANDING, "superseded_by",
        )  # fmt: skip

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        newer = cleaned.get("superseded_by")
        if newer and newer.pk == self.instance.pk:
            self.add_error("superseded_by", _("This is the source itself."))
        if newer and cleaned.get("status") == Source.Status.CURRENT:
            self.add_error("status", _("A source that another superseded is not current."))
        return cleaned

    def clean_status(self) -> Any:
        """Refuse to say by hand that a work holds while a notice that stands says otherwise."""
        status = self.cleaned_data["status"]
        if not self.instance.pk or status == self.initial.get("status"):
            return status
        task = in_force(self.instance.tasks.shown())
        if task and rank(status) < rank(task.status):
            raise ValidationError(
                _(
                    "A notice that was confirmed says “%(status)s”. If it is about another work,"
                    " say so under “sources to look at”, and the status goes back by itself."
                ),
                params={"status": task.get_status_display()},
            )
        return status

    @property
    def is_another_standing(self) -> bool:
        """Tell whether whoever saves this says something new of whether the work holds."""
        return any(name in self.changed_data for name in STANDING)


class PasteForm(forms.Form):
    """The text to fill the form with; it is none of the fields of a source."""

    pasted = forms.CharField(
        label=_("Paste a reference"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_(
            "RIS, PubMed’s format (NBIB) or BibTeX, as PubMed, journals and reference managers give"
            " it. It fills the fields below; nothing is saved before you save."
        ),
    )
