"""What changed between two revisions, word by word."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from articles.models import Revision

WORDS = re.compile(r"\w+|\s+|[^\w\s]")
CONTEXT = 90  # characters of unchanged text kept on either side of a change


class Piece(NamedTuple):
    kind: Literal["same", "added", "removed", "skipped"]
    text: str


def word_differences(before: Revision, after: Revision) -> list[Piece]:
    """Return the changes from `before` to `after`, each within a few words of what stayed."""
    pieces: list[Piece] = []
    for old, new in zip(_parts(before), _parts(after), strict=True):
        pieces += _shortened(_compared(old, new))
    return pieces


def whole_differences(before: Revision, after: Revision) -> list[Piece]:
    """Return both revisions woven into one text, nothing left out."""
    return [
        piece
        for old, new in zip(_parts(before), _parts(after), strict=True)
        for piece in _compared(old, new)
    ]


def _parts(revision: Revision) -> tuple[str, str, str]:
    return f"{revision.title}\n", f"{revision.summary}\n\n", revision.text


def _compared(old: str, new: str) -> Iterator[Piece]:
    """Compare line by line, then word by word where lines differ: long texts stay quick."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(before[i:j]))
        else:
            yield from _compared_words("".join(before[i:j]), "".join(after[k:m]))


def _compared_words(old: str, new: str) -> Iterator[Piece]:
    before, after = WORDS.findall(old), WORDS.findall(new)
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(before[i:j]))
            continue
        if i < j:
            yield Piece("removed", "".join(before[i:j]))
        if k < m:
            yield Piece("added", "".join(after[k:m]))


def _shortened(pieces: Iterator[Piece]) -> list[Piece]:
    """Leave out what is far from any change; return nothing where nothing changed."""
    found = list(pieces)
    if all(piece.kind == "same" for piece in found):
        return []
    kept: list[Piece] = []
    for number, piece in enumerate(found):
        if piece.kind != "same" or len(piece.text) <= 2 * CONTEXT:
            kept.append(piece)
            continue
        head = piece.text[:CONTEXT] if number else ""
        tail = piece.text[-CONTEXT:] if number < len(found) - 1 else ""
        kept += [
            part
            for part in (Piece("same", head), Piece("skipped", ""), Piece("same", tail))
            if part.text or part.kind == "skipped"
        ]
    return kept
