"""The public page of a contributor: who they are, what they wrote, and what they signed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import hooks
from articles.caching import NUMBER, public_page
from articles.models import Article, Contributor, Review
from articles.views import page_of, site_state

LONG = ("text", "plain_text", "contents", "section_html")  # what no list shows of a revision


@require_safe
def contributor(request: HttpRequest, slug: str) -> HttpResponse:
    person = get_object_or_404(Contributor.objects.select_related("photo"), slug=slug)

    def answer() -> HttpResponse:
        articles = Article.objects.published().filter(authors=person).for_list().newest()
        context = {
            "contributor": person,
            "page": page_of(articles, request),
            "reviewed": reviewed_by(person),
        }
        if not context["reviewed"] and not articles and has_held_name(person):
            raise Http404(_("There is nobody at this address."))
        return render(request, "articles/contributor.html", context)

    return public_page(
        request,
        made_of=(person.pk, person.version, *site_state()),
        render=answer,
        parameters={"page": NUMBER},
    )


def reviewed_by(person: Contributor) -> list[Review]:
    """Return the newest sign-off of this person under each article that readers can open.

    Nothing that was signed with the name held: this page is the name.
    """
    found = Review.objects.public().standing().filter(contributor=person, name_held=False)
    out = found.filter(revision__article__in=Article.objects.published())
    together = out.select_related("revision__article__live").defer(
        *(f"{of}__{name}" for of in ("revision", "revision__article__live") for name in LONG)
    )
    newest: dict[int, Review] = {}
    for review in together.order_by("-signed_at", "-pk"):
        newest.setdefault(review.revision.article_id, review)
    return list(newest.values())


def has_held_name(person: Contributor) -> bool:
    """Tell whether the publisher keeps this name to itself: it signed, and stands nowhere."""
    if not person.reviews.filter(name_held=True).exists():
        return False
    return not any(shown.exists() for shown in hooks.ask("articles_showing", person))
