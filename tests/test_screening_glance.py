"""A first look at a text never lets a phrase pass that the word-by-word reading would find."""

import random

import pytest

from comments.screening.glance import Glance, Sieve
from comments.screening.matching import Matcher
from comments.screening.phrase_book import Known, PhraseBook
from comments.screening.spellings import as_meant, parts_of
from comments.screening.words import respelled, words_of

PHRASES = ["kill", "want to die", "killmyself", "miracle cure", "我想死", "加v信", "自杀", "spam"]
PIECES = [
    *(" wanna", " really ", "w4nna ", " want 2 ", "(k|c)ill"),
    *"kilwantodecur 13$@!|.-_*·'’ \n。我想死自杀加v信殺é\u0301\u200bмаⓚ𝓲",
    *(
        "kill",
        "want",
        "to",
        "die",
        " miracle",
        "cure ",
        "m1racle",
        "k1ll",
        "ki-ll",
        "$pam",
        "sp@m",
        "d1e",
        "c.u.r.e",
        "w a n t",
        "''",
        " ",
    ),
    *("k1ll", "ki-ll", "$pam", "sp@m", "d1e"),
]


def book() -> PhraseBook:
    phrases = [(parts_of(each), Known(number, "hold")) for number, each in enumerate(PHRASES)]
    sieve = Sieve(parts for parts, _known in phrases)
    return PhraseBook(Matcher(phrases), sieve, {}, {}, frozenset())


def may_hold(lists: PhraseBook, glance: Glance) -> bool:
    return lists.sieve.may_be_disguised(glance) or lists.may_be_plain_in(glance)


def is_found(matcher: Matcher[Known], text: str) -> bool:
    plain = words_of(text)
    return any(
        any(True for _match in matcher.find(as_meant(words).words))
        for words in [plain, *respelled(text, plain)]
    )


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_found_word_by_word_is_suspected_at_a_glance(seed: int) -> None:
    draw = random.Random(seed)
    lists = book()
    found = 0
    for _number in range(300):
        text = "".join(draw.choices(PIECES, k=draw.randint(2, 14)))
        if is_found(lists.matcher, text):
            found += 1
            assert may_hold(lists, Glance(text)), ascii(text)
    assert found > 10


def test_most_texts_are_let_pass_at_a_glance() -> None:
    lists = book()
    english = "I read https://www.nhs.uk/x twice-yearly, at 120/80. It's what I don't get."
    assert not may_hold(lists, Glance(english))
    assert not may_hold(lists, Glance("我从2021年3月开始做针灸。"))
