"""Anyone can follow an article for its corrections, with an address that its owner confirms.

No page tells whether an address follows already: what there is to say stands in a mail to it.
Whoever follows a link sees a button: programs that look for harm in mail follow links as well.
"""

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts import ratelimits
from articles import follower_mail
from articles.models import Article, CorrectionFollower
from articles.sent_forms import FORM_EXPIRED, OpenForm

ASKED_AN_HOUR = 20  # by one visitor
MAILS_A_DAY = 3  # to one address, about one article
HOUR, DAY = 60 * 60, 24 * 60 * 60

a_form = require_http_methods(["GET", "HEAD", "POST"])


class FollowForm(OpenForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("For corrections to this article, and nothing else."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Type your e-mail address.")},
    )

    def clean_email(self) -> str:
        """Return it in small letters: two spellings would be two followers, with two mails."""
        return str(self.cleaned_data["email"]).lower()


@never_cache
@a_form
def follow_corrections(request: HttpRequest, slug: str) -> HttpResponse:
    """Take an address, and mail it a link; the answer is the same for each."""
    article = published(slug)
    form = FollowForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return page(request, article, form, status=400 if form.is_bound else 200)
    if not ratelimits.allow(
        "follow_corrections", ratelimits.client_address(request), ASKED_AN_HOUR, HOUR
    ):
        form.add_error(None, _("Too many requests come from you just now. Please try later."))
        response = page(request, article, form, status=429)
        response.headers["Retry-After"] = str(ratelimits.retry_after(HOUR))
        return response
    email = form.cleaned_data["email"]
    if ratelimits.allow("follow_corrections_mail", f"{article.pk} {email}", MAILS_A_DAY, DAY):
        ask(article, email)
    return redirect(reverse("follow_corrections", args=[article.slug]) + "?asked")


def follow_csrf_failed(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form again, with a fresh token."""
    form = FollowForm(request.POST)
    form.add_error(None, FORM_EXPIRED)
    return page(request, published(slug), form, status=403)


follow_corrections.csrf_failed = follow_csrf_failed  # type: ignore[attr-defined] # config.views


@never_cache
@a_form
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show one button; who presses it follows the article from then on."""
    pk = follower_mail.number_in(token, follower_mail.CONFIRM)
    known = CorrectionFollower.objects.exclude(pk__in=forgotten())
    follower = known.select_related("article__live").filter(pk=pk).first()
    if follower and request.method == "POST":
        known.filter(pk=pk, confirmed_at=None).update(confirmed_at=timezone.now())
    context = {"follower": follower, "is_done": request.method == "POST"}
    return secret(render(request, "articles/follow_confirm.html", context), bool(follower))


@csrf_exempt  # a mail provider presses the button, without cookie or token of ours
@never_cache
@a_form
def end(request: HttpRequest, token: str) -> HttpResponse:
    """Show one button; forget the address when it is pressed, or by a provider's one click."""
    pk = follower_mail.number_in(token, follower_mail.LEAVE)
    if request.method == "POST":
        let_go(pk)
    return secret(
        render(request, "articles/follow_end.html", {"is_done": request.method == "POST"})
    )


# --- what they share ------------------------------------------------------------------------------


def ask(article: Article, email: str) -> None:
    """Mail the owner of the address: a link to confirm, or that they follow it already."""
    with transaction.atomic():
        follower, _is_new = CorrectionFollower.objects.get_or_create(article=article, email=email)
        if follower.confirmed_at:
            follower_mail.send_known(follower)
            return
        follower.asked_at = timezone.now()
        follower.save(update_fields=["asked_at"])
        follower_mail.send_confirmation(follower)


@transaction.atomic
def let_go(pk: int) -> None:
    """Forget an address; the worker that mails it just now holds it, and is waited for."""
    mine = CorrectionFollower.objects.filter(pk=pk)
    list(mine.select_for_update())
    mine.delete()


def published(slug: str) -> Article:
    return get_object_or_404(Article.objects.published().select_related("live"), slug=slug)


def forgotten() -> Any:
    """Return what was not confirmed in time, though no job has come by yet."""
    return CorrectionFollower.objects.forgotten().values("pk")


def page(
    request: HttpRequest, article: Article, form: FollowForm, *, status: int = 200
) -> HttpResponse:
    context = {"article": article, "form": form, "is_asked": "asked" in request.GET}
    return render(request, "articles/follow_corrections.html", context, status=status)


def secret(response: HttpResponse, is_known: bool = True) -> HttpResponse:
    """Let nobody keep or tell the address, which is a key."""
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    if not is_known:
        response.status_code = 410
    return response
