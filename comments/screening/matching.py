"""All phrases looked for at once, in one pass over the words (Aho and Corasick, 1975)."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple


class Match[Payload](NamedTuple):
    first: int  # number of the first word
    after: int  # and of the one after the last
    payload: Payload


class Matcher[Payload]:
    """Finds every occurrence of many rows of words; at most two steps for each word of a text."""

    def __init__(self, phrases: Iterable[tuple[Sequence[str], Payload]]) -> None:
        self.steps: list[dict[str, int]] = [{}]
        self.back: list[int] = [0]
        self.found: list[list[tuple[int, Payload]]] = [[]]
        for words, payload in phrases:
            if words:
                self._add(words, payload)
        self._link()

    def find(self, words: Iterable[str]) -> Iterator[Match[Payload]]:
        steps, back, found = self.steps, self.back, self.found
        start = steps[0]
        state = 0
        for number, word in enumerate(words):
            if not state and word not in start:
                continue
            while state and word not in steps[state]:
                state = back[state]
            state = steps[state].get(word, 0)
            for length, payload in found[state]:
                yield Match(number + 1 - length, number + 1, payload)

    def _add(self, words: Sequence[str], payload: Payload) -> None:
        state = 0
        for word in words:
            if word not in self.steps[state]:
                self.steps[state][word] = len(self.steps)
                self.steps.append({})
                self.back.append(0)
                self.found.append([])
            state = self.steps[state][word]
        self.found[state].append((len(words), payload))

    def _link(self) -> None:
        """Note for each state where to go on when the next word does not continue it."""
        waiting = deque(self.steps[0].values())
        while waiting:
            state = waiting.popleft()
            for word, then in self.steps[state].items():
                waiting.append(then)
                back = self.back[state]
                while back and word not in self.steps[back]:
                    back = self.back[back]
                self.back[then] = self.steps[back].get(word, 0)
                self.found[then] = [*self.found[then], *self.found[self.back[then]]]
