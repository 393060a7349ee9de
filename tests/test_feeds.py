"""Feeds are Atom that every reader can read (RFC 4287)."""

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from articles.models import Article, Category, Contributor

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def feed(client: Client, address: str = "/feed/") -> ET.Element:
    answer = client.get(address)
    assert answer.status_code == 200
    return ET.fromstring(answer.content)  # noqa: S314 - our own


def test_names_with_control_characters_do_not_end_the_feed(
    article: Article, client: Client
) -> None:
    Contributor.objects.update(name="Zong\x01Cheng")
    Category.objects.update(name="Re\x07covery")
    for address in ("/feed/", "/topics/health/recovery/feed/"):
        name = feed(client, address).find(f"{ATOM}entry/{ATOM}author/{ATOM}name")
        assert name is not None
        assert name.text == "Zong\ufffdCheng"


def test_an_article_without_an_author_is_by_the_site(article: Article, client: Client) -> None:
    article.set_authors([])
    name = feed(client).find(f"{ATOM}author/{ATOM}name")
    assert name is not None
    assert name.text == "Bedside"


def test_a_summary_is_text_and_no_html(
    make_article: Callable[..., Article], client: Client
) -> None:
    make_article(summary="Seen in <em>few</em> & p < 0.05")
    summary = feed(client).find(f"{ATOM}entry/{ATOM}summary")
    assert summary is not None
    assert summary.text == "Seen in &lt;em&gt;few&lt;/em&gt; &amp; p &lt; 0.05"


def test_the_feed_of_a_moved_topic_is_found_again(article: Article, client: Client) -> None:
    recovery = Category.objects.get(path="health/recovery")
    recovery.slug = "getting-better"
    recovery.save()
    answer = client.get("/topics/health/recovery/feed/")
    assert answer.status_code == 301
    assert answer.headers["Location"] == "/topics/health/getting-better/feed/"
    assert client.get("/topics/nothing/feed/").status_code == 404
