"""What a page may say about clinical review: worked out from the rows of what was signed.

A section is signed when an approval that counts covers its hash, in its place among the others, and
no source it cites was changed since. An article is signed when all its sections are, and none of
what was signed is missing. Deleting "Who must not take this" leaves every other section signed, and
the article is not.

A section is known by its anchor from one revision to the next; a spelling corrected in its heading
is followed by the editor's mark (MinorEdit). A new heading makes a new section.

What was signed ahead, in a draft that is newer than the text shown and that readers never saw, can
only vouch for words that are the same: nothing was edited, added or removed *since* such a review.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING

from django.db.models import prefetch_related_objects
from django.utils import timezone

from articles.models.review import MinorEdit, Review
from articles.models.revision import Revision, Section

if TYPE_CHECKING:
    from articles.models.article import Article


class Kind(Enum):
    """What is true of one section."""

    SIGNED = "signed"
    SPELLING = "spelling"  # corrected since, in an editor's word without clinical effect
    SOURCE = "source"  # the words are signed; a source they rest on was changed since
    MOVED = "moved"
    EDITED = "edited"
    ADDED = "added"  # or given a new heading
    UNCHECKED = "unchecked"  # nobody signed it, ever


@dataclass(frozen=True)
class SectionClaim:
    """What the page says of one section, the review by which, and the wording that was signed."""

    section: Section
    kind: Kind
    review: Review | None = None
    signed: Section | None = None


@dataclass(frozen=True)
class Removed:
    """A section that was signed, and that the article has no more."""

    signed: Section
    review: Review


@dataclass(frozen=True)
class Claims:
    """What the page of a revision says: of each section in order, and of those that are gone."""

    sections: tuple[SectionClaim, ...]
    removed: tuple[Removed, ...]
    # All that count, the newest first: of two people who signed the same words each is named.
    counting: tuple[Review, ...] = ()

    @property
    def kinds(self) -> set[Kind]:
        return {claim.kind for claim in self.sections}

    @property
    def is_signed(self) -> bool:
        """Tell whether every section is signed, and nothing signed is missing."""
        return self.kinds == {Kind.SIGNED} and not self.removed

    @property
    def is_unchecked(self) -> bool:
        """Tell whether no clinician signed anything of this article."""
        return self.kinds <= {Kind.UNCHECKED} and not self.removed

    @property
    def is_in_part(self) -> bool:
        """Tell whether some sections are signed, and the others never were: nothing changed."""
        return self.kinds == {Kind.SIGNED, Kind.UNCHECKED} and not self.removed

    @property
    def reviews(self) -> list[Review]:
        """Return the sign-offs that what is said rests on, the newest first."""
        found = {claim.review.pk: claim.review for claim in self.sections if claim.review}
        found |= {removed.review.pk: removed.review for removed in self.removed}
        return sorted(found.values(), key=lambda review: (review.signed_at, review.pk))[::-1]

    @property
    def signing(self) -> list[Review]:
        """Return the sign-offs of sections that read so today, the newest first."""
        return [review for review in self.counting if self.still_signed(review)]

    def still_signed(self, review: Review) -> set[int]:
        """Return the positions of the sections that read as `review` signed them."""
        covered = {row.section.sha256 for row in review.reviewed_sections.all()}
        signed = (claim.section for claim in self.sections if claim.kind == Kind.SIGNED)
        return {section.position for section in signed if section.sha256 in covered}

    @property
    def reviewed_on(self) -> date | None:
        """Return since when all of it is signed: the day of its oldest part. None while it is not.

        Counting by the newest would let one fresh comma date a text of ten years ago.
        """
        if not self.is_signed:
            return None
        days = [timezone.localdate(c.review.signed_at) for c in self.sections if c.review]
        return min(days)

    @property
    def last_signed_on(self) -> date | None:
        """Return the day of the newest sign-off that anything said here rests on."""
        return timezone.localdate(self.reviews[0].signed_at) if self.reviews else None


def claims_of(revision: Revision) -> Claims:
    """Work out what the page of `revision` says: a handful of queries, however many reviews."""
    article = revision.article
    reviews = list(Review.objects.counting(article).select_related("revision", "contributor"))
    return claims_by(revision, reviews)


def claims_by(revision: Revision, reviews: Sequence[Review]) -> Claims:
    """Work out what the page would say if these were all the sign-offs that count."""
    prefetch_related_objects(reviews, "reviewed_sections__section", "revision__sections")
    return claims(
        list(revision.sections.all()),
        reviews,
        minor=minor_edits(revision.article) if reviews else {},
        changed=changed_sources(revision) if reviews else {},
    )


def claims(
    sections: Sequence[Section],
    reviews: Sequence[Review],
    *,
    minor: Mapping[str, Section],
    changed: Mapping[int, datetime],
) -> Claims:
    """Say what is true of `sections`, the text of one revision in order.

    `reviews` count, the newest first, with `reviewed_sections` and the sections of their revisions;
    `minor` leads from a hash to the wording of which it is a corrected spelling; `changed` from a
    position to when a source cited there was last changed.
    """
    texts = [Text(section, minor) for section in sections]
    number = sections[0].revision.number if sections else 0
    signings = [Signing(review, texts, number) for review in reviews]
    return Claims(
        tuple(_claim(text, signings, changed) for text in texts),
        tuple(_removed(texts, signings)),
        tuple(reviews),
    )


class Text:
    """A section, with the wordings that it only corrects, the oldest last."""

    def __init__(self, section: Section, minor: Mapping[str, Section]) -> None:
        self.section = section
        self.hashes, self.anchors = [section.sha256], [section.anchor]
        while (before := minor.get(self.hashes[-1])) and before.sha256 not in self.hashes:
            self.hashes.append(before.sha256)
            self.anchors.append(before.anchor)

    def may_have_been(self, anchor: str, taken: Collection[str]) -> bool:
        return anchor == self.section.anchor or anchor not in taken


class Signing:
    """What one review covers, seen from today's text: the revision of this number."""

    def __init__(self, review: Review, texts: Sequence[Text], number: int) -> None:
        self.review = review
        self.is_ahead = review.revision.number > number and not review.revision.published_at
        then = [section.sha256 for section in review.revision.sections.all()]
        self.is_same_text = then == [text.section.sha256 for text in texts]
        self.covered = {row.section.anchor: row.section for row in review.reviewed_sections.all()}
        places = {s.anchor: number for number, s in enumerate(review.revision.sections.all())}
        self.known = places.keys()
        # The anchor under which each of today's sections stood there: its own, or one before that
        # was corrected, unless it is another section's today.
        taken = {text.section.anchor for text in texts}
        self.then = {
            text.section.anchor: anchors[0]
            for text in texts
            if (
                anchors := [a for a in text.anchors if a in places and text.may_have_been(a, taken)]
            )
        }
        order = [text.section.anchor for text in texts if text.section.anchor in self.then]
        kept = longest_increasing([places[self.then[anchor]] for anchor in order])
        self.in_place = {order[index] for index in kept}

    def signed(self, text: Text) -> Section | None:
        """Return what it covers of where `text` stands."""
        signed = self.covered.get(self.then.get(text.section.anchor, "\0"))
        if signed and self.is_ahead and not self._vouches(text, signed):
            return None
        return signed

    def _vouches(self, text: Text, signed: Section) -> bool:
        return signed.sha256 == text.section.sha256 and text.section.anchor in self.in_place


