"""Did you mean: the words of titles, synonyms and summaries, found again by their trigrams."""

from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import batched

from django.db import connection

from articles.models import Article
from articles.search.query import LONGEST, STOP_WORDS
from articles.search.words import IS_CJK, WORD, fold

SHORTEST, LONGEST_KNOWN = 4, 40  # characters
MOST_WORDS = 8  # of one query
CANDIDATES = 50  # a word
ALIKE = 0.75  # difflib's ratio: "spazm" and "spasm" have 0.8, "heart" and "hearing" 0.67
ROWS_AT_ONCE = 2_000

REMEMBER = "INSERT INTO articles_search_word (trigram, word) VALUES {} ON CONFLICT DO NOTHING"
# The closest words of one that was asked for, by the trigrams that they share.
CLOSEST = """
SELECT * FROM (
    SELECT %s AS asked, word FROM articles_search_word WHERE trigram IN ({})
    GROUP BY word ORDER BY count(*) DESC, abs(length(word) - %s), word LIMIT %s
) AS closest
"""


def remember(articles: Iterable[Article]) -> None:
    """Add the words of these articles. What is no longer used stays until the index is rebuilt."""
    words = {word for article in articles for word in _vocabulary(article)}
    pairs = sorted((trigram, word) for word in words for trigram in _trigrams(word))
    with connection.cursor() as cursor:
        for rows in batched(pairs, ROWS_AT_ONCE):
            values = ", ".join(["(%s, %s)"] * len(rows))
            cursor.execute(REMEMBER.format(values), [value for row in rows for value in row])


def forget() -> None:
    """Forget all words."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_search_word")


def respelled(text: str) -> str | None:
    """Return `text` with the unknown words replaced by known ones, or None; one query."""
    text = text[:LONGEST]
    asked = dict.fromkeys(word for word in WORD.findall(text.lower()) if _is_spelled(word))
    candidates = _candidates(list(asked)[:MOST_WORDS])
    better = {word: _best(word, known) for word, known in candidates.items()}
    respelled = WORD.sub(lambda match: better.get(match[0].lower(), match[0]), text)
    return respelled if fold(respelled) != fold(text) else None


def _vocabulary(article: Article) -> set[str]:
    assert article.live
    texts = (article.live.title, article.live.summary, *map(str, article.synonyms))
    return {word for text in texts for word in WORD.findall(text.lower()) if _is_spelled(word)}


def _is_spelled(word: str) -> bool:
    """Tell whether a word can be misspelled: long enough, of letters, and not a pair of Han."""
    return (
        SHORTEST <= len(word) <= LONGEST_KNOWN
        and word.isalpha()
        and not IS_CJK.match(word)
        and word not in STOP_WORDS
    )


def _trigrams(word: str) -> set[str]:
    """Return the trigrams of a word, its beginning weighing more, as in PostgreSQL's pg_trgm."""
    padded = f"  {fold(word)} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def _candidates(words: list[str]) -> dict[str, list[str]]:
    if not words:
        return {}
    queries: list[str] = []
    parameters: list[str | int] = []
    for word in words:
        trigrams = sorted(_trigrams(word))
        queries.append(CLOSEST.format(", ".join(["%s"] * len(trigrams))))
        parameters += [word, *trigrams, len(word), CANDIDATES]
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(queries), parameters)
        for asked, known in cursor.fetchall():
            found.setdefault(asked, []).append(known)
    return found


def _best(asked: str, known: list[str]) -> str:
    """Return the known word most like the one asked for; itself when none is like it.

    Itself as well when one begins the other: a search finds other endings without help.
    """
    likeness = {word: SequenceMatcher(None, fold(asked), fold(word)).ratio() for word in known}
    best = max(known, key=lambda word: likeness[word])
    same = fold(best).startswith(fold(asked)) or fold(asked).startswith(fold(best))
    return asked if same or likeness[best] < ALIKE else best
