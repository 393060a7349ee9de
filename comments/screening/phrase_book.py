"""The lists of phrases, made ready for looking them up, and kept by each process."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from comments.models import Phrase
from comments.screening.glance import Glance, Sieve
from comments.screening.matching import Match, Matcher
from comments.screening.outcomes import Span
from comments.screening.spellings import spellings
from comments.screening.words import Words, folded, respelled, words_of

HARMLESS = "~"  # before the longer phrases in which a phrase means nothing
COMMA = re.compile("[,，、;；:：]")
ITSELF = "…"  # stands for the phrase in these
# Written together, as in a hashtag, a shorter phrase could be a word of its own.
TOGETHER = 8


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
        if not self.sieve.may_hold(glance):
            return []
        found: set[Hit] = set()
        plain = words_of(text)
        for words in [plain, *respelled(text, plain)]:
            matches = list(self.matcher.find(words.words))
            harmless = _harmless(text, words, matches)
            for first, after, known in matches:
                ends = (known.phrase, first), (known.phrase, after - 1)
                if not known.is_harmless and not (harmless and harmless.issuperset(ends)):
                    span = words.starts[first], words.ends[after - 1]
                    found.add(Hit(known.phrase, known.kind, span))
        return sorted(found, key=lambda hit: hit.span)


class _Kept(NamedTuple):
    state: tuple[object, ...]
    book: PhraseBook


_kept: _Kept | None = None


def phrase_book() -> PhraseBook:
    """Return the lists as they are now: one small query, and more only when they changed."""
    global _kept  # one a process; an assignment is one step for all threads
    state = Phrase.objects.state()
    if not _kept or _kept.state != state:
        _kept = _Kept(state, _made())
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


def _made() -> PhraseBook:
    rows = list(Phrase.objects.in_use().order_by("pk"))
    kinds = Phrase.Kind
    spoken = {kinds.CRISIS, kinds.METHOD, kinds.HOLD, kinds.ASK}
    phrases = [row for phrase in rows if phrase.kind in spoken for row in _words(phrase)]
    return PhraseBook(
        Matcher(phrases),
        Sieve(words for words, known in phrases if not known.is_harmless),
        {_host(row.text): row.pk for row in rows if row.kind == kinds.DOMAIN},
        {_host(row.text): row.pk for row in rows if row.kind == kinds.SHORTENER},
        frozenset(digits_of(row.text) for row in rows if row.kind == kinds.NUMBER),
    )


def _words(phrase: Phrase) -> Iterator[tuple[list[str], Known]]:
    """Yield the words of a phrase, and the same written together; likewise what is harmless."""
    meant, _sign, harmless = phrase.text.partition(HARMLESS)
    known = Known(phrase.pk, phrase.kind)
    for text, payload in [
        (meant, known),
        *(
            (each, known._replace(is_harmless=True))
            for each in harmless.replace(ITSELF, meant).split(",")
        ),
    ]:
        words = folded(text)
        together = "".join(words)
        yield from ((spelled, payload) for spelled in spellings(words))
        if len(words) > 1 and len(together) >= TOGETHER and together.isascii():
            yield [together], payload


def _host(text: str) -> str:
    return text.strip().casefold().removeprefix("https://").removeprefix("www.").strip("/.")
