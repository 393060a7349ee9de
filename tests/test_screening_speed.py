"""Screening takes steps in proportion to a text: counted, for times differ between machines."""

import random
import sys
from collections.abc import Callable
from types import CodeType
from typing import Any

import pytest

from articles.models import Article
from comments.models import Phrase
from comments.screening import Candidate, matching, phrase_book, screen, spellings, words

LENGTH = 5_000
HOSTILE = [
    "a", "aa ", "k i l l ", "v.i.a.g.r.a.", "m1r4cl3 ", "$p@m ", "1.1.1.1.", "1 2 3 4 ",
    "I want to I want ", "I want to die ", "quiero morir de ", "我想我想自", "我想自杀", "a.b-c",
    "x\u200b", "é\u0301", "ﷺ", "mirаcle сure ", ". ", "\n\n",
]  # fmt: skip


class Counted(matching.Matcher[phrase_book.Known]):
    """Counts how often it has to find out where a word leads, and how many places it looks at."""

    stepped = looked = 0

    def step(self, here: Any, word: str) -> Any:
        self.stepped += 1
        self.looked += 1 + len(here.places)
        return super().step(here, word)


def counted(book: phrase_book.PhraseBook) -> Counted:
    matcher = Counted([])
    matcher.onward, matcher.ends = book.matcher.onward, book.matcher.ends
    matcher.words = book.matcher.words
    return matcher


@pytest.mark.parametrize("part", HOSTILE)
def test_all_phrases_are_found_in_one_step_a_word(db: None, part: str) -> None:
    book = phrase_book.phrase_book()
    text = (part * LENGTH)[:LENGTH]
    plain = words.words_of(text)
    assert len(plain.words) <= LENGTH
    for each in [plain, *words.respelled(text, plain)]:
        read = spellings.as_meant(each)
        matcher = counted(book)
        found = list(matcher.find(read.words))
        assert matcher.stepped < 40  # what repeats itself is known the second time
        assert matcher.looked < 4_000
        assert len(found) <= 9 * len(read.words)


def test_even_a_text_that_always_goes_on_otherwise_takes_few_steps(db: None) -> None:
    book = phrase_book.phrase_book()
    matcher = counted(book)
    draw = random.Random(1)
    read = draw.choices(sorted(book.matcher.words), k=LENGTH)
    list(matcher.find(read))
    assert matcher.stepped <= LENGTH
    assert matcher.looked <= 20 * LENGTH
    assert len(matcher.together) <= matching.MANY


@pytest.mark.parametrize("part", HOSTILE)
def test_a_disguised_text_is_read_at_most_twice_more_and_grows_no_longer(part: str) -> None:
    text = (part * LENGTH)[:LENGTH]
    plain = words.words_of(text)
    again = words.respelled(text, plain)
    assert len(again) in {0, 2}
    for read in again:
        assert len(read.words) <= len(plain.words) + LENGTH // 3
        assert len(read.words) == len(read.starts) == len(read.ends)
        assert all(0 <= a < b <= len(text) for a, b in zip(read.starts, read.ends, strict=True))


def test_no_starter_is_too_long_for_its_column(db: None) -> None:
    for phrase in Phrase.objects.filter(is_starter=True):
        phrase.full_clean(exclude=["version"])


# --- what is found, and then signs without end ----------------------------------------------------

ROWS = ["!", ".", "…", "?!", "。", "! ", ".-", "*", "'", "_", "$", "\n", "!a", "k ", "I "]


@pytest.mark.parametrize("sign", [".", "!", "?", "…", "?!"])
def test_a_row_of_signs_is_tried_at_its_first_only(sign: str) -> None:
    """Tried from each of them, a row that ends no sentence would be gone through again and again.

    Before a space it does end one: so each place that matches there is one that tries.
    """
    row = sign * 200
    text = f"I want to die{row} "
    begin = text.index(row)
    tried = [n for n in range(begin, len(text)) if words.SYMBOL.match(text, n)]
    assert tried == [begin]


def lines_run(deed: Callable[[], object]) -> int:
    """Return how many lines of Python a deed runs."""
    counted = 0

    def line(code: CodeType, number: int) -> None:
        nonlocal counted
        counted += 1

    tool, events = 4, sys.monitoring.events
    sys.monitoring.use_tool_id(tool, "lines of screening")
    try:
        sys.monitoring.register_callback(tool, events.LINE, line)
        sys.monitoring.set_events(tool, events.LINE)
        deed()
    finally:
        sys.monitoring.set_events(tool, events.NO_EVENTS)
        sys.monitoring.register_callback(tool, events.LINE, None)
        sys.monitoring.free_tool_id(tool)
    return counted


@pytest.mark.parametrize("row", ROWS)
def test_a_phrase_and_twice_as_many_signs_take_twice_as_many_steps(
    article: Article, row: str
) -> None:
    def steps(length: int) -> int:
        text = f"I want to die {(row * length)[:length]}"
        candidate = Candidate(text, article)
        screen(candidate)  # what is learned once is learned
        return lines_run(lambda: screen(candidate))

    few, many = steps(2_000), steps(4_000)
    assert many <= 2.1 * few
