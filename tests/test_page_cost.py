"""What a page costs, in queries: pages are rendered once, and each visitor adds little."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from articles.models import Article
from comments.models import Comment
from tests.conftest import FIRST_PAGE
from tests.reviewing import a_neurologist, approve

pytestmark = pytest.mark.django_db

ADDRESS = f"/articles/{FIRST_PAGE}/"


@pytest.fixture
def discussed(article: Article, member: User, another_member: User) -> Article:
    for number in range(25):
        first, _new = Comment.objects.post(
            article=article, author=member, text=f"Question {number}"
        )
        Comment.objects.post(
            article=article, author=another_member, text=f"Answer {number}", parent=first
        )
    return article


def queries_of(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in queries]


def test_a_signed_in_reader_costs_seven_queries(discussed: Article, as_member: Client) -> None:
    as_member.get(ADDRESS)
    assert len(queries_of(as_member, ADDRESS)) <= 7


def test_the_first_rendering_costs_the_same_however_many_comments(
    discussed: Article, client: Client
) -> None:
    assert len(queries_of(client, ADDRESS)) <= 11


def test_a_reviewed_page_costs_the_same_however_many_sign_offs(
    discussed: Article, client: Client
) -> None:
    for number in range(3):
        approve(discussed.live, contributor=a_neurologist(name=f"Reviewer {number}"))  # type: ignore[arg-type]
    assert len(queries_of(client, ADDRESS)) <= 16
    client.get(ADDRESS)
    assert len(queries_of(client, ADDRESS)) == 2


def test_a_member_adds_five_queries_to_a_first_rendering(
    discussed: Article, as_member: Client
) -> None:
    assert len(queries_of(as_member, ADDRESS)) <= 16


def test_a_second_reader_costs_two_queries(discussed: Article, client: Client) -> None:
    client.get(ADDRESS)
    assert len(queries_of(client, ADDRESS)) == 2  # the article, and what it links to


@pytest.mark.parametrize("address", ["/", "/topics/", "/topics/health/", "/people/zongcheng/"])
def test_a_list_that_was_rendered_costs_what_its_state_costs(
    discussed: Article, client: Client, address: str
) -> None:
    client.get(address)
    assert len(queries_of(client, address)) <= 3


@pytest.mark.parametrize("address", ["/", "/topics/health/", "/topics/?view=a-z", "/sitemap.xml"])
def test_a_list_fetches_no_text(discussed: Article, client: Client, address: str) -> None:
    queries = " ".join(queries_of(client, address))
    assert '"title"' in queries
    for column in ("text", "plain_text", "contents", "section_html"):
        assert f'"articles_revision"."{column}"' not in queries


def test_unknown_parameters_do_not_fill_the_store(article: Article, client: Client) -> None:
    from django.core.cache import caches

    client.get(f"{ADDRESS}?utm_source=x")
    assert not caches["pages"]._cache  # type: ignore[attr-defined]
    client.get(ADDRESS)
    assert caches["pages"]._cache  # type: ignore[attr-defined]


def test_what_one_member_sees_is_not_shown_to_another(
    discussed: Article, as_member: Client, as_another_member: Client, client: Client
) -> None:
    mine = as_member.get(ADDRESS).content.decode()
    theirs = as_another_member.get(ADDRESS).content.decode()
    nobodys = client.get(ADDRESS).content.decode()
    assert "Commenting as <bdi>Quiet Heron</bdi>" in mine
    assert "Commenting as <bdi>Blue Kettle</bdi>" in theirs
    for page in (mine, theirs):
        assert "Login is required" not in page
    assert "Login is required before commenting." in nobodys
    assert "Commenting as" not in nobodys
    assert "<!--personal" not in mine + theirs + nobodys
