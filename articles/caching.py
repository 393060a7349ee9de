"""How reading pages are kept: by anyone without a session, by nobody with one, and by us.

A page is rendered once for everyone, with a mark where something personal stands (the account
corner, the gate of the discussion). Each answer fills these marks for its visitor. What is kept is
known by what it was made of, so it is never wrong: when a row changes, its pages have other names.
"""

import hashlib
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

# A shared cache may show a page for a minute without asking and ten more while it asks; a browser
# asks each time, so that whoever just logged in never sees the signed-out page again (RFC 5861).
SHARED = {"public": True, "max_age": 0, "s_maxage": 60, "stale_while_revalidate": 600}

# Only addresses that a page of ours links to are kept: `?a=1`, `?a=2` … would fill the store.
KEPT_PARAMETERS = {"page", "sort", "thread", "view"}

SETTINGS_SHOWN = ("SITE_NAME", "SITE_URL", "ROOT_LABEL", "LANGUAGE_CODE", "TIME_ZONE")
MAKERS = ("accounts", "articles", "comments", "config", "locale", "static", "templates")

MARK = re.compile(r"<!--personal ([\w/]+\.html)-->")


def public_page(
    request: HttpRequest,
    *,
    made_of: tuple[object, ...],
    render: Callable[[], HttpResponse],
    personal: dict[str, Any] | None = None,
) -> HttpResponse:
    """Answer a reading page.

    `made_of` names what it was made of (versions, page number …): its ETag. A reader who has that
    very page gets 304, and `render` is not called. `personal` is what the personal templates of
    the page need to know.
    """
    etag = entity_tag(request.get_full_path(), *made_of)
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        response = _filled(request, _page_for_all(request, etag, render), personal)
        patch_cache_control(response, private=True, no_store=True)
    else:
        response = get_conditional_response(request, etag=etag) or _filled(
            request, _page_for_all(request, etag, render), personal
        )
        response.headers["ETag"] = etag
        if response.status_code != 412:  # what one reader's If-Match got is nobody else's answer
            patch_cache_control(response, **SHARED)
    patch_vary_headers(response, ["Cookie"])
    return response


def is_for_all(request: HttpRequest | None) -> bool:
    """Tell whether what is being rendered will be shown to others than this visitor."""
    return getattr(request, "renders_for_all", False)


def entity_tag(*parts: object) -> str:
    """Return a strong ETag (RFC 9110, section 8.8.3) of `parts` and of the release that runs."""
    text = "\x1f".join(str(part) for part in (release(), *parts))
    return f'"{hashlib.sha256(text.encode(errors="replace")).hexdigest()[:24]}"'


@cache
def release() -> str:
    """Return a name for what makes pages out of rows: code, templates, words, some settings."""
    digest = hashlib.sha256(repr([getattr(settings, name) for name in SETTINGS_SHOWN]).encode())
    for folder in MAKERS:
        for file in sorted(settings.BASE_DIR.joinpath(folder).rglob("*.*")):
            if file.is_file() and file.suffix != ".pyc":
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _page_for_all(
    request: HttpRequest, etag: str, render: Callable[[], HttpResponse]
) -> tuple[bytes, str]:
    """Return the content and type of the page as everyone gets it, rendered once."""
    pages = caches["pages"]
    kept: tuple[bytes, str] | None = pages.get(etag)
    if kept is not None:
        return kept
    request.renders_for_all = True  # type: ignore[attr-defined]
    try:
        response = render()
    finally:
        request.renders_for_all = False  # type: ignore[attr-defined]
    page = (response.content, response.headers["Content-Type"])
    if response.status_code == 200 and KEPT_PARAMETERS.issuperset(request.GET):
        pages.set(etag, page)
    return page


def _filled(
    request: HttpRequest, page: tuple[bytes, str], personal: dict[str, Any] | None
) -> HttpResponse:
    content, content_type = page

    def fill(found: re.Match[str]) -> str:
        return render_to_string(found[1], personal, request)

    return HttpResponse(MARK.sub(fill, content.decode()), content_type=content_type)
