"""What is being written, as readers will see it: the same renderer, the same style sheet."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.forms import Script
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language_info
from django.views.decorators.http import require_POST

from articles.advice import rendered
from articles.markdown import normalise
from articles.row_forms import MAX_CITATIONS, filled_keys


def modules(*names: str) -> list[Script]:
    """Return the scripts of these names as a ModelAdmin's Media wants them."""
    return [Script(f"js/admin/{name}.js", type="module") for name in names]


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Render the fields of a form that is not saved. live-preview.js shows the answer beside it."""
    if not any(map(request.user.has_perm, ("articles.view_article", "articles.view_page"))):
        raise PermissionDenied
    sent = request.POST
    language = sent.get("language", "")
    language = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    printed = _printed_sources(sent)
    try:
        document = rendered(normalise(sent.get("text", "")), printed.keys(), language).document
    except ValueError as error:
        return render(request, "admin/articles/preview.html", {"too_long": error})
    context = {
        "title": sent.get("title", ""),
        "summary": sent.get("summary", ""),
        "document": document,
        "sources": [(number, key, printed[key]) for key, number in document.numbers.items()],
        "language": language,
        "direction": "rtl" if get_language_info(language)["bidi"] else "ltr",
    }
    return render(request, "admin/articles/preview.html", context)


def _printed_sources(sent: QueryDict) -> dict[str, str]:
    """Return the sources in the form's rows by their keys, as far as they are typed."""
    rows: list[dict[str, Any]] = [
        {
            name: sent.get(f"sources-{row}-{name}", "").strip()
            for name in ("key", "source", "as_printed")
        }
        for row in range(MAX_CITATIONS)
    ]
    rows = [row for row in rows if row["source"]]
    keys = filled_keys([row["key"] for row in rows])
    return {
        key: row["as_printed"] or row["source"].partition(" · ")[2] or row["source"]
        for key, row in zip(keys, rows, strict=True)
    }
