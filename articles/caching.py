"""How reading pages may be kept: by anyone without a session, by nobody with one."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

from articles.markdown import RENDERER_VERSION

# A shared cache may show a page for a minute without asking and ten more while it asks; a browser
# asks each time, so that whoever just logged in never sees the signed-out page again (RFC 5861).
SHARED = {"public": True, "max_age": 0, "s_maxage": 60, "stale_while_revalidate": 600}


def public_page(
    request: HttpRequest, *, made_of: tuple[object, ...], render: Callable[[], HttpResponse]
) -> HttpResponse:
    """Answer a reading page, which is the same for everyone who has no session.

    `made_of` names what the page was made of (versions, page number …): its ETag. A reader who has
    that very page gets 304, and `render` is not called.
    """
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        response = render()
        patch_cache_control(response, private=True, no_store=True)
    else:
        etag = entity_tag(request.get_full_path(), *made_of)
        response = get_conditional_response(request, etag=etag) or render()
        response.headers["ETag"] = etag
        patch_cache_control(response, **SHARED)
    patch_vary_headers(response, ["Cookie"])
    return response


def entity_tag(*parts: object) -> str:
    """Return a strong ETag (RFC 9110, section 8.8.3) of `parts` and of the release that runs."""
    text = "\x1f".join(str(part) for part in (release(), *parts))
    return f'"{hashlib.sha256(text.encode(errors="replace")).hexdigest()[:24]}"'


@cache
def release() -> str:
    """Return a name for what makes pages out of rows: templates, style sheets, some settings."""
    digest = hashlib.sha256(
        repr(
            (RENDERER_VERSION, settings.SITE_NAME, settings.SITE_URL, settings.ROOT_LABEL)
        ).encode()
    )
    for folder in (Path(settings.BASE_DIR) / "templates", Path(settings.BASE_DIR) / "static"):
        for file in sorted(file for file in folder.rglob("*") if file.is_file()):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
