"""Search in PostgreSQL's text search (https://www.postgresql.org/docs/15/textsearch.html)."""

from collections.abc import Sequence

from django.conf import settings
from django.db import connection

from articles.search.documents import WEIGHTS, Document
from articles.search.query import Query, Term

# The stemmers that come with PostgreSQL 15, by ISO 639-1.
CONFIGURATIONS = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}

INSERT = """
INSERT INTO articles_search (article_id, document) VALUES (
    %s,
    setweight(to_tsvector(%s::regconfig, %s), 'A') || setweight(to_tsvector(%s::regconfig, %s), 'B')
    || setweight(to_tsvector(%s::regconfig, %s), 'C') || to_tsvector(%s::regconfig, %s)
)
"""
# For D, C, B and A, as ts_rank wants them.
RANKS = "{" + ", ".join(str(weight / WEIGHTS[0]) for weight in reversed(WEIGHTS)) + "}"


def write(documents: Sequence[Document]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(INSERT, [_row(document) for document in documents])


def remove(article_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_search WHERE article_id = %s", [article_id])


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_search")


def ranked(query: Query) -> tuple[str, list[str]]:
    """Return the SQL, and its parameters, for (article_id, score): the lowest is the best.

    Scored by ts_rank over "any of the words", which does as bm25 does: a further mention adds less
    and less. By ts_rank_cd, thirty mentions in a long text outrank the article of that title.
    """
    any_word = " | ".join(map(_term, query.single_words))
    wanted = (" | " if query.any else " & ").join(map(_term, query.terms))
    unwanted = " | ".join(map(_term, query.excluded))
    # One reader's word, articles in many languages: asked with each stemmer.
    stemmers = sorted({configuration(code) for code, _name in settings.LANGUAGES} | {"simple"})
    asked = " || ".join(["to_tsquery(%s::regconfig, %s)"] * len(stemmers))
    sql = (
        f"SELECT article_id, -ts_rank(%s, document, {asked}) AS score"  # noqa: S608
        f" FROM articles_search WHERE document @@ (({asked}) && !!({asked}))"
    )
    queries = (any_word, wanted, unwanted)
    return sql, [
        RANKS,
        *(value for text in queries for stemmer in stemmers for value in (stemmer, text)),
    ]


def configuration(language: str) -> str:
    """Return the stemmer for a language that the site speaks; "simple" stems nothing."""
    code = language.lower().split("-")[0]
    spoken = {code.lower().split("-")[0] for code, _name in settings.LANGUAGES}
    return CONFIGURATIONS.get(code, "simple") if code in spoken else "simple"


def _row(document: Document) -> list[str | int]:
    config = configuration(document.language)
    fields = (document.title, document.synonyms, document.summary, document.body)
    return [document.article_id, *(value for field in fields for value in (config, field))]


def _term(term: Term) -> str:
    """Return the words as a phrase; of the last, perhaps only the beginning."""
    return "(" + " <-> ".join(map(_quoted, term.words)) + (":*" if term.prefix else "") + ")"


def _quoted(word: str) -> str:
    """Return a lexeme in quotes: words hold letters, digits and marks only, and never a quote."""
    return f"'{word}'"
