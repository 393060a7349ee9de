"""The composer: where words are typed, posted, or kept until they can be posted.

Whatever goes wrong, the page that answers holds the words.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.models import User
from articles.models import Article, OldAddress
from comments import asking, held, posting_limits, unfinished
from comments.comment_form import PARENT_GONE, CommentForm, answerable
from comments.forms import as_id, as_uuid
from comments.models import Comment, Draft, Voice
from comments.models.comment_query import NonceUsed, ParentGone, Refused
from comments.models.discussion import why_closed, why_not_commenting
from comments.moderation import sanctions
from comments.posting_limits import TooMany, with_wait
from comments.screened_form import fields_of_json
from comments.screening import Verdict, likeness_of, screen
from comments.threads import discussion_address

NONCE_USED = gettext_lazy("This form was sent before, with other words.")
NOTICE_UNREAD = gettext_lazy("A moderator has a notice for you, to be read before you comment.")
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
    form = CommentForm(request.POST, article=article, visitor=request.user)
    if not form.is_valid() and form.pressed != "discard":
        return composer(request, article, form, status=400)
    try:
        return chosen(request, article, form) or screened(request, article, form)
    except TooMany as wait:
        return with_wait(composer(request, article, form, problem=str(wait)), wait)


def chosen(request: HttpRequest, article: Article, form: CommentForm) -> HttpResponse | None:
    """Do what the writer chose on a page that asked, unless it was to post."""
    asking.note_outcome(form)
    match form.pressed:
        case "discard":
            if nonce := form.cleaned_data.get("nonce"):
                unfinished.of_visitor(request).filter(pk=nonce).delete()
            return redirect(discussion_address(article))
        case "later":
            keep(request, article, form)
            return redirect(discussion_address(article))
        case "edit":
            return composer(request, article, form)
        case "remove":
            taken_out = asking.without_what_was_found(form, form.candidate)
            return composer(request, article, form.with_text(taken_out), is_cut=True)
    return None


def screened(request: HttpRequest, article: Article, form: CommentForm) -> HttpResponse:
    """Post what nobody has to be asked about, or keep it until its writer has logged in."""
    parent = form.cleaned_data["parent"]
    asked = asking.ask(request, form, form.candidate, composer_address(article, parent))
    if not isinstance(asked, Verdict):
        return asked
    if not request.user.is_authenticated:
        return keep_until_log_in(request, article, form)
    if notice := sanctions.unread_notice(request.user):
        keep(request, article, form)
        return redirect("account_decision", notice.pk)
    return post(request, request.user, article, form, asked)


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
    begun = {"text": draft.text, **draft.choices} if draft else {}
    return composer(
        request,
        article,
        CommentForm(article=article, visitor=request.user, initial=begun),
        parent=parent,
        nonce=draft.pk if draft else None,
        problem=PARENT_GONE if asked and not parent else "",
    )


def post(
    request: HttpRequest, author: User, article: Article, form: CommentForm, verdict: Verdict
) -> HttpResponse:
    """Publish a member's words, or hold them for a moderator; lead to where they stand."""
    words = form.words
    try:
        comment, _created = take(request, author, article, form, verdict)
    except NonceUsed as used:
        form.cleaned_data["nonce"] = None
        return composer(request, article, form, posted=used.comment, status=409)
    except ParentGone:
        form.cleaned_data["parent"] = None
        return composer(request, article, form, problem=PARENT_GONE, status=409)
    except Refused as refused:
        form.cleaned_data["nonce"] = unfinished.keep(request, article=article, **words).pk
        return composer(request, article, form, problem=str(refused), status=403)
    Draft.objects.filter(pk=words["nonce"], author=author).delete()
    return redirect(held.address_for_writer(comment))


def take(
    request: HttpRequest, author: User, article: Article, form: CommentForm, verdict: Verdict
) -> tuple[Comment, bool]:
    """Return the comment that is made of the form, and whether it is new.

    Raises what Comment.objects.post does, and TooMany.
    """
    holds = verdict.holds + form.holds_beside
    holds += ["record"] if sanctions.holds_all(author) else []
    return Comment.objects.post(
        author=author,
        article=article,
        likeness=likeness_of(form.cleaned_data["text"]),
        held_for=holds,
        count=partial(posting_limits.count_post, request, author),
        **form.comment,
    )


