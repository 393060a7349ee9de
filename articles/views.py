"""Reading pages. Each is the same for everyone who has no session."""

from itertools import groupby
from typing import Any

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.core.paginator import Page as PageOfList
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles import previews
from articles import search as article_search
from articles.article_page import article_context, entries_of
from articles.caching import NUMBER, public_page
from articles.models import Article, Category, OldAddress, Page, Revision
from articles.models.category import topic_tree
from articles.timeline import events_of

PAGE_SIZE = 20

# What the address of an article may ask of the discussion below it (README).
OF_A_DISCUSSION = {"page": NUMBER, "thread": NUMBER, "sort": "newest|oldest|answered"}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    def answer() -> HttpResponse:
        articles = Article.objects.published().for_list()
        lead = articles.leading().first()
        others = (articles.exclude(pk=lead.pk) if lead else articles).newest()[:12]
        return render(
            request, "home.html", {"lead": lead, "articles": others, "tree": topic_tree()}
        )

    return public_page(request, made_of=site_state(), render=answer)


@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    view = "a-z" if request.GET.get("view") == "a-z" else "tree"

    def answer() -> HttpResponse:
        context: dict[str, Any] = {"view": view, "tree": topic_tree()}
        if view == "a-z":
            context["letters"] = by_letter(Article.objects.published().for_list())
        return render(request, "articles/topics.html", context)

    return public_page(request, made_of=site_state(), render=answer, parameters={"view": "a-z"})


@require_safe
def topic(request: HttpRequest, path: str) -> HttpResponse:
    category = Category.objects.filter(path=path).first()
    if category is None:
        return moved_topic(path)

    def answer() -> HttpResponse:
        articles = Article.objects.published().in_topic(category).for_list().newest()
        context = {
            "category": category,
            "crumbs": category.ancestors(),
            "children": subtopics(category),
            "page": page_of(articles, request),
        }
        return render(request, "articles/topic.html", context)

    return public_page(
        request,
        made_of=(category.pk, *site_state()),
        render=answer,
        parameters={"page": NUMBER},
    )


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    article = Article.objects.with_page().filter(slug=slug).first()
    if article is None:
        return moved_article(slug)
    if article.withdrawn_at and article.live:
        context = {"article": article, **entries_of(article)}
        return render(request, "articles/withdrawn.html", context, status=410)
    if not article.is_published:
        raise Http404(_("There is no article at this address."))
    return public_page(
        request,
        made_of=article.state(),
        render=lambda: render(request, "articles/article.html", article_context(article)),
        personal={"article": article},
        parameters=OF_A_DISCUSSION,
    )


