"""Anyone reads, and a page shows the same to everyone without a session."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.wording import compared
from articles.models import Article, Category, Contributor, OldAddress
from articles.models.revision import new_citation
from articles.models.source import Source
from tests.conftest import FIRST_PAGE

pytestmark = pytest.mark.django_db

READING_PAGES = [
    "/",
    "/topics/",
    "/topics/?view=a-z",
    "/topics/health/",
    "/topics/health/recovery/",
    f"/articles/{FIRST_PAGE}/",
    f"/articles/{FIRST_PAGE}/history/",
    "/people/zongcheng/",
    "/help/",
    "/about/",
    "/about/contact/",
    "/about/review/",
    "/about/rules/",
    "/about/privacy/",
    "/about/accessibility/",
    "/about/moderation/",
    "/corrections/",
    "/feed/",
    "/topics/health/recovery/feed/",
]


@pytest.mark.parametrize("address", READING_PAGES)
def test_a_reading_page_may_be_kept_by_any_cache(
    article: Article, client: Client, address: str
) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert not response.cookies
    assert b"csrfmiddlewaretoken" not in response.content
    control = response.headers["Cache-Control"]
    assert "public" in control
    assert "s-maxage" in control
    assert "stale-while-revalidate" in control
    assert response.headers["Vary"] == "Cookie"
    assert response.headers["ETag"]


@pytest.mark.parametrize("address", READING_PAGES)
def test_a_reader_who_has_the_page_gets_304(article: Article, client: Client, address: str) -> None:
    etag = client.get(address).headers["ETag"]
    again = client.get(address, headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert not again.content


@pytest.mark.parametrize("address", READING_PAGES)
def test_an_answer_to_a_session_is_kept_by_nobody(
    article: Article, as_member: Client, address: str
) -> None:
    response = as_member.get(address)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in response.headers


@pytest.mark.parametrize("address", [*READING_PAGES, "/search/?q=acupuncture", "/nothing/"])
def test_pages_have_no_inline_script_or_style(
    article: Article, client: Client, address: str
) -> None:
    page = client.get(address).content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert "<script>" not in page
    assert "script-src 'self'" in client.get(address).headers["Content-Security-Policy"]


def test_an_unmodified_page_is_not_rendered(
    article: Article, client: Client, django_assert_max_num_queries: Callable[..., object]
) -> None:
    address = f"/articles/{FIRST_PAGE}/"
    etag = client.get(address).headers["ETag"]
    with django_assert_max_num_queries(2):  # type: ignore[attr-defined]
        client.get(address, headers={"If-None-Match": etag})


def test_a_new_revision_makes_the_kept_page_old(article: Article, client: Client) -> None:
    etag = client.get(f"/articles/{FIRST_PAGE}/").headers["ETag"]
    article.publish(article.revise(title="Anew", summary="", text="Anew."))
    answer = client.get(f"/articles/{FIRST_PAGE}/", headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert b"Anew" in answer.content


@pytest.mark.parametrize("change", ["category", "author", "source"])
def test_what_a_page_names_makes_it_old_when_it_changes(
    article: Article, client: Client, change: str
) -> None:
    source = Source.objects.create(title="A source", url="https://example.org/")
    revision = article.revise(
        title="T", summary="", text="Said.[^s1]", citations=[new_citation(source, "s1")]
    )
    article.publish(revision)
    etag = client.get(f"/articles/{FIRST_PAGE}/").headers["ETag"]
    renamed = {
        "category": Category.objects.get(path="health"),
        "author": Contributor.objects.get(),
        "source": source,
    }[change]
    setattr(renamed, "title" if change == "source" else "name", "Renamed")
    renamed.save()
    answer = client.get(f"/articles/{FIRST_PAGE}/", headers={"If-None-Match": etag})
    assert answer.status_code == 200


@pytest.mark.parametrize("published", [None, timezone.now() + timedelta(days=1)])
def test_what_is_not_yet_published_is_nowhere(
    make_article: Callable[..., Article], client: Client, published: object
) -> None:
    make_article(title="Unheard of", slug="unheard-of", published=published)
    assert client.get("/articles/unheard-of/").status_code == 404
    lists = ("/", "/topics/health/recovery/", "/feed/", "/sitemap.xml", "/search/?q=unheard")
    for address in lists:
        assert "Unheard of" not in client.get(address).content.decode()


def test_a_scheduled_article_appears_when_its_time_has_come(
    make_article: Callable[..., Article], client: Client, time_machine: object
) -> None:
    make_article(title="Soon", slug="soon", published=timezone.now() + timedelta(hours=1))
    assert client.get("/articles/soon/").status_code == 404
    time_machine.move_to(timezone.now() + timedelta(hours=2))  # type: ignore[attr-defined]
    assert client.get("/articles/soon/").status_code == 200
    assert "Soon" in client.get("/").content.decode()


def test_a_withdrawn_article_says_why(article: Article, client: Client) -> None:
    article.withdraw(reason="The dose was wrong.")
    response = client.get(f"/articles/{FIRST_PAGE}/")
    assert response.status_code == 410
    assert "The dose was wrong." in response.content.decode()
    assert FIRST_PAGE not in client.get("/sitemap.xml").content.decode()
    assert "acupuncture" not in client.get("/feed/").content.decode()


def test_a_changed_slug_redirects_for_ever(article: Article, client: Client) -> None:
    for slug in ("second", "third"):
        article.slug = slug
        article.save()
    for slug in (FIRST_PAGE, "second"):
        response = client.get(f"/articles/{slug}/")
        assert response.status_code == 301
        assert response.headers["Location"] == "/articles/third/"


def test_an_old_address_is_never_given_to_another(
    article: Article, make_article: Callable[..., Article]
) -> None:
    article.slug = "new"
    article.slug = "newer"
    article.save()
    other = make_article(slug="other")
    other.slug = FIRST_PAGE
    with pytest.raises(Exception, match="once at this address"):
        other.full_clean(exclude=["live"])
    article.slug = FIRST_PAGE
    article.full_clean(exclude=["live"])
    article.save()
    assert not OldAddress.objects.filter(path=FIRST_PAGE).exists()


def test_a_moved_subtree_redirects_whole(article: Article, client: Client) -> None:
    Category.objects.at(["Health", "Recovery", "After a stroke"])
    recovery = Category.objects.get(path="health/recovery")
    recovery.parent = Category.objects.at(["Care"])
    recovery.save()
    for old, new in {
        "/topics/health/recovery/": "/topics/care/recovery/",
        "/topics/health/recovery/after-a-stroke/": "/topics/care/recovery/after-a-stroke/",
    }.items():
        response = client.get(old)
        assert (response.status_code, response.headers["Location"]) == (301, new)
    assert client.get("/topics/care/recovery/after-a-stroke/").status_code == 200


def test_a_subtree_that_moved_twice_redirects_in_one_step(client: Client) -> None:
    Category.objects.at(["A", "B", "C"])
    b, c = Category.objects.get(path="a/b"), Category.objects.get(path="a/b/c")
    b.slug = "x"
    b.save()
    c.refresh_from_db()
    c.slug = "y"
    c.save()
    assert client.get("/topics/a/b/c/").headers["Location"] == "/topics/a/x/y/"


def test_a_category_moves_with_two_updates() -> None:
    for name in "BCDE":
        Category.objects.at(["Health", "Recovery", name])
    recovery = Category.objects.get(path="health/recovery")
    recovery.slug = "getting-better"
    with CaptureQueriesContext(connection) as queries:
        recovery.save()
    updates = [q for q in queries if q["sql"].startswith('UPDATE "articles_category"')]
    assert len(updates) == 2


def test_a_category_never_hangs_below_itself() -> None:
    deep = Category.objects.at(["A", "B", "C", "D"])
    top = Category.objects.get(path="a")
    top.parent = deep
    with pytest.raises(Exception, match="below itself"):
        top.full_clean()
    with pytest.raises(Exception, match="4 levels"):
        Category(name="E", slug="e", parent=deep).full_clean()


def test_history_shows_what_changed(article: Article, client: Client) -> None:
    live = article.live
    assert live is not None
    article.publish(
        article.revise(title=live.title, summary="None shows that it lasts.", text=live.text)
    )
    page = client.get(f"/articles/{FIRST_PAGE}/history/").content.decode()
    assert "<ins" in page
    assert "lasts" in page
    assert "<del" in page


def test_wordings_do_not_meet_in_their_spaces() -> None:
    """It reads like confetti, and took 70 seconds for the history of a long article."""
    assert list(compared("one two three", "four five six")) == [
        ("removed", "one two three"),
        ("added", "four five six"),
    ]
    assert list(compared("it may last.", "it does last.")) == [
        ("same", "it "),
        ("removed", "may"),
        ("added", "does"),
        ("same", " last."),
    ]


def test_a_number_changes_as_a_whole_with_its_decimals() -> None:
    """Else a dose of 2.5 that became 5 is shown as a 5 that lost something."""
    assert list(compared("Take 2.5 mg, 1,000 at most.", "Take 5 mg, 1,500 at most.")) == [
        ("same", "Take "),
        ("removed", "2.5"),
        ("added", "5"),
        ("same", " mg, "),
        ("removed", "1,000"),
        ("added", "1,500"),
        ("same", " at most."),
    ]


def test_a_preview_shows_an_unpublished_revision_to_whoever_has_its_address(
    article: Article, client: Client
) -> None:
    from articles.previews import preview_url

    draft = article.revise(title="A draft", summary="", text="Not yet out.")
    response = client.get(preview_url(draft))
    assert "Not yet out." in response.content.decode()
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in response.headers["Cache-Control"]
    assert "Not yet out." not in client.get(f"/articles/{FIRST_PAGE}/").content.decode()
    assert client.get(preview_url(draft)[:-3] + "xx/").status_code == 404


def test_addresses_come_from_site_url(article: Article, client: Client) -> None:
    for address in ("/feed/", "/sitemap.xml", "/robots.txt", "/.well-known/security.txt"):
        body = client.get(address, headers={"Host": "testserver"}).content.decode()
        assert "http://localhost:8000" in body
        assert "testserver" not in body


def test_the_sitemap_knows_when_an_article_changed(article: Article, client: Client) -> None:
    assert "<lastmod>2025-09-28</lastmod>" in client.get("/sitemap.xml").content.decode()


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/topics/health/recovery/?page=0", 404),
        ("/topics/health/recovery/?page=9e99", 404),
        ("/topics/health/recovery/?page=99999999999999999999", 404),
        ("/topics/health/recovery/?page=²", 404),
        ("/topics/health/recovery/?page=%00", 400),
        ("/topics/nothing/", 404),
        ("/topics/a/b/c/d/e/f/", 404),
        ("/articles/nothing/", 404),
        ("/articles/%00/", 400),
        ("/articles/%ff%fe/", 404),
        (f"/articles/{'x' * 5000}/", 404),
        ("/people/nobody/", 404),
        ("/about/nothing/", 404),
        ("/topics/?view=zzz", 200),
        (f"/articles/{FIRST_PAGE}/?sort=zzz", 200),
        ("/search/?q=%ff%fe", 200),
        ("/search/?q=" + "x" * 5000, 200),
        ("/search/?q=a&category=%ff", 200),
    ],
)
def test_bad_input_gets_a_page_and_never_a_500(
    article: Article, client: Client, address: str, status: int
) -> None:
    client.raise_request_exception = False
    response = client.get(address)
    assert response.status_code in {status, 400}
    assert b"<html" in response.content


@pytest.mark.parametrize("address", ["/", f"/articles/{FIRST_PAGE}/", "/search/", "/feed/"])
def test_reading_pages_refuse_to_be_posted_to(
    article: Article, client: Client, address: str
) -> None:
    assert client.post(address).status_code == 405
