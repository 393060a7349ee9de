"""CSV that a spreadsheet opens as what it is: text.

A cell that begins like a formula would be run by whoever opens the file (OWASP, "CSV injection"):
an apostrophe before it keeps it text. The byte order mark tells Excel that it is UTF-8.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

BYTE_ORDER_MARK = "\ufeff"
# The full-width forms are read as formulas too, where they are typed.
FORMULAS = tuple("=+-@\t\r\n＝＋－＠")


class Echo:
    """A file that gives back what is written to it."""

    def write(self, value: str) -> str:
        return value


def harmless(value: Any) -> str:
    """Return a value as a cell in which nothing is a formula, behind spaces neither."""
    text = "" if value is None else str(value).replace("\x00", "")
    return f"'{text}" if text.startswith(FORMULAS) or text.lstrip().startswith(FORMULAS) else text


def lines_of(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(Echo(), quoting=csv.QUOTE_ALL)
    yield BYTE_ORDER_MARK
    for row in rows:
        yield writer.writerow([harmless(value) for value in row])


def as_download(rows: Iterable[Sequence[Any]], name: str) -> StreamingHttpResponse:
    """Answer with rows as a file of this name, without holding more than a few in memory."""
    response = StreamingHttpResponse(lines_of(rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
