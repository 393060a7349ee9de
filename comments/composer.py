"""The composer: where words are typed, posted, or kept until they can be posted.

Whatever goes wrong, the page that answers holds the words.
"""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts import ratelimits
from accounts.models import User
from articles.models import Article, OldAddress
from comments import unfinished
from comments.forms import PARENT_GONE, CommentForm, answerable, as_id, as_uuid
from comments.models import Comment, Draft
from comments.models.comment_query import NonceUsed, ParentGone, Refused
from comments.models.discussion import why_closed, why_not_commenting

# Far more than a person writes, far less than would fill a disk.
DRAFTS_AN_HOUR = 30
HOUR = 60 * 60

NONCE_USED = gettext_lazy("This form was sent before, with other words.")
FORM_EXPIRED = gettext_lazy(
    "This form had expired. Your words are still here: please send them once more."
)


@require_http_methods(["GET", "HEAD", "POST"])
def comment_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the composer to anyone; take words, from members to post and from others to keep."""
    article = discussed_article(slug)
    if request.method != "POST":
        return begin(request, article)
    if wants_json(request):
        return take_json(request, article)
    form = CommentForm(request.POST, article=article)
    if not form.is_valid():
        return composer(request, article, form, status=400)
    if request.user.is_authenticated:
        return post(request, request.user, article, form)
    return keep_until_log_in(request, article, form)


def begin(request: HttpRequest, article: Article) -> HttpResponse:
    """Show the composer with what the visitor had begun here, or empty."""
    asked = request.GET.get("parent", "")
    drafts = unfinished.of_visitor(request).filter(article=article)
    if key := as_uuid(request.GET.get("draft")):
        draft = drafts.filter(pk=key).first()
        asked = str(draft.parent_id or "") if draft else asked
    else:
        draft = drafts.filter(parent=as_id(asked)).first()
    parent = answerable(article, asked)
    return composer(
        request,
        article,
        CommentForm(article=article, initial={"text": draft.text if draft else ""}),
        parent=parent,
        nonce=draft.pk if draft else None,
        problem=PARENT_GONE if asked and not parent else "",
    )


def post(request: HttpRequest, author: User, article: Article, form: CommentForm) -> HttpResponse:
    """Publish a member's words, and lead to them."""
    words = form.cleaned_data
    try:
        comment, _created = Comment.objects.post(author=author, article=article, **words)
    except NonceUsed as used:
        form.cleaned_data["nonce"] = None
        return composer(request, article, form, posted=used.comment, status=409)
    except ParentGone:
        form.cleaned_data["parent"] = None
        return composer(request, article, form, problem=PARENT_GONE, status=409)
    except Refused as refused:
        words["nonce"] = unfinished.keep(request, article=article, **words).pk
        return composer(request, article, form, problem=str(refused), status=403)
    Draft.objects.filter(pk=words["nonce"], author=author).delete()
    return redirect(comment)


def keep_until_log_in(request: HttpRequest, article: Article, form: CommentForm) -> HttpResponse:
    """Keep a signed-out visitor's words, and send them to log in or to sign up."""
    if problem := why_closed(article):
        return composer(request, article, form, problem=problem, status=403)
    if not ratelimits.allow("draft", ratelimits.client_address(request), DRAFTS_AN_HOUR, HOUR):
        problem = _("Too many comments come from your network just now. Please try again later.")
        response = composer(request, article, form, problem=problem, status=429)
        response.headers["Retry-After"] = str(ratelimits.retry_after(HOUR))
        return response
    unfinished.keep(request, article=article, **form.cleaned_data)
    door = "account_signup" if request.POST.get("then") == "signup" else "account_login"
    parent = form.cleaned_data["parent"]
    return HttpResponseRedirect(reverse(door, query={"next": composer_address(article, parent)}))


def take_json(request: HttpRequest, article: Article) -> JsonResponse:
    """Post for a client that asks for JSON: it gets a status, never a page or a draft."""
    if not request.user.is_authenticated:
        return JsonResponse({"error": why_not_commenting(request.user)}, status=401)
    form = CommentForm(json_fields(request), article=article)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors.get_json_data()}, status=400)
    try:
        comment, created = Comment.objects.post(
            author=request.user, article=article, **form.cleaned_data
        )
    except NonceUsed as used:
        return JsonResponse(
            {"error": str(NONCE_USED), "url": used.comment.get_absolute_url()}, status=409
        )
    except ParentGone:
        return JsonResponse({"error": str(PARENT_GONE)}, status=409)
    except Refused as refused:
        return JsonResponse({"error": str(refused)}, status=403)
    return JsonResponse({"url": comment.get_absolute_url()}, status=201 if created else 200)


def csrf_failed(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the composer again, words and a fresh token in it, when its token ended meanwhile."""
    if wants_json(request):
        problem = why_not_commenting(request.user) or _("The CSRF token is missing or has ended.")
        return JsonResponse(
            {"error": problem}, status=403 if request.user.is_authenticated else 401
        )
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        # Another site filled this form: its words are not offered to a reader as their own.
        return render(request, "403_csrf.html", status=403)
    article = discussed_article(slug)
    form = CommentForm(request.POST, article=article)
    form.is_valid()
    return composer(request, article, form, problem=FORM_EXPIRED, status=403)


comment_new.csrf_failed = csrf_failed  # type: ignore[attr-defined] # config.views asks for it


# --- what these share -----------------------------------------------------------------------------


def composer(
    request: HttpRequest,
    article: Article,
    form: CommentForm,
    *,
    parent: Comment | None = None,
    nonce: uuid.UUID | None = None,
    status: int = 200,
    **said: Any,
) -> HttpResponse:
    """Answer with the composer page; `said` is what it says above the words."""
    if form.is_bound:
        parent, nonce = form.cleaned_data.get("parent"), form.cleaned_data.get("nonce")
    nonce = nonce or uuid.uuid4()
    drafts = list(unfinished.of_visitor(request).select_related("article__live"))
    context = {
        "article": article,
        "form": form,
        "parent": parent,
        "nonce": nonce,
        "address": composer_address(article, parent),
        "draft": next((draft for draft in drafts if draft.pk == nonce), None),
        "others": [draft for draft in drafts if draft.pk != nonce],
        "closed": why_closed(article),
        "refusal": request.user.is_authenticated and why_not_commenting(request.user),
        **said,
    }
    return render(request, "comments/composer.html", context, status=status)


def discussed_article(slug: str) -> Article:
    """Return the article at `slug`, or that was there while somebody was writing; else 404.

    A withdrawn one counts: its composer says that the discussion is closed, and shows the words.
    """
    article = Article.objects.with_page().filter(slug=slug).first()
    article = article or OldAddress.objects.article_at(slug)
    if article and article.live and article.published_at and article.published_at <= timezone.now():
        return article
    raise Http404(_("There is no article at this address."))


def composer_address(article: Article, parent: Comment | None) -> str:
    query = {"parent": parent.pk} if parent else None
    return reverse("comment_new", args=[article.slug], query=query)


def wants_json(request: HttpRequest) -> bool:
    preferred = request.get_preferred_type(["text/html", "application/json"])
    return "application/json" in (request.content_type, preferred)


def json_fields(request: HttpRequest) -> Mapping[str, Any]:
    """Return what a JSON client sent, as a form or as JSON; nothing when it is not readable."""
    if request.content_type != "application/json":
        return request.POST
    try:
        fields = json.loads(request.body)
    except (ValueError, RecursionError):
        fields = None
    return fields if isinstance(fields, dict) else {}
