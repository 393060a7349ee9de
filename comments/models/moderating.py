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
# What a moderator should still know when the words that it was for are gone.
LASTING = WORRYING | {"reported"}
WORRIED_WITHIN = timedelta(hours=1)


def hold(comment: "Comment", checks: Iterable[str], *, is_reworded: bool = False) -> None:
    """Let it wait for a moderator; what an earlier hold was for is no longer of interest.

    While it waits, reasons add up. Of words that are no longer there (`is_reworded`) stay those
    that are about more than the words, after those of the new ones.
    """
    from comments.models.case import Case  # it knows comments
    from comments.models.hold_count import HoldCount

    checks = [*checks]
    if not comment.held_at and "reported" not in checks:
        HoldCount.objects.add(check for check in checks if check != "asked")
    earlier = comment.held_for if comment.held_at else []
    lasting = [check for check in earlier if check in LASTING]
    reasons = [*checks, *lasting] if is_reworded else [*earlier, *checks]
    comment.held_for = [*dict.fromkeys(reasons)]
    comment.held_at = comment.held_at or timezone.now()
    save(comment, "held_at", "held_for", "edit_asked_at")
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
        save(
            comment,
            *("approved_at", "published_at", "held_at", "edit_asked_at", "collapsed_at"),
            *("removed_at", "removed_by", "removed_reason"),
        )


def leave(comment: "Comment") -> None:
    """Note that a moderator has read what was reported; it is folded no more."""
    with counted(comment):
        comment.approved_at, comment.collapsed_at = timezone.now(), None
        save(comment, "approved_at", "collapsed_at")


def ask_for_edit(comment: "Comment") -> None:
    """Show it to nobody but its writer, who may change it without a limit of time."""
    with counted(comment):
        comment.edit_asked_at = timezone.now()
        comment.held_at = comment.held_at or comment.edit_asked_at
        comment.approved_at = None
        save(comment, "edit_asked_at", "held_at", "approved_at")


def hide_name(comment: "Comment") -> None:
    with counted(comment):
        comment.name_hidden_at = timezone.now()
        save(comment, "name_hidden_at")


def show_name(comment: "Comment") -> None:
    with counted(comment):
        comment.name_hidden_at = None
        save(comment, "name_hidden_at")


def fold(comment: "Comment") -> None:
    with counted(comment):
        comment.collapsed_at = timezone.now()
        save(comment, "collapsed_at")


def save(comment: "Comment", *fields: str) -> None:
    comment.save(update_fields=None if comment._state.adding else fields)
