"""What was done to an article, and what its page may then say of clinical review: a second opinion.

It knows words, not hashes, and tries all that is possible instead of being clever, so that it can
be read beside the promise and believed. `articles/claims.py` has to say the same of the rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations, pairwise

# The best that can be said stands first.
KINDS = ("signed", "spelling", "source", "moved", "edited", "added", "unchecked")

Words = tuple[str, ...]  # all that is signed with a section: heading, text, sources as printed


@dataclass(frozen=True)
class Part:
    """A section: readers know it by its heading, and by which of that heading it is."""

    words: Words
    cited: frozenset[str] = frozenset()
    nth: int = 0

    @property
    def name(self) -> tuple[str, int]:
        return self.words[0], self.nth


@dataclass
class Paper:
    """A revision."""

    number: int
    parts: list[Part]
    by: str
    was_out: bool = False

    @property
    def names(self) -> list[tuple[str, int]]:
        return [part.name for part in self.parts]


@dataclass
class Signature:
    """A sign-off of some sections of a paper."""

    number: int
    paper: Paper
    person: str
    positions: set[int]
    at: datetime
    is_whole: bool
    is_approval: bool
    stands: bool = True

    def part(self, name: tuple[str, int]) -> Part | None:
        """Return the section of this name that it covers."""
        covered = (self.paper.parts[position] for position in self.positions)
        return next((part for part in covered if part.name == name), None)


@dataclass
class Mark:
    """An editor's word that `part` only corrects the spelling of `before`."""

    part: Part
    before: Part
    of: tuple[int, int]  # the number of the paper, and the position in it
    is_checked: bool = False
    stands: bool = True


@dataclass(frozen=True)
class Said:
    """What is said of the live text: of each section with whose signature, and what is gone."""

    sections: list[tuple[str, int | None]]
    gone: set[tuple[str, int]]  # a heading, and whose signature
    state: str
    since: datetime | None


