"""One text while it is screened: what several checks need is found out once, when first asked."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from comments.screening.glance import Glance
from comments.screening.history import History, history_of
from comments.screening.likeness import likeness_at
from comments.screening.outcomes import Candidate, Finding, Outcome, Span
from comments.screening.phrase_book import Hit, PhraseBook, phrase_book


@dataclass
class Reading:
    candidate: Candidate
    answered: Collection[str] = field(default=())

    @property
    def text(self) -> str:
        return self.candidate.text

    @cached_property
    def book(self) -> PhraseBook:
        return phrase_book()

    @cached_property
    def hits(self) -> list[Hit]:
        return self.book.hits(self.text, self.glance)

    @cached_property
    def glance(self) -> Glance:
        return Glance(self.text)

    @cached_property
    def history(self) -> History | None:
        """What is known of the writer and the place; signed out nothing is asked."""
        return history_of(self.candidate, likeness_at(self.glance))

    def hits_of(self, *kinds: str) -> list[Hit]:
        return [hit for hit in self.hits if hit.kind in kinds]

    def found(
        self,
        check: str,
        spans: Iterable[Span] = (),
        *,
        phrase: int | None = None,
        asks: bool = False,
    ) -> Finding:
        """Return what a check says: it asks if it may and nobody has answered yet, or it holds."""
        asking = asks and check not in self.answered
        outcome = Outcome.ASK if asking else Outcome.HOLD
        return Finding(check, outcome, tuple(_merged(spans)), phrase)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Return the spans with those that overlap made one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged
