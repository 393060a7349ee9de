"""How reading pages are kept: by anyone without a session, by nobody with one, and by us.

A page is rendered once for everyone, with a mark where something personal stands (the account
corner, the gate of the discussion). Each answer fills these marks for its visitor. What is kept is
known by what it was made of, so it is never wrong: when a row changes, its pages have other names.
The store holds one page an address: a new one takes the place of the old one, whose text may have
been erased since.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

# A shared cache may show a page for a minute without asking and ten more while it asks; a browser
# asks each time, so that whoever just logged in never sees the signed-out page again (RFC 5861).
SHARED = {"public": True, "max_age": 0, "s_maxage": 60, "stale_while_revalidate": 600}

NUMBER = r"[1-9][0-9]{0,18}"  # of a page or a row; the page must have been found besides

NO_PARAMETERS: Mapping[str, str] = MappingProxyType({})

SETTINGS_SHOWN = ("SITE_NAME", "SITE_URL", "ROOT_LABEL", "LANGUAGE_CODE", "TIME_ZONE")
MAKERS = ("accounts", "articles", "comments", "config", "locale", "static", "templates")

MARK = re.compile(r"<!--personal ([\w/]+\.html)-->")


def public_page(
    request: HttpRequest,
    *,
    made_of: tuple[object, ...],
    render: Callable[[], HttpResponse],
    personal: dict[str, Any] | None = None,
    parameters: Mapping[str, str] = NO_PARAMETERS,
) -> HttpResponse:
    """Answer a reading page.

    `made_of` names what it was made of (versions, page number …): its ETag. A reader who has that
    very page gets 304, and `render` is not called. `personal` is what the personal templates of
    the page need to know. `parameters` are those of the address that our own pages link with, and
    a pattern for their values: other addresses are answered and not kept.
    """
    is_kept = is_linked(request, parameters)
    etag = entity_tag(request.get_full_path(), *made_of)
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        response = _filled(request, _page_for_all(request, etag, render, is_kept), personal)
        patch_cache_control(response, private=True, no_store=True)
    else:
        response = get_conditional_response(request, etag=etag) or _filled(
            request, _page_for_all(request, etag, render, is_kept), personal
        )
        response.headers["ETag"] = etag
        if response.status_code != 412:  # what one reader's If-Match got is nobody else's answer
            patch_cache_control(response, **SHARED)
    patch_vary_headers(response, ["Cookie"])
    return response


def is_linked(request: HttpRequest, parameters: Mapping[str, str]) -> bool:
    """Tell whether a page of ours may link to this address, in this very spelling.

    Anyone can make up others, `?a=1`, `?a=2`, `?%61=1` …, and fill the store with them.
    """
    asked = request.GET
    return asked.urlencode() == request.META.get("QUERY_STRING", "") and all(
        len(values) == 1 and re.fullmatch(parameters.get(name, "(?!)"), values[0])
        for name, values in asked.lists()
    )


def forget_pages() -> None:
    """Empty this process's store: called after erasing, so that no text outlives its row here."""
    caches["pages"].clear()


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
    request: HttpRequest, etag: str, render: Callable[[], HttpResponse], is_kept: bool
) -> tuple[bytes, str]:
    """Return the content and type of the page as everyone gets it, rendered once."""
    pages, address = caches["pages"], _name_of(request.get_full_path())
    kept: tuple[str, bytes, str] | None = pages.get(address) if is_kept else None
    if kept and kept[0] == etag:
        return kept[1:]
    if kept:
        pages.delete(address)  # first: what comes now may be no page
    request.renders_for_all = True  # type: ignore[attr-defined]
    try:
        response = render()
    finally:
        request.renders_for_all = False  # type: ignore[attr-defined]
    page = (response.content, response.headers["Content-Type"])
    if is_kept and response.status_code == 200:
        pages.set(address, (etag, *page))
    return page


def _name_of(address: str) -> str:
    """Return a key that any cache takes, however long the address is."""
    return hashlib.sha256(address.encode(errors="replace")).hexdigest()


def _filled(
    request: HttpRequest, page: tuple[bytes, str], personal: dict[str, Any] | None
) -> HttpResponse:
    content, content_type = page

    def fill(found: re.Match[str]) -> str:
        return render_to_string(found[1], personal, request)

    html = MARK.sub(fill, content.decode())
    for config in apps.get_app_configs():
        if finish := getattr(config, "finish_page", None):
            html = finish(request, html)
    return HttpResponse(html, content_type=content_type)
