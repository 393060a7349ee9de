"""How a comment changes when a moderator, or a check, steps in; who decides is elsewhere.

`hold` and `replace_text` are steps of a change that is counted already (models/counting.py).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from comments.models.counting import counted
from comments.models.earlier_text import EarlierText

if TYPE_CHECKING:
    from comments.models.comment import Comment

# Somebody may be in danger.
WORRYING = frozenset({"crisis", "method"})
WORRIED_WITHIN = timedelta(hours=1)


def hold(comment: "Comment", checks: Iterable[str]) -> None:
    """Let it wait for a moderator; what an earlier hold was for is no longer of interest."""
    from comments.models.case import Case  # it knows comments

    earlier = comment.held_for if comment.held_at else []
    comment.held_for = [*dict.fromkeys([*earlier, *checks])]
    comment.held_at = comment.held_at or timezone.now()
    _save(comment, "held_at", "held_for", "edit_asked_at")
    is_worrying = not WORRYING.isdisjoint(comment.held_for)
    within = WORRIED_WITHIN if is_worrying else timedelta(hours=settings.READ_WITHIN_HOURS)
    queue = Case.Queue.WORRIED if is_worrying else Case.Queue.HELD
    Case.objects.put(comment, queue, due_at=timezone.now() + within)


def replace_text(
    comment: "Comment", text: str, *, edited_at: datetime | None, likeness: int | None
) -> bool:
    """Replace the text, unless the comment is taken back or taken down; tell whether it was.

    No moderator has read the new one.
    """
    if text == comment.text or comment.withdrawn_at or comment.removed_at:
        return False
    EarlierText.objects.create(comment=comment, text=comment.text)
    comment.text, comment.edited_at, comment.likeness = text, edited_at, likeness
    comment.approved_at = None
    comment.save(update_fields=["text", "edited_at", "likeness", "approved_at"])
    return True


def approve(comment: "Comment") -> None:
    """Let everyone read this very text, which a moderator has read; nobody is told of it yet."""
    with counted(comment):
        comment.approved_at = timezone.now()
        comment.published_at = comment.published_at or comment.approved_at
        comment.held_at = comment.edit_asked_at = comment.collapsed_at = None
        comment.removed_at = comment.removed_by = None
        comment.removed_reason = ""
        _save(
            comment,
            *("approved_at", "published_at", "held_at", "edit_asked_at", "collapsed_at"),
            *("removed_at", "removed_by", "removed_reason"),
        )


def leave(comment: "Comment") -> None:
    """Note that a moderator has read what was reported; it is folded no more."""
    with counted(comment):
        comment.approved_at, comment.collapsed_at = timezone.now(), None
        _save(comment, "approved_at", "collapsed_at")


def ask_for_edit(comment: "Comment") -> None:
    """Show it to nobody but its writer, who may change it without a limit of time."""
    with counted(comment):
        comment.edit_asked_at = timezone.now()
        comment.held_at = comment.held_at or comment.edit_asked_at
        comment.approved_at = None
        _save(comment, "edit_asked_at", "held_at", "approved_at")


def hide_name(comment: "Comment") -> None:
    with counted(comment):
        comment.name_hidden_at = timezone.now()
        _save(comment, "name_hidden_at")


def show_name(comment: "Comment") -> None:
    with counted(comment):
        comment.name_hidden_at = None
        _save(comment, "name_hidden_at")


def fold(comment: "Comment") -> None:
    with counted(comment):
        comment.collapsed_at = timezone.now()
        _save(comment, "collapsed_at")


def _save(comment: "Comment", *fields: str) -> None:
    comment.save(update_fields=None if comment._state.adding else fields)
