"""How screening fares with texts that it was not made for.

The table in screening_texts.txt was written together with the phrases and flatters them. That in
screening_texts_unseen.txt does not; those in screening_texts_colloquial.txt and
screening_texts_third.txt did not once.
"""

from collections import Counter
from pathlib import Path

import pytest

from articles.models import Article
from comments.screening import Candidate, screen
from tests.test_screening_texts import row


def wrong(table: str, article: Article) -> Counter[tuple[str, str]]:
    """Return how often each check missed a text, or was wrong to find something."""
    counted: Counter[tuple[str, str]] = Counter()
    for line in (Path(__file__).parent / table).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            _language, meant, _known, text = row(line)
            said = {each.check for each in screen(Candidate(text, article)).findings}
            counted.update(("missed", check) for check in meant - said)
            counted.update(("false alarm", check) for check in said - meant)
            if said != meant:
                print(line, "| said:", *said)  # shown with `pytest -s`
    return counted


@pytest.mark.parametrize(
    ("table", "counted"),
    [
        # 119 texts: 32 of crisis, 6 of methods, 15 to watch, 17 personal, 4 others, 45 that pass.
        (
            "screening_texts_colloquial.txt",
            {
                ("missed", "crisis"): 5,
                ("missed", "personal"): 1,
                ("missed", "shouting"): 1,
                ("false alarm", "crisis"): 1,
            },
        ),
        # 64 texts: 21 of crisis, 4 of methods, 7 to watch, 5 personal, 1 of links, 26 that pass.
        # Whole phrases know few of the ways in which people say that they want to die.
        (
            "screening_texts_unseen.txt",
            {
                ("missed", "crisis"): 19,
                ("missed", "method"): 4,
                ("missed", "watched"): 7,
                ("false alarm", "crisis"): 1,
                ("false alarm", "method"): 1,
            },
        ),
        # 40 texts: 26 of crisis, 14 that pass.
        (
            "screening_texts_third.txt",
            {("missed", "crisis"): 25, ("false alarm", "method"): 1},
        ),
    ],
)
def test_what_is_seen_of_unseen_texts_is_counted(
    article: Article, table: str, counted: dict[tuple[str, str], int]
) -> None:
    assert wrong(table, article) == counted
