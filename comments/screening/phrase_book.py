"""The lists of phrases, made ready for looking them up, and kept by each process."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from comments.models import Phrase
from comments.screening.glance import Glance, Sieve
from comments.screening.matching import Match, Matcher, Parts
from comments.screening.outcomes import Span
from comments.screening.spellings import as_meant, meant, parts_of, together
from comments.screening.words import Words, respelled

HARMLESS = "~"  # before the longer phrases in which a phrase means nothing
COMMA = re.compile("[,，、;；:：]")
ITSELF = "…"  # stands for the phrase in these
# The kinds that are looked for in what people say.
SPOKEN = {Phrase.Kind.CRISIS, Phrase.Kind.METHOD, Phrase.Kind.HOLD, Phrase.Kind.ASK}


class Known(NamedTuple):
    """What a row of words stands for."""

    phrase: int
    kind: str
    is_harmless: bool = False


class Hit(NamedTuple):
    """A phrase at its place in a text."""

    phrase: int
    kind: str
    span: Span


@dataclass(frozen=True)
class PhraseBook:
    matcher: Matcher[Known]
    sieve: Sieve
    domains: dict[str, int]
    shorteners: dict[str, int]
    numbers: frozenset[str]

    def hits(self, text: str, glance: Glance) -> list[Hit]:
        """Return every phrase in `text`; disguised ones too, in order."""
        is_disguised = self.sieve.may_be_disguised(glance)
        if not is_disguised and not self.may_be_plain_in(glance):
            return []
        found: set[Hit] = set()
        plain = glance.plain
        for each in [plain, *(respelled(text, plain) if is_disguised else ())]:
            words = as_meant(each)
            matches = list(self.matcher.find(words.words))
            harmless = _harmless(text, words, matches)
            for first, after, known in matches:
                ends = (known.phrase, first), (known.phrase, after - 1)
                if not known.is_harmless and not (harmless and harmless.issuperset(ends)):
                    span = words.starts[first], words.ends[after - 1]
                    found.add(Hit(known.phrase, known.kind, span))
        return sorted(found, key=lambda hit: hit.span)

    def may_be_plain_in(self, glance: Glance) -> bool:
        """Tell whether a phrase may be in the text as it stands."""
        matches = self.matcher.find(meant(glance.row_of_words))
        return any(not match.payload.is_harmless for match in matches)


class _Kept(NamedTuple):
    state: tuple[object, ...]
    book: PhraseBook


_kept: _Kept | None = None


def phrase_book() -> PhraseBook:
    """Return the lists as they are now: one small query, and more only when they changed."""
    global _kept  # one a process; an assignment is one step for all threads
    state = Phrase.objects.state()
    if not _kept or _kept.state != state:
        _kept = _Kept(state, book_of(Phrase.objects.in_use().order_by("pk")))
    return _kept.book


def digits_of(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _harmless(text: str, words: Words, matches: list[Match[Known]]) -> set[tuple[int, int]]:
    """Return which phrases mean nothing at which words: longer ones go on without a comma."""
    return {
        (known.phrase, place)
        for first, after, known in matches
        if known.is_harmless and not COMMA.search(text, words.starts[first], words.ends[after - 1])
        for place in range(first, after)
    }


def book_of(rows: Collection[Phrase]) -> PhraseBook:
    """Return these phrases, ready for looking them up."""
    kinds = Phrase.Kind
    phrases = [row for phrase in rows if phrase.kind in SPOKEN for row in _parts(phrase)]
    return PhraseBook(
        Matcher(phrases),
        Sieve(parts for parts, known in phrases if not known.is_harmless),
        {_host(row.text): row.pk for row in rows if row.kind == kinds.DOMAIN},
        {_host(row.text): row.pk for row in rows if row.kind == kinds.SHORTENER},
        frozenset(digits_of(row.text) for row in rows if row.kind == kinds.NUMBER),
    )


def _parts(phrase: Phrase) -> Iterator[tuple[Parts, Known]]:
    """Yield the parts of a phrase, and the same written together; likewise what is harmless."""
    said, _sign, harmless = phrase.text.partition(HARMLESS)
    known = Known(phrase.pk, phrase.kind)
    yield from _ways(said, known)
    for each in harmless.split(","):
        yield from _ways(each.replace(ITSELF, said), known._replace(is_harmless=True))


def _ways(text: str, known: Known) -> Iterator[tuple[Parts, Known]]:
    yield parts_of(text), known
    if written := together(text):
        yield [[[written]]], known


def _host(text: str) -> str:
    return text.strip().casefold().removeprefix("https://").removeprefix("www.").strip("/.")
