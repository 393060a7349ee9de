"""What readers are told of clinical review, in words: the panel, the notes, lists and feeds.

A page says what articles/claims.py found. Lists, which show many articles, say what
`Article.remake_claims` kept of it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.claims import Claims, Kind, Removed, SectionClaim
from articles.models import Article, Citation, Review, ReviewState, Section, Source
from articles.source_notices import sources_counted

IN_LISTS = {
    ReviewState.UNCHECKED: gettext_lazy("Not yet checked by a clinician"),
    ReviewState.IN_PART: gettext_lazy("Checked in part"),
    ReviewState.CHANGED: gettext_lazy("Changed since clinical review"),
}

# What became of sections since they were signed, in the order in which a reader wants to know it.
CHANGES = {
    Kind.EDITED: gettext_lazy("Edited"),
    Kind.ADDED: gettext_lazy("Added or newly titled"),
    Kind.MOVED: gettext_lazy("Moved"),
    Kind.SOURCE: gettext_lazy("A source cited there was changed"),
    Kind.SPELLING: gettext_lazy("Spelling corrected"),
}


@dataclass(frozen=True)
class Named:
    """A section by its name, and where that leads."""

    name: str
    url: str


@dataclass(frozen=True)
class SignOff:
    """A review as the panel names it: who it was, and how much of it the page still reads as."""

    review: Review
    who: str
    still: int  # sections that read as it signed them
    sections: int  # of the article


@dataclass(frozen=True)
class Trust:
    """What the panel under the title says. Its summary is all that a phone shows at first."""

    summary: str
    sign_offs: Sequence[SignOff]
    changes: Sequence[tuple[str | Promise, Sequence[Named]]]
    changed_since: date | None  # the sign-off from which on something changed
    unchecked: Sequence[Named]
    sources: str


def in_lists(article: Article) -> str:
    """Return what lists and feeds say of the clinical review of an article."""
    if article.review_state == ReviewState.SIGNED and article.reviewed_on:
        return _("Reviewed %(month)s") % {"month": month_of(article.reviewed_on)}
    return str(IN_LISTS.get(ReviewState(article.review_state), IN_LISTS[ReviewState.UNCHECKED]))


def trust_of(
    article: Article, claims: Claims, citations: Sequence[Citation], *, preview: bool = False
) -> Trust:
    """Return what the panel of `article` says, whose numbered sources are `citations`."""
    return Trust(
        summary=summary_of(claims),
        sign_offs=sign_offs_of(claims),
        changes=changes_of(article, claims, preview=preview),
        changed_since=changed_since(claims),
        unchecked=[named(claim) for claim in claims.sections if claim.kind == Kind.UNCHECKED],
        sources=sources_of(citations),
    )


def summary_of(claims: Claims) -> str:
    """Return the one line that is always true of all of the page."""
    if claims.is_unchecked:
        return _("Not yet checked by a clinician")
    if claims.is_signed and (day := claims.reviewed_on):
        names = {"who": who_signed(claims), "month": month_of(day)}
        return _("Checked by %(who)s, %(month)s") % names
    if claims.is_in_part:
        signed = sum(claim.kind == Kind.SIGNED for claim in claims.sections)
        numbers = {"signed": signed, "count": len(claims.sections)}
        return (
            ngettext(
                "Checked in part: %(signed)d of %(count)d section",
                "Checked in part: %(signed)d of %(count)d sections",
                len(claims.sections),
            )
            % numbers
        )
    since = changed_since(claims)
    return _change(claims) % {"day": date_format(since) if since else ""}


def changed_since(claims: Claims) -> date | None:
    """Return the day of the sign-off since which all that the page calls changed has changed.

    It is the oldest of those that something changed after: a change after a later one came after
    this one too.
    """
    reviews = [claim.review for claim in claims.sections if claim.kind in CHANGES and claim.review]
    reviews += [gone.review for gone in claims.removed]
    days = [timezone.localdate(review.signed_at) for review in reviews]
    return min(days, default=None)


def who_signed(claims: Claims) -> str:
    """Return who signed what the page says today: one name, and how many others."""
    signed: dict[int, int] = Counter()
    by_person: dict[int, Review] = {}
    for review in claims.signing:
        signed[review.contributor_id] += len(claims.still_signed(review))
        by_person.setdefault(review.contributor_id, review)
    first, *others = sorted(
        by_person.values(),
        key=lambda review: (review.name_held, -signed[review.contributor_id]),
    )
    if not others:
        return who(first)
    words = ngettext("%(who)s, and %(count)d other", "%(who)s, and %(count)d others", len(others))
    return words % {"who": who(first), "count": len(others)}


def who(review: Review) -> str:
    """Return how readers know the reviewer: name and profession, or what they are."""
    if review.name_held:
        return _held(review.profession)
    if not review.profession:
        return review.name
    facts = {"name": review.name, "profession": review.profession}
    return _("%(name)s, %(profession)s") % facts


def sources_of(citations: Sequence[Citation]) -> str:
    """Return "3 sources, all current", or how many are no longer what they were."""
    if not citations or any(row.source.status != Source.Status.CURRENT for row in citations):
        return sources_counted(citations)
    words = ngettext("%(sources)s, current", "%(sources)s, all current", len(citations))
    return words % {"sources": sources_counted(citations)}


def sign_offs_of(claims: Claims) -> list[SignOff]:
    """Return the sign-offs that the panel names, the newest first.

    An older one of the same person says nothing that their newer ones do not say, unless something
    on the page rests on it.
    """
    known = {review.pk for review in claims.reviews}
    seen: dict[int, set[int]] = {}
    found = []
    for review in claims.counting:
        still, theirs = claims.still_signed(review), seen.setdefault(review.contributor_id, set())
        if review.pk in known or still - theirs:
            found.append(SignOff(review, who(review), len(still), len(claims.sections)))
        theirs |= still
    return found


def changes_of(
    article: Article, claims: Claims, *, preview: bool
) -> list[tuple[str | Promise, Sequence[Named]]]:
    """Return what happened to signed sections, each with a link to it or to its signed wording.

    In a preview what is gone has no link: readers have no such page yet.
    """
    found: list[tuple[str | Promise, Sequence[Named]]] = [
        (label, sections)
        for kind, label in CHANGES.items()
        if (sections := [named(claim) for claim in claims.sections if claim.kind == kind])
    ]
    gone = [_wording(article, removed, preview=preview) for removed in claims.removed]
    return [*found, (_("Removed"), gone)] if gone else found


def named(claim: SectionClaim) -> Named:
    section = claim.section
    return Named(name_of(section), f"#{section.anchor or 'lead'}")


def name_of(section: Section) -> str:
    """Return what readers call a section."""
    return section.heading or _("Title, summary and opening")


def signed_url(article: Article, review: Review, section: Section) -> str:
    """Return where the section can be read as it was signed."""
    return reverse("signed_wording", args=[article.slug, review.pk, section.position])


def month_of(day: date) -> str:
    return date_format(day, "YEAR_MONTH_FORMAT")


def _wording(article: Article, removed: Removed, *, preview: bool) -> Named:
    url = "" if preview else signed_url(article, removed.review, removed.signed)
    return Named(name_of(removed.signed), url)


def _change(claims: Claims) -> str:
    """Return the sentence for a page of which something changed; small things are called so."""
    kinds = claims.kinds & CHANGES.keys()
    if kinds == {Kind.SPELLING} and not claims.removed:
        return _("Spelling corrected since clinical review on %(day)s")
    if kinds == {Kind.SOURCE} and not claims.removed:
        return _("A source changed since clinical review on %(day)s")
    return _("Changed since clinical review on %(day)s")


def _held(profession: str) -> str:
    """Return what readers are told of somebody whose name the publisher keeps to itself."""
    known = profession if profession[:2].isupper() else profession[:1].lower() + profession[1:]
    if known[:1].lower() in "aeiou":
        return _("an %(profession)s, name held by the publisher") % {"profession": known}
    return _("a %(profession)s, name held by the publisher") % {"profession": known}
