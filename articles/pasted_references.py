"""A reference as reference managers and PubMed hand it out, read into the fields of a source.

RIS, the format of PubMed (NBIB) and BibTeX; the first record counts.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import bibtexparser
import rispy
from bibtexparser.bparser import BibTexParser
from bibtexparser.customization import convert_to_unicode
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.markdown import one_line
from articles.models import Source
from articles.models.source import clean_doi, clean_pmid

LONGEST = 50_000  # characters: a record has two thousand, with its abstract some five
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# It warns of each entry that it leaves out, with the words of whoever pasted it.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)

Fields = Mapping[str, Any]


class NotAReference(ValidationError):  # named as what it says
    """Why nothing could be taken from what was pasted, in a sentence."""


@dataclass(frozen=True)
class Pasted:
    """What the form is filled with, and how many records there were."""

    fields: dict[str, str]
    records: int


class NbibParser(rispy.RisParser):
    """The tagged lines of PubMed: `TI  - `, longer lines going on six blanks in."""

    START_TAG = "PMID"
    DEFAULT_MAPPING = {
        "PMID": "pmid", "TI": "title", "BTI": "book", "JT": "journal", "TA": "short", "DP": "date",
        "LID": "ids", "AID": "ids", "PB": "publisher", "ER": "end", "UK": "unknown",
    }  # fmt: skip
    DEFAULT_LIST_TAGS = ["LID", "AID"]
    DEFAULT_DELIMITER_MAPPING = {}

    def parse_line(self, line: str) -> tuple[str, str] | tuple[None, str]:
        if line[4:5] == "-" and line[:4].strip().isupper():
            return line[:4].strip(), line[6:].strip()
        return None, line.strip()


def read(text: str) -> Pasted:
    """Return the first record in `text`. Raises NotAReference for what is none."""
    text = text.replace("\0", "").strip().lstrip("\ufeff")
    if len(text) > LONGEST:
        raise NotAReference(
            _("That is more than %(count)d letters: paste one reference.") % {"count": LONGEST}
        )
    for form, begins in (
        (_bibtex, r"\s*@\w+\s*[{(]"),
        (_nbib, r"(?m)^PMID ?- "),
        (_ris, r"(?m)^TY  -"),
    ):
        if re.search(begins, text):
            return _only_usable(*form(text))
    raise NotAReference(
        _("This is no reference: it begins neither as RIS, nor as PubMed’s format, nor as BibTeX.")
    )


def _only_usable(fields: dict[str, str], records: int) -> Pasted:
    """Leave out numbers that are none and what is too long for its field."""
    for name, cleaned in (("doi", clean_doi), ("pmid", clean_pmid)):
        try:
            fields[name] = cleaned(fields[name]) if fields.get(name) else ""
        except ValidationError:
            fields[name] = ""
    if not fields.get("url", "").startswith(("https://", "http://")):
        fields["url"] = ""
    known = {name: one_line(value).strip().rstrip(".") for name, value in fields.items() if value}
    known = {name: value[: _room(name)] for name, value in known.items()}
    if not known.get("title"):
        raise NotAReference(_("There is no title in this reference."))
    return Pasted(known, records)


def _room(name: str) -> int | None:
    return Source._meta.get_field(name).max_length  # type: ignore[union-attr]


def _ris(text: str) -> tuple[dict[str, str], int]:
    records = _records(rispy.RisParser(), text, end="ER  - ")
    said = records[0]
    database = said.get("name_of_database", "").lower()
    urls = [url for url in said.get("urls", []) if url]
    return {
        "title": _first(said, "title", "primary_title"),
        "publisher": _first(
            said, "alternate_title3", "journal_name", "secondary_title", "alternate_title2",
            "publisher",
        ),
        "doi": _first(said, "doi"),
        "pmid": said.get("accession_number", "") if "medline" in database or "pubmed" in database
        else "",
        "url": urls[0] if urls else "",
        "published_on": _day(_first(said, "date", "year", "publication_year")),
    }, len(records)  # fmt: skip


def _nbib(text: str) -> tuple[dict[str, str], int]:
    # PubMed sets an empty line between two records; what is parsed here ends with a line.
    whole = re.sub(r"\n\s*\n", "\nER  - \n", text.replace("\r\n", "\n"))
    records = _records(NbibParser(skip_unknown_tags=True), whole, end="ER  - ")
    said = records[0]
    dois = [one.removesuffix("[doi]").strip() for one in said.get("ids", []) if "[doi]" in one]
    return {
        "title": _first(said, "title", "book"),
        "publisher": _first(said, "journal", "short", "publisher"),
        "doi": dois[0] if dois else "",
        "pmid": said.get("pmid", ""),
        "published_on": _day(said.get("date", "")),
    }, len(records)


def _bibtex(text: str) -> tuple[dict[str, str], int]:
    parser = BibTexParser(
        common_strings=True, ignore_nonstandard_types=False, customization=convert_to_unicode
    )
    try:
        entries = bibtexparser.loads(text, parser=parser).entries
    except Exception as error:  # a grammar, and our words: nothing else is to be learned from it
        raise NotAReference(_("This BibTeX cannot be read: a bracket may be missing.")) from error
    if not entries:
        raise NotAReference(_("This BibTeX cannot be read: a bracket may be missing."))
    said = {name: re.sub(r"[{}]", "", value) for name, value in entries[0].items()}
    date = said.get("date") or " ".join(
        filter(None, (said.get("year"), said.get("month"), said.get("day")))
    )
    return {
        "title": _first(said, "title"),
        "publisher": _first(said, "journal", "journaltitle", "booktitle", "publisher",
                            "organization", "institution"),
        "doi": _first(said, "doi"),
        "pmid": _first(said, "pmid"),
        "url": _first(said, "url"),
        "published_on": _day(date),
    }, len(entries)  # fmt: skip


def _records(parser: Any, text: str, *, end: str) -> list[dict[str, Any]]:
    """Return the records of tagged lines; the last may lack its end, as what is copied often does.

    A line that belongs to no tag, and one that goes on with an unknown tag, are left out.
    """
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    try:
        records = parser.parse("\n".join([*lines, end]))
    except (KeyError, AttributeError, TypeError, ValueError) as error:
        raise NotAReference(_("This reference cannot be read: a line of it has no tag.")) from error
    if not records:
        raise NotAReference(_("There is no whole record in it."))
    return list(records)


def _first(said: Fields, *names: str) -> str:
    return next((str(said[name]) for name in names if said.get(name)), "")


def _day(value: str) -> str:
    """Return 2026-03-31, 2026-03 or 2026 for a date as any of the formats writes it, or nothing."""
    parts = [part.lower() for part in re.split(r"[\s/.,-]+", value.strip()) if part]
    if not parts or not re.fullmatch(r"[12]\d{3}", parts[0], re.ASCII):
        return ""
    month = _number(parts[1], 12) if len(parts) > 1 else ""
    day = _number(parts[2], 31) if month and len(parts) > 2 else ""
    return "-".join(filter(None, (parts[0], month, day)))


def _number(part: str, most: int) -> str:
    if part[:3] in MONTHS and most == len(MONTHS):
        return f"{MONTHS.index(part[:3]) + 1:02}"
    if part.isascii() and part.isdigit() and len(part) < 3 and 1 <= int(part) <= most:
        return f"{int(part):02}"
    return ""
