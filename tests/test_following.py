"""Following a discussion, and hearing nothing from one."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from articles.models import Article
from comments.models import Follow
from tests.conftest import FIRST_PAGE

pytestmark = pytest.mark.django_db

FOLLOW = f"/articles/{FIRST_PAGE}/comments/follow/"
LIST = "/accounts/following/"


def test_a_member_follows_mutes_and_lets_go(
    article: Article, as_member: Client, member: User
) -> None:
    assert "Follow this discussion?" in as_member.get(FOLLOW).text
    for choice, heading, muted in (
        ("follow", "You follow this discussion", [False]),
        ("follow", "You follow this discussion", [False]),
        ("mute", "You muted this discussion", [True]),
        ("neither", "Follow this discussion?", []),
    ):
        page = as_member.post(FOLLOW, {"choice": choice}, follow=True)
        assert heading in page.text
        found = Follow.objects.filter(user=member, article=article)
        assert list(found.values_list("is_muted", flat=True)) == muted


def test_a_signed_out_visitor_logs_in_and_comes_back(article: Article, client: Client) -> None:
    for answer in (client.get(FOLLOW), client.post(FOLLOW, {"choice": "follow"})):
        assert answer.headers["Location"] == f"/accounts/login/?next={FOLLOW}"
    assert not Follow.objects.exists()


@pytest.mark.parametrize("form", [{}, {"choice": "x"}])
def test_a_button_that_is_none_changes_nothing(
    article: Article, as_member: Client, form: dict[str, str]
) -> None:
    assert as_member.post(FOLLOW, form).status_code == 302
    assert not Follow.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_not_published_is_not_followed(
    article: Article, as_member: Client, method: str
) -> None:
    article.withdraw(reason="It was wrong.")
    assert getattr(as_member, method)(FOLLOW, {"choice": "follow"}).status_code == 404
    assert getattr(as_member, method)("/articles/nowhere/comments/follow/").status_code == 404
    assert not Follow.objects.exists()


def test_the_discussion_links_it(article: Article, as_member: Client, client: Client) -> None:
    for who in (as_member, client):
        assert f'href="{FOLLOW}"' in who.get(f"/articles/{FIRST_PAGE}/").text


def test_a_member_sees_and_ends_what_they_follow(
    article: Article, as_member: Client, member: User, as_another_member: Client
) -> None:
    assert "You follow no discussion" in as_member.get(LIST).text
    as_member.post(FOLLOW, {"choice": "mute"})
    page = as_member.get(LIST).text
    assert "Muted since" in page
    assert f'href="/articles/{FIRST_PAGE}/#discussion"' in page
    row = Follow.objects.get()
    as_another_member.post(LIST, {"stop": row.pk})
    as_member.post(LIST, {"stop": "x"})
    assert Follow.objects.count() == 1
    as_member.post(LIST, {"stop": row.pk})
    assert not Follow.objects.exists()


def test_a_list_names_a_withdrawn_article_without_a_link(
    article: Article, as_member: Client
) -> None:
    as_member.post(FOLLOW, {"choice": "follow"})
    article.withdraw(reason="It was wrong.")
    page = as_member.get(LIST).text
    assert "Hemifacial" in page
    assert f'href="/articles/{FIRST_PAGE}/' not in page


def test_a_long_list_costs_what_a_short_one_does(
    make_article: Callable[..., Article], as_member: Client, member: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert as_member.get(LIST).status_code == 200
        return len(captured)

    Follow.objects.put(member, make_article(), is_muted=False)
    few = queries()
    for _time in range(5):
        Follow.objects.put(member, make_article(), is_muted=True)
    assert queries() == few


def test_a_signed_out_visitor_sees_no_list(client: Client) -> None:
    for answer in (client.get(LIST), client.post(LIST, {"stop": "1"})):
        assert answer.headers["Location"] == f"/accounts/login/?next={LIST}"
