"""What search engines should visit, with the day it last changed."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from articles.models import Article, Category


class SiteMap(Sitemap[Any]):
    """A sitemap whose addresses come from SITE_URL, whatever host was asked."""

    protocol = urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: object = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class ArticleMap(SiteMap):
    def items(self) -> QuerySet[Article]:
        return Article.objects.published().newest().for_list()

    def lastmod(self, item: Article) -> datetime | None:
        return item.updated_at or item.published_at


class TopicMap(SiteMap):
    def items(self) -> QuerySet[Category]:
        return Category.objects.order_by("path")


class PageMap(SiteMap):
    def items(self) -> list[str]:
        return ["home", "topics", "about", "help", "corrections"]

    def location(self, item: str) -> str:
        return reverse(item)


SITEMAPS = {"articles": ArticleMap, "topics": TopicMap, "pages": PageMap}