def _claim(
    text: Text, signings: Sequence[Signing], changed: Mapping[int, datetime]
) -> SectionClaim:
    """Return the best that can be said of a section; of equals, by the newest review."""
    found = [
        SectionClaim(text.section, _kind(text, signed, signing, changed), signing.review, signed)
        for signing in signings
        if (signed := signing.signed(text))
    ]
    if found:
        order = list(Kind)
        return min(found, key=lambda claim: order.index(claim.kind))
    seen = [signing for signing in signings if not signing.is_ahead]
    was_there = any(text.section.anchor in signing.then for signing in seen)
    kind = Kind.UNCHECKED if was_there or not seen else Kind.ADDED
    return SectionClaim(text.section, kind, seen[0].review if kind == Kind.ADDED else None)


def _kind(text: Text, signed: Section, signing: Signing, changed: Mapping[int, datetime]) -> Kind:
    if signed.sha256 not in text.hashes:
        return Kind.EDITED
    if text.section.anchor not in signing.in_place:
        return Kind.MOVED
    if signed.sha256 != text.section.sha256:
        return Kind.SPELLING
    since = changed.get(text.section.position)
    return Kind.SOURCE if since and since > signing.review.signed_at else Kind.SIGNED


def _removed(texts: Sequence[Text], signings: Sequence[Signing]) -> Iterable[Removed]:
    """Yield the sections that were signed and are gone, each once, by its newest review.

    Whoever later signs the article as a whole without a section answers for that: not by a draft
    that reads otherwise, where the same may be said under another heading.
    """
    seen = {anchor for text in texts for anchor in text.anchors}
    accepted: set[str] = set()
    for signing in signings:
        for anchor, section in () if signing.is_ahead else signing.covered.items():
            if anchor not in seen and anchor not in accepted:
                yield Removed(section, signing.review)
        if signing.review.covers_whole and (signing.is_same_text or not signing.is_ahead):
            gone = {a for older in signings for a in older.covered} - signing.known
            accepted |= gone
        if not signing.is_ahead:
            seen |= signing.covered.keys()


def longest_increasing(numbers: Sequence[int]) -> list[int]:
    """Return the indexes of a longest run of `numbers` that only grows: what kept its order.

    Of several it is the one that patience sorting finds: it ends as late as any, and so on from its
    end. Of two sections that changed places, the one that now stands first has moved.
    """
    tops: list[int] = []  # the index of the smallest end of a run of each length
    before: list[int | None] = []
    for index, number in enumerate(numbers):
        place = bisect_left(tops, number, key=lambda top: numbers[top])
        before.append(tops[place - 1] if place else None)
        tops[place : place + 1] = [index]
    run: list[int] = []
    at = tops[-1] if tops else None
    while at is not None:
        run.append(at)
        at = before[at]
    return run[::-1]


def minor_edits(article: "Article") -> dict[str, Section]:
    """Return, by the hash of the new wording, the one that it only corrects: the newest mark."""
    marks = MinorEdit.objects.filter(section__revision__article=article, refused_at=None)
    return {
        mark.section.sha256: mark.before
        for mark in marks.select_related("section", "before").order_by("marked_at", "pk")
    }


def changed_sources(revision: Revision) -> dict[int, datetime]:
    """Return, by position, when a source that this section cites was last changed."""
    found: dict[int, datetime] = {}
    cited = {row.key: row.source for row in revision.citations.select_related("source")}
    for position, keys in enumerate(revision.cited_keys()):
        times = [cited[key].changed_at for key in keys if key in cited]
        if known := [time for time in times if time]:
            found[position] = max(known)
    return found
