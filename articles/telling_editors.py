""" "Something wrong or unclear here?": anyone writes to the editors, and reads what became of it.

What was written is lost by nothing: each refusal shows the words again.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.core.mail import send_mail
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import ratelimits
from accounts.mail import written
from articles.models import Article, OldAddress, ReaderMessage
from articles.models.correction import as_number, new_number
from articles.publishing import name_of
from articles.records import WordsField
from articles.sent_forms import FORM_EXPIRED, OpenForm

LONGEST = 5_000
MESSAGES_AN_HOUR = 10
HOUR = 60 * 60


class Message(WordsField):
    """Words whose length counts as they are stored; a browser shall cut nothing off."""

    widget = forms.Textarea(attrs={"rows": 8})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators.append(
            MaxLengthValidator(
                LONGEST,
                _("This is %(show_value)d characters long; at most %(limit_value)d can be sent."),
            )
        )


class TellForm(OpenForm):
    section = forms.ChoiceField(
        label=_("Where?"),
        required=False,
        error_messages={
            "invalid_choice": _("The article was changed while you wrote: choose the place again.")
        },
    )
    text = Message(
        label=_("What is wrong or unclear?"),
        help_text=_(
            "Please leave out names, addresses and what could tell who you or others are: we do "
            "not need it."
        ),
        error_messages={"required": _("Write what is wrong or unclear.")},
    )
    # Drawn when the page was made: of two clicks, the second finds what the first has sent.
    number = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, article: Article, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial={"number": new_number(), **(initial or {})})
        assert article.live
        self.places = {
            section.anchor: section for section in article.live.sections.all() if section.position
        }
        named = [(anchor, name_of(section)) for anchor, section in self.places.items()]
        self.fields["section"].choices = [("", _("The article as a whole")), *named]  # type: ignore[attr-defined]

    def clean_number(self) -> str:
        return as_number(self.cleaned_data["number"]) or new_number()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a message, and lead to the page where its writer can follow it."""
    article = find(slug, is_sent=request.method == "POST")
    if article.slug != slug and request.method != "POST":
        return redirect("tell", article.slug, permanent=True)
    if request.method != "POST":
        form = TellForm(article, initial={"section": request.GET.get("section", "")})
        return page(request, article, form)
    form = TellForm(article, request.POST)
    if not form.is_valid():
        return page(request, article, form, status=400)
    if not ratelimits.allow(
        "tell_editors", ratelimits.client_address(request), MESSAGES_AN_HOUR, HOUR
    ):
        form.add_error(
            None, _("Many messages come from you just now. Please send this one again later.")
        )
        response = page(request, article, form, status=429)
        response.headers["Retry-After"] = str(ratelimits.retry_after(HOUR))
        return response
    return redirect(receive(article, **form.cleaned_data))


def tell_csrf_failed(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the words again, with a fresh token."""
    article = find(slug, is_sent=True)
    form = TellForm(article, request.POST)
    form.add_error(None, FORM_EXPIRED)
    return page(request, article, form, status=403)


tell.csrf_failed = tell_csrf_failed  # type: ignore[attr-defined] # config.views asks


@never_cache
@require_safe
def told(request: HttpRequest, number: str) -> HttpResponse:
    """Show what was written and what became of it, to whoever has the number."""
    message = (
        ReaderMessage.objects.select_related("article__live", "correction")
        .filter(number=as_number(number) or None)
        .first()
    )
    if message is None:
        raise Http404(_now("There is no message with this number. Please compare it once more."))
    if number != message.number:
        return redirect(message)
    response = render(request, "articles/told.html", {"message": message})
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


# --- what they share ------------------------------------------------------------------------------


def find(slug: str, *, is_sent: bool) -> Article:
    """Return the article that a message is about, at its old address too.

    What was taken down while somebody wrote still takes their words.
    """
    shown = Article.objects.select_related("live")
    article = shown.filter(slug=slug).first() or OldAddress.objects.article_at(slug)
    if article is None or not article.live:
        raise Http404(_now("There is no article at this address."))
    was_read = article.live.published_at and article.live.published_at <= timezone.now()
    if not (article.is_published or (is_sent and was_read)):
        raise Http404(_now("There is no article at this address."))
    return article


def page(
    request: HttpRequest, article: Article, form: TellForm, *, status: int = 200
) -> HttpResponse:
    context = {"article": article, "form": form}
    response = render(request, "articles/tell.html", context, status=status)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@transaction.atomic
def receive(article: Article, *, section: str, text: str, number: str) -> ReaderMessage:
    """Write a message down, once, and tell the editors that there is one; no mail says what."""
    place = TellForm(article).places.get(section)
    about = {"anchor": place.anchor, "heading": place.heading} if place else {}
    sent = {"article": article, "text": text, "revision": article.live, **about}
    message, is_new = ReaderMessage.objects.get_or_create(number=number, defaults=sent)
    if (message.article_id, message.text) != (article.pk, text):
        message, is_new = ReaderMessage.objects.create(**sent), True
    if is_new:
        address = settings.SITE_URL + reverse(
            "admin:articles_readermessage_change", args=[message.pk]
        )
        body = written("articles/mail/reader_message.txt", address=address)
        send_mail(_now("A reader wrote to the editors"), body, None, [settings.CONTACT_EMAIL])
    return message


def message_of(pk: Any, article: Article) -> ReaderMessage | None:
    """Return the message that the desk's link names, if it is about this article."""
    digits = str(pk or "")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        return None
    return ReaderMessage.objects.filter(pk=int(digits), article=article).first()
