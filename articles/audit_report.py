"""The whole trail of one article, for a complaint, a regulator or an assessor.

It is read by whoever runs the site. Staff stand here by their roles and not by their names; those
who signed stand as they were named that day.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.deeds import in_words, thing_of
from accounts.models import User
from articles.live_history import periods
from articles.models import (
    Article,
    Correction,
    MinorEdit,
    Review,
    ReviewRound,
    Section,
    SourceTask,
)
from articles.trail import acts_on


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `facts` are in the order in which they are read."""

    at: datetime
    what: str
    facts: dict[str, Any] = field(default_factory=dict)


def entries_of(article: Article) -> list[Entry]:
    """Return all that is on record of `article`, the oldest first."""
    found = [
        *_revisions(article),
        *_publications(article),
        *_reviews(article),
        *_minor_edits(article),
        *_rounds(article),
        *_corrections(article),
        *_source_tasks(article),
        *_withdrawal(article),
        *_acts(article),
    ]
    return sorted(found, key=lambda entry: entry.at)


def role_of(user: User | None) -> str:
    """Return what somebody is here, and not who."""
    if user is None:
        return "the site itself"
    if user.erased_at:
        return "somebody who left"
    if user.is_superuser:
        return "superuser"
    groups = sorted(group.name for group in user.groups.all())
    return ", ".join(groups) if groups else "no role any more"


def _revisions(article: Article) -> Iterator[Entry]:
    rows = article.revisions.select_related("created_by").prefetch_related("created_by__groups")
    for revision in rows:
        facts = {
            "title": revision.title,
            "sha256": revision.sha256,
            "written by": role_of(revision.created_by),
            "note": revision.note,
        }
        yield Entry(revision.created_at, f"Revision {revision.number} written", facts)


def _publications(article: Article) -> Iterator[Entry]:
    for period in periods(article):
        if period.revision is None:
            yield Entry(period.begin, "Readers see no text from here on")
            continue
        facts = {"sha256": period.revision.sha256, "until": period.end}
        yield Entry(period.begin, f"Readers see revision {period.revision.number}", facts)


def _reviews(article: Article) -> Iterator[Entry]:
    reviews = Review.objects.filter(revision__article=article).select_related("revision")
    for review in reviews.prefetch_related("reviewed_sections__section"):
        who = {"review": review.pk, "of revision": review.revision.number}
        yield Entry(review.signed_at, f"Review: {review.get_outcome_display()}", who | _of(review))
        if review.taken_back_at:
            why = {"why": review.taken_back_reason}
            yield Entry(review.taken_back_at, "Review taken back", who | why)
        if review.disputed_at:
            yield Entry(review.disputed_at, "Review disputed by the person named", who)


def _of(review: Review) -> dict[str, Any]:
    return {
        "signed by": review.name,
        "name held by the publisher": review.name_held,
        "profession": review.profession,
        "credentials": review.credentials,
        "register": review.register_url,
        "interests": review.interests,
        "identity": review.get_identity_display(),
        "scope": review.scope,
        "article as a whole": review.covers_whole,
        "sections": _hashes(row.section for row in review.reviewed_sections.all()),
    }


def _minor_edits(article: Article) -> Iterator[Entry]:
    marks = MinorEdit.objects.filter(section__revision__article=article)
    people = ("marked_by", "checked_by")
    for mark in marks.select_related("section__revision", "before", *people):
        which = {
            "of revision": mark.section.revision.number,
            "section": _named(mark.section),
            "sha256": mark.section.sha256,
        }
        marked = {"sha256 before": mark.before.sha256, "by": role_of(mark.marked_by)}
        yield Entry(mark.marked_at, "Marked as without clinical effect", which | marked)
        if mark.checked_at:
            found = "more than a spelling" if mark.refused_at else "a spelling"
            by = {"by": role_of(mark.checked_by)}
            yield Entry(mark.checked_at, f"Looked at, and found to be {found}", which | by)


def _rounds(article: Article) -> Iterator[Entry]:
    rounds = ReviewRound.objects.filter(article=article)
    for one in rounds.select_related("revision", "finished_by"):
        facts = {
            "of revision": one.revision.number,
            "by": role_of(one.finished_by),
            "evidence searched on": one.evidence_searched_on,
            "evidence searched in": one.evidence_searched_in,
            "note": one.note,
        }
        yield Entry(one.finished_at, f"Review finished: {one.get_outcome_display()}", facts)


def _corrections(article: Article) -> Iterator[Entry]:
    found = Correction.objects.filter(article=article)
    for entry in found.select_related("by", "confirmed_by"):
        kind = entry.get_kind_display()
        facts = {
            "section": entry.heading,
            "before": entry.before,
            "after": entry.after,
            "why": entry.why,
            "what to do now": entry.to_do,
            "by": role_of(entry.by),
        }
        yield Entry(entry.at, f"Published as: {kind}", facts)
        which = {"correction": entry.pk}
        if entry.confirmed_at:
            by = which | {"by": role_of(entry.confirmed_by)}
            yield Entry(entry.confirmed_at, f"Confirmed as: {kind}", by)
        if entry.told_at:
            yield Entry(entry.told_at, "Readers told of the correction", which)


def _source_tasks(article: Article) -> Iterator[Entry]:
    tasks = SourceTask.objects.filter(article=article)
    for task in tasks.select_related("source", "decided_by"):
        which = {"source": str(task.source), "section": task.heading, "task": task.pk}
        found = {"since": task.status_on, "notice": task.notice, "from": task.learned_from}
        yield Entry(task.found_at, f"Source found to be {task.get_status_display()}", which | found)
        by = {"by": role_of(task.decided_by)}
        happened: tuple[tuple[datetime | None, str, dict[str, Any]], ...] = (
            (task.confirmed_at, "Notice about a source confirmed", by),
            (task.dismissed_at, "Notice about a source is about another work", by),
            (task.shown_at, "Readers told at the section", {}),
            (task.resolved_at, "Section dealt with", {"how": task.resolved_note}),
        )
        for at, what, more in happened:
            if at:
                yield Entry(at, what, which | more)


def _withdrawal(article: Article) -> Iterator[Entry]:
    if article.withdrawn_at:
        facts = {
            "reason": article.withdrawn_reason,
            "better article": article.replaced_by.slug if article.replaced_by else "",
            "by": role_of(article.withdrawn_by),
        }
        yield Entry(article.withdrawn_at, "Withdrawn", facts)
    if article.withdrawal_confirmed_at:
        by = {"by": role_of(article.withdrawal_confirmed_by)}
        yield Entry(article.withdrawal_confirmed_at, "Withdrawal confirmed", by)


def _acts(article: Article) -> Iterator[Entry]:
    acts = list(acts_on(article))
    roles = _roles({act.actor for act in acts if act.actor})
    for act in acts:
        facts = {
            "deed": act.deed,
            "by": roles.get(act.actor, "nobody known any more") if act.actor else role_of(None),
            "on": thing_of(act),
            "fields": act.fields,
            "hashes": act.hashes,
            "reason": act.reason,
        }
        yield Entry(act.at, f"Audit trail: {in_words(act.deed)}", facts)


def _roles(actors: set[UUID]) -> dict[UUID, str]:
    users = User.objects.filter(public_id__in=actors).prefetch_related("groups")
    return {user.public_id: role_of(user) for user in users}


def _hashes(sections: Iterable[Section]) -> dict[str, str]:
    ordered = sorted(sections, key=lambda section: section.position)
    return {f"{section.position} {_named(section)}": section.sha256 for section in ordered}


def _named(section: Section) -> str:
    return section.heading or "(title, summary and beginning)"
