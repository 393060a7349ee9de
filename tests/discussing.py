"""What tests of the discussion share: making comments without going through the composer."""

from itertools import count
from typing import Any

from accounts.models import User
from articles.models import Article
from comments.models import Comment

COMPOSER = (
    "/articles/how-many-acupuncture-sessions-are-needed-to-treat-hemifacial-spasm/comments/new/"
)
PAGE = "/articles/how-many-acupuncture-sessions-are-needed-to-treat-hemifacial-spasm/"

numbers = count(1)


def say(author: User, article: Article, text: str = "", parent: Comment | None = None) -> Comment:
    """Post a comment; without a text of its own it gets one that nobody else has."""
    comment, _created = Comment.objects.post(
        author=author, article=article, text=text or f"Comment {next(numbers)}.", parent=parent
    )
    return comment


def hold(comment: Comment) -> Comment:
    """Make a comment wait for a moderator, as screening will."""
    Comment.objects.filter(pk=comment.pk).update(published_at=None)
    comment.refresh_from_db()
    return comment


def form(response: Any) -> dict[str, str]:
    """Return the hidden fields of a composer page."""
    context = response.context
    fields = {"nonce": str(context["nonce"])}
    if context["parent"]:
        fields["parent"] = str(context["parent"].pk)
    return fields
