"""How phrases are written in haste: by rule, so that no list has to hold each of them again."""

from collections.abc import Iterator, Sequence

# Words as they are folded, and how they are written too.
OTHERWISE: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("want", "to"), ("wanna",)),
    (("want", "to"), ("want", "too")),
    (("want", "to"), ("want", "2")),
    (("going", "to"), ("gonna",)),
    (("do", "not"), ("dont",)),
    (("i", "am"), ("im",)),
    (("any", "more"), ("anymore",)),
    (("suicidal",), ("sucidal",)),
    (("suicide",), ("sucide",)),
    (("suicide",), ("suiside",)),
    (("quiero",), ("kiero",)),
    (("vivir",), ("bivir",)),
    (("vivir",), ("bibir",)),
    (("que",), ("q",)),
    (("que",), ("k",)),
    (("estoy",), ("toy",)),
)
MANY = 24  # ways to write one phrase


def spellings(words: Sequence[str]) -> list[list[str]]:
    """Return the words as they are, and in each other way."""
    found = [list(words)]
    for meant, written in OTHERWISE:
        found += [each for known in found for each in _replaced(known, meant, written)]
    return found[:MANY]


def _replaced(
    words: list[str], meant: Sequence[str], written: Sequence[str]
) -> Iterator[list[str]]:
    for place in range(len(words) - len(meant) + 1):
        if tuple(words[place : place + len(meant)]) == meant:
            yield [*words[:place], *written, *words[place + len(meant) :]]
            return
