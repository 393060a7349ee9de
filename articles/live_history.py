"""Which revision readers saw when, and what the page said then of its clinical review.

Known from the acts of the audit trail, which names the revision by its number and hash. What went
out before there were such acts, or longer ago than acts are kept, is known from when each revision
was first published; that an article was down for a while in between is then not known.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise

from django.db.models import Q, prefetch_related_objects
from django.utils import timezone

from accounts.models import AuditAct
from articles.claims import Claims, changed_sources, claims
from articles.models import Article, MinorEdit, Review, Revision, Section
from articles.trail import on_rows

SHOWING = {
    "article.published",
    "article.published_as_safety_edit",
    "article.imported_unreviewed",
}
SCHEDULING = {"article.scheduled"}
HIDING = {"article.unpublished", "article.unscheduled", "article.withdrawn"}
NUMBERED = re.compile(r"revision (\d+)")
LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Period:
    """From `begin` until before `end`, readers saw `revision`; None: nothing, or a reason."""

    begin: datetime
    end: datetime | None
    revision: Revision | None


@dataclass(frozen=True)
class Change:
    """From `at` on readers see `revision`."""

    at: datetime
    revision: Revision | None


def periods(article: Article) -> list[Period]:
    """Return what readers saw, from the first publication on until now."""
    changes = sorted(_changes(article), key=lambda change: change.at)
    begun: list[Change] = []
    for change in changes:
        before = begun[-1].revision if begun else None
        if change.at <= timezone.now() and change.revision != before:
            begun.append(change)
    found = [
        Period(change.at, then.at if then else None, change.revision)
        for change, then in pairwise([*begun, None])
        if change
    ]
    return [period for period in found if period.begin != period.end]


def live_at(article: Article, moment: datetime) -> Revision | None:
    """Return the revision that readers saw at `moment`, or None."""
    for period in periods(article):
        if period.begin <= moment and (period.end is None or moment < period.end):
            return period.revision
    return None


def end_of(day: date) -> datetime:
    """Return the last moment of a day in TIME_ZONE, or now when that is still to come."""
    last = datetime.combine(day, time.max, tzinfo=timezone.get_current_timezone())
    return min(last, timezone.now())


def _changes(article: Article) -> Iterator[Change]:
    by_number = {revision.number: revision for revision in article.revisions.all()}
    deeds = SHOWING | SCHEDULING | HIDING
    acts = AuditAct.objects.filter(on_rows(Article, [article.pk]), deed__in=deeds)
    known: set[int] = set()
    for act, then in pairwise([*acts.order_by("at", "pk"), None]):
        assert act
        revision = by_number.get(_number(act))
        if act.deed in HIDING:
            yield Change(act.at, None)
            continue
        if revision is None:
            continue
        at = _begin(act, revision, is_first=revision.number not in known)
        known.add(revision.number)
        # What was to go out, and was replaced or taken back before, never did.
        if at and at < (then.at if then else LAST):
            yield Change(at, revision)
    for revision in by_number.values():
        if revision.published_at and revision.number not in known:
            yield Change(revision.published_at, revision)
    # Acts are kept for some years; the row of the article says this for ever.
    if article.withdrawn_at:
        yield Change(article.withdrawn_at, None)


def _begin(act: AuditAct, revision: Revision, *, is_first: bool) -> datetime | None:
    """Return from when readers saw it; a publication may be dated back, as imports do."""
    if act.deed in SCHEDULING:
        return revision.published_at
    if is_first and revision.published_at:
        return min(act.at, revision.published_at)
    return act.at


def _number(act: AuditAct) -> int:
    named = [match for name in act.hashes if (match := NUMBERED.fullmatch(name))]
    return int(named[0][1]) if named else 0


# --- what the page said ---------------------------------------------------------------------------


def claims_at(revision: Revision, moment: datetime) -> Claims:
    """Work out what the page of `revision` said at `moment`, by the rows of that time.

    Of who is named as author, and of the status of sources, only the last change is on record.
    """
    reviews = _counting_at(revision.article, moment)
    changed = changed_sources(revision) if reviews else {}
    return claims(
        list(revision.sections.all()),
        reviews,
        minor=_minor_at(revision.article, moment) if reviews else {},
        changed={place: since for place, since in changed.items() if since <= moment},
    )


def _counting_at(article: Article, moment: datetime) -> Sequence[Review]:
    not_by = {
        name: Q(**{name: None}) | Q(**{f"{name}__gt": moment})
        for name in ("taken_back_at", "disputed_at")
    }
    found = Review.objects.filter(
        *not_by.values(),
        revision__article=article,
        outcome=Review.Outcome.APPROVE,
        signed_at__lte=moment,
    ).exclude(contributor__in=article.authors.values("pk"))
    reviews = list(found.select_related("revision", "contributor"))
    prefetch_related_objects(reviews, "reviewed_sections__section", "revision__sections")
    for review in reviews:
        out = review.revision.published_at
        if out and out > moment:
            review.revision.published_at = None  # then, it was a draft
    return reviews


def _minor_at(article: Article, moment: datetime) -> dict[str, Section]:
    standing = Q(refused_at=None) | Q(refused_at__gt=moment)
    marks = MinorEdit.objects.filter(
        standing, section__revision__article=article, marked_at__lte=moment
    )
    return {
        mark.section.sha256: mark.before
        for mark in marks.select_related("section", "before").order_by("marked_at", "pk")
    }
