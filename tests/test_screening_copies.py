"""Copies are known by their likeness although somebody changed a little; other texts differ."""

import pytest

from comments.screening import likeness_of
from tests.test_screening_texts import rows

OFFER = (
    "Good morning everybody, today I bring wonderful news about natural drops which grandmother"
    " prepared every winter from seventeen mountain herbs. After twenty painful months without"
    " any relief, three little spoons each evening brought back sleep, appetite and strength."
    " Doctors were speechless, neighbours asked questions, and even cousin Henry started walking"
    " again. Bottles are limited, delivery takes four days, satisfied customers write from Canada,"
    " Portugal, Mexico, Ireland, Norway; please hurry before summer because harvest depends on"
    " weather, and remember: health comes first, money second, friendship third, always."
)


def test_most_words_can_be_changed_one_at_a_time_and_it_stays_a_copy() -> None:
    words = OFFER.split()
    changed = [
        likeness_of(" ".join([*words[:number], "Something", *words[number + 1 :]]))
        for number in range(len(words))
    ]
    assert changed.count(likeness_of(OFFER)) >= 0.8 * len(words)


@pytest.mark.parametrize(
    "edited",
    [
        OFFER.upper(),
        OFFER.replace(",", " !!").replace(".", " 😀"),
        OFFER.replace("drops", "dr\u200bops"),
        f"12 {OFFER} 34 ok",
        " ".join(reversed(OFFER.split())),
    ],
)
def test_signs_digits_case_and_order_make_no_other_text(edited: str) -> None:
    assert likeness_of(edited) == likeness_of(OFFER)


@pytest.mark.parametrize(
    "text",
    [
        "Thank you very much, this helped me a lot",
        "Thank you so much for this article, it was very helpful and clear!",
        "Thanks, I have exactly the same symptoms and did not know what it was.",
        "Muchas gracias por el artículo, me ha ayudado mucho",
        "谢谢医生,写得很清楚",
        "",
    ],
)
def test_what_many_people_may_well_say_alike_has_no_likeness(text: str) -> None:
    assert likeness_of(text) is None


def test_no_two_of_several_hundred_texts_are_taken_for_copies() -> None:
    texts = [each.text for each in rows()]
    texts += [" ".join(texts[place : place + 5]) for place in range(0, 500, 5)]
    known = [likeness for text in texts if (likeness := likeness_of(text)) is not None]
    assert len(set(known)) == len(known) > 80
