"""What templates say of comments that wait for a moderator, and where these come to stand."""

from django import template
from django.template import Context

from articles.caching import is_for_all
from comments import held
from comments.models import Comment
from comments.threads import Thread, Threads

register = template.Library()


@register.simple_tag
def why_only_you(comment: Comment) -> str:
    """Say, to its writer, what a comment waits for."""
    return held.why_only_you(comment)


@register.simple_tag(takes_context=True)
def held_threads(context: Context, threads: Threads, where: str) -> str:
    """Leave a place for threads that wait, "before" the others or "after" them."""
    is_kept = is_for_all(context.get("request"))
    return held.place_of_threads(threads, where) if is_kept else ""


@register.simple_tag(takes_context=True)
def held_replies(context: Context, thread: Thread) -> str:
    """Leave a place for replies in a thread that wait."""
    return held.place_in(thread.top.pk) if is_for_all(context.get("request")) else ""


@register.simple_tag(takes_context=True)
def held_begins(context: Context, comment: Comment) -> str:
    """Write which comment waits whose quiet line follows, into a page that is kept for all."""
    return held.line_before(comment) if is_for_all(context.get("request")) else ""


@register.simple_tag(takes_context=True)
def held_ends(context: Context, comment: Comment) -> str:
    return held.line_after(comment) if is_for_all(context.get("request")) else ""
