"""The Atom feed of corrections (RFC 4287)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from articles.caching import public_page
from articles.markdown.text import storable
from articles.models import Article, Correction

ITEMS = 50


class CorrectionsFeed(Feed[Correction, Any]):
    feed_type = Atom1Feed

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return public_page(
            request,
            made_of=Article.objects.state(),
            render=lambda: super(CorrectionsFeed, self).__call__(request, *args, **kwargs),
        )

    def title(self) -> str:
        return storable(f"{_('Corrections')} · {settings.SITE_NAME}")

    def link(self) -> str:
        return settings.SITE_URL + reverse("corrections")

    def feed_url(self) -> str:
        return settings.SITE_URL + reverse("corrections_feed")

    def author_name(self) -> str:
        return settings.SITE_NAME

    def items(self) -> Iterable[Correction]:
        return Correction.objects.public().for_list()[:ITEMS]

    def item_title(self, item: Correction) -> str:
        title = item.article.live.title if item.article.live else ""
        return storable(f"{item.get_kind_display().capitalize()}: {title}")

    def item_description(self, item: Correction) -> str:
        """Return the entry as HTML, as Atom calls a summary of Django's."""
        return storable(render_to_string("articles/_correction.html", {"entry": item}).strip())

    def item_link(self, item: Correction) -> str:
        """Return an address that stays when the article moves: it is the id of the entry, too."""
        return settings.SITE_URL + item.get_absolute_url()

    def item_pubdate(self, item: Correction) -> datetime:
        return item.at

    def item_updateddate(self, item: Correction) -> datetime:
        return item.confirmed_at or item.at

    def item_categories(self, item: Correction) -> list[str]:
        return [item.get_kind_display()]
