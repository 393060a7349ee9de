"""Discussions that a member follows, or wants to hear nothing of."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from accounts.views import MemberRequest
from articles.models import Article
from comments.forms import as_id
from comments.models import Follow
from comments.views import shows_and_takes_a_form

DISCUSSIONS_A_PAGE = 50


@never_cache
@shows_and_takes_a_form
@login_required
def discussion_follow(request: MemberRequest, slug: str) -> HttpResponse:
    """Show whether they follow a discussion, or muted it, and let them choose."""
    article = get_object_or_404(Article.objects.published().select_related("live"), slug=slug)
    if request.method == "POST":
        choose(request, article)
        return redirect("discussion_follow", article.slug)
    context = {"article": article, "follow": Follow.objects.of(request.user, article)}
    return render(request, "comments/follow.html", context)


def choose(request: MemberRequest, article: Article) -> None:
    """Do what the pressed button says; anything else changes nothing."""
    match request.POST.get("choice"):
        case "follow":
            Follow.objects.put(request.user, article, is_muted=False)
        case "mute":
            Follow.objects.put(request.user, article, is_muted=True)
        case "neither":
            Follow.objects.filter(user=request.user, article=article).delete()


@never_cache
@shows_and_takes_a_form
@login_required
def account_following(request: MemberRequest) -> HttpResponse:
    """List these discussions; each can be let go from here."""
    mine = Follow.objects.filter(user=request.user)
    if request.method == "POST":
        mine.filter(pk=as_id(request.POST.get("stop")) or 0).delete()
        return redirect("account_following")
    page = Paginator(mine.for_list(), DISCUSSIONS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "comments/following.html", {"page": page})
