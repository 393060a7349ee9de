"""Screening takes steps in proportion to a text: counted, for times differ between machines."""

import random
from typing import Any

import pytest

from comments.models import Phrase
from comments.screening import matching, phrase_book, spellings, words

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
