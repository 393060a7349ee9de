"""Articles to files, in the format that `import_articles` reads."""

from articles.front_matter import ArticleFile, SourceEntry, dump
from articles.models import Article, Citation


def export_text(article: Article) -> str:
    """Return the file of `article`: its live revision, or the newest of a draft."""
    revision = article.live or article.newest_revision
    assert revision
    return dump(
        ArticleFile(
            title=revision.title,
            slug=article.slug,
            category=[category.name for category in article.category.ancestors()],
            path=article.category.path,
            text=revision.text,
            authors=[author.name for author in article.ordered_authors()],
            published=article.published_at,
            language=article.language,
            summary=revision.summary,
            sources=[_entry(citation) for citation in revision.citations.select_related("source")],
            synonyms=article.synonyms,
            license=article.license,
            funding=article.funding,
            risk=article.risk_class,
            featured=article.featured,
            comments="open" if article.comments_open else "closed",
        )
    )


def _entry(citation: Citation) -> SourceEntry:
    source = citation.source
    return SourceEntry(
        key=citation.key,
        title=source.title,
        publisher=source.publisher,
        url=source.url,
        doi=source.doi,
        pmid=source.pmid,
        published=source.published_on,
        accessed=citation.accessed_on,
        printed=citation.as_printed if citation.as_printed != source.as_printed() else "",
    )
