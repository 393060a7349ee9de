"""The list of all one's own comments: what became of each, and what may be done with it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.models import Comment, Voice
from tests.discussing import hold, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def everything_said(article: Article, member: User, moderator: User) -> dict[str, Comment]:
    said = {
        name: say(member, article, f"Words of the {name} one.")
        for name in ("visible", "held", "withdrawn", "removed", "hidden", "nameless", "old")
    }
    hold(said["held"])
    said["withdrawn"].withdraw()
    said["removed"].remove(by=moderator, reason="Advertising")
    Comment.objects.filter(pk=said["hidden"].pk).update(hidden_at=timezone.now())
    said["nameless"].take_name_off()
    year_ago = timezone.now() - timedelta(days=365)
    Comment.objects.filter(pk=said["old"].pk).update(created_at=year_ago)
    return said


def test_a_member_sees_all_they_wrote_and_what_became_of_it(
    as_member: Client,
    as_another_member: Client,
    client: Client,
    article: Article,
    another_member: User,
    everything_said: dict[str, Comment],
) -> None:
    say(another_member, article, "Somebody else’s words.")
    response = as_member.get("/accounts/comments/")
    page = response.text
    for name, comment in everything_said.items():
        assert f"Words of the {name} one." in page
        assert f"/comments/{comment.pk}/" in page
    for state in (
        "Everyone can read it.",
        "Only you see this. Usually read within 24 hours.",
        "Withdrawn. Readers no longer see it",
        "Reason: Advertising",
        "Hidden from readers, because the consent to publish it was taken back.",
        "without a name",
        "as <bdi>Quiet Heron</bdi>",
    ):
        assert state in page, state
    assert "Somebody else’s words." not in page
    assert article.get_absolute_url() in page
    assert "no-store" in response.headers["Cache-Control"]
    assert "You have not written a comment yet." not in page
    assert "Words of" not in as_another_member.get("/accounts/comments/").text
    door = client.get("/accounts/comments/").headers["Location"]
    assert door == "/accounts/login/?next=/accounts/comments/"


def test_the_list_offers_what_may_be_done(
    as_member: Client, everything_said: dict[str, Comment]
) -> None:
    page = as_member.get("/accounts/comments/").text
    offered = {
        name: [
            act
            for act in ("edit", "cut", "name-off", "withdraw")
            if f"/comments/{comment.pk}/{act}/" in page
        ]
        for name, comment in everything_said.items()
    }
    assert offered == {
        "visible": ["edit", "name-off", "withdraw"],
        "held": ["edit", "name-off", "withdraw"],
        "withdrawn": [],
        "removed": ["name-off", "withdraw"],
        "hidden": ["edit", "name-off", "withdraw"],
        "nameless": ["edit", "withdraw"],
        "old": ["cut", "name-off", "withdraw"],
    }


def test_a_discussion_name_is_told_apart_in_the_list(
    as_member: Client, article: Article, member: User
) -> None:
    comment = say(member, article)
    voice = Voice.objects.in_discussion(member, article)
    Comment.objects.filter(pk=comment.pk).update(voice=voice)
    page = as_member.get("/accounts/comments/").text
    assert f"as <bdi>{voice.name}</bdi>, a name used only there" in page


def test_a_long_list_is_paged_at_few_queries(
    as_member: Client,
    make_article: Callable[..., Article],
    article: Article,
    member: User,
    django_assert_max_num_queries: Any,
) -> None:
    others = [make_article() for _number in range(3)]
    for number in range(51):
        say(member, others[number % 3], f"Said as number {number}.")
    with django_assert_max_num_queries(6):
        first = as_member.get("/accounts/comments/").text
    assert first.count("Said as number") == 50
    assert "Said as number 50." in first
    assert as_member.get("/accounts/comments/?page=2").text.count("Said as number") == 1
    for page in ("0", "3", "x", "9" * 30):
        assert as_member.get(f"/accounts/comments/?page={page}").status_code == 404


def test_an_empty_list_says_so_and_the_settings_lead_to_it(as_member: Client) -> None:
    assert "You have not written a comment yet." in as_member.get("/accounts/comments/").text
    assert 'href="/accounts/comments/"' in as_member.get("/accounts/").text
