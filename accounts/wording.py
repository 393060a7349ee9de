"""What changed between two wordings, word by word: for articles, comments and the admin alike."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

# A number is one word with its point and comma: "2.5" for "5" must not look like "2." taken out.
WORDS = re.compile(r"\d+(?:[.,]\d+)+|\w+|\s+|[^\w\s]")
# Comparing takes quadratic time, and cubic where all meets all: texts never meet in a space alone.
# Past this many words a passage is shown as replaced, and past this many lines those that are often
# repeated are no longer tried as places to meet.
MAX_WORDS = 4_000
MAX_LINES = 2_000


class Piece(NamedTuple):
    kind: Literal["same", "added", "removed", "skipped"]
    text: str


def compared(old: str, new: str) -> Iterator[Piece]:
    """Compare line by line, then word by word where lines differ: long texts stay quick."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    matcher = SequenceMatcher(None, before, after, autojunk=len(after) > MAX_LINES)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(before[i:j]))
        else:
            yield from _compared_words("".join(before[i:j]), "".join(after[k:m]))


def _compared_words(old: str, new: str) -> Iterator[Piece]:
    before, after = WORDS.findall(old), WORDS.findall(new)
    if len(before) + len(after) > MAX_WORDS:
        before, after = [old] if old else [], [new] if new else []
    matcher = SequenceMatcher(str.isspace, before, after, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(before[i:j]))
            continue
        if i < j:
            yield Piece("removed", "".join(before[i:j]))
        if k < m:
            yield Piece("added", "".join(after[k:m]))
