"""A text with the digits and signs of all scripts as plain ones, and the way back."""

import re
import unicodedata
from functools import cached_property

from comments.screening.outcomes import Span
from comments.screening.words import UNSEEN

DIGIT = re.compile(r"\d", re.ASCII)
LONG_NUMBER = re.compile(r"\d(?:[ \-./()\u2010-\u2015]{0,2}\d){6}", re.ASCII)
HIDDEN = re.compile(f"[{UNSEEN}]")
SPACES = "\u00a0\u2007\u2009\u202f\u3000"
SIGNS = {ord(space): " " for space in SPACES} | {
    ord(sign): plain for sign, plain in zip("＠．＋－（）／＃：，", "@.+-()/#:,", strict=True)
}


class Readable:
    """What a person reads, for patterns that know plain digits and signs."""

    def __init__(self, typed: str) -> None:
        self.text = typed if typed.isascii() else _plain(typed)
        self._places: list[int] | None = None
        if not typed.isascii() and HIDDEN.search(typed):
            self._places = [n for n, sign in enumerate(typed) if not HIDDEN.match(sign)]
            self.text = HIDDEN.sub("", self.text)

    @cached_property
    def has_digits(self) -> bool:
        return bool(DIGIT.search(self.text))

    @cached_property
    def has_numbers(self) -> bool:
        """Tell whether so many digits stand together as every number of a person's has."""
        return bool(LONG_NUMBER.search(self.text))

    def as_typed(self, span: Span) -> Span:
        """Return where in the text as it was typed a part of this one stands."""
        if self._places is None:
            return span
        return self._places[span[0]], self._places[span[1] - 1] + 1


def _plain(typed: str) -> str:
    """Return it with plain signs; few of those in a text are others, so each is put at once."""
    for sign in set(typed):
        plain = PLAIN[ord(sign)]
        if plain != sign:
            typed = typed.replace(sign, plain)
    return typed


class _Plain(dict[int, str]):
    """One character for one character: fullwidth letters, and decimal digits of any script."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        digit = unicodedata.decimal(sign, None)
        plain = str(digit) if digit is not None else sign
        if 0xFF21 <= code <= 0xFF5A:
            plain = unicodedata.normalize("NFKC", sign)
        if len(self) < 20_000:
            self[code] = plain
        return plain


PLAIN = _Plain(SIGNS)
