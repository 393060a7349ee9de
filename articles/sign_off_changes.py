"""What somebody is shown who is asked to sign: what changed since they last signed, or all of it.

What changed is what the page of the article would say if theirs were the only sign-offs
(articles/claims.py): so nobody is asked again for words that their name already stands under.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.wording import Piece, compared
from articles.claims import Kind, Removed, SectionClaim, claims_by
from articles.differences import shortened
from articles.markdown import split_heading
from articles.models import Contributor, Review, Revision, Section
from articles.section_texts import texts_of


@dataclass(frozen=True)
class ShownSection:
    """One section as it is shown to whoever may sign it."""

    claim: SectionClaim
    heading_html: SafeString  # empty for the lead
    body: SafeString
    is_own: bool  # their own words, which somebody else has to check
    changes: Sequence[Piece] = ()  # from what they signed

    @property
    def position(self) -> int:
        return self.claim.section.position

    @property
    def heading(self) -> str:
        return self.claim.section.heading

    @property
    def is_as_signed(self) -> bool:
        return self.claim.kind == Kind.SIGNED

    @property
    def signed_on(self) -> date | None:
        review = self.claim.review if self.claim.signed else None
        return timezone.localdate(review.signed_at) if review else None


@dataclass(frozen=True)
class Shown:
    """The whole revision, seen by one person."""

    sections: Sequence[ShownSection]
    removed: Sequence[tuple[Removed, str]]  # with what it said
    last_signed_on: date | None  # None: never

    @property
    def is_first(self) -> bool:
        return self.last_signed_on is None

    def to_read(self, asked: Collection[int]) -> list[ShownSection]:
        """Return what is new to them, and what they are asked for."""
        return [s for s in self.sections if not s.is_as_signed or s.position in asked]

    def as_signed(self, asked: Collection[int]) -> list[ShownSection]:
        """Return the others, which read as they signed them."""
        return [s for s in self.sections if s.is_as_signed and s.position not in asked]

    def preselected(self, asked: Collection[int]) -> list[int]:
        """Return what they probably mean to sign: what they are asked for, or what is new.

        Where nothing is, they look at all of it once more.
        """
        wanted = [s for s in self.sections if s.position in asked]
        wanted = wanted or self.to_read(()) or list(self.sections)
        return [section.position for section in wanted if not section.is_own]


def shown_to(contributor: Contributor, revision: Revision, own: set[int]) -> Shown:
    """Return `revision` beside what this contributor signed; `own` are positions of their words."""
    article = revision.article
    reviews = list(
        Review.objects.counting(article)
        .filter(contributor=contributor)
        .select_related("revision", "contributor")
    )
    prefetch_related_objects(reviews, "reviewed_sections__section__revision")
    found = claims_by(revision, reviews)
    texts = Texts()
    sections = [
        ShownSection(
            claim,
            *split_heading(html),
            is_own=claim.section.position in own,
            changes=texts.changes(claim),
        )
        for claim, html in zip(found.sections, revision.section_html, strict=True)
    ]
    removed = [(gone, without_heading(texts.of(gone.signed))) for gone in found.removed]
    return Shown(sections, removed, found.last_signed_on)


class Texts:
    """What sections say, each revision cut up once."""

    def __init__(self) -> None:
        self.known: dict[int, list[str]] = {}

    def of(self, section: Section) -> str:
        if section.revision_id not in self.known:
            self.known[section.revision_id] = texts_of(section.revision)
        return self.known[section.revision_id][section.position]

    def changes(self, claim: SectionClaim) -> list[Piece]:
        """Return what differs from the wording that was signed; nothing where nothing was."""
        if claim.signed is None or claim.signed.sha256 == claim.section.sha256:
            return []
        old, new = self.of(claim.signed), self.of(claim.section)
        if claim.signed.heading == claim.section.heading:
            old, new = without_heading(old), without_heading(new)
        return shortened(compared(old, new))


def without_heading(text: str) -> str:
    """Return what a section says below its heading, which the page shows as one."""
    return text.partition("\n")[2].lstrip("\n") if text.startswith("## ") else text
