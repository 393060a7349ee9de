"""Form fields that name a row, or several, in plain text: they work without scripts.

A select of thousands of sources helps nobody, and one that scripts must fill is empty without them.
A line of text takes what people have at hand, a DOI or an address; with scripts it also suggests.
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.markdown import normalise
from articles.models import Article, Source
from articles.models.source import clean_doi, clean_pmid

NUMBERED = re.compile(r"(\d{1,18}) · ", re.ASCII)
ARTICLE_ADDRESS = re.compile(r"/articles/([\w-]+)/")


class RecordInput(forms.TextInput):
    """A line of text; record-input.js suggests rows that match what is typed."""

    def __init__(self, field: str) -> None:
        super().__init__(attrs={"autocomplete": "off"})
        self.field = field  # "articles.citation.source": the admin's autocomplete knows the rest

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        names = zip(("app_label", "model_name", "field_name"), self.field.split("."), strict=True)
        address = f"{reverse('admin:autocomplete')}?{urlencode(dict(names))}"
        return super().get_context(name, value, {**(attrs or {}), "data-suggestions": address})


class RecordField(forms.CharField):
    """Takes "12 · Its name", or whatever `find` understands; gives the row, or None."""

    def __init__(
        self,
        model: type[models.Model],
        find: Callable[[str], models.Model | None],
        *,
        suggest: str,
        **options: Any,
    ) -> None:
        options.setdefault("max_length", 1_000)
        super().__init__(widget=RecordInput(suggest), **options)
        self.model, self.find = model, find

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            value = self.model._default_manager.filter(pk=value).first()
        return record_line(value) if isinstance(value, models.Model) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        if numbered := NUMBERED.match(text):
            found = self.model._default_manager.filter(pk=int(numbered[1])).first()
        else:
            found = self.find(text)
        if found is None:
            raise ValidationError(_("Nothing on record matches “%(text)s”."), params={"text": text})
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "") != (data or "")


class WordsField(forms.CharField):
    """Text in the one spelling that is stored: what is counted and compared is what is kept."""

    def to_python(self, value: Any) -> str:
        return normalise(super().to_python(value) or "")


class LinesField(forms.CharField):
    """A list of short texts, one a line."""

    def __init__(self, *, max_lines: int = 50, longest: int = 100, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), **options)
        self.max_lines, self.longest = max_lines, longest

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in normalise(super().clean(value)).splitlines()]
        lines = list(dict.fromkeys(filter(None, lines)))
        if len(lines) > self.max_lines or any(len(line) > self.longest for line in lines):
            raise ValidationError(
                _("At most %(lines)d lines of at most %(letters)d letters each."),
                params={"lines": self.max_lines, "letters": self.longest},
            )
        return lines

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != [line.strip() for line in (data or "").splitlines() if line]


def record_line(row: models.Model) -> str:
    """Return the line by which a RecordField names `row`."""
    return f"{row.pk} · {row}"


def find_source(text: str) -> Source | None:
    """Return the source with this DOI, PubMed number, address or exact title, or None."""
    doi, pmid = _form_of(clean_doi, text), _form_of(clean_pmid, text)
    url = text if text.startswith(("https://", "http://")) else ""
    if known := Source.objects.matching(doi=doi, pmid=pmid, url=url):
        return known
    titled = Source.objects.filter(title__iexact=text)[:2]
    return titled[0] if len(titled) == 1 else None


def find_article(text: str) -> Article | None:
    """Return the article with this slug or at this address, or None."""
    address = ARTICLE_ADDRESS.search(_path(text))
    return Article.objects.filter(slug=address[1] if address else text).first()


def _form_of(clean: Callable[[str], str], text: str) -> str | None:
    try:
        return clean(text)
    except ValidationError:
        return None


def _path(text: str) -> str:
    try:
        return urlsplit(text).path
    except ValueError:
        return ""