def keep_until_log_in(request: HttpRequest, article: Article, form: CommentForm) -> HttpResponse:
    """Keep a signed-out visitor's words, and send them to log in or to sign up."""
    if problem := why_closed(article):
        return composer(request, article, form, problem=problem, status=403)
    keep(request, article, form)
    door = "account_signup" if request.POST.get("then") == "signup" else "account_login"
    parent = form.cleaned_data["parent"]
    return HttpResponseRedirect(reverse(door, query={"next": composer_address(article, parent)}))


def keep(request: HttpRequest, article: Article, form: CommentForm) -> None:
    """Keep words as a draft; raises TooMany for an address that has many kept signed out."""
    if not request.user.is_authenticated:
        posting_limits.count_draft(request)
    unfinished.keep(request, article=article, **form.words)


def take_json(request: HttpRequest, article: Article) -> JsonResponse:
    """Post for a client that asks for JSON: it gets a status, never a page or a draft.

    201 (200 when it was sent before) tells the comment's `url`, and whether it is `held`. 422 tells
    what a person would be asked: `ask`, the names of checks, with the places in the text that each
    of them means, and `help`, an address to be shown first if there is one. The same fields with
    `answered`, a list of those names, say that its writer has looked and wants it posted as it is.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"error": why_not_commenting(request.user)}, status=401)
    form = CommentForm(json_fields(request), article=article, visitor=request.user)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors.get_json_data()}, status=400)
    verdict = screen(form.candidate, answered=form.answered_checks)
    if verdict.needs_help or verdict.asks:
        return JsonResponse(asking.as_json(verdict), status=422)
    if notice := sanctions.unread_notice(request.user):
        read = reverse("account_decision", args=[notice.pk])
        return JsonResponse({"error": str(NOTICE_UNREAD), "url": read}, status=403)
    try:
        comment, created = take(request, request.user, article, form, verdict)
    except NonceUsed as used:
        return JsonResponse(
            {"error": str(NONCE_USED), "url": used.comment.get_absolute_url()}, status=409
        )
    except ParentGone:
        return JsonResponse({"error": str(PARENT_GONE)}, status=409)
    except Refused as refused:
        return JsonResponse({"error": str(refused)}, status=403)
    except TooMany as wait:
        return with_wait(JsonResponse({"error": str(wait)}), wait)
    told = {"url": comment.get_absolute_url()} | ({"held": True} if comment.is_held else {})
    return JsonResponse(told, status=201 if created else 200)


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
    form = CommentForm(request.POST, article=article, visitor=request.user)
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
    refusal = form.member and why_not_commenting(form.member)
    drafts = list(unfinished.of_visitor(request).select_related("article__live"))
    context = {
        "article": article,
        "form": form,
        "parent": parent,
        "nonce": nonce,
        "address": composer_address(article, parent),
        "draft": next((draft for draft in drafts if draft.pk == nonce), None),
        "others": [draft for draft in drafts if draft.pk != nonce],
        "names": names(form),
        "closed": why_closed(article),
        "refusal": refusal,
        "is_sanctioned": bool(refusal and sanctions.why_silenced(request.user)),
        "notice": form.member and sanctions.unread_notice(form.member),
        "is_read_first": bool(form.member and is_read_first(form)),
        "side_effects": settings.SIDE_EFFECTS_URL,
        **said,
    }
    return render(request, "comments/composer.html", context, status=status)


def is_read_first(form: CommentForm) -> bool:
    """Tell whether a moderator will read the comment first: whoever writes it, or for support."""
    nothing = replace(form.candidate, text="")
    if "crisis:" in form.answers:
        return True
    return bool(form.member and (sanctions.holds_all(form.member) or screen(nothing).holds))


def names(form: CommentForm) -> dict[str, str]:
    """Return the names that a member may choose from, before the second one exists."""
    if form.member is None:
        return {}
    return {
        "handle": form.member.handle,
        "only_here": Voice.objects.discussion_name(form.member, form.article),
    }


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
    return fields_of_json(fields) if isinstance(fields, dict) else {}
