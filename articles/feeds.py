"""Atom feeds with the full text: of the site and of each topic (RFC 4287)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.xmlutils import SimplerXMLGenerator

from articles.caching import public_page
from articles.markdown.text import storable
from articles.models import Article, Category
from articles.trust import in_lists
from articles.views import moved_topic, site_state

ITEMS = 20
# Whose words the terms of clinical review are (RFC 4287, section 4.2.2.2).
REVIEW = f"{settings.SITE_URL}/about/review/"


class FullTextFeed(Atom1Feed):
    """Atom whose entries carry the article, not only its summary."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("category", "", item["review"])
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
            made_of=site_state(),
            render=lambda: super(SiteFeed, self).__call__(request, *args, **kwargs),
        )

    def title(self, topic: Category | None) -> str:
        return settings.SITE_NAME

    def link(self, topic: Category | None) -> str:
        return f"{settings.SITE_URL}/"

    def feed_url(self, topic: Category | None) -> str:
        return settings.SITE_URL + reverse("feed")

    def author_name(self, topic: Category | None) -> str:
        """Say who writes where an entry has no author of its own (RFC 4287, section 4.1.2)."""
        return settings.SITE_NAME

    def items(self, topic: Category | None) -> Iterable[Article]:
        found = Article.objects.published().newest().select_related("live", "category")
        return (found.in_topic(topic) if topic else found).prefetch_related("authors")[:ITEMS]

    def item_title(self, item: Article) -> SafeString | str:
        return item.live.title if item.live else ""

    def item_description(self, item: Article) -> str:
        return escape(item.live.summary) if item.live else ""  # Django calls it HTML

    def item_link(self, item: Article) -> str:
        return settings.SITE_URL + item.get_absolute_url()

    def item_author_name(self, item: Article) -> str:
        return storable(", ".join(person.name for person in item.authors.all()))

    def item_pubdate(self, item: Article) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Article) -> datetime | None:
        return item.updated_at or item.published_at

    def item_categories(self, item: Article) -> list[str]:
        return [storable(item.category.name)]

    def item_extra_kwargs(self, item: Article) -> dict[str, Any]:
        html = "".join(item.live.section_html) if item.live else ""
        # Feed readers know no address but their own: links into this site name it.
        absolute = html.replace('href="/', f'href="{settings.SITE_URL}/')
        absolute = absolute.replace('src="/', f'src="{settings.SITE_URL}/')
        said = in_lists(item)
        return {
            "content": format_html("<p>{}</p>", said) + absolute,
            "language": item.language,
            "review": {"term": item.review_state, "scheme": REVIEW, "label": said},
        }


class TopicFeed(SiteFeed):
    def __call__(self, request: HttpRequest, *args: Any, path: str, **kwargs: Any) -> HttpResponse:
        if not Category.objects.filter(path=path).exists():
            return moved_topic(path, "topic_feed")
        return super().__call__(request, *args, path=path, **kwargs)

    def get_object(self, request: HttpRequest, path: str) -> Category:
        return get_object_or_404(Category, path=path)

    def title(self, topic: Category | None) -> str:
        return storable(f"{topic} · {settings.SITE_NAME}")

    def link(self, topic: Category | None) -> str:
        assert topic
        return settings.SITE_URL + topic.get_absolute_url()

    def feed_url(self, topic: Category | None) -> str:
        assert topic
        return settings.SITE_URL + reverse("topic_feed", args=[topic.path])
