"""Opening a file of unknown kind: which it is, and in what letters."""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO, TextIO

from articles.source_checking import crossref, retraction_watch
from articles.source_checking.notice import Malformed, Notice, Unreadable

LONGEST_LINE = 1_000_000  # characters; a line above it goes on as the next, and fits no column
PACKED = {b"PK\x03\x04": "zip", b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}


def notices(file: BinaryIO, name: str) -> Iterator[Notice | Malformed]:
    """Yield what each row or record of `file` says. Raises Unreadable, in the middle too."""
    head = file.read(4_096)
    file.seek(0)
    for mark, kind in PACKED.items():
        if head.startswith(mark):
            raise Unreadable(f"It is packed ({kind}): unpack it first.")
    text = _as_text(file, head)
    try:
        if _start(head)[:1] in {b"{", b"["}:
            yield from crossref.notices(text, name)
        else:
            yield from retraction_watch.notices(_lines(text), name)
    except UnicodeError as error:
        raise Unreadable("It is not text.") from error


def _as_text(file: BinaryIO, head: bytes) -> TextIO:
    """Read as UTF-8 with or without a mark, or as UTF-16 with one; other bytes come through."""
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding, errors = ("utf-16", "strict") if wide else ("utf-8-sig", "surrogateescape")
    return io.TextIOWrapper(file, encoding=encoding, errors=errors, newline="")


def _start(head: bytes) -> bytes:
    marks = codecs.BOM_UTF8 + codecs.BOM_UTF16_LE + codecs.BOM_UTF16_BE + b"\0"
    return head.lstrip(marks).lstrip()


def _lines(text: TextIO) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE):
        yield line
