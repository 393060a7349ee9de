"""What the page of an article is assembled from: its text in sections, and what is known of each.

The templates get (templates/articles/article.html):

`article`, `revision`   and of the page: `crumbs`, `authors`, `translations`, `json_ld`
`claims`                what may be said of clinical review (articles/claims.py)
`sections`              the text as `PageSection`s in order, the lead first
`trust`                 the panel under the title, in words (articles/trust.py)
`citations`, `uncited`  the sources with a number, and those that nothing refers to
`safety`, `corrections` public entries: those above the text, and the others below it
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from articles.claims import Claims, Kind, Removed, SectionClaim, claims_of
from articles.markdown import split_heading
from articles.models import Article, Citation, Correction, Revision
from articles.source_notices import SourceNotice, notices_by_position
from articles.structured_data import json_ld
from articles.trust import trust_of


@dataclass(frozen=True)
class PageSection:
    """One section of the page: what may be said of it stands between its heading and its text."""

    claim: SectionClaim
    heading: SafeString
    body: SafeString
    notices: Sequence[SourceNotice]  # of sources it cites that were retracted or corrected
    removed_after: Sequence[Removed]  # what stood behind it when it was signed
    is_noted: bool  # it is not signed while others are, or were


def article_context(article: Article, *, preview: bool = False) -> dict[str, Any]:
    """Return what the article page shows; a preview leads to no page that readers cannot open."""
    revision = article.live
    assert revision
    revision.article = article
    authors = article.ordered_authors()
    citations = list(revision.citations.select_related("source__superseded_by"))
    cited = sorted((row for row in citations if row.number), key=lambda row: row.number or 0)
    claims = claims_of(revision)
    entries = entries_of(article)
    return {
        "article": article,
        "preview": preview,
        "revision": revision,
        "crumbs": article.category.ancestors(),
        "authors": authors,
        "claims": claims,
        "sections": page_sections(revision, claims, citations),
        "trust": trust_of(article, claims, cited, preview=preview),
        "citations": cited,
        "uncited": [row for row in citations if not row.number],
        **entries,
        "translations": article.in_other_languages(),
        "json_ld": json_ld(
            article,
            authors,
            cited,
            claims,
            corrections=[*entries["safety"], *entries["corrections"]],
        ),
    }


def entries_of(article: Article) -> dict[str, list[Correction]]:
    """Return the public entries that stand above the text, and those below it; newest first."""
    entries = list(article.corrections.all())
    return {
        "safety": [entry for entry in entries if entry.is_safety],
        "corrections": [entry for entry in entries if not entry.is_safety],
    }


def page_sections(
    revision: Revision, claims: Claims, citations: Sequence[Citation]
) -> list[PageSection]:
    """Return the sections of `revision`, each with what is said of it."""
    notices, removed = notices_by_position(revision, citations), removed_after(claims)
    return [
        PageSection(
            claim,
            *split_heading(html),
            notices=notices[claim.section.position],
            removed_after=removed[claim.section.anchor],
            is_noted=claim.kind != Kind.SIGNED and not claims.is_unchecked,
        )
        for claim, html in zip(claims.sections, revision.section_html, strict=True)
    ]


def removed_after(claims: Claims) -> dict[str, list[Removed]]:
    """Return, by the anchor of a section that is there, those that stood next behind it."""
    here = {claim.section.anchor for claim in claims.sections}
    found = defaultdict(list)
    for gone in claims.removed:
        then = [section.anchor for section in gone.review.revision.sections.all()]
        before = then[: then.index(gone.signed.anchor)]
        found[next((anchor for anchor in reversed(before) if anchor in here), "")].append(gone)
    return found
