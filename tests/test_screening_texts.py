"""What the checks of words say about the texts in screening_texts.txt, with the starter phrases.

The numbers below are what was counted, hard cases included. Change them when you make screening
better, or when you add a text that it gets wrong (with a ? before its checks).
"""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from articles.models import Article
from comments.screening import Candidate, screen

TABLE = Path(__file__).parent / "screening_texts.txt"
SIGNS = {r"\n": "\n", r"\u200b": "\u200b"}


class Row(NamedTuple):
    language: str
    checks: frozenset[str]
    is_known: bool  # to come out wrong
    text: str


def rows() -> list[Row]:
    return [
        row(line)
        for line in TABLE.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]


def row(line: str) -> Row:
    language, checks, text = line.split(" | ", 2)
    for sign, meant in SIGNS.items():
        text = text.replace(sign, meant)
    names = frozenset(checks.lstrip("?").split("+")) - {"pass"}
    return Row(language, names, checks.startswith("?"), text)


@pytest.fixture
def found(article: Article) -> dict[Row, frozenset[str]]:
    return {
        each: frozenset(finding.check for finding in screen(Candidate(each.text, article)).findings)
        for each in rows()
    }


def test_the_table_has_many_texts_in_three_languages_true_hits_and_near_misses() -> None:
    counted = Counter((each.language, bool(each.checks)) for each in rows())
    assert len({each.text for each in rows()}) == len(rows()) > 500
    assert min(counted[language, hit] for language in ("en", "es", "zh") for hit in (0, 1)) > 40


def test_every_text_comes_out_as_the_table_says(found: dict[Row, frozenset[str]]) -> None:
    wrong = [
        f"{each.text} | {'+'.join(sorted(each.checks)) or 'pass'} | said: {'+'.join(sorted(said))}"
        for each, said in found.items()
        if (said != each.checks) != each.is_known
    ]
    assert not wrong, "\n" + "\n".join(wrong)


def test_false_alarms_and_misses_are_counted(found: dict[Row, frozenset[str]]) -> None:
    misses: Counter[tuple[str, str]] = Counter()
    alarms: Counter[tuple[str, str]] = Counter()
    for each, said in found.items():
        misses.update((each.language, check) for check in each.checks - said)
        alarms.update((each.language, check) for check in said - each.checks)
    print(f"\n{len(found)} texts")  # shown with `pytest -s`
    for language, check in sorted({*misses, *alarms}):
        both = misses[language, check], alarms[language, check]
        print(f"{language:6} {check:9} {both[0]:3} missed {both[1]:3} false alarms")
    assert (misses.total(), alarms.total()) == (16, 5)
