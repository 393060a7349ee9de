"""Articles from files: known by their slug, revised when a file changed."""

from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from articles.front_matter import ArticleFile, Refused, SourceEntry, parse
from articles.models import Article, Category, Citation, Contributor, Revision, Source
from articles.models.revision import new_citation
from articles.publishing import Exempt, why_not_published


class Outcome(StrEnum):
    NEW = "new"
    REVISED = "revised"
    CHANGED = "changed"  # its facts, not its words
    UNCHANGED = "unchanged"


def import_file(raw: bytes, *, unreviewed: bool = True) -> tuple[str, Outcome]:
    """Import one file; return its slug and what came of it.

    Where clinical review is required, an import is the named exception: with `unreviewed` a file is
    published as it says, and the audit trail notes which were not signed. Without it such a file
    stays a draft.

    Raises Refused, with a sentence for whoever wrote the file; nothing of it is then kept.
    """
    file = parse(raw)
    try:
        with transaction.atomic():
            return file.slug, _import(file, unreviewed=unreviewed)
    except ValidationError as error:
        raise Refused(sentence(error)) from error
    except IntegrityError as error:
        raise Refused(_("Somebody made the same at this moment: import it again.")) from error


def sentence(error: ValidationError) -> str:
    """Return what `error` complains of, each field named."""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    return " ".join(
        f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items()
    )


def _import(file: ArticleFile, *, unreviewed: bool) -> Outcome:
    stored = Article.objects.select_for_update().filter(slug=file.slug).first()
    article = stored or Article(slug=file.slug)
    is_new = article._state.adding
    changed = _set_facts(article, file)
    if is_new or changed:
        article.full_clean(exclude=["live"])
        article.save()
    revision = article.revise(
        title=file.title,
        summary=file.summary,
        text=file.text,
        citations=[_citation(entry) for entry in file.sources],
    )
    revised = revision.published_at is None and revision.pk != article.live_id
    changed |= _set_authors(article, file.authors)
    if unreviewed or not why_not_published(revision):
        changed |= _publish(article, revision, file, revised=revised)
    if is_new:
        return Outcome.NEW
    return Outcome.REVISED if revised else Outcome.CHANGED if changed else Outcome.UNCHANGED


def _set_facts(article: Article, file: ArticleFile) -> bool:
    """Give `article` what the file says about it; tell whether anything differs."""
    facts = {
        "category": Category.objects.at(file.category, file.path),
        "language": file.language,
        "license": file.license,
        "funding": file.funding,
        "risk_class": file.risk,
        "featured": file.featured,
        "comments_open": file.comments == "open",
        "synonyms": file.synonyms,
    }
    differing = {
        name: value
        for name, value in facts.items()
        if article._state.adding or getattr(article, name) != value
    }
    for name, value in differing.items():
        setattr(article, name, value)
    return bool(differing)


def _set_authors(article: Article, names: list[str]) -> bool:
    before = article.ordered_authors()
    authors = [
        Contributor.objects.filter(name=name).order_by("pk").first() or _new_author(name)
        for name in names
    ]
    article.set_authors(authors)
    return before != authors


def _new_author(name: str) -> Contributor:
    author = Contributor(name=name)
    author.clean_fields(exclude=["slug"])  # which is made of the name
    author.save()
    return author


def _publish(article: Article, newest: Revision, file: ArticleFile, *, revised: bool) -> bool:
    """Publish the newest revision as the file says; tell whether the date moved."""
    if file.published is None:
        return False
    moved = article.published_at != file.published
    if revised or article.live_id != newest.pk or moved:
        if moved and article.published_at:
            article.reschedule(file.published)
        article.publish(newest, at=file.published, exempt=Exempt.IMPORT)
    return moved


def _citation(entry: SourceEntry) -> Citation:
    source = Source.objects.matching(doi=entry.doi, pmid=entry.pmid, url=entry.url)
    source = source or _nameless(entry)
    if source is None:
        source = Source(
            title=entry.title,
            publisher=entry.publisher,
            url=entry.url,
            doi=entry.doi,
            pmid=entry.pmid,
            published_on=entry.published,
        )
        source.full_clean()
        source.save()
    source.learn(doi=entry.doi, pmid=entry.pmid, url=entry.url)
    return new_citation(
        source,
        entry.key,
        as_printed=entry.printed or printed_differently(source, entry),
        accessed_on=entry.accessed,
    )


def _nameless(entry: SourceEntry) -> Source | None:
    """Return the same source on record, where neither has anything to be found by."""
    if entry.doi or entry.pmid or entry.url:
        return None
    facts = {"title": entry.title, "publisher": entry.publisher, "published_on": entry.published}
    return Source.objects.filter(doi=None, pmid=None, url="", **facts).order_by("pk").first()


def printed_differently(source: Source, entry: SourceEntry) -> str:
    """Return how this file prints a source that is on record under another title, or nothing."""
    said = Source(
        title=entry.title, publisher=entry.publisher, published_on=entry.published
    ).as_printed()
    return said if said != source.as_printed() else ""
