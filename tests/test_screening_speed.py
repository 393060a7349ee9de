"""Screening takes steps in proportion to a text: counted, for times differ between machines."""

import pytest

from comments.models import Phrase
from comments.screening import matching, phrase_book, words

LENGTH = 5_000
HOSTILE = [
    "a", "aa ", "k i l l ", "v.i.a.g.r.a.", "m1r4cl3 ", "$p@m ", "1.1.1.1.", "1 2 3 4 ",
    "I want to I want ", "I want to die ", "quiero morir de ", "我想我想自", "我想自杀", "a.b-c",
    "x\u200b", "é\u0301", "ﷺ", "mirаcle сure ", ". ", "\n\n",
]  # fmt: skip


class Counted(dict[str, int]):
    looked = 0

    def __contains__(self, word: object) -> bool:
        Counted.looked += 1
        return super().__contains__(word)


@pytest.mark.parametrize("part", HOSTILE)
def test_all_phrases_are_found_in_at_most_a_few_steps_a_word(db: None, part: str) -> None:
    book = phrase_book.phrase_book()
    matcher: matching.Matcher[phrase_book.Known] = matching.Matcher([])
    matcher.steps = [Counted(step) for step in book.matcher.steps]
    matcher.back, matcher.found = book.matcher.back, book.matcher.found
    text = (part * LENGTH)[:LENGTH]
    plain = words.words_of(text)
    assert len(plain.words) <= LENGTH
    for read in [plain, *words.respelled(text, plain)]:
        Counted.looked = 0
        found = list(matcher.find(read.words))
        assert Counted.looked <= 3 * len(read.words)
        assert len(found) <= 3 * len(read.words)


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
