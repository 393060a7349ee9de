"""How a comment changes: one change after the other in a discussion, and all counts right."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from articles.models import Article
from comments.models.discussion import Discussion

if TYPE_CHECKING:
    from comments.models.comment import Comment

CHANGING = [
    *("text", "html", "likeness", "voice", "badge", "interests", "reply_count"),
    *("published_at", "edited_at", "withdrawn_at", "hidden_at"),
    *("removed_at", "removed_by", "removed_reason", "held_at", "held_for"),
    *("approved_at", "edit_asked_at", "collapsed_at", "name_hidden_at"),
]


@contextmanager
def counted(comment: "Comment", *, within: Discussion | None = None) -> Iterator[None]:
    """Let `comment` change while nobody else changes the discussion, and count anew.

    It is what the database has when this begins. What a moderator has to look at is settled after
    the change. Cached copies of the page get old last, so that the article's row is locked shortly.
    `within` is the discussion, for callers who hold it already.
    """
    from comments.models.case import Case  # it knows comments

    comments = type(comment).objects
    with transaction.atomic():
        discussion = within or Discussion.objects.hold(comment.article_id)
        if not (is_new := comment._state.adding):
            comment.refresh_from_db(fields=CHANGING)
        thread = comments.get(pk=comment.root_id) if comment.root_id else comment
        was_visible, was_shown = comment.is_visible, thread.is_shown
        yield
        gained = comment.is_visible - was_visible
        if gained and comment.root_id:
            answered = comments.filter(pk__in={comment.root_id, comment.parent_id})
            answered.update(reply_count=F("reply_count") + gained)
            thread.reply_count += gained
        discussion.count(comments=gained, threads=thread.is_shown - was_shown)
        if not is_new or comment.held_at:
            Case.objects.settle(comment)
        Article.objects.filter(pk=comment.article_id).bump()