@dataclass
class Story:
    """All that happened, in order."""

    papers: list[Paper] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    byline: set[str] = field(default_factory=set)
    changed: dict[str, datetime] = field(default_factory=dict)  # sources
    live: Paper | None = None

    # --- what was done --------------------------------------------------------------------------

    def wrote(self, part: Part, upto: Paper) -> str:
        """Return who wrote these words first."""
        papers = self.papers[: upto.number]
        return next(paper.by for paper in papers for old in paper.parts if old.words == part.words)

    def is_refused(self, paper: Paper, person: str, positions: set[int]) -> bool:
        """Tell whether this person wrote some of what they want to approve."""
        mine = (self.wrote(paper.parts[position], paper) == person for position in positions)
        return person in self.byline or any(mine)

    def mark(self, paper: Paper, before: Paper) -> bool:
        """Mark what differs as spellings; refuse where sections came, went or moved."""
        if len(paper.parts) != len(before.parts):
            return False
        pairs = list(enumerate(zip(paper.parts, before.parts, strict=True)))
        differ = [(position, *pair) for position, pair in pairs if pair[0].words != pair[1].words]
        now = [part.words for part in paper.parts]
        if any(was.words in now for _position, _new, was in differ):
            return False
        marked = {mark.of for mark in self.marks}
        self.marks += [
            Mark(new, was, (paper.number, position))
            for position, new, was in differ
            if (paper.number, position) not in marked
        ]
        return True

    # --- what may be said -----------------------------------------------------------------------

    def said(self) -> Said:
        if not self.live:
            return Said([], set(), "unchecked", None)
        found = [self._claim(part) for part in self.live.parts]
        gone = set(self._gone())
        kinds = {kind for kind, _signature in found}
        signed = [signature.at for _kind, signature in found if signature]
        if kinds == {"signed"} and not gone:
            state = "signed"
        elif kinds == {"unchecked"} and not gone:
            state = "unchecked"
        else:
            is_in_part = kinds == {"signed", "unchecked"} and not gone
            state = "in_part" if is_in_part else "changed"
        return Said(
            [(kind, signature.number if signature else None) for kind, signature in found],
            gone,
            state,
            min(signed) if state == "signed" else None,
        )

    def _counting(self) -> list[Signature]:
        """Return the approvals that count, the newest first: nobody's do for their own text."""
        return [
            signature
            for signature in reversed(self.signatures)
            if signature.is_approval and signature.stands and signature.person not in self.byline
        ]

    def _is_ahead(self, signature: Signature) -> bool:
        """Tell whether it is of a draft to come, that readers never saw."""
        assert self.live
        return signature.paper.number > self.live.number and not signature.paper.was_out

    def _claim(self, part: Part) -> tuple[str, Signature | None]:
        """Return the best of what the signatures say; of equals, by the newest."""
        said = [(self._says(signature, part), signature) for signature in self._counting()]
        best = min(said, key=lambda one: KINDS.index(one[0]), default=("unchecked", None))
        if KINDS.index(best[0]) < KINDS.index("added"):
            return best
        seen = [signature for signature in self._counting() if not self._is_ahead(signature)]
        if seen and all(self._then(part, signature.paper) is None for signature in seen):
            return "added", seen[0]
        return "unchecked", None

    def _says(self, signature: Signature, part: Part) -> str:
        then = self._then(part, signature.paper)
        was = signature.part(then) if then else None
        if was is None:
            return "unchecked"
        is_same, is_in_place = was.words == part.words, self._is_in_place(part, signature.paper)
        if self._is_ahead(signature) and not (is_same and is_in_place):
            return "unchecked"
        if was.words not in [old.words for old in self._corrects(part)]:
            return "edited"
        if not is_in_place:
            return "moved"
        if not is_same:
            return "spelling"
        times = [self.changed[key] for key in part.cited if key in self.changed]
        return "source" if any(time > signature.at for time in times) else "signed"

    def _corrects(self, part: Part) -> list[Part]:
        """Return the section, what it is a corrected spelling of, what that is one of …"""
        chain = [part]
        while True:
            marks = [m for m in self.marks if m.stands and m.part.words == chain[-1].words]
            if not marks or marks[-1].before.words in [old.words for old in chain]:
                return chain
            chain.append(marks[-1].before)

    def _then(self, part: Part, paper: Paper) -> tuple[str, int] | None:
        """Return under which name it stood in `paper`: its own, or one that it had before.

        A name that another section has today is that other's.
        """
        assert self.live
        for old in self._corrects(part):
            is_free = old.name == part.name or old.name not in self.live.names
            if is_free and old.name in paper.names:
                return old.name
        return None

    def _is_in_place(self, part: Part, paper: Paper) -> bool:
        """Tell whether it is one of the most sections that stand in one order, then and now.

        Where several choices are as large, those count as moved that stand first today.
        """
        assert self.live
        then = [(now, self._then(one, paper)) for now, one in enumerate(self.live.parts)]
        places = [(now, paper.names.index(name)) for now, name in then if name]
        orders = [run for run in subsets(places) if is_rising([place for _now, place in run])]
        stay = max(orders, key=lambda run: (len(run), [now for now, _place in reversed(run)]))
        return self.live.parts.index(part) in [now for now, _place in stay]

    def _gone(self) -> Iterator[tuple[str, int]]:
        """Yield what was signed and is missing, by its newest signature.

        Unless somebody signed the article as a whole without it later, as readers see it or saw it.
        """
        assert self.live
        here = {old.name for part in self.live.parts for old in self._corrects(part)}
        counting = self._counting()
        seen = [signature for signature in counting if not self._is_ahead(signature)]
        names = {s.paper.parts[position].name for s in seen for position in s.positions}
        for name in names - here:
            newest = next(signature for signature in seen if signature.part(name))
            if not any(
                whole.is_whole
                and whole.number > newest.number
                and name not in whole.paper.names
                and (not self._is_ahead(whole) or self._reads_like(whole.paper))
                for whole in counting
            ):
                yield name[0], newest.number

    def _reads_like(self, paper: Paper) -> bool:
        assert self.live
        return [part.words for part in paper.parts] == [part.words for part in self.live.parts]


def subsets(of: Sequence[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], ...]]:
    for size in range(len(of) + 1):
        yield from combinations(of, size)


def is_rising(numbers: Sequence[int]) -> bool:
    return all(first < second for first, second in pairwise(numbers))
