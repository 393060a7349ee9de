"""The check of personal data: it marks what the writer may not have meant to tell everybody.

A number counts when its shape, its check digits or a word beside it says what it is: doses, lab
values, dates of treatment and numbers of studies pass. What matched is stored and logged nowhere.
"""

import re
from collections.abc import Iterable, Iterator

from articles.models import HelpLine
from comments.screening.births import births
from comments.screening.contacts import email_addresses, phone_numbers
from comments.screening.identity import bank_accounts, identity_numbers, record_numbers
from comments.screening.outcomes import Finding, Outcome, Span
from comments.screening.phrase_book import digits_of
from comments.screening.places import places
from comments.screening.readable import Readable
from comments.screening.reading import Reading

# What looks like a number of somebody's and names a paper, a study, a book or a web page.
IMPERSONAL = re.compile(
    r"https?://[^\s<>\"]{1,2000}|\b10\.\d{4,9}/[^\s<>\"]{1,200}"
    r"|\b(?:doi|pmid|pmcid|isbn(?:-1[03])?|issn|isrctn|nct|eudract|orcid|ean|pzn|cas|lot|batch)"
    r"(?:\s|[:#.]){0,4}[\dX](?:[ -]?[\dX]){3,16}"
    r"|\bPMC\d{4,9}|\bNCT\d{8}|\b97[89][ -]?(?:\d[ -]?){9}[\dX]\b",
    re.IGNORECASE | re.ASCII,
)
WEB = re.compile(r"https?://[^\s<>\"]{1,2000}", re.IGNORECASE)
DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}"
    r"|\d{1,2}[-/.]\d{1,2}[-/.](?:(?:19|20)\d\d|\d\d))(?!\d)"
)
MEASURED = re.compile(
    r"(?<![\w.,])(?:\d{1,3}(?:[., ]\d{3}){1,3}|\d{1,7})(?:[.,]\d{1,4})?\s?"
    r"(?:%|mg|mcg|µg|μg|g|kg|ml|l|iu|ie|ui|mmol|µmol|nmol|pmol|ng|bpm|"
    r"mmhg|kcal|cm|mm|km|years?|days?|weeks?|hours?|people|patients|cells|copies|euros?|dollars?|"
    r"pounds|a[ñn]os|d[ií]as|personas|pacientes|毫克|微克|克|公斤|毫升|单位|岁|年|天|人|元|万)(?!\w)"
    r"|[$€£¥]\s?\d[\d.,]{0,14}",
    re.IGNORECASE | re.ASCII,
)
# A national number may stand behind a country's code; nothing longer is ever in front of it.
COUNTRY_CODE = 4
FULL_NUMBER = 6


def personal(reading: Reading) -> Finding | None:
    spans = set(personal_spans(reading))
    if not spans:
        return None
    finding = reading.found("personal", spans, asks=True)
    if finding.outcome is Outcome.HOLD and all(_is_own(reading, span) for span in finding.spans):
        return None
    return finding


def personal_spans(reading: Reading) -> Iterator[Span]:
    """Yield where personal data stand in the text as it was typed."""
    readable = Readable(reading.text)
    lowered = readable.text.casefold()
    mails = list(email_addresses(readable.text, lowered))
    yield from map(readable.as_typed, mails)
    if not readable.has_digits:
        return
    text = _without_impersonal(readable)
    yield from map(readable.as_typed, births(text, lowered))
    yield from map(readable.as_typed, places(text, lowered))
    yield from map(readable.as_typed, record_numbers(text, lowered))
    yield from map(readable.as_typed, bank_accounts(text))
    if not readable.has_numbers:
        return
    numbers = list(identity_numbers(text))
    yield from map(readable.as_typed, numbers)
    measured = [match.span() for shape in (DATE, MEASURED) for match in shape.finditer(text)]
    text = _without(text, [*mails, *numbers, *measured])
    known = _KnownNumbers(reading)
    yield from map(readable.as_typed, phone_numbers(text, known.has))


class _KnownNumbers:
    """The numbers of helplines; the database is asked when a number is found, and once."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._numbers: set[str] | None = None

    def has(self, digits: str) -> bool:
        if self._numbers is None:
            lines = HelpLine.objects.values_list("number", flat=True)
            self._numbers = {*self._reading.book.numbers, *map(digits_of, lines)}
        return any(_is_same(digits, known) for known in self._numbers)


def _is_same(digits: str, known: str) -> bool:
    """Tell whether both ring at the same place, one perhaps with its country's code."""
    bare, bare_known = digits.lstrip("0"), known.lstrip("0")
    short, long = sorted((bare, bare_known), key=len)
    if short == long:
        return True
    is_full = len(short) >= FULL_NUMBER and len(long) - len(short) <= COUNTRY_CODE
    return is_full and long.endswith(short)


def _is_own(reading: Reading, span: Span) -> bool:
    author = reading.candidate.author
    written = reading.text[slice(*span)].casefold()
    return bool(author and author.email and written == author.email.casefold())


def _without_impersonal(readable: Readable) -> str:
    """Return the text without what names no person; few digits mean nothing but in an address."""
    shape = IMPERSONAL if readable.has_numbers else WEB if "://" in readable.text else None
    found = shape.finditer(readable.text) if shape else ()
    return _without(readable.text, [match.span() for match in found])


def _without(text: str, spans: Iterable[Span]) -> str:
    """Return `text` with other characters at these places, as long as before."""
    pieces, place = [], 0
    for start, end in sorted(spans):
        if end > place:
            start = max(start, place)
            pieces += [text[place:start], "\n" * (end - start)]
            place = end
    return "".join([*pieces, text[place:]])
