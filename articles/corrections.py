"""/corrections/: all that was put right, the newest first; and the address of each."""

from typing import Any

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.caching import NUMBER, public_page
from articles.models import Article, Correction
from articles.views import page_number

PAGE_SIZE = 20


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    kind = kind if kind in Correction.Kind else ""

    def answer() -> HttpResponse:
        return render(request, "articles/corrections.html", list_context(kind, request))

    return public_page(
        request,
        # Whatever changes an entry, or where it leads, bumps its article.
        made_of=Article.objects.state(),
        render=answer,
        parameters={"page": NUMBER, "kind": "|".join(Correction.Kind)},
    )


@require_safe
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to the entry on its article: this address names no topic, as mail needs it."""
    entry = get_object_or_404(Correction.objects.public().select_related("article"), pk=pk)
    return redirect(f"{entry.article.get_absolute_url()}#correction-{entry.pk}")


def list_context(kind: str, request: HttpRequest) -> dict[str, Any]:
    entries = Correction.objects.public().for_list()
    shown = entries.filter(kind=kind) if kind else entries
    try:
        page = Paginator(shown, PAGE_SIZE).page(page_number(request))
    except EmptyPage as error:
        raise Http404(_("There is no such page.")) from error
    return {
        "page": page,
        "kind": kind,
        "kinds": Correction.Kind,
        "query": urlencode({"kind": kind}) + "&" if kind else "",
    }
