"""The list of Retraction Watch, a CSV file that Crossref publishes."""

import csv
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from django.core.exceptions import ValidationError

from articles.models import Source
from articles.source_checking.notice import (
    PREFIX,
    Malformed,
    Notice,
    Unreadable,
    day_in,
    doi_in,
    is_nothing,
    pmid_in,
    readable,
)

NEEDED = ("OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionDate", "RetractionNature")
STATUSES = {
    "retraction": Source.Status.RETRACTED,
    "correction": Source.Status.CORRECTED,
    "expression of concern": Source.Status.CONCERN,
    "reinstatement": Source.Status.CURRENT,
}


class Line(NamedTuple):
    number: int
    cells: list[str]
    trouble: str = ""


def notices(lines: Iterable[str], name: str) -> Iterator[Notice | Malformed]:
    """Yield what each row says. Raises Unreadable when this is another kind of file."""
    rows = _rows(lines)
    columns = _columns(next(rows, Line(1, [])).cells)
    for line in rows:
        where = f"{name}, line {line.number}"
        if line.trouble:
            yield Malformed(where, line.trouble)
        elif any(cell.strip() for cell in line.cells):
            yield _read(line.cells, columns, where)


def _rows(lines: Iterable[str]) -> Iterator[Line]:
    """Yield rows with the number of the line on which they begin, in a comma's or another form."""
    source = iter(lines)
    first = next(source, "")
    separator = max(",;\t", key=first.count)

    def again() -> Iterator[str]:
        yield first
        yield from source

    reader = csv.reader(again(), delimiter=separator)
    while True:
        number = reader.line_num + 1
        try:
            yield Line(number, next(reader))
        except csv.Error as error:
            yield Line(number, [], f"It is not a row of a CSV file: {error}.")
        except StopIteration:
            return


def _columns(header: list[str]) -> dict[str, int]:
    """Return where each column stands. Raises Unreadable, naming those that are missed."""
    known = {_plain(title): place for place, title in enumerate(header)}
    if missed := [title for title in NEEDED if _plain(title) not in known]:
        raise Unreadable(
            "This is neither the CSV file of Retraction Watch nor JSON of Crossref. The first line"
            f" does not name {', '.join(missed)}."
        )
    return {**known, "": len(header)}


def _read(cells: list[str], columns: dict[str, int], where: str) -> Notice | Malformed:
    width = columns[""]
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        return Malformed(where, f"It has {len(cells)} columns where the first line has {width}.")

    def cell(title: str) -> str:
        place = columns.get(_plain(title))
        return "" if place is None else readable(cells[place]).strip()

    try:
        return _notice(cell, where)
    except ValidationError as error:
        return Malformed(where, " ".join(error.messages))
    except ValueError as error:
        return Malformed(where, str(error))


def _notice(cell: Callable[[str], str], where: str) -> Notice:
    nature = cell("RetractionNature")
    status = STATUSES.get(nature.lower())
    if status is None:
        raise ValueError(f"“{nature[:60]}” is not a kind of notice that is known here.")
    doi, pmid = doi_in(cell("OriginalPaperDOI")), pmid_in(cell("OriginalPaperPubMedID"))
    record = cell("Record ID")
    return Notice(
        where=where,
        status=status,
        doi=doi,
        pmid=pmid,
        on=day_in(cell("RetractionDate")),
        notice=_number_of_the_notice(cell, doi),
        reason=_reasons(cell("Reason")),
        learned_from=f"Retraction Watch, record {record[:40]}" if record else "Retraction Watch",
    )


def _number_of_the_notice(cell: Callable[[str], str], of_work: str) -> str:
    """Return it as it stands: it is for a person to look up, and nothing is matched by it.

    Some publishers announce it at the address of the work itself: that is no number.
    """
    doi = PREFIX.sub("", cell("RetractionDOI")).lower()
    if not is_nothing(doi) and doi != of_work:
        return doi[:200]
    pmid = cell("RetractionPubMedID")
    return "" if is_nothing(pmid) else f"PubMed {pmid}"[:200]


def _reasons(value: str) -> str:
    """Return "+One;+Two;" as people write it."""
    parts = (part.strip().lstrip("+").strip() for part in value.split(";"))
    return "; ".join(filter(None, parts))[:1_000]


def _plain(title: str) -> str:
    return "".join(letter for letter in title.lower() if letter.isalnum())