@require_safe
def preview(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Show any revision as readers would see it, to whoever holds a signed address."""
    revision = get_object_or_404(
        Revision.objects.select_related("article__category"),
        pk=previews.revision_id(token),
        article__slug=slug,
    )
    shown = revision.article
    shown.live = revision
    context = article_context(shown, preview=True)
    response = render(request, "articles/article.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    article = get_object_or_404(Article.objects.published().with_page(), slug=slug)

    def answer() -> HttpResponse:
        context = {"article": article, "events": events_of(article)}
        return render(request, "articles/history.html", context)

    return public_page(request, made_of=article.state(), render=answer)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").replace("\x00", " ").strip()
    category = Category.objects.filter(path=request.GET.get("category", "").strip("/")).first()

    def answer() -> HttpResponse:
        number = page_number(request)
        found = article_search.search(
            query, category=category, offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE
        )
        context = {
            "q": query,
            "category": category,
            "results": found.hits,
            "loose": found.loose,
            "page": Paginator(range(found.total), PAGE_SIZE).get_page(number),
            "query": urlencode({"q": query, **within(category)}) + "&",
            "suggestion": suggestion_of(found),
            "facets": facets_of(found, query, category),
        }
        return render(request, "articles/search.html", context)

    return public_page(request, made_of=site_state(), render=answer)


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    shown = Page.objects.filter(slug=slug).first()
    if shown is None:
        raise Http404(_("There is no page at this address."))
    counted = Article.objects.state() if shown.slug == Page.Slug.REVIEW else ()
    return public_page(
        request,
        # The day, because some of these pages count what happened until it began.
        made_of=(shown.slug, shown.version, timezone.localdate(), *counted),
        render=lambda: render(request, "articles/page.html", {"page": shown}),
    )


@require_safe
def about_page(request: HttpRequest, slug: str) -> HttpResponse:
    if slug in {Page.Slug.HELP, Page.Slug.ABOUT}:
        return redirect(slug, permanent=True)
    return page(request, slug)


# --- what the views share -------------------------------------------------------------------------


def site_state() -> tuple[object, ...]:
    """Return what every list of articles is made of: two queries, no rendering."""
    return (*Article.objects.state(), *Category.objects.state())


def subtopics(category: Category) -> list[Any]:
    """Return the nodes right below `category`, with their counts."""
    level = topic_tree()
    for part in category.ancestors():
        level = next(node.children for node in level if node.category.pk == part.pk)
    return level


def by_letter(articles: QuerySet[Article]) -> list[tuple[str, list[Article]]]:
    """Return `articles` by the first letter of their titles, as an index prints them."""

    def letter(article: Article) -> str:
        first = (article.live.title if article.live else "").lstrip("“‘\"'¿¡(")[:1].upper()
        return first if first.isalpha() else "#"

    ordered = sorted(
        articles,
        key=lambda article: (letter(article), article.live.title.casefold()),  # type: ignore[union-attr]
    )
    return [(key, list(group)) for key, group in groupby(ordered, letter)]


def within(category: Category | None) -> dict[str, str]:
    return {"category": category.path} if category else {}


def suggestion_of(found: article_search.Results) -> dict[str, str] | None:
    """Return another spelling and where it leads."""
    text = found.suggestion
    return {"text": text, "url": search_url(q=text)} if text else None


def facets_of(
    found: article_search.Results, query: str, chosen: Category | None
) -> list[dict[str, Any]]:
    """Return the categories that a search can be narrowed to; the chosen one leads back."""
    return [
        {
            "category": category,
            "count": count,
            "chosen": category == chosen,
            "url": search_url(q=query, **({} if category == chosen else within(category))),
        }
        for category, count in found.facets
    ]


def search_url(**parameters: str) -> str:
    return f"{reverse('search')}?{urlencode(parameters)}"


def page_number(request: HttpRequest) -> int:
    """Return the asked page, 1 when none is; raise 404 for what is no page number."""
    asked = request.GET.get("page", "1")
    if not asked.isascii() or not asked.isdigit() or len(asked) > 6 or int(asked) < 1:
        raise Http404(_("There is no such page."))
    return int(asked)


def page_of(articles: QuerySet[Article], request: HttpRequest) -> PageOfList[Article]:
    """Return the asked page of `articles`; raise 404 for one that does not exist."""
    try:
        return Paginator(articles, PAGE_SIZE).page(page_number(request))
    except (EmptyPage, PageNotAnInteger) as error:
        raise Http404(_("There is no such page.")) from error


def moved_topic(path: str, urlname: str = "topic") -> HttpResponse:
    """Lead to where the topic is now, or to its feed; raise 404 when there never was one."""
    if now := OldAddress.objects.topic_path_at(path):
        return HttpResponsePermanentRedirect(reverse(urlname, args=[now]))
    raise Http404(_("There is no topic at this address."))


def moved_article(slug: str) -> HttpResponse:
    moved = OldAddress.objects.article_at(slug)
    if moved and (moved.is_published or moved.withdrawn_at):
        return HttpResponsePermanentRedirect(moved.get_absolute_url())
    raise Http404(_("There is no article at this address."))
