"""A session that ended while somebody was writing: the page that gives everything back."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

LONG = 80  # letters; what is longer, or has several lines, is also shown to be read


def keep_words(request: HttpRequest) -> HttpResponse:
    """Show what was sent, in a form that sends the same again with a fresh token.

    Passwords are left out, and files cannot be put into a form: both are chosen again.
    """
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name
        for value in values
    ]
    context = {
        "fields": fields,
        "texts": [value for _name, value in fields if len(value) > LONG or "\n" in value],
        "had_files": bool(request.FILES),
        "address": request.get_full_path(),
        "site_header": settings.SITE_NAME,
    }
    return render(request, "admin/words_kept.html", context, status=403)


def admin_csrf_failed(request: HttpRequest) -> HttpResponse | None:
    """Answer a form of the admin whose token ended: who logged in again meanwhile has a new one.

    None for a form that another site sent: nobody shall confirm what they did not write.
    """
    own = f"{request.scheme}://{request.get_host()}"
    return keep_words(request) if request.headers.get("Origin") == own else None
