"""A page that is kept changes when what it shows does: here, what stands in other rows."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from articles.caching import release
from articles.models import Article, Category, Contributor, Image
from tests.conftest import FIRST_PAGE
from tests.test_cataloguing import picture

pytestmark = pytest.mark.django_db

PAGE = f"/articles/{FIRST_PAGE}/"


def seen_again(client: Client, address: str, etag: str) -> str:
    """Return what a reader gets who has the page of this ETag; "" when it is still good."""
    return client.get(address, headers={"If-None-Match": etag}).content.decode()


def test_a_related_article_appears_when_its_time_comes(
    article: Article, make_article: Callable[..., Article], client: Client
) -> None:
    make_article(title="Out tomorrow", published=timezone.now() + timedelta(days=1))
    etag = client.get(PAGE).headers["ETag"]
    assert not seen_again(client, PAGE, etag)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert "Out tomorrow" in seen_again(client, PAGE, etag)


def test_a_related_article_that_moved_away_is_no_longer_listed(
    article: Article, make_article: Callable[..., Article], client: Client
) -> None:
    other = make_article(title="Moves away")
    etag = client.get(PAGE).headers["ETag"]
    other.category = Category.objects.at(["Food"])
    other.save()
    page = seen_again(client, PAGE, etag)
    assert page
    assert "Moves away" not in page


def test_a_translation_is_named_once_it_is_out(
    article: Article, make_article: Callable[..., Article], client: Client
) -> None:
    spanish = make_article(language="es", translation_of=article, category="Otra", published=None)
    etag = client.get(PAGE).headers["ETag"]
    revision = spanish.newest_revision
    assert revision
    spanish.publish(revision, at=datetime(2025, 1, 1, tzinfo=UTC))
    assert 'hreflang="es"' in seen_again(client, PAGE, etag)


def test_a_category_made_in_place_of_another_is_in_the_tree(
    article: Article, client: Client
) -> None:
    Category.objects.at(["Mistyped"])
    client.get("/topics/")
    Category.objects.get(path="mistyped").delete()
    Category.objects.at(["Right"])
    page = client.get("/topics/").content.decode()
    assert "Right" in page
    assert "Mistyped" not in page


def test_a_portrait_is_described_as_its_image_is(article: Article, client: Client) -> None:
    image = Image.objects.create(key="portrait", file=picture(), alt="Before")
    Contributor.objects.update(photo=image)
    client.get("/people/zongcheng/")
    image.alt = "Afterwards"
    image.save()
    assert 'alt="Afterwards"' in client.get("/people/zongcheng/").content.decode()
    image.delete()
    assert "Afterwards" not in client.get("/people/zongcheng/").content.decode()


def test_a_picture_that_comes_after_the_text_is_shown(
    make_article: Callable[..., Article], client: Client
) -> None:
    make_article(slug="knee", text="![](media:knee)")
    client.get("/articles/knee/")
    Image.objects.create(key="knee", file=picture(), alt="A knee, bent")
    assert 'alt="A knee, bent"' in client.get("/articles/knee/").content.decode()


@pytest.mark.parametrize(
    ("name", "value"), [("TIME_ZONE", "Asia/Tokyo"), ("LANGUAGE_CODE", "de"), ("SITE_NAME", "X")]
)
def test_pages_of_another_setting_are_other_pages(
    settings: Settings, name: str, value: str
) -> None:
    before = release()
    release.cache_clear()
    setattr(settings, name, value)
    assert release() != before
    release.cache_clear()
