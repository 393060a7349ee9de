"""Lists, feeds and pages of contributors say of clinical review what the article says."""

from collections.abc import Callable

import pytest
from django.test import Client

from articles.models import Article
from tests.reviewing import a_neurologist, edit, text_of
from tests.test_clinical_review_page import FOUR, page, signed_in_march, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(make_article: Callable[..., Article]) -> Article:
    return make_article(slug="spasm", title="Spasm", summary="In short.", text=text_of(*FOUR))


@pytest.mark.parametrize(
    "address", ["/", "/topics/health/", "/search/?q=spasm", "/people/zongcheng/"]
)
def test_every_list_says_what_the_page_says(article: Article, client: Client, address: str) -> None:
    assert "Not yet checked by a clinician" in page(client, address)
    signed_in_march(article, 1)
    assert "Checked in part" in page(client, address)
    signed_in_march(article)
    assert "Reviewed March 2026" in page(client, address)
    edit(article, text_of(*FOUR, Two="Else."))
    assert "Changed since clinical review" in page(client, address)


def test_related_articles_say_it_and_get_old_with_it(
    make_article: Callable[..., Article], article: Article, client: Client
) -> None:
    make_article(slug="beside")
    assert "Reviewed March 2026" not in page(client, "/articles/beside/")
    signed_in_march(article)
    assert "Reviewed March 2026" in page(client, "/articles/beside/")


def test_a_feed_says_it_to_people_and_to_machines(article: Article, client: Client) -> None:
    signed_in_march(article)
    feed = page(client, "/feed/")
    assert "&lt;p&gt;Reviewed March 2026&lt;/p&gt;" in feed
    assert 'term="signed"' in feed
    assert 'scheme="http://localhost:8000/about/review/"' in feed


def test_a_contributor_page_names_what_they_reviewed(article: Article, client: Client) -> None:
    signed_in_march(article)
    html = words(page(client, "/people/nora-nerve/"))
    assert "Clinical reviews (1)" in html
    assert "Spasm Last signed 3 March 2026 Today: Reviewed March 2026" in html
    article.unpublish()
    assert "Spasm" not in page(client, "/people/nora-nerve/")


def test_a_renamed_reviewer_makes_the_page_old(article: Article, client: Client) -> None:
    nora = a_neurologist()
    signed_in_march(article, contributor=nora)
    page(client)
    nora.slug = "dr-nerve"
    nora.save()
    assert 'href="/people/dr-nerve/"' in page(client)
