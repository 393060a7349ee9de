"""A discussion is closed by an editor, by its topic, or by age; words that come then are kept."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.models import Comment
from tests.discussing import COMPOSER, PAGE, form, say

pytestmark = pytest.mark.django_db

MakeArticle = Callable[..., Article]
Close = Callable[[Article, Any], None]


def close_article(article: Article, settings: Any) -> None:
    article.comments_open = False
    article.save()


def close_topic(article: Article, settings: Any) -> None:
    top = article.category.parent
    top.comments_open = False
    top.save()


def close_by_age(article: Article, settings: Any) -> None:
    settings.COMMENTS_CLOSE_AFTER_DAYS = 30


def withdraw_article(article: Article, settings: Any) -> None:
    article.withdraw(reason="Outdated.")


CLOSED = {
    close_article: "The editors have closed this discussion.",
    close_topic: "The editors have closed the discussions of this topic.",
    close_by_age: "This discussion closed 30 days after the article was published.",
    withdraw_article: "This article was withdrawn, so its discussion is closed.",
}


@pytest.mark.parametrize("close", CLOSED)
def test_a_closed_discussion_says_so_and_keeps_the_words(
    close: Close, as_member: Client, client: Client, article: Article, member: User, settings: Any
) -> None:
    comment = say(member, article)
    fields = form(as_member.get(COMPOSER))
    close(article, settings)

    assert CLOSED[close] in as_member.get(COMPOSER).text
    for visitor in (as_member, client):
        response = visitor.post(COMPOSER, {**fields, "text": "Too late."})
        assert response.status_code == 403
        assert CLOSED[close] in response.text
        assert "Too late." in response.text
    assert "Too late." in as_member.get(COMPOSER).text
    assert Comment.objects.count() == 1
    if close is not withdraw_article:
        page = client.get(PAGE).text
        assert CLOSED[close] in page
        assert f"parent={comment.pk}" not in page


def test_an_article_that_nobody_may_read_has_no_composer(
    as_member: Client, make_article: MakeArticle
) -> None:
    make_article(slug="secret", published=None)
    make_article(slug="later", published=timezone.now() + timedelta(days=1))
    for slug in ("secret", "later", "never"):
        assert as_member.get(f"/articles/{slug}/comments/new/").status_code == 404
        response = as_member.post(f"/articles/{slug}/comments/new/", {"text": "Hello."})
        assert response.status_code == 404


def test_words_survive_a_new_address_of_the_article(as_member: Client, article: Article) -> None:
    article.slug = "renamed"
    article.save()
    assert as_member.post(COMPOSER, {"text": "Hello."}).status_code == 302
    assert Comment.objects.get().article == article


def test_the_discussion_of_a_withdrawn_article_stays_readable(
    article: Article, member: User, client: Client
) -> None:
    comment = say(member, article, "It went well for me.")
    article.withdraw(reason="The dose was wrong.")
    response = client.get(comment.get_absolute_url(), follow=True)
    assert response.status_code == 410
    assert "It went well for me." in response.text
    assert "its discussion is closed" in response.text
