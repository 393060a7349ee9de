"""Search in SQLite's FTS5 (https://www.sqlite.org/fts5.html)."""

from collections.abc import Sequence

from django.db import connection

from articles.search.documents import WEIGHTS, Document
from articles.search.query import Query, Term

INSERT = """
INSERT INTO articles_search (rowid, title, synonyms, summary, body) VALUES (%s, %s, %s, %s, %s)
"""
RANKED = f"""
SELECT rowid AS article_id, bm25(articles_search, {", ".join(map(str, WEIGHTS))}) AS score
FROM articles_search WHERE articles_search MATCH %s
"""  # noqa: S608 - constants


def write(documents: Sequence[Document]) -> None:
    rows = [(d.article_id, d.title, d.synonyms, d.summary, d.body) for d in documents]
    with connection.cursor() as cursor:
        cursor.executemany(INSERT, rows)


def remove(article_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_search WHERE rowid = %s", [article_id])


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_search")


def ranked(query: Query) -> tuple[str, list[str]]:
    """Return the SQL, and its parameters, for (article_id, score): the lowest is the best."""
    wanted = (" OR " if query.any else " AND ").join(map(_term, query.terms))
    if not query.excluded:
        return RANKED, [wanted]
    return RANKED, [f"({wanted}) NOT ({' OR '.join(map(_term, query.excluded))})"]


def _term(term: Term) -> str:
    """Return a quoted phrase: nothing in quotes is an operator, and no word holds a quote."""
    return f'"{" ".join(term.words)}"' + (" *" if term.prefix else "")
