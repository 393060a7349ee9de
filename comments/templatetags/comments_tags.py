"""Where pages of articles show what readers say: their templates ask for it here."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse

from accounts.models import User
from articles.caching import is_for_all
from articles.models import Article
from comments import ignoring, unfinished
from comments.models import Comment, Discussion
from comments.models.discussion import discussion_of, why_closed, why_not_commenting
from comments.moderation import reading_hours
from comments.threads import SORT_LABELS, discussion_address, threads_of

register = template.Library()

OWN_SHOWN = 10


@register.inclusion_tag("comments/discussion.html", takes_context=True)
def comment_thread(context: Context, article: Article) -> dict[str, Any]:
    """Show the discussion of `article`: the page of threads that the address asks for."""
    request: HttpRequest = context["request"]
    return {
        "request": request,
        "article": article,
        "count": discussion_of(article).comment_count,
        "threads": threads_of(article, request.GET),
        "sorts": SORT_LABELS.items(),
        "address": discussion_address(article),
        "composer": reverse("comment_new", args=[article.slug]),
        "closed": why_closed(article),
    }


@register.simple_tag(takes_context=True)
def voice_begins(context: Context, comment: Comment) -> str:
    """Write whose the comment is that follows, into a page that is kept for all alone."""
    return ignoring.boundary_before(comment) if is_for_all(context.get("request")) else ""


@register.simple_tag(takes_context=True)
def voice_ends(context: Context, comment: Comment) -> str:
    return ignoring.boundary_after(comment) if is_for_all(context.get("request")) else ""


@register.simple_tag(takes_context=True)
def ignore_act(context: Context, comment: Comment) -> str:
    """Leave a place for what only members may do with a comment."""
    for_all = is_for_all(context.get("request"))
    return ignoring.ACT if for_all and ignoring.boundary_before(comment) else ""


@register.inclusion_tag("comments/gate.html", takes_context=True)
def comment_gate(context: Context, article: Article) -> dict[str, Any]:
    """Show who is at the gate, and what they said here."""
    return {
        "article": article,
        "address": discussion_address(article),
        "closed": why_closed(article),
        **gate(context["request"], article),
    }


@register.simple_tag
def comment_count(article: Article) -> int:
    """Return N of "Comments (N)"."""
    return discussion_of(article).comment_count


@register.simple_tag
def comment_counts(articles: Iterable[Article]) -> dict[int, int]:
    """Return that number for each of `articles`, by primary key: one query for a whole list.

    {% comment_counts articles as counts %} … {{ counts|count_of:article }}
    """
    keys = [article.pk for article in articles]
    counts = Discussion.objects.filter(pk__in=keys).values_list("pk", "comment_count")
    return dict.fromkeys(keys, 0) | dict(counts)


@register.filter
def count_of(counts: dict[int, int], article: Article) -> int | None:
    return counts.get(article.pk) if counts else None


@register.inclusion_tag("comments/_unfinished.html", takes_context=True)
def unfinished_comment(context: Context) -> dict[str, Any]:
    """Tell the visitor, in the account corner, of words that they have not posted yet."""
    request = context.get("request")
    return {"unfinished": request is not None and unfinished.exists(request)}


def gate(request: HttpRequest, article: Article) -> dict[str, Any]:
    """Return who is at the gate. Without a session that is nobody, and no session is made."""
    if not unfinished.has_session(request) or not isinstance(request.user, User):
        return {"member": None}
    member = request.user
    own = (
        Comment.objects.mine(member)
        .select_related("voice", "badge", "parent__voice")
        .filter(article=article, withdrawn_at=None)
        .annotate(**reading_hours.question())
    )
    newest = list(own.order_by("-created_at")[: OWN_SHOWN + 1])
    has_more, newest = len(newest) > OWN_SHOWN, newest[:OWN_SHOWN]
    # Nobody is offered to ignore themselves (comments/ignoring.py).
    request.own_voices = {comment.voice_id for comment in newest}  # type: ignore[attr-defined]
    # Filled in where each of them will stand (comments/held.py).
    request.own_held = [comment for comment in newest if comment.is_held]  # type: ignore[attr-defined]
    named = [comment.voice for comment in newest if comment.has_name and not comment.role]
    return {
        "member": member,
        # Whoever spoke here under a name for here alone goes on so (comments/comment_form.py).
        "name": named[0].name if named else member.handle,
        "refusal": why_not_commenting(member),
        "own": [
            {"comment": comment, "editable": comment.editable_by(member)} for comment in newest
        ],
        "more_held": has_more and own.held().exclude(pk__in=[one.pk for one in newest]).exists(),
    }
