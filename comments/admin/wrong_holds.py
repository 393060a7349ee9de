"""What moderators say about checks that were wrong: those who keep the phrases count it."""

from accounts.models import User
from comments.models import Comment, WrongHold
from comments.screening import Candidate, screen


def note_wrong(comment: Comment, check: str, *, by: User) -> bool:
    """Note that `check` was wrong about `comment`, once; tell whether that is new."""
    if check not in comment.held_for:
        return False
    _noted, is_new = WrongHold.objects.get_or_create(
        comment=comment,
        check_name=check,
        defaults={"by": by, "phrase_id": phrase_of(comment, check)},
    )
    return is_new


def phrase_of(comment: Comment, check: str) -> int | None:
    """Return the phrase that `check` finds in the text now: what it found then is kept nowhere."""
    candidate = Candidate(
        text=comment.text,
        article=comment.article,
        author=comment.author,
        parent=comment.parent,
        comment=comment,
    )
    found = (finding for finding in screen(candidate).findings if finding.check == check)
    return next((finding.phrase for finding in found), None)
