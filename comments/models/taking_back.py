"""What is emptied when a writer takes back one comment, or all of them."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from comments.models.voice import Voice

if TYPE_CHECKING:
    from comments.models.comment_query import CommentQuerySet

# For moderators, who may have to answer for what they did; a writer may have it deleted at once.
WITHDRAWN_KEPT = timedelta(days=30)
# As long as its writer may complain of the removal, and a court may ask what was removed.
REMOVED_KEPT = timedelta(days=365)


def nameless() -> dict[str, Any]:
    """Return the fields of a comment that is nobody's; its replies show nothing else."""
    return {"voice": Voice.objects.nobody(), "badge": None, "interests": ""}


def wordless() -> dict[str, Any]:
    """Return the fields of a comment whose text is gone, with whatever told who wrote it."""
    return {"text": "", "html": "", "likeness": None, "badge": None, "interests": ""}


def traceless() -> dict[str, Any]:
    """Return the fields of a comment that is erased: that one was here is all that is left."""
    return {**wordless(), **nameless(), "removed_reason": "", "held_for": []}


def forget_wordings(comments: "CommentQuerySet") -> int:
    """Delete what else holds words of these; return how many earlier texts there were."""
    from comments.models.earlier_text import EarlierText
    from comments.models.report import Report  # they know comments

    pks = comments.values("pk")
    Report.objects.filter(comment__in=pks).exclude(place="").update(place="")
    return EarlierText.objects.filter(comment__in=pks).delete()[0]


def forget_traces(comments: "CommentQuerySet") -> int:
    """Delete also what was said of these, by moderators and by the checks that held them."""
    from comments.models.decision import Decision
    from comments.models.desk import WrongHold  # they know comments

    pks = comments.values("pk")
    Decision.objects.filter(comment__in=pks).forget_words()
    WrongHold.objects.filter(comment__in=pks).delete()
    return forget_wordings(comments)
