"""What a reader asks for, parsed once for all databases: words, "exact phrases", -exclusions."""

import re
from dataclasses import dataclass, replace

from articles.search.words import IS_CJK, words

LONGEST = 200  # characters; what follows is not read
MOST_TERMS = 16
SHORTEST_BEGINNING = 3  # "hyp" may stand for hypertension; "hy" stands for half the dictionary

# Words that a question is made of and that tell nothing of what it is about.
STOP_WORDS = frozenset(
    """
    a an and are as at be but by can do does for from had has have how i if in is it many me much
    my of on or should so some than that the their there these they this those to was we were
    what when where which who why will with would you your
    """.split()  # noqa: SIM905 - a paragraph is easier to read
)

PART = re.compile(r'(?P<not>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')


@dataclass(frozen=True)
class Term:
    """Words that stand next to each other; of the last, perhaps only the beginning is given."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True)
class Query:
    """All `terms` are wanted (or any of them), and none of the `excluded`."""

    terms: tuple[Term, ...]
    excluded: tuple[Term, ...] = ()
    any: bool = False

    @property
    def words(self) -> list[str]:
        return [word for term in self.terms for word in term.words]

    @property
    def single_words(self) -> list[Term]:
        return [
            Term((word,), prefix=term.prefix and word is term.words[-1])
            for term in self.terms
            for word in term.words
        ]

    def loosened(self) -> "Query":
        """Return the query that asks for any of the words, or for words that begin so."""
        words = dict.fromkeys(self.words)
        return replace(self, terms=tuple(_beginning(word) for word in words), any=True)


def parse(text: str) -> Query:
    """Read a reader's words; whatever they are, there is a query, which may ask for nothing."""
    terms: dict[Term, bool] = {}  # each once, in order: True when wanted
    for part in PART.finditer(text[:LONGEST]):
        if found := tuple(words(part["phrase"] or part["word"] or "")):
            terms.setdefault(_term(found), not part["not"])
    wanted = [term for term, is_wanted in terms.items() if is_wanted]
    telling = [term for term in wanted if not STOP_WORDS.issuperset(term.words)]
    excluded = [term for term, is_wanted in terms.items() if not is_wanted]
    return Query(tuple((telling or wanted)[:MOST_TERMS]), tuple(excluded[:MOST_TERMS]))


def _term(found: tuple[str, ...]) -> Term:
    """Return the term of these words: a single Han character begins a pair in the index."""
    last = found[-1]
    return Term(found, prefix=len(last) == 1 and bool(IS_CJK.match(last)))


def _beginning(word: str) -> Term:
    if IS_CJK.match(word):
        return _term((word,))
    return Term((word,), prefix=len(word) >= SHORTEST_BEGINNING)
