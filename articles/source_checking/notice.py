"""What one row of a file says, in one shape for all kinds of files."""

import re
from dataclasses import dataclass
from datetime import date

from articles.models.source import clean_pmid

# How the files say that there is nothing.
NOTHING = {"", "0", "unavailable", "not available", "none", "n/a", "na", "null"}
OLDEST, LATEST = 1900, 2100  # years of a notice that can be meant

PREFIX = re.compile(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
AMERICAN_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(\s.*)?", re.ASCII)
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})([T\s].*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Notice:
    """That a work was retracted, corrected or reinstated, with the numbers of the work."""

    where: str  # file and line, for whoever has to look
    status: str  # one of Source.Status; "current" for a work that was reinstated
    doi: str
    pmid: str
    on: str  # a day, a month or a year, as in `Source.status_on`; empty when not told
    notice: str  # the number of the notice itself; empty when not told
    reason: str
    learned_from: str

    def is_same_event(self, *, status: str, notice: str, on: str) -> bool:
        """Tell whether another report means the same: two registers know it by different numbers.

        A register that gives no number of the notice gives its day.
        """
        return self.status == status and (self.notice == notice or bool(on and self.on == on))


@dataclass(frozen=True, slots=True)
class Malformed:
    """A row that says nothing that could be used, and why."""

    where: str
    why: str


class Unreadable(Exception):
    """Why nothing more of a file can be read, in a sentence."""


def is_nothing(value: str) -> bool:
    return value.strip().lower() in NOTHING


def doi_in(value: str) -> str:
    """Return the DOI in `value` in lower case, or nothing where there is none.

    More forms are taken than `clean_doi` takes: a DOI that cannot be on record is no mistake of
    the row. Raises ValueError for what is no DOI.
    """
    if is_nothing(value):
        return ""
    bare = PREFIX.sub("", value.strip()).lower()
    if not bare.startswith("10.") or "/" not in bare:
        raise ValueError(f"“{value.strip()[:80]}” is not a DOI.")
    return bare


def pmid_in(value: str) -> str:
    """Return the PubMed number in `value`, or nothing. Raises ValueError for what is none."""
    if is_nothing(value):
        return ""
    return clean_pmid(value.removesuffix(".0"))  # as spreadsheets write whole numbers


def day_in(value: str) -> str:
    """Return the day in `value` as 2026-03-31, or nothing. Raises ValueError for what is none."""
    if is_nothing(value):
        return ""
    if american := AMERICAN_DAY.fullmatch(value.strip()):
        month, day, year = map(int, american.groups()[:3])
    elif iso := ISO_DAY.fullmatch(value.strip()):
        year, month, day = map(int, iso.groups()[:3])
    else:
        raise ValueError(f"“{value.strip()[:40]}” is not a date such as 3/31/2026.")
    if not OLDEST <= year <= LATEST:
        raise ValueError(f"The year {year} cannot be meant.")
    try:
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise ValueError(f"There is no day {value.strip()[:40]} (month/day/year).") from error


def readable(value: str) -> str:
    """Return words from a file as they can be stored, whatever their bytes were.

    Files are read as UTF-8; what is none is most likely in the older Western spelling.
    """
    try:
        value.encode()
    except UnicodeEncodeError:
        try:
            value = value.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
        except UnicodeEncodeError:  # half of a pair, as JSON can spell it
            value = value.encode("utf-8", "replace").decode()
    return value.replace("\0", "")
