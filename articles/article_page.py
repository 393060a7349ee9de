"""What the page of an article is assembled from: its text in sections, and what is known of each.

The templates get (templates/articles/article.html):

`article`, `revision`   and of the page: `crumbs`, `authors`, `translations`, `json_ld`
`claims`                what may be said of clinical review (articles/claims.py)
`sections`              the text as `PageSection`s in order, the lead first
`removed`               what was signed and is gone (claims.Removed)
`citations`, `uncited`  the sources with a number, and those that nothing refers to
`safety`, `corrections` public entries: those above the text, and the others below it
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from articles.claims import SectionClaim, claims_of
from articles.markdown import split_heading
from articles.models import Article, Citation, Correction, Revision, SourceTask
from articles.structured_data import json_ld


@dataclass(frozen=True)
class PageSection:
    """One section of the page: what may be said of it stands between its heading and its text."""

    claim: SectionClaim
    heading: SafeString
    body: SafeString
    notices: Sequence[SourceTask]  # of sources it cites that were retracted or corrected

    @property
    def is_lead(self) -> bool:
        return not self.claim.section.position


def article_context(article: Article) -> dict[str, Any]:
    """Return what the article page shows."""
    revision = article.live
    assert revision
    authors = article.ordered_authors()
    citations = list(revision.citations.select_related("source"))
    cited = sorted((row for row in citations if row.number), key=lambda row: row.number or 0)
    claims = claims_of(revision)
    entries = list(article.corrections.all())
    return {
        "article": article,
        "revision": revision,
        "crumbs": article.category.ancestors(),
        "authors": authors,
        "claims": claims,
        "sections": page_sections(revision, claims.sections, citations),
        "removed": claims.removed,
        "citations": cited,
        "uncited": [row for row in citations if not row.number],
        "safety": [entry for entry in entries if entry.kind == Correction.Kind.SAFETY],
        "corrections": [entry for entry in entries if entry.kind != Correction.Kind.SAFETY],
        "translations": article.in_other_languages(),
        "json_ld": json_ld(article, authors, cited),
    }


def page_sections(
    revision: Revision, claims: Sequence[SectionClaim], citations: Sequence[Citation]
) -> list[PageSection]:
    """Return the sections of `revision`, each with what is said of it."""
    notices = source_notices(revision, citations)
    return [
        PageSection(claim, *split_heading(html), notices=notices[claim.section.position])
        for claim, html in zip(claims, revision.section_html, strict=True)
    ]


def source_notices(revision: Revision, citations: Sequence[Citation]) -> list[list[SourceTask]]:
    """Return, by position, what readers are told of the sources that each section cites."""
    sources = {row.key: row.source_id for row in citations}
    tasks = SourceTask.objects.shown().filter(article=revision.article_id) if sources else ()
    known: dict[int, dict[tuple[str, str], SourceTask]] = {}
    for task in tasks:
        known.setdefault(task.source_id, {})[task.status, task.notice] = task
    return [
        [task for key in sorted(keys) for task in known.get(sources.get(key, 0), {}).values()]
        for keys in revision.cited_keys()
    ]
