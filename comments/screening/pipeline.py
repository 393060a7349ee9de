"""The checks in their order, and what they say about one text."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comments.models import Phrase
from comments.screening.glance import Glance
from comments.screening.likeness import likeness_at
from comments.screening.links import links
from comments.screening.outcomes import Candidate, Finding, Verdict
from comments.screening.personal import personal
from comments.screening.phrase_book import phrase_book
from comments.screening.phrases import crisis, method, watched
from comments.screening.place import copies, first, record, switch
from comments.screening.reading import Reading
from comments.screening.shouting import shouting


@dataclass(frozen=True)
class Check:
    """One question that is asked about every text."""

    name: str
    reason: str | Promise  # what a moderator reads
    look: Callable[[Reading], Finding | None]
    needs_author: bool = False


CHECKS: tuple[Check, ...] = (
    Check("crisis", _("The writer, or somebody near them, may be in danger."), crisis),
    Check("method", _("It may describe a way of harming oneself."), method),
    Check(
        "personal", _("It may hold an address, a number or a date of birth of somebody."), personal
    ),
    Check("watched", _("It holds a phrase that moderators watch for."), watched),
    Check("links", _("Its links are many, shortened, or lead to a watched place."), links),
    Check("shouting", _("It is mostly in capitals, or says the same again and again."), shouting),
    Check("first", _("It is one of its writer’s first comments here."), first, needs_author=True),
    Check(
        "record",
        # Also of whom all is held by a sanction. A sentence of its own would join their names:
        # there may be one member alone under such a sanction.
        _("Moderators read first what this writer posts, after what was decided lately."),
        record,
        needs_author=True,
    ),
    Check(
        "switch",
        _("Every comment in this discussion waits for a moderator."),
        switch,
        needs_author=True,
    ),
    Check(
        "copies",
        _("Nearly the same text was posted elsewhere in the last 30 days."),
        copies,
        needs_author=True,
    ),
)

OTHER_REASONS: dict[str, str | Promise] = {
    "reported": _("Somebody reported it."),
    "asked": _("A moderator asked for an edit, and here it is."),
}


def screen(candidate: Candidate, *, answered: Collection[str] = ()) -> Verdict:
    """Return what all checks say; `answered` names what the writer was asked and has answered.

    "crisis": they want it posted for support. "personal": as it is. "watched": they looked again.
    At most four questions to the database; none about the writer for somebody signed out.
    """
    if candidate.by_staff:
        return Verdict()
    reading = Reading(candidate, answered)
    found = [check.look(reading) for check in CHECKS if candidate.author or not check.needs_author]
    return Verdict(tuple(filter(None, found)))


def reason_of(check: str) -> str:
    """Say in one sentence why a comment is held, for a name in `Comment.held_for`."""
    known = {each.name: each.reason for each in CHECKS} | OTHER_REASONS
    return str(known.get(check, check))


def describes_method(text: str) -> bool:
    """Tell whether `text` describes a way of harming oneself: then one report of it holds it."""
    hits = phrase_book().hits(text, Glance(text))
    return any(hit.kind == Phrase.Kind.METHOD for hit in hits)


def likeness_of(text: str) -> int | None:
    """Return a number that copies share which differ in little; None for a short text."""
    return likeness_at(Glance(text))
