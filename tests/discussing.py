"""What tests of the discussion share: making comments without going through the composer."""

import re
from datetime import timedelta
from itertools import count
from typing import Any

from accounts.models import User
from articles.models import Article
from comments.models import Comment, Discussion, Voice

COMPOSER = (
    "/articles/how-many-acupuncture-sessions-are-needed-to-treat-hemifacial-spasm/comments/new/"
)
PAGE = "/articles/how-many-acupuncture-sessions-are-needed-to-treat-hemifacial-spasm/"

numbers = count(1)


def say(
    author: User,
    article: Article,
    text: str = "",
    parent: Comment | None = None,
    kind: str = Voice.Kind.HANDLE,
) -> Comment:
    """Post a comment; without a text of its own it gets one that nobody else has."""
    comment, _created = Comment.objects.post(
        author=author,
        article=article,
        text=text or f"Comment {next(numbers)}.",
        parent=parent,
        kind=kind,
    )
    return comment


def hold(comment: Comment) -> Comment:
    """Make a comment wait for a moderator, as if it had never been seen."""
    Comment.objects.filter(pk=comment.pk).update(published_at=None, held_at=comment.created_at)
    comment.refresh_from_db()
    return comment


def disguised(member: User, article: Article, text: str = "") -> Comment:
    """Return a comment under a name that is used in this discussion only."""
    return say(member, article, text, kind=Voice.Kind.DISCUSSION)


def nameless(member: User, article: Article) -> Comment:
    return renamed(say(member, article), Voice.objects.nobody())


def renamed(comment: Comment, voice: Voice) -> Comment:
    Comment.objects.filter(pk=comment.pk).update(voice=voice)
    Article.objects.filter(pk=comment.article_id).bump()
    comment.refresh_from_db()
    return comment


def form(response: Any) -> dict[str, str]:
    """Return the hidden fields of a composer page."""
    context = response.context
    fields = {"nonce": str(context["nonce"])}
    if context["parent"]:
        fields["parent"] = str(context["parent"].pk)
    return fields


def shown(response: Any) -> list[int]:
    """Return the ids of the comments on a page, in its order."""
    return [int(found) for found in re.findall(r'id="comment-(\d+)"', response.text)]


def say_often(
    author: User, article: Article, number: int, parent: Comment | None = None
) -> list[Comment]:
    """Make many comments at once, one a minute, counted as `post` counts them."""
    first = say(author, article, parent=parent)
    top = parent.root or parent if parent else None
    more = [
        Comment(
            article=article,
            author=author,
            voice=first.voice,
            text=f"Number {n}.",
            html=f"<p>Number {n}.</p>",
            parent=parent,
            root=top,
            published_at=first.published_at + timedelta(minutes=n),
        )
        for n in range(2, number + 1)
    ]
    Comment.objects.bulk_create(more)
    Discussion.objects.hold(article.pk).count(
        comments=len(more), threads=0 if parent else len(more)
    )
    if top:
        Comment.objects.filter(pk=top.pk).update(reply_count=top.replies.count())
    Article.objects.filter(pk=article.pk).bump()
    return [first, *more]
