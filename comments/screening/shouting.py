"""The check of shouting, and of saying the same again and again."""

import re
from collections import Counter

from comments.screening.glance import Glance
from comments.screening.outcomes import Finding, Span
from comments.screening.reading import Reading
from comments.screening.words import CJK, END

WORD = re.compile(r"[^\W\d_]{4,}")  # shorter ones may be MRI, HIV or mg
CAPITALS = re.compile(rf"[^\W\d_a-z{CJK}]{{4}}")  # perhaps; what has none is quickly passed
SHOUTED = 8  # words in capitals
SHARE = 0.7  # of all words that could be in small letters

MANY_TIMES = 16  # one character
ONE_CHARACTER = re.compile(rf"([^\W_]|[!?！？])\1{{{MANY_TIMES - 1},}}")
ONE_WORD = 6  # times in a row
ONE_LINE = 3  # times, however far apart
LINE = 12  # letters: shorter ones are "Day 1:" and "Yes."
ENDS = re.compile(r"[\n.!?。！？]+")
MANY_WORDS = 60
FEW_DIFFERENT = 0.15


def shouting(reading: Reading) -> Finding | None:
    spans = _capitals(reading.text) or _again(reading.text, reading.glance)
    return reading.found("shouting", spans) if spans else None


def _capitals(text: str) -> list[Span]:
    if len(CAPITALS.findall(text)) < SHOUTED:
        return []
    words = [(match[0], match.span()) for match in WORD.finditer(text)]
    shouted = [span for word, span in words if word.isupper()]
    if len(shouted) < SHOUTED:
        return []
    cased = sum(word.lower() != word.upper() for word, _span in words)
    return [(shouted[0][0], shouted[-1][1])] if len(shouted) >= SHARE * cased else []


def _again(text: str, glance: Glance) -> list[Span]:
    # Of so many the same in a row, every half of them holds a place that a stride comes by.
    if _meets_itself(text, MANY_TIMES // 2) and (match := ONE_CHARACTER.search(text)):
        return [match.span()]
    if _meets_itself(glance.words, ONE_WORD // 2) and (spans := _one_word(glance)):
        return spans
    return [(0, len(text))] if _same_lines(text) or _few(glance) else []


def _meets_itself(row: str | list[str], stride: int) -> bool:
    steps = row[::stride]
    return any(map(str.__eq__, steps, steps[1:]))


def _one_word(glance: Glance) -> list[Span]:
    words, starts, ends = glance.plain
    run, before = 1, END
    for number, word in enumerate(words):
        if word == END:
            continue
        run = run + 1 if word == before and word < "\u3000" and word.isalpha() else 1
        before = word
        if run == ONE_WORD:
            return [(starts[max(number - ONE_WORD + 1, 0)], ends[number])]
    return []


def _same_lines(text: str) -> bool:
    lines = Counter(map(str.strip, ENDS.split(text)))
    return any(count >= ONE_LINE and len(line) >= LINE for line, count in lines.items())


def _few(glance: Glance) -> bool:
    """Tell whether few different words make a long text; in Chinese, pairs of characters."""
    count = len(glance.words) + len(glance.han)
    if count < MANY_WORDS:
        return False
    different = len({*glance.words, *glance.pairs})
    return different < FEW_DIFFERENT * count
