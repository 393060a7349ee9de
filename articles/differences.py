"""What changed between two revisions, word by word."""

import re
from collections.abc import Iterable, Iterator

from accounts.wording import Piece, compared
from articles.models import Revision

# Marks of Markdown that every text is full of, and that tell a reader nothing.
HEADING = re.compile(r"^#{2,4} ", re.MULTILINE)
CITATION = re.compile(r"\[\^([\w-]+)\]")
CONTEXT = 90  # characters of unchanged text kept on either side of a change


def word_differences(before: Revision, after: Revision) -> list[Piece]:
    """Return the changes from `before` to `after`, each within a few words of what stayed."""
    pieces: list[Piece] = []
    for old, new in zip(_parts(before), _parts(after), strict=True):
        pieces += shortened(compared(old, new))
    return pieces


def for_readers(pieces: Iterable[Piece]) -> list[Piece]:
    """Return `pieces` without the marks by which headings and citations are known."""
    return [
        piece._replace(text=CITATION.sub(r"[\1]", HEADING.sub("", piece.text))) for piece in pieces
    ]


def _parts(revision: Revision) -> tuple[str, str, str]:
    return f"{revision.title}\n", f"{revision.summary}\n\n", revision.text


def shortened(pieces: Iterator[Piece]) -> list[Piece]:
    """Leave out what is far from any change; return nothing where nothing changed."""
    found = list(pieces)
    if all(piece.kind == "same" for piece in found):
        return []
    kept: list[Piece] = []
    for number, piece in enumerate(found):
        if piece.kind != "same" or len(piece.text) <= 2 * CONTEXT:
            kept.append(piece)
            continue
        head = piece.text[:CONTEXT].rsplit(" ", 1)[0] if number else ""
        tail = piece.text[-CONTEXT:].split(" ", 1)[-1] if number < len(found) - 1 else ""
        kept += [
            part
            for part in (Piece("same", head), Piece("skipped", ""), Piece("same", tail))
            if part.text or part.kind == "skipped"
        ]
    return kept
