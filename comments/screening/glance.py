"""A first look at a text, by which nearly every one passes: could any phrase be in it?

It does with a few calls into C what `words_of` and `respelled` do word by word, and forgets where
things stand and where sentences end. So it may think of a phrase where none is, and never misses
one that they would find (tests/test_screening_glance.py compares them).
"""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from operator import add

from comments.screening.words import (
    APOSTROPHES,
    CJK,
    FOLDS,
    JOINERS,
    LEET,
    LEET_OTHERWISE,
    LETTERS,
    MORE,
    STANDS_FOR_A_LETTER,
    UNSEEN,
)

PART_OF_A_WORD = re.compile(rf"[{CJK}{MORE}]|[^\W_]")
HAN = re.compile(f"[{CJK}]+")
NOT_HAN = re.compile(f"[^ {CJK}]+")
TWO_APOSTROPHES = re.compile(f"[{APOSTROPHES}]{{2}}")
SINGLE_LETTERS = re.compile(r" [^ ](?: [^ ]){2,}(?= )")
WORD = rf"{LETTERS}(?:[{APOSTROPHES}]{LETTERS})*"
CHAIN = re.compile(rf"[$@]?{WORD}(?:[{re.escape(''.join(sorted(JOINERS)))}]{WORD})*")
ASCII_CHAIN = re.compile(
    rf"[$@]?[^\W_]+(?:['`{re.escape(''.join(sorted(filter(str.isascii, JOINERS))))}][^\W_]+)*",
    re.ASCII,
)
# Alone between signs these are no word.
UNDRAWN = re.compile(f"[\u0300-\u036f\u20d0-\u20f0{UNSEEN}]")
DROPPED = {ord(sign): None for sign in JOINERS - STANDS_FOR_A_LETTER}
EDGES = ".,;:!?()[]\"'“”‘’…。，、！？；：（）"


class _Flat(dict[int, str | None]):
    """What each character is in a row of words: folded, or a space if it is no part of one."""

    def __missing__(self, code: int) -> str | None:
        sign = chr(code)
        flat = (FOLDS[code] or None) if PART_OF_A_WORD.match(sign) else " "
        if len(self) < 20_000:
            self[code] = flat
        return flat


FLAT = _Flat({ord(sign): None for sign in APOSTROPHES})


class Glance:
    """The words of a text without their places."""

    def __init__(self, text: str) -> None:
        self.text = text
        flat = text.translate(FLAT)
        self.han = "" if text.isascii() else "".join(HAN.findall(flat))
        self.words: list[str] = NOT_HAN.findall(flat) if self.han else flat.split()
        self.row = f" {' '.join(self.words)} "
        self.together = flat.replace(" ", "") if self.han else ""

    @cached_property
    def pairs(self) -> list[str]:
        """Return each Chinese or Japanese character with the one that follows it."""
        return list(map(add, self.han, self.han[1:]))

    @property
    def has_spelled_words(self) -> bool:
        """Tell whether single letters, and not only digits, stand in a row."""
        rows = SINGLE_LETTERS.findall(self.row)
        return any(not row.replace(" ", "").isdigit() for row in rows)

    def disguised(self) -> set[str]:
        """Return what words with signs or digits in them could be meant to say."""
        text = self.text if self.text.isascii() else UNDRAWN.sub("", self.text)
        parts = {part.strip(EDGES) for part in set(text.split()) if not part.isalpha()}
        odd = "\n".join(part for part in parts if part and not part.isalpha())
        chains = (ASCII_CHAIN if odd.isascii() else CHAIN).findall(odd)
        kept = "\n".join(chain for chain in chains if not (chain.isalpha() or chain.isdigit()))
        kept = kept.translate(DROPPED)
        readings = {*kept.translate(LEET).split("\n"), *kept.translate(LEET_OTHERWISE).split("\n")}
        return {reading.translate(FOLDS) for reading in readings}


class Sieve:
    """Phrases in a form in which a glance at a text tells that most of them are not in it."""

    def __init__(self, phrases: Iterable[Sequence[str]]) -> None:
        self.alone: set[str] = set()
        self.rows: dict[str, list[str]] = {}  # by their longest word
        self.together: dict[str, list[str]] = {}  # by their first Chinese character
        self.vocabulary: set[str] = set()
        for words in phrases:
            self._add(words)

    def may_hold(self, glance: Glance) -> bool:
        """Tell whether it is worth looking for phrases in this text word by word."""
        return (
            self._has_plain(glance)
            or glance.has_spelled_words
            or bool(TWO_APOSTROPHES.search(glance.text))
            or not self.vocabulary.isdisjoint(glance.disguised())
        )

    def _has_plain(self, glance: Glance) -> bool:
        words = set(glance.words)
        if not self.alone.isdisjoint(words):
            return True
        rows = (row for word in words & self.rows.keys() for row in self.rows[word])
        if any(row in glance.row for row in rows):
            return True
        signs = set(glance.han) & self.together.keys()
        return any(row in glance.together for sign in signs for row in self.together[sign])

    def _add(self, words: Sequence[str]) -> None:
        latin = [word for word in words if word < "\u3000"]
        self.vocabulary.update(latin)
        if len(latin) < len(words):
            sign = next(word for word in words if word >= "\u3000")
            self.together.setdefault(sign[0], []).append("".join(words))
        elif len(words) == 1:
            self.alone.update(words)
        elif words:
            self.rows.setdefault(max(words, key=len), []).append(f" {' '.join(words)} ")
