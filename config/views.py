"""Answers that belong to no app."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from django.views.static import serve

from config.kept_words import admin_csrf_failed


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Keep crawlers on what is written to be found (RFC 9309)."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /accounts/",
        "Disallow: /comments/",
        "Disallow: /articles/*/comments/",
        "Disallow: /articles/*/tell/",
        "Disallow: /articles/*/follow-corrections/",
        "Disallow: /told/",
        "Disallow: /search/",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
    ]
    return _plain_text(lines)


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Say where to report a weakness (RFC 9116)."""
    lines = [
        f"Contact: mailto:{settings.CONTACT_EMAIL}",
        f"Expires: {timezone.now() + timedelta(days=180):%Y-%m-%dT00:00:00Z}",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return _plain_text(lines)


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve an uploaded picture; a server in front may do it instead (docs/running.md).

    Names are random and never used twice, so a copy is good for ever.
    """
    try:
        response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    except OSError as error:  # a name longer than the file system takes
        raise Http404 from error
    if response.status_code == 200:
        patch_cache_control(response, public=True, max_age=365 * 24 * 60 * 60, immutable=True)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token ended: the view's own answer where it has words to keep."""
    match = request.resolver_match
    if match and (answer := getattr(match.func, "csrf_failed", None)):
        response: HttpResponse = answer(request, *match.args, **match.kwargs)
        return response
    if match and match.app_name == "admin" and (kept := admin_csrf_failed(request)):
        return kept
    return render(request, "403_csrf.html", status=403)


def _plain_text(lines: list[str]) -> HttpResponse:
    response = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    patch_cache_control(response, public=True, max_age=3600)
    return response
