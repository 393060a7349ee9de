"""A member's own comments, under all the names they have used; nobody else sees this list."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from comments.models import Comment
from comments.moderation import reading_hours
from comments.threads import page_of, places

COMMENTS_A_PAGE = 50


@never_cache
@require_safe
@login_required
def account_comments(request: HttpRequest) -> HttpResponse:
    """List what they wrote, newest first, each with its state and what may be done with it.

    `?state=held` lists what waits for a moderator alone.
    """
    assert isinstance(request.user, User)
    mine = Comment.objects.mine(request.user).order_by("-created_at", "-pk")
    only_held = request.GET.get("state") == "held"
    if only_held:
        mine = mine.held()
    page = page_of(mine.count(), COMMENTS_A_PAGE, request.GET.get("page", "1"))
    written = mine.slice(*places(page)).select_related("voice", "article__live")
    unread = ("text", "plain_text", "section_html")
    written = written.annotate(**reading_hours.question())
    comments = written.defer("html", *(f"article__live__{name}" for name in unread))
    context = {
        "page": page,
        "comments": [entry(comment, request.user) for comment in comments],
        "only_held": only_held,
        "query": "state=held&" if only_held else "",
    }
    return render(request, "comments/mine.html", context)


def entry(comment: Comment, user: User) -> dict[str, object]:
    """Return a comment with what its writer may do: the model says it, and the list shows it."""
    return {
        "comment": comment,
        "editable": comment.editable_by(user),
        "cuttable": comment.cuttable_by(user),
        "withdrawable": comment.withdrawable_by(user),
        "nameable": comment.name_removable_by(user),
        "erasable": comment.erasable_by(user),
    }
