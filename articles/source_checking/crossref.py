"""Records of works from Crossref, as JSON.

A notice names the work it is about under `update-to`; the work names the notice under `updated-by`.
Some retractions stand in one of the two places only, so both are read.
https://www.crossref.org/documentation/retrieve-metadata/retraction-watch/
"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, TextIO

from articles.models import Source
from articles.source_checking.notice import (
    LATEST,
    OLDEST,
    Malformed,
    Notice,
    Unreadable,
    doi_in,
    readable,
)

# One answer of a thousand records has some ten million characters.
LONGEST = 20_000_000

STATUSES = {
    "retraction": Source.Status.RETRACTED,
    "withdrawal": Source.Status.RETRACTED,
    "removal": Source.Status.RETRACTED,
    "expression_of_concern": Source.Status.CONCERN,
    "correction": Source.Status.CORRECTED,
    "corrigendum": Source.Status.CORRECTED,
    "erratum": Source.Status.CORRECTED,
    # The rest of the work stands; PubMed, too, counts it among the errata.
    "partial_retraction": Source.Status.CORRECTED,
    "new_version": Source.Status.SUPERSEDED,
    "new_edition": Source.Status.SUPERSEDED,
    "reinstatement": Source.Status.CURRENT,
}
# They add to a work and take nothing back.
HARMLESS = {"addendum", "clarification"}


def notices(file: TextIO, name: str) -> Iterator[Notice | Malformed]:
    """Yield what each record says. Raises Unreadable for what is no JSON, or too long for one."""
    first = file.readline(LONGEST + 1)
    while first and not first.strip():
        first = file.readline(LONGEST + 1)
    if first.lstrip().startswith("{") and first.rstrip().endswith("}"):
        yield from _lines(file, first, name)
    else:
        yield from _document(first + file.read(LONGEST + 1), name)


def _lines(file: TextIO, first: str, name: str) -> Iterator[Notice | Malformed]:
    """Read JSON Lines: one record, or one answer of Crossref, a line."""
    number, line = 1, first
    while line:
        where = f"{name}, line {number}"
        if len(line) > LONGEST:
            raise Unreadable(f"Line {number} is longer than {LONGEST:,} characters.")
        if line.strip():
            try:
                yield from _of_document(json.loads(line), where)
            except (ValueError, RecursionError):
                yield Malformed(where, "It is not JSON.")
        number, line = number + 1, file.readline(LONGEST + 1)


def _document(text: str, name: str) -> Iterator[Notice | Malformed]:
    if len(text) > LONGEST:
        raise Unreadable(
            f"One JSON document of more than {LONGEST:,} characters is too long:"
            " give one record a line (JSON Lines)."
        )
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(f"It is not JSON: line {error.lineno}, {error.msg}.") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable("It is not JSON that can be read.") from error
    yield from _of_document(document, name)


def _of_document(document: Any, where: str) -> Iterator[Notice | Malformed]:
    """Yield from one record, a list of them, or an answer of Crossref's interface."""
    if isinstance(document, dict) and isinstance(document.get("message"), dict):
        document = document["message"]
    if isinstance(document, dict) and isinstance(document.get("items"), list):
        document = document["items"]
    if not isinstance(document, list):
        yield from _of_work(document, where)
        return
    for number, work in enumerate(document, 1):
        yield from _of_work(work, f"{where}, record {number}")


def _of_work(work: Any, where: str) -> Iterator[Notice | Malformed]:
    if not isinstance(work, dict) or not isinstance(work.get("DOI"), str):
        yield Malformed(where, "It is not the record of a work: it has no DOI.")
        return
    for place in ("update-to", "updated-by"):
        updates = work.get(place) or []
        if not isinstance(updates, list):
            yield Malformed(where, f"“{place}” is not a list.")
            continue
        for update in updates:
            try:
                if found := _notice(work["DOI"], update, place, where):
                    yield found
            except ValueError as error:
                yield Malformed(where, str(error))


def _notice(doi: str, update: Any, place: str, where: str) -> Notice | None:
    if not isinstance(update, dict) or not isinstance(update.get("DOI"), str):
        raise ValueError(f"An entry under “{place}” has no DOI.")
    kind = readable(str(update.get("type", ""))).strip().lower().replace("-", "_").replace(" ", "_")
    if kind in HARMLESS:
        return None
    if kind not in STATUSES:
        raise ValueError(f"“{kind[:60]}” is not a kind of update that is known here.")
    here, there = doi_in(readable(doi)), doi_in(readable(update["DOI"]))
    notice, work = (here, there) if place == "update-to" else (there, here)
    return Notice(
        where=where,
        status=STATUSES[kind],
        doi=work,
        pmid="",
        on=_day(update.get("updated")),
        # Some publishers announce it at the address of the work itself: that is no number.
        notice=notice[:200] if notice != work else "",
        reason="",
        learned_from=f"Crossref, {notice}"[:300],
    )


def _day(told: Any) -> str:
    """Return the day, month or year in `{"date-parts": [[2026, 3, 31]]}`, or nothing."""
    if not told:
        return ""
    try:
        parts = [int(part) for part in told["date-parts"][0]][:3]
        if not parts or not OLDEST <= parts[0] <= LATEST:
            raise ValueError
        date(*[*parts, 1, 1][:3])
    except (TypeError, KeyError, IndexError, ValueError) as error:
        raise ValueError("Its date is none.") from error
    return "-".join([f"{parts[0]:04}", *(f"{part:02}" for part in parts[1:])])
