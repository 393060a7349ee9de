"""What happened to an article, as readers may know it: its history, in one time line."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.wording import Piece
from articles.differences import for_readers, word_differences
from articles.models import Article, Correction, MinorEdit, Review, ReviewRound, Revision
from articles.trust import Named, name_of, signed_url, who


@dataclass(frozen=True)
class Event:
    """One thing that happened: what, in sentences; of a revision also what changed in its words."""

    at: datetime
    title: str
    lines: Sequence[str] = ()
    sections: Sequence[Named] = ()
    revision: Revision | None = None
    # None: there was no wording before. Empty: the words stayed.
    changes: Sequence[Piece] | None = field(default=None)


def events_of(article: Article) -> list[Event]:
    """Return all events, newest first."""
    found = [
        *_revisions(article),
        *_reviews(article),
        *_spellings(article),
        *_corrections(article),
        *_rounds(article),
    ]
    return sorted(found, key=lambda event: event.at, reverse=True)


def _revisions(article: Article) -> Iterator[Event]:
    revisions = list(article.published_revisions())
    for revision, before in zip(revisions, [*revisions[1:], None], strict=True):
        assert revision.published_at
        yield Event(
            revision.published_at,
            _("Revision %(number)d") % {"number": revision.number},
            [revision.note] if revision.note else [],
            revision=revision,
            changes=for_readers(word_differences(before, revision)) if before else None,
        )


def _reviews(article: Article) -> Iterator[Event]:
    reviews = Review.objects.public().filter(revision__article=article)
    together = reviews.select_related("revision", "contributor")
    for review in together.prefetch_related("reviewed_sections__section"):
        if review.disputed_at:
            yield _disputed(review)
            continue
        yield _signed(article, review)
        if review.taken_back_at:
            title = _("Sign-off taken back")
            yield Event(review.taken_back_at, title, [_counts_no_more(review, who(review))])


def _signed(article: Article, review: Review) -> Event:
    covered = sorted(
        (row.section for row in review.reviewed_sections.all()), key=lambda one: one.position
    )
    number = _("Of revision %(number)d.") % {"number": review.revision.number}
    scope = [f"“{review.scope}”"] if review.scope else []
    return Event(
        review.signed_at,
        _("Signed by %(who)s") % {"who": who(review)},
        [number, *scope],
        [Named(name_of(section), signed_url(article, review, section)) for section in covered],
    )


def _disputed(review: Review) -> Event:
    """Say that a sign-off was not theirs, without the name that should not have stood there."""
    assert review.disputed_at
    words = _("The person named says that they did not sign. It counts no more.")
    day = _("Signed on %(day)s.") % {"day": _day(review.signed_at)}
    return Event(review.disputed_at, _("Sign-off disputed"), [day, words])


def _counts_no_more(review: Review, name: str) -> str:
    words = _("What %(who)s signed on %(day)s counts no more.")
    return words % {"who": name, "day": _day(review.signed_at)}


def _spellings(article: Article) -> Iterator[Event]:
    marks = MinorEdit.objects.filter(
        section__revision__article=article, section__revision__published_at__isnull=False
    )
    known = list(marks.select_related("section").order_by("marked_at", "section__position"))
    for at, together in groupby(known, key=lambda mark: mark.marked_at):
        title = _("Marked as corrected spelling, without clinical effect")
        yield Event(at, title, [_named(together)])
    for mark in known:
        if mark.refused_at:
            title = _("Found to be more than a spelling")
            yield Event(mark.refused_at, title, [_named([mark])])


def _corrections(article: Article) -> Iterator[Event]:
    for entry in Correction.objects.filter(article=article):
        lines = [_("It said: %(words)s") % {"words": entry.before}]
        lines.append(_("Right is: %(words)s") % {"words": entry.after})
        kind = entry.get_kind_display().capitalize()
        title = f"{kind}: {entry.heading}" if entry.heading else kind
        yield Event(entry.at, title, lines)


def _rounds(article: Article) -> Iterator[Event]:
    # One that found that the article had to go is told by its withdrawal.
    finished = ReviewRound.objects.filter(article=article).exclude(outcome="withdraw")
    for done in finished:
        searched = _("Evidence was searched on %(day)s in %(where)s.") % {
            "day": date_format(done.evidence_searched_on or done.finished_at),
            "where": done.evidence_searched_in,
        }
        title = pgettext("a round of review", "Review finished: %(outcome)s")
        yield Event(done.finished_at, title % {"outcome": done.get_outcome_display()}, [searched])


def _named(marks: Iterable[MinorEdit]) -> str:
    return ", ".join(name_of(mark.section) for mark in marks)


def _day(at: datetime) -> str:
    return date_format(localtime(at))
