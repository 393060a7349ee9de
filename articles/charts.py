"""Drawings of numbers: where bars and words stand in an SVG, of which a table says the same.

Everything is a whole number: a fraction would be written with a comma in some languages.
"""

from collections.abc import Sequence
from dataclasses import dataclass

BAR_AT_LEAST = 6  # what is more than nothing is seen


@dataclass(frozen=True)
class Bar:
    x: int
    y: int
    width: int
    height: int
    series: int  # which of the numbers beside each other: 0 or 1


@dataclass(frozen=True)
class Label:
    x: int
    y: int
    text: str


@dataclass(frozen=True)
class Chart:
    """A drawing with its words and, as the truth, the rows of its table."""

    name: str  # what its ids begin with
    title: str
    described: str
    heads: Sequence[str]  # of the table
    rows: Sequence[tuple[str, Sequence[int]]]
    width: int
    height: int
    bars: Sequence[Bar]
    labels: Sequence[Label]
    text_size: int


def columns(
    name: str,
    title: str,
    described: str,
    heads: Sequence[str],
    rows: Sequence[tuple[str, Sequence[int]]],
    marks: dict[int, str],
) -> Chart:
    """Draw each row as columns beside each other; `marks` stand below some of them."""
    step, tall = 100, 500
    top = max((number for _label, numbers in rows for number in numbers), default=0)
    bars = []
    for at, (_label, numbers) in enumerate(rows):
        thick = (step - 16) // max(1, len(numbers))
        for series, number in enumerate(numbers):
            size = _size(number, top, tall)
            x = at * step + 8 + series * thick
            bars += [Bar(x, tall - size + 10, thick - 6, size, series)] if size else []
    labels = [Label(at * step, tall + 100, text) for at, text in marks.items()]
    return Chart(
        name, title, described, heads, rows, step * len(rows), tall + 130, bars, labels, 80
    )


def lines(
    name: str, title: str, described: str, heads: Sequence[str], rows: Sequence[tuple[str, int]]
) -> Chart:
    """Draw each row as its words and a bar below them."""
    step, wide = 120, 1_000
    top = max((number for _label, number in rows), default=0)
    bars, labels = [], []
    for at, (label, number) in enumerate(rows):
        labels.append(Label(0, at * step + 42, f"{label}: {number}"))
        if size := _size(number, top, wide):
            bars.append(Bar(0, at * step + 58, size, 36, 0))
    table = [(label, [number]) for label, number in rows]
    return Chart(name, title, described, heads, table, wide, step * len(rows), bars, labels, 38)


def _size(number: int, top: int, longest: int) -> int:
    return max(BAR_AT_LEAST, number * longest // top) if number else 0
