"""The rows under an article's text: its sources under their keys, and its authors in order."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from articles.models import Citation, Contributor, Revision, Source
from articles.models.revision import new_citation
from articles.records import RecordField, WordsField, find_source, record_line

if TYPE_CHECKING:
    Rows = forms.BaseFormSet["CitationRow"]
else:
    Rows = forms.BaseFormSet

# Four fields a row: two hundred rows stay below DATA_UPLOAD_MAX_NUMBER_FIELDS.
MAX_CITATIONS = 200
MAX_AUTHORS = 30


class CitationRow(forms.Form):
    key = forms.CharField(
        label=_("Key"),
        required=False,
        max_length=64,
        validators=[
            RegexValidator(r"^[A-Za-z0-9_.-]+\Z", _("Use letters, digits, dots and hyphens."))
        ],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    source = RecordField(
        Source,
        find_source,
        label=_("Source"),
        required=False,
        suggest="articles.citation.source",
    )
    as_printed = WordsField(label=_("As printed"), required=False, max_length=1_000)
    accessed_on = forms.DateField(
        label=_("Read on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        if any(cleaned.values()) and not cleaned.get("source") and "source" not in self.errors:
            self.add_error("source", _("Name the source, or empty the whole row to remove it."))
        return cleaned


class BaseCitationRows(Rows):
    def clean(self) -> None:
        keys = [form.cleaned_data.get("key") for form in self.forms if form.is_valid()]
        given = [key for key in keys if key]
        if twice := sorted({key for key in given if given.count(key) > 1}):
            raise forms.ValidationError(
                _("Each key stands for one source: %(keys)s is given twice."),
                params={"keys": ", ".join(twice)},
            )

    def citations(self) -> list[Citation]:
        """Return the rows as unsaved citations, in order; only for a valid form."""
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data.get("source")]
        keys = filled_keys([row["key"] for row in rows])
        return [
            new_citation(
                row["source"], key, as_printed=row["as_printed"], accessed_on=row["accessed_on"]
            )
            for row, key in zip(rows, keys, strict=True)
        ]


CitationRows = forms.formset_factory(
    CitationRow, formset=BaseCitationRows, extra=2, max_num=MAX_CITATIONS, validate_max=True,
    absolute_max=MAX_CITATIONS,
)  # fmt: skip


class AuthorRow(forms.Form):
    contributor = forms.ModelChoiceField(
        Contributor.objects.all(), label=_("Author"), required=False
    )

    def __init__(self, *args: Any, choices: list[tuple[Any, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contributor"].choices = choices  # type: ignore[attr-defined]


class BaseAuthorRows(forms.BaseFormSet[AuthorRow] if TYPE_CHECKING else forms.BaseFormSet):  # type: ignore[misc]
    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        if not hasattr(self, "_choices"):
            self._choices = [("", "—"), *((person.pk, person.name) for person in _contributors())]
        return {**super().get_form_kwargs(index), "choices": self._choices}

    def contributors(self) -> list[Contributor]:
        """Return the authors in the order of their rows, each once; only for a valid form."""
        named = (form.cleaned_data.get("contributor") for form in self.forms)
        return list(dict.fromkeys(person for person in named if person))


AuthorRows = forms.formset_factory(
    AuthorRow, formset=BaseAuthorRows, extra=1, max_num=MAX_AUTHORS, validate_max=True,
    absolute_max=MAX_AUTHORS,
)  # fmt: skip


def filled_keys(keys: list[str]) -> list[str]:
    """Return `keys` with `s1`, `s2` … where one is missing, as in a file that is imported."""
    free = _free_keys(set(keys))
    return [key or next(free) for key in keys]


def citation_initial(revision: Revision | None) -> list[dict[str, Any]]:
    """Return what the rows show of a revision's citations."""
    return [
        {
            "key": citation.key,
            "source": record_line(citation.source),
            "as_printed": citation.as_printed,
            "accessed_on": citation.accessed_on,
        }
        for citation in (revision.citations.select_related("source") if revision else ())
    ]


def _free_keys(taken: set[str]) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        if f"s{number}" not in taken:
            yield f"s{number}"


def _contributors() -> Any:
    return Contributor.objects.only("pk", "name")
