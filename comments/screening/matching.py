"""All phrases looked for at once, in one pass over the words.

A phrase is a row of parts, and a part a choice of words, so written out in full they would be
hundreds of thousands. They are kept as they are: places in phrases, and from each the words that
lead on. Which places a text may be at together, and where each word leads from them, is found out
when it first happens and then known (Thompson 1968; the lazy automata of grep and RE2).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

Parts = Sequence[Sequence[Sequence[str]]]  # of a phrase: each a choice of words, perhaps of none
# So many sets of places are remembered: ordinary texts need some hundreds.
MANY = 5_000


class Match[Payload](NamedTuple):
    first: int  # number of the first word
    after: int  # and of the one after the last
    payload: Payload


class _Together[Payload]:
    """Places at which a text is at the same time."""

    def __init__(self, places: frozenset[int], ends: list[tuple[int, Payload]]) -> None:
        self.places = places
        self.ends = ends  # with how many words each phrase that ends here has
        self.steps: dict[str, _Together[Payload]] = {}


class Matcher[Payload]:
    """Finds every occurrence of many phrases; one step for each word of a text."""

    def __init__(self, phrases: Iterable[tuple[Parts, Payload]]) -> None:
        self.onward: list[dict[str, set[int]]] = [{}]  # from the first place all phrases begin
        self.ends: list[list[tuple[int, Payload]]] = [[]]
        for parts, payload in phrases:
            self._add(parts, payload)
        self.words = {word for steps in self.onward for word in steps}
        self._forget()

    def find(self, words: Iterable[str]) -> Iterator[Match[Payload]]:
        known, start = self.words, self.start
        here = start
        for number, word in enumerate(words):
            if word not in known:
                here = start
                continue
            here = here.steps.get(word) or self.step(here, word)
            for length, payload in here.ends:
                yield Match(number + 1 - length, number + 1, payload)

    def step(self, here: _Together[Payload], word: str) -> _Together[Payload]:
        """Find out where `word` leads from `here`, or begins."""
        places = frozenset(
            then for place in {0, *here.places} for then in self.onward[place].get(word, ())
        )
        if len(self.together) >= MANY:
            self._forget()
        if not (then := self.together.get(places)):
            ends = [end for place in sorted(places) for end in self.ends[place]]
            then = self.together[places] = _Together(places, ends)
        here.steps[word] = then
        return then

    def _forget(self) -> None:
        self.start: _Together[Payload] = _Together(frozenset(), [])
        self.together = {self.start.places: self.start}

    def _add(self, parts: Parts, payload: Payload) -> None:
        reached = {0: {0}}  # after so many words: places
        for choices in parts:
            further: dict[int, set[int]] = {}
            for length, places in reached.items():
                for words in choices:
                    after = further.setdefault(length + len(words), set())
                    after |= self._path(places, words) if words else places
            reached = further
        for length, places in reached.items():
            for place in places - {0}:
                self.ends[place].append((length, payload))

    def _path(self, places: set[int], words: Sequence[str]) -> set[int]:
        """Lead on from all these places by the same words; return where they lead to."""
        for word in words:
            self.onward.append({})
            self.ends.append([])
            for place in places:
                self.onward[place].setdefault(word, set()).add(len(self.onward) - 1)
            places = {len(self.onward) - 1}
        return places
