"""What every request passes, whichever app answers it."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_cache_control

from config.settings import is_loopback

Answer = Callable[[HttpRequest], HttpResponse]


def canonical_host(get_response: Answer) -> Answer:
    """Send a trial's visitor from an IP address to the host of SITE_URL.

    WebAuthn refuses hosts that are IP addresses (W3C Web Authentication, section 5.1.3).
    """
    host = urlsplit(settings.SITE_URL).hostname or ""

    def middleware(request: HttpRequest) -> HttpResponse:
        asked = request.get_host().rsplit(":", 1)[0].strip("[]")
        if (
            settings.TRIAL
            and asked != host
            and is_loopback(asked)
            and request.method in {"GET", "HEAD"}
        ):
            return HttpResponseRedirect(settings.SITE_URL + request.get_full_path())
        return get_response(request)

    return middleware


def refuse_malformed_requests(get_response: Answer) -> Answer:
    """Answer 400 to a path or query that no page can mean: NUL, or bytes that are not UTF-8."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("A NUL character in the address.")
        return get_response(request)

    return middleware


def private_unless_said(get_response: Answer) -> Answer:
    """Keep every page out of caches unless its view said otherwise."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    return middleware
