"""Answers that belong to no app."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token ended: the view's own answer where it has words to keep."""
    match = request.resolver_match
    if match and (answer := getattr(match.func, "csrf_failed", None)):
        return answer(request, *match.args, **match.kwargs)
    return render(request, "403_csrf.html", status=403)
