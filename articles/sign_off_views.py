"""The pages of a reviewer without an account: read, choose, enter the code; then the receipt.

Whoever opens a link changes nothing: programs that look for harm in mail open links as well. The
address is a key, so no page of these is kept, indexed, or named to another (config/logs.py and
deploy/nginx.conf keep it out of the logs).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles import sign_off_codes, sign_off_links, sign_off_receipts
from articles.models import Review, SignOffLink
from articles.sign_off_changes import Shown, shown_to
from articles.sign_off_forms import CodeForm, TakeBackForm, VerdictForm
from articles.sign_off_links import HasEnded
from articles.signing import CannotSign, own_positions

View = Callable[[HttpRequest, str], HttpResponse]

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


def behind_a_secret_address(view: View) -> View:
    """Let nobody keep or tell the address.

    A browser that tells no referrer sends its forms with "Origin: null" (Fetch, section 3.2), which
    Django's check of forged forms refuses. It is not needed: who forges a form has to know the
    address, and who knows it can as well open it.
    """

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def answer(request: HttpRequest, token: str) -> HttpResponse:
        response = view(request, token)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    return answer


@behind_a_secret_address
def sign_off(request: HttpRequest, token: str) -> HttpResponse:
    """Show the text and the form; with a code, sign."""
    link = sign_off_links.find(token)
    if link is None:
        return unknown(request)
    if request.method == "POST":
        return sign(request, link, token)
    if ended := sign_off_links.why_ended(link):
        return has_ended(request, ended)
    shown = shown_for(link)
    return reading(request, link, token, shown, VerdictForm(link, shown))


@behind_a_secret_address
def sign_off_code(request: HttpRequest, token: str) -> HttpResponse:
    """Take the choices and mail a code, or lead back to the choices."""
    link = sign_off_links.find(token)
    if link is None:
        return unknown(request)
    if request.method != "POST":
        return redirect("sign_off", token)
    shown = shown_for(link)
    form = VerdictForm(link, shown, request.POST)
    if not sign_off_links.why_ended(link) and ("change" in request.POST or not form.is_valid()):
        return reading(request, link, token, shown, form)
    try:
        sign_off_links.request_code(link, anew="again" in request.POST)
    except HasEnded as error:
        return has_ended(request, str(error.message))
    except CannotSign as error:
        return entering(request, link, token, form, CodeForm(), problem=str(error.message))
    return entering(request, link, token, form, CodeForm())


def sign(request: HttpRequest, link: SignOffLink, token: str) -> HttpResponse:
    if sign_off_links.why_ended(link):
        return sign_again(request, link)
    shown = shown_for(link)
    form, code = VerdictForm(link, shown, request.POST), CodeForm(request.POST)
    if not form.is_valid():
        return reading(request, link, token, shown, form)
    if not code.is_valid():
        return entering(request, link, token, form, code)
    try:
        review = sign_off_links.sign(link, code=code.cleaned_data["code"], **form.verdict)
    except HasEnded as error:
        return has_ended(request, str(error.message))
    except CannotSign as error:
        code.add_error("code", str(error.message))
        return entering(request, link, token, form, code)
    return redirect("sign_off_receipt", sign_off_receipts.token_of(review))


def sign_again(request: HttpRequest, link: SignOffLink) -> HttpResponse:
    """Answer the second of two clicks like the first; else say why the link has ended."""
    try:
        review = sign_off_links.sign(link, code=request.POST.get("code", ""))
    except CannotSign as error:
        return has_ended(request, str(error.message))
    return redirect("sign_off_receipt", sign_off_receipts.token_of(review))


@behind_a_secret_address
def sign_off_receipt(request: HttpRequest, token: str) -> HttpResponse:
    """Show what was signed; `?deed=` asks whether to take it back, and a POST does."""
    review = sign_off_receipts.read(token)
    if review is None:
        return unknown(request)
    deed = request.GET.get("deed", "")
    if deed in {"dispute", "take-back"} and counts_so_far(review, deed):
        return take_back(request, review, token, deed)
    if request.method == "POST":
        return redirect("sign_off_receipt", token)
    sections = [row.section for row in review.reviewed_sections.all()]
    context = {"review": review, "sections": sections, "contact": settings.CONTACT_EMAIL}
    return render(request, "sign_off/receipt.html", context)


def take_back(request: HttpRequest, review: Review, token: str, deed: str) -> HttpResponse:
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"review": review, "is_dispute": deed == "dispute", "form": form}
        status = 400 if form.errors else 200
        return render(request, "sign_off/take_back.html", context, status=status)
    if deed == "dispute":
        sign_off_receipts.dispute(review)
    else:
        sign_off_receipts.take_back(review, form.cleaned_data["reason"])
    return redirect("sign_off_receipt", token)


def counts_so_far(review: Review, deed: str) -> bool:
    """Tell whether the deed has not been done yet."""
    return not (review.disputed_at if deed == "dispute" else review.taken_back_at)


# --- pages ----------------------------------------------------------------------------------------


def shown_for(link: SignOffLink) -> Shown:
    own = own_positions(link.revision, link.contributor)
    return shown_to(link.contributor, link.revision, own)


def reading(
    request: HttpRequest, link: SignOffLink, token: str, shown: Shown, form: VerdictForm
) -> HttpResponse:
    """Show what is to be read, and the form below it."""
    revision, asked = link.revision, link.asked_positions
    to_read = shown.to_read(asked)
    wants_all = "all" in {request.GET.get("show"), request.POST.get("show")}
    shows_all = shown.is_first or wants_all or not to_read
    context: dict[str, Any] = {
        **about(link, token),
        "shown": shown,
        "shows_all": shows_all,
        "sections": shown.sections if shows_all else to_read,
        "is_changed": bool(to_read),
        "left_out": [] if shows_all else shown.as_signed(asked),
        "form": form,
        "citations": revision.citations.select_related("source"),
        "newer": revision.article.revisions.filter(number__gt=revision.number).exists(),
        "contributor": link.contributor,
        "contact": settings.CONTACT_EMAIL,
    }
    return render(request, "sign_off/read.html", context, status=400 if form.errors else 200)


def entering(
    request: HttpRequest,
    link: SignOffLink,
    token: str,
    form: VerdictForm,
    code: CodeForm,
    *,
    problem: str = "",
) -> HttpResponse:
    """Show what was chosen once more, and wait for the code; the choices come along unseen."""
    context = {
        **about(link, token),
        "choices": form,
        "form": code,
        "problem": problem,
        "waits": sign_off_codes.is_awaited(link),
    }
    status = 400 if problem or code.errors else 200
    return render(request, "sign_off/code.html", context, status=status)


def about(link: SignOffLink, token: str) -> dict[str, Any]:
    return {
        "link": link,
        "article": link.revision.article,
        "revision": link.revision,
        "address": reverse("sign_off", args=[token]),
        "code_address": reverse("sign_off_code", args=[token]),
        "mailbox": hinted(link.email),
    }


def has_ended(request: HttpRequest, why: str) -> HttpResponse:
    """Say why, and give back what was typed."""
    words = [request.POST[name] for name in ("scope", "message") if request.POST.get(name)]
    context = {"why": why, "words": words, "contact": settings.CONTACT_EMAIL}
    return render(request, "sign_off/ended.html", context, status=410)


def unknown(request: HttpRequest) -> HttpResponse:
    why = _("This link is not whole. Please copy all of it from our mail.")
    context = {"why": why, "contact": settings.CONTACT_EMAIL}
    return render(request, "sign_off/ended.html", context, status=404)


def hinted(email: str) -> str:
    """Return enough of an address for its owner to know it: a link may have been passed on."""
    name, _at, domain = email.rpartition("@")
    return f"{name[:1]}…@{domain}"
