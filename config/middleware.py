"""What every request passes, whichever app answers it."""

from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.http import MAX_HEADER_LENGTH

from accounts.sessions import SessionStore
from config.environment import is_loopback

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
    """Answer 400 to a NUL in an address or a cookie: no page means it, PostgreSQL refuses it.

    And to a header that Django would fail to read, because of its length, where a page needs it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if any(len(value) > MAX_HEADER_LENGTH for value in request.headers.values()):
            raise BadRequest("A header is too long.")
        said = (request.path_info, *request.COOKIES.values(), *request.COOKIES)
        if "%00" in request.META.get("QUERY_STRING", "") or any("\x00" in text for text in said):
            raise BadRequest("A NUL character in the address or in a cookie.")
        return get_response(request)

    return middleware


def explain_refused_methods(get_response: Answer) -> Answer:
    """Give the empty 405 of Django's decorators a page that says what to do."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 405 and not response.content:
            page = render(request, "405.html", status=405)
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response

    return middleware


def keep_sessions_in_use(get_response: Answer) -> Answer:
    """Move the end of a member's session when they use it, at most once a day.

    Only a request that read the session can move it: what anyone may keep reads none.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        session = cast(SessionStore, request.session)
        if session.accessed and not session.modified and session.is_due_to_move:
            session.modified = True
        return response

    return middleware


def private_unless_said(get_response: Answer) -> Answer:
    """Keep every page out of caches unless its view said otherwise."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    return middleware
