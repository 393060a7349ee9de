"""How the writers of comments stand on the whole site, for moderators, and only roughly.

Exact counts would be a name: who has 137 comments under a handle has 137 under a discussion name
too, and moderators are to learn that these are one by a logged look-up only.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, QuerySet, Value
from django.utils.translation import gettext as _

from comments.models import Comment

# Where the steps begin: somebody new, somebody known; a slip, a habit.
STEPS = {"visible": (1, 5, 20), "removed": (1, 3), "held": (1,)}


@dataclass(frozen=True)
class Standing:
    """The number of a member's comments in each state, as a step: "0", "1–4", "20+"."""

    visible: str
    removed: str
    held: str

    def __str__(self) -> str:
        return _("%(visible)s approved, %(removed)s removed, %(held)s held") % vars(self)


def standings(comments: Iterable[Comment]) -> dict[int, Standing]:
    """Return the standing of each comment's writer, by the comment's key: one query for all."""
    writers = {comment.pk: comment.author_id for comment in comments}
    by_state = {
        "visible": Comment.objects.visible(),
        "removed": Comment.objects.filter(removed_at__isnull=False),
        "held": Comment.objects.held(),
    }
    counted = [
        counts(found.filter(author__in=set(writers.values())), state)
        for state, found in by_state.items()
    ]
    counts_of = {(writer, state): n for writer, state, n in counted[0].union(*counted[1:])}
    return {
        comment: Standing(
            **{state: roughly(counts_of.get((writer, state), 0), STEPS[state]) for state in STEPS}
        )
        for comment, writer in writers.items()
    }


def counts(comments: QuerySet[Comment], state: str) -> QuerySet[Comment, tuple[int, str, int]]:
    rows = comments.order_by().values("author").annotate(state=Value(state), count=Count("pk"))
    return rows.values_list("author", "state", "count")


def roughly(count: int, steps: tuple[int, ...]) -> str:
    """Return the step that `count` is on; `steps` say where each but the first begins."""
    begin = max((step for step in steps if step <= count), default=0)
    if not begin:
        return "0"
    end = min((step - 1 for step in steps if step > begin), default=None)
    if end is None:
        return f"{begin}+"
    return f"{begin}–{end}" if end > begin else str(begin)
