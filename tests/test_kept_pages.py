"""A page that is kept changes when what it shows does: here, what stands in other rows."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.apps import apps
from django.core.cache import caches
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from articles.caching import forget_pages, release
from articles.models import Article, Category, Contributor, Image
from comments.models.comment_query import SORTS
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


# --- what the store holds -------------------------------------------------------------------------


def stored() -> list[str]:
    """Return the pages that are kept, as text."""
    pages = caches["pages"]
    keys = [key.split(":", 2)[2] for key in pages._cache]  # type: ignore[attr-defined]
    return [pages.get(key)[1].decode() for key in keys]


def test_a_newer_page_takes_the_place_of_the_older_one(
    make_article: Callable[..., Article], client: Client
) -> None:
    changed = make_article(slug="knee", text="## One\n\nBefore it was changed.\n")
    client.get("/articles/knee/")
    changed.publish(changed.revise(title="Knee", summary="", text="## One\n\nAfterwards.\n"))
    client.get("/articles/knee/")
    [page] = stored()
    assert "Afterwards." in page
    assert "Before it was changed." not in page


def test_a_page_that_is_no_longer_there_leaves_the_store(
    make_article: Callable[..., Article], client: Client
) -> None:
    for number in range(21):
        make_article(slug=f"a-{number}")
    assert client.get("/topics/health/?page=2").status_code == 200
    assert len(stored()) == 1
    Article.objects.get(slug="a-0").withdraw(reason="It was wrong.")
    assert client.get("/topics/health/?page=2").status_code == 404
    assert stored() == []


def test_a_page_nobody_asks_for_again_is_gone_after_an_hour(
    article: Article, client: Client
) -> None:
    client.get(PAGE)
    with time_machine.travel(timezone.now() + timedelta(minutes=59)):
        client.get("/help/")
        assert len(stored()) == 2
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        client.get("/help/")
        [page] = stored()
    assert "hemifacial" not in page.lower()


def test_pages_are_forgotten_when_somebody_is_erased(article: Article, client: Client) -> None:
    client.get(PAGE)
    assert stored()
    forget_pages()
    assert stored() == []


@pytest.mark.parametrize(
    "address",
    [
        "/?page=1",
        "/help/?page=1",
        "/topics/?view=tree",
        "/topics/?view=z",
        "/topics/health/?page=01",
        "/topics/health/?page=1&page=1",
        "/topics/health/?page=%31",
        "/topics/health/?page=1&",
        "/topics/health/?sort=oldest",
        f"{PAGE}?sort=sideways",
        f"{PAGE}?sort=",
        f"{PAGE}history/?page=1",
        "/search/?q=knee",
        "/feed/?page=1",
        "/corrections/?kind=none",
    ],
)
def test_an_address_that_no_page_links_to_is_answered_and_not_kept(
    article: Article, client: Client, address: str
) -> None:
    assert client.get(address).status_code == 200
    assert stored() == []


@pytest.mark.parametrize(
    "address",
    [
        "/topics/?view=a-z",
        "/topics/health/?page=1",
        "/people/zongcheng/?page=1",
        *[f"{PAGE}?sort={sort}" for sort in SORTS],
        f"{PAGE}?sort=oldest&page=1",
    ],
)
def test_an_address_that_pages_link_to_is_kept(
    article: Article, client: Client, address: str
) -> None:
    assert client.get(address).status_code == 200
    assert len(stored()) == 1


def test_a_page_is_finished_for_each_visitor_and_kept_for_all(
    article: Article, as_member: Client, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def finish(request: HttpRequest, html: str) -> str:
        return html.replace("</main>", f"for {request.user}</main>")

    monkeypatch.setattr(apps.get_app_config("comments"), "finish_page", finish, raising=False)
    assert "for Quiet Heron</main>" in as_member.get(PAGE).content.decode()
    assert "for AnonymousUser</main>" in client.get(PAGE).content.decode()
    assert "</main>" in "".join(stored())
    assert "Quiet Heron" not in "".join(stored())
