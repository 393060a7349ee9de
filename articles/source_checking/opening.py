"""Tasks for what was found: one for each article and section that cites the source."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from articles.models import Article, Citation, Source, SourceTask
from articles.source_checking.notice import Notice

A_COMMIT = 50  # sources: whoever wants to decide on one of them waits a moment
LIFTED = {Source.Status.RETRACTED, Source.Status.CONCERN}  # by a reinstatement

Known = Sequence[SourceTask]


class Place(NamedTuple):
    """A section of the text that readers see, and that cites a source."""

    article: int
    anchor: str
    heading: str


def open_tasks(found: Mapping[int, Sequence[Notice]]) -> Iterator[Counter[str]]:
    """Open what is missing for `found`, notices by the key of their source.

    Yields what was done after each batch, which is stored then: a run that ends early has left
    nothing half-done, and the next does the rest.
    """
    for batch in batched(sorted(found), A_COMMIT):
        done: Counter[str] = Counter()
        with transaction.atomic():
            locked = Source.objects.select_for_update().filter(pk__in=batch).order_by("pk")
            for source in locked:
                _open_for(source, found[source.pk], done)
        yield done


def _open_for(source: Source, notices: Sequence[Notice], done: Counter[str]) -> None:
    known = list(source.tasks.order_by("pk"))
    told = _worth_telling(source, notices, known)
    places = places_citing(source) if told else []
    if told and not places:
        done["not cited"] += len(told)
    for notice in told:
        same = [task for task in known if is_same(notice, task)]
        if any(task.dismissed_at for task in same):
            done["dismissed before"] += 1
            continue
        been = {(task.article_id, task.anchor) for task in same}
        missing = [place for place in places if (place.article, place.anchor) not in been]
        new = [_task(source, notice, place, same) for place in missing]
        SourceTask.objects.bulk_create(new, ignore_conflicts=True)
        done["opened"] += len(new)
        done["known"] += len(places) - len(new)
        known += new


def _task(source: Source, notice: Notice, place: Place, same: Known) -> SourceTask:
    """Return a new task, decided as those for other sections were: it is the same match."""
    known = same[0] if same else None
    decided: dict[str, Any] = {}
    if any(task.shown_at for task in same):
        decided["shown_at"] = timezone.now()
    if confirmed := next((task for task in same if task.confirmed_at), None):
        decided |= {"confirmed_at": timezone.now(), "decided_by_id": confirmed.decided_by_id}
    return SourceTask(
        source=source,
        article_id=place.article,
        anchor=place.anchor,
        heading=place.heading,
        status=notice.status,
        status_on=known.status_on if known else notice.on,
        notice=known.notice if known else notice.notice,
        reason=notice.reason,
        learned_from=known.learned_from if known else notice.learned_from,
        **decided,
    )


def _worth_telling(source: Source, notices: Sequence[Notice], known: Known) -> list[Notice]:
    """Leave out what is said twice, and retractions that a reinstatement has made undone.

    A reinstatement is told where somebody was told of the retraction, or will be.
    """
    once: list[Notice] = []
    for notice in sorted(notices, key=lambda one: (one.status, one.on, not one.notice)):
        if not any(is_same(notice, other) for other in once):
            once.append(notice)
    back = [notice for notice in once if notice.status == Source.Status.CURRENT]
    if not back:
        return once
    until = max(notice.on for notice in back)
    undone = [n for n in once if n.status in LIFTED and n.on <= until]
    was_told = source.status in LIFTED or any(
        task.status in LIFTED and not task.dismissed_at for task in known
    )
    if was_told:
        return [n for n in once if n not in undone or any(is_same(n, task) for task in known)]
    return [n for n in once if n not in undone and n not in back]


def is_same(notice: Notice, other: Notice | SourceTask) -> bool:
    on = other.on if isinstance(other, Notice) else other.status_on
    return notice.is_same_event(status=other.status, notice=other.notice, on=on)


def places_citing(source: Source) -> list[Place]:
    """Return the sections of live texts that cite `source`; its place in a list of further reading
    counts as one, under the anchor of the list.
    """
    live = Article.objects.filter(withdrawn_at=None, live__isnull=False)
    citations = (
        Citation.objects.filter(source=source, revision__in=live.values("live"))
        .select_related("revision")
        .defer("revision__text", "revision__plain_text")
        .order_by("revision__article_id", "position")
        .prefetch_related("revision__sections")
    )
    return list(dict.fromkeys(place for one in citations for place in _places(one)))


def _places(citation: Citation) -> Iterable[Place]:
    revision = citation.revision
    sections = [
        section
        for section, keys in zip(revision.sections.all(), revision.cited_keys(), strict=True)
        if citation.key in keys
    ]
    if not sections:
        return [Place(revision.article_id, "sources", "")]
    return [Place(revision.article_id, one.anchor[:200], one.heading[:500]) for one in sections]
