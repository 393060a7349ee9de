"""Atom feeds with the full text: of the site and of each topic (RFC 4287)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from articles.caching import public_page
from articles.models import Article, Category

ITEMS = 20


class FullTextFeed(Atom1Feed):
    """Atom whose entries carry the article, not only its summary."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement(
            "content", item["content"], {"type": "html", "xml:lang": item["language"]}
        )


class SiteFeed(Feed[Article, Any]):
    feed_type = FullTextFeed

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return public_page(
            request,
            made_of=Article.objects.published().state(),
            render=lambda: super(SiteFeed, self).__call__(request, *args, **kwargs),
        )

    def title(self, topic: Category | None) -> str:
        return settings.SITE_NAME

    def link(self, topic: Category | None) -> str:
        return f"{settings.SITE_URL}/"

    def feed_url(self, topic: Category | None) -> str:
        return settings.SITE_URL + reverse("feed")

    def items(self, topic: Category | None) -> Iterable[Article]:
        found = Article.objects.published().newest().select_related("live", "category")
        return (found.in_topic(topic) if topic else found).prefetch_related("authors")[:ITEMS]

    def item_title(self, item: Article) -> SafeString | str:
        return item.live.title if item.live else ""

    def item_description(self, item: Article) -> str:
        return item.live.summary if item.live else ""

    def item_link(self, item: Article) -> str:
        return settings.SITE_URL + item.get_absolute_url()

    def item_author_name(self, item: Article) -> str:
        return ", ".join(person.name for person in item.authors.all())

    def item_pubdate(self, item: Article) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Article) -> datetime | None:
        return item.updated_at or item.published_at

    def item_categories(self, item: Article) -> list[str]:
        return [item.category.name]

    def item_extra_kwargs(self, item: Article) -> dict[str, Any]:
        html = "".join(item.live.section_html) if item.live else ""
        # Feed readers know no address but their own: links into this site name it.
        absolute = html.replace('href="/', f'href="{settings.SITE_URL}/')
        absolute = absolute.replace('src="/', f'src="{settings.SITE_URL}/')
        return {"content": absolute, "language": item.language}


class TopicFeed(SiteFeed):
    def get_object(self, request: HttpRequest, path: str) -> Category:
        category = Category.objects.filter(path=path).first()
        if category is None:
            raise Http404(_("There is no topic at this address."))
        return category

    def title(self, topic: Category | None) -> str:
        return f"{topic} · {settings.SITE_NAME}"

    def link(self, topic: Category | None) -> str:
        assert topic
        return settings.SITE_URL + topic.get_absolute_url()

    def feed_url(self, topic: Category | None) -> str:
        assert topic
        return settings.SITE_URL + reverse("topic_feed", args=[topic.path])
