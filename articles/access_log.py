"""Counting readers of articles from the access log of nginx.

Pages that a cache serves never reach the site, so only the log knows how often they are read. Of a
line only the day and the article are kept: nothing of the visitor, be it in the log or not. So what
is counted is how often a page was fetched, by people or by machines that do not say so.
"""

import gzip
import hashlib
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from django.utils import timezone

LONGEST = 64 * 1024  # of a line; nginx takes no request of that length

# Nothing in them can be tried in many ways: whoever asks for a page writes a part of its line.
# As nginx writes "combined", and as deploy/nginx.conf writes its own, without addresses.
COMBINED = re.compile(
    r'\S+ \S+ [^\["]{1,200}\[(?P<at>[^\[\]]{1,40})\] "(?P<request>[^"]*)" (?P<status>\d{3}) \S+'
    r'(?: "[^"]*" "(?P<agent>[^"]*)")?'
)
OURS = re.compile(
    r"\[(?P<at>[^\[\]]{1,40})\] (?P<status>\d{3}) (?P<request>\S+ .*) \d+ [\d.]+s"
    r" \S+(?: (?P<agent>\S+))?$"
)
ARTICLE = re.compile(r"GET /articles/(?P<slug>[-\w]+)/(?:\?\S*)?(?: HTTP/[\d.]+)?", re.ASCII)
READ = {"200", "304"}

# What calls itself a machine. Those that pretend to be a browser are counted as readers.
MACHINES = re.compile(
    r"bot|crawl|spider|slurp|preview|monitor|uptime|curl|wget|python|go-http|java/|headless"
    r"|lighthouse|machine",
    re.IGNORECASE,
)


@dataclass
class Counted:
    """What a file said: how often each slug was read on each day, and what was left out."""

    readers: Counter[tuple[str, date]] = field(default_factory=Counter)
    lines: int = 0
    machines: int = 0
    malformed: list[int] = field(default_factory=list)  # the numbers of these lines
    digest: str = ""  # of the whole file, unpacked


class Unreadable(Exception):  # named as what it says
    """Why a file could not be read to its end."""


def count(path: Path) -> Counted:
    """Count the readers that a log names, packed by gzip or not. Raises Unreadable."""
    counted, digest = Counted(), hashlib.sha256()
    try:
        with opened(path) as file:
            for number, line in enumerate(_lines(file), 1):
                digest.update(line)
                _take(counted, number, line)
    except (EOFError, OSError, zlib.error) as error:
        raise Unreadable(getattr(error, "strerror", None) or str(error)) from error
    counted.digest = digest.hexdigest()
    return counted


def opened(path: Path) -> IO[bytes]:
    """Open a log, by what it is and not by what it is called."""
    with path.open("rb") as file:
        is_packed = file.read(2) == b"\x1f\x8b"
    file_of: Any = gzip.open if is_packed else open
    opened_file: IO[bytes] = file_of(path, "rb")
    return opened_file


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines; what has no end for too long comes in pieces, none of which is a line."""
    return iter(lambda: file.readline(LONGEST), b"")


def _take(counted: Counted, number: int, raw: bytes) -> None:
    line = raw.decode(errors="replace").strip()
    if not line:
        return
    counted.lines += 1
    found = OURS.match(line) or COMBINED.match(line)
    day = _day(found["at"]) if found else None
    if not found or not day:
        counted.malformed.append(number)
        return
    article = ARTICLE.fullmatch(found["request"])
    if not article or found["status"] not in READ:
        return
    if is_machine(found["agent"]):
        counted.machines += 1
    else:
        counted.readers[article["slug"], day] += 1


def is_machine(agent: str | None) -> bool:
    """Tell whether what asked says that it is no browser; where a log does not say, nobody is."""
    return agent is not None and (agent in {"", "-"} or bool(MACHINES.search(agent)))


def _day(at: str) -> date | None:
    """Return the day in the site's zone, of a time such as 10/Oct/2026:13:55:36 +0200."""
    try:
        return timezone.localdate(datetime.strptime(at, "%d/%b/%Y:%H:%M:%S %z"))
    except (ValueError, OverflowError):
        return None
