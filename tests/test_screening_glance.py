"""A first look at a text never lets a phrase pass that the word-by-word reading would find."""

import random

import pytest

from comments.screening import phrase_book
from comments.screening.glance import Glance
from comments.screening.matching import Matcher
from comments.screening.words import respelled, words_of

PHRASES = ["kill", "want to die", "killmyself", "miracle cure", "我想死", "加v信", "自杀", "spam"]
PIECES = [
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


def is_found(matcher: Matcher[int], text: str) -> bool:
    plain = words_of(text)
    return any(
        any(True for _match in matcher.find(words.words))
        for words in [plain, *respelled(text, plain)]
    )


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_found_word_by_word_is_suspected_at_a_glance(seed: int) -> None:
    draw = random.Random(seed)
    phrases = [phrase_book.folded(phrase) for phrase in PHRASES]
    matcher = Matcher((words, number) for number, words in enumerate(phrases))
    sieve = phrase_book.Sieve(phrases)
    found = 0
    for _number in range(300):
        text = "".join(draw.choices(PIECES, k=draw.randint(2, 14)))
        if is_found(matcher, text):
            found += 1
            assert sieve.may_hold(Glance(text)), ascii(text)
    assert found > 10


def test_most_texts_are_let_pass_at_a_glance() -> None:
    sieve = phrase_book.Sieve(map(phrase_book.folded, PHRASES))
    english = "I read https://www.nhs.uk/x twice-yearly, at 120/80."
    assert not sieve.may_hold(Glance(english))
    assert not sieve.may_hold(Glance("我从2021年3月开始做针灸。"))
