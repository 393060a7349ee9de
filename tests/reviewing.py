"""Steps about clinical review that several tests take."""

from typing import Any

from articles.claims import claims_of
from articles.models import Article, Contributor, Review, Revision
from articles.signing import sign


def a_neurologist(**fields: Any) -> Contributor:
    fields = {"name": "Nora Nerve", "profession": "Neurologist"} | fields
    return Contributor.objects.get_or_create(name=fields["name"], defaults=fields)[0]


def approve(
    revision: Revision,
    *positions: int,
    contributor: Contributor | None = None,
    covers_whole: bool | None = None,
    **fields: Any,
) -> Review:
    """Sign these sections, or all of them and the article as a whole."""
    every = [section.position for section in revision.sections.all()]
    fields = {"outcome": Review.Outcome.APPROVE, "identity": Review.Identity.CODE} | fields
    return sign(
        revision,
        contributor or a_neurologist(),
        positions=positions or every,
        covers_whole=not positions if covers_whole is None else covers_whole,
        **fields,
    )


def said(article: Article) -> list[str]:
    """Return what the page says of each live section, and "removed: …" for those that are gone."""
    live = Revision.objects.get(pk=article.live_id)
    found = claims_of(live)
    return [
        *(claim.kind.value for claim in found.sections),
        *(f"removed: {gone.signed.heading}" for gone in found.removed),
    ]


def text_of(*headings: str, **words: str) -> str:
    """Return a text with a lead and these sections; `One="…"` gives one other words."""
    sections = [f"## {heading}\n\n{words.get(heading, f'On {heading}.')}\n" for heading in headings]
    return "\n".join([words.get("lead", "The lead."), "", *sections])


def edit(article: Article, text: str, *, publish: bool = True, **fields: Any) -> Revision:
    """Write the next revision, and publish it."""
    article.refresh_from_db()
    newest = article.newest_revision
    assert newest
    words = {"title": newest.title, "summary": newest.summary} | fields
    revision = article.revise(text=text, **words)
    if publish:
        article.publish(revision)
    return revision
