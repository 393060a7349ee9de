"""A first look at a text, by which nearly every one passes: could any phrase be in it?

It does with a few calls into C what `words_of` and `respelled` do word by word, and forgets where
things stand and where sentences end. So it may think of a phrase where none is, and never misses
one that they would find (tests/test_screening_glance.py compares them).
"""

import re
from collections.abc import Iterable
from functools import cached_property
from operator import add

from comments.screening.matching import Parts
from comments.screening.spellings import OTHERWISE
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
    Words,
    words_of,
)

PART_OF_A_WORD = re.compile(rf"[{CJK}{MORE}]|[^\W_]")
HAN = re.compile(f"[{CJK}]+")
NOT_HAN = re.compile(f"[^ {CJK}]+")
ONE_WORD = re.compile(f"[{CJK}]|[^ {CJK}]+")
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
# "Don't" disguises nothing.
SHORT_FORM = re.compile(rf"[^\W\d_]+(?:[{APOSTROPHES}][^\W\d_]+)?")
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
        self._flat = flat

    @cached_property
    def plain(self) -> Words:
        """Return the words with their places, which takes much longer."""
        return words_of(self.text)

    @property
    def row_of_words(self) -> list[str]:
        """Return all words in their order, each Chinese or Japanese character as one."""
        if not self.han:
            return self.words
        flat = self._flat.replace(" ", "") if not self.words else self._flat
        return list(flat) if not self.words else ONE_WORD.findall(flat)

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
        odd = "\n".join(part for part in parts if part and not SHORT_FORM.fullmatch(part))
        chains = (ASCII_CHAIN if odd.isascii() else CHAIN).findall(odd)
        kept = "\n".join(chain for chain in chains if not (chain.isalpha() or chain.isdigit()))
        kept = kept.translate(DROPPED)
        readings = {*kept.translate(LEET).split("\n"), *kept.translate(LEET_OTHERWISE).split("\n")}
        return {reading.translate(FOLDS) for reading in readings}


class Sieve:
    """The words of all phrases, by which most texts are seen to disguise none of them."""

    def __init__(self, phrases: Iterable[Parts]) -> None:
        words = {w for parts in phrases for part in parts for choice in part for w in choice}
        self.vocabulary = {word for word in words if word < "\u3000"}
        self.vocabulary |= OTHERWISE.keys()

    def may_be_disguised(self, glance: Glance) -> bool:
        """Tell whether it is worth reading spelled and disguised words of this text."""
        return (
            glance.has_spelled_words
            or bool(TWO_APOSTROPHES.search(glance.text))
            or not self.vocabulary.isdisjoint(glance.disguised())
        )
