"""What of an article is searched."""

from dataclasses import dataclass

from articles.models import Article
from articles.search.words import indexed

# How much a word counts in the title, the synonyms, the summary and the body.
WEIGHTS = (10, 8, 4, 1)
# A tsvector holds less than 1 MB, and needs up to twice the bytes of its words.
LONGEST_BODY = 400_000


@dataclass(frozen=True)
class Document:
    """An article's words, folded, as the index takes them."""

    article_id: int
    language: str
    title: str
    synonyms: str
    summary: str
    body: str


def document(article: Article) -> Document:
    """Return what is indexed of an article that has a live revision."""
    assert article.live
    return Document(
        article_id=article.pk,
        language=article.language,
        title=_words(article.live.title),
        synonyms=_words("\n".join(map(str, article.synonyms))),
        summary=_words(article.live.summary),
        body=_words(article.live.plain_text).encode()[:LONGEST_BODY].decode(errors="ignore"),
    )


def _words(text: str) -> str:
    return " ".join(indexed(text))
