"""A badge is shown where its bearer chose it, comment by comment, and nowhere else."""

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.models import Article, Category
from comments.models import Badge, Comment, Draft, Voice
from tests.badges import WORDS, granted
from tests.discussing import COMPOSER, PAGE, form, say

pytestmark = pytest.mark.django_db

NOT_HERE = "You have no badge that could be shown here any more."
NO_INTERESTS = "Say what interests you have in this topic, or write “None”."
ASKED_ONCE_MORE = "a badge may tell who you are"


@pytest.fixture
def badge(member: User, as_superuser: Client) -> Badge:
    return granted(member, User.objects.get(handle="Olga Operates"))


def with_badge(badge: Badge, **fields: Any) -> dict[str, Any]:
    return {"text": "My words.", "as": "handle", "badge": badge.pk, "interests": "None", **fields}


def test_a_member_posts_as_what_a_badge_says(
    as_member: Client, client: Client, article: Article, badge: Badge
) -> None:
    page = as_member.get(COMPOSER)
    assert "More choices" in page.text
    assert "Post as physiotherapist, HCPC-registered, checked" in page.text

    as_member.post(COMPOSER, with_badge(badge, **form(page), interests=" I sell\n insoles. "))

    comment = Comment.objects.get()
    assert (comment.badge, comment.interests) == (badge, "I sell insoles.")
    public = client.get(PAGE).text
    assert WORDS in public
    assert "I sell insoles." in public


def test_what_stands_beside_a_badge_is_screened_as_well(
    as_member: Client, article: Article, badge: Badge
) -> None:
    asked = "Ring me at +44 7700 900123"
    as_member.post(COMPOSER, with_badge(badge, interests=asked))
    comment = Comment.objects.get()
    assert (comment.interests, comment.held_for) == (asked, ["personal"])
    as_member.post(COMPOSER, with_badge(badge, text="Mine.", interests="I sell insoles."))
    assert Comment.objects.get(text="Mine.").is_visible


def test_no_badge_is_shown_unless_it_is_chosen(
    as_member: Client, client: Client, article: Article, badge: Badge
) -> None:
    as_member.post(COMPOSER, with_badge(badge))
    page = as_member.get(COMPOSER)
    assert '<input type="radio" name="badge" value="" checked>' in page.text
    as_member.post(COMPOSER, {**form(page), "text": "Hello.", "badge": "", "interests": "None"})
    comment = Comment.objects.get(text="Hello.")
    assert (comment.badge, comment.interests) == (None, "")


def test_who_has_no_badge_for_this_topic_sees_nothing_of_badges(
    as_member: Client, as_another_member: Client, client: Client, article: Article, badge: Badge
) -> None:
    badge.topics.set([Category.objects.at(["Sleep"])])
    for visitor in (as_member, as_another_member, client):
        assert "Your badge" not in visitor.get(COMPOSER).text


def test_a_badge_is_offered_below_its_topic(
    as_member: Client, article: Article, badge: Badge
) -> None:
    badge.topics.set([Category.objects.at(["Health"])])
    assert "Your badge" in as_member.get(COMPOSER).text


# --- what is refused, with the words kept ---------------------------------------------------------


def refused(visitor: Client, fields: dict[str, Any], why: str) -> None:
    """Assert that the composer comes back, as a page and as JSON, and says why."""
    response = visitor.post(COMPOSER, fields)
    assert response.status_code == 400
    assert why in response.text
    assert "My words." in response.text
    told = visitor.post(COMPOSER, {**fields, "badge": str(fields["badge"])}, "application/json")
    assert told.status_code == 400
    assert why in told.json()["errors"].popitem()[1][0]["message"]
    assert not Comment.objects.exists()


@pytest.mark.parametrize("case", ["ended", "lapsed", "elsewhere", "waiting"])
def test_a_badge_that_does_not_hold_here_is_refused(
    as_member: Client, article: Article, badge: Badge, case: str
) -> None:
    match case:
        case "ended":
            Badge.objects.update(ended_at=timezone.now())
        case "lapsed":
            with time_machine.travel("2024-03-01T10:00:00Z"):
                badge = granted(
                    badge.user, badge.granted_by, expires_on=date(2024, 9, 1), number="PH-1"
                )
        case "elsewhere":
            badge.topics.set([Category.objects.at(["Sleep"])])
        case "waiting":
            badge = Badge.objects.create(user=badge.user, profession="dietitian")
    refused(as_member, with_badge(badge), NOT_HERE)


def test_somebody_elses_badge_is_refused(
    as_another_member: Client, article: Article, badge: Badge
) -> None:
    refused(as_another_member, with_badge(badge), NOT_HERE)


@pytest.mark.parametrize("key", [uuid.uuid4(), "x", "\x00", "1", "é"])
def test_a_badge_that_never_was_is_refused(as_member: Client, article: Article, key: Any) -> None:
    refused(as_member, {"text": "My words.", "badge": key}, NOT_HERE)


@pytest.mark.parametrize("interests", ["", "  ", "\u200b", "\x00"])
def test_a_badge_needs_a_line_on_interests(
    as_member: Client, article: Article, badge: Badge, interests: str
) -> None:
    refused(as_member, with_badge(badge, interests=interests), NO_INTERESTS)


def test_the_line_on_interests_is_short(as_member: Client, article: Article, badge: Badge) -> None:
    fields = with_badge(badge, interests="y" * 201)
    refused(as_member, fields, "Say it in at most 200 characters.")
    assert "y" * 201 in as_member.post(COMPOSER, fields).text


# --- beside a discussion name ---------------------------------------------------------------------


def test_beside_a_discussion_name_it_is_asked_once_more(
    as_member: Client, article: Article, badge: Badge
) -> None:
    fields = with_badge(badge, **{"as": "discussion"})
    page = as_member.post(COMPOSER, fields)
    refused(as_member, fields, ASKED_ONCE_MORE)
    assert 'type="checkbox" name="badge_confirmed"' in page.text
    assert f'value="{badge.pk}" checked' in page.text

    as_member.post(COMPOSER, {**fields, "badge_confirmed": "on"})
    comment = Comment.objects.get()
    assert (comment.voice.kind, comment.badge) == (Voice.Kind.DISCUSSION, badge)


def test_it_is_asked_where_the_discussion_name_goes_without_saying(
    as_member: Client, article: Article, badge: Badge, member: User
) -> None:
    say(member, article, kind=Voice.Kind.DISCUSSION)
    fields = with_badge(badge)
    del fields["as"]
    assert ASKED_ONCE_MORE in as_member.post(COMPOSER, fields).text
    assert Comment.objects.count() == 1


def test_it_is_not_asked_beside_the_handle_or_without_a_badge(
    as_member: Client, article: Article, badge: Badge
) -> None:
    assert "badge_confirmed" not in as_member.get(COMPOSER).text
    fields = {"text": "My words.", "as": "discussion", "badge": "", "interests": "x"}
    assert as_member.post(COMPOSER, fields).status_code == 302


# --- what keeps the choice ------------------------------------------------------------------------


def test_a_draft_keeps_badge_and_interests(
    as_member: Client, article: Article, badge: Badge
) -> None:
    EmailAddress.objects.update(verified=False)
    as_member.post(COMPOSER, with_badge(badge, interests="I sell insoles."))
    page = as_member.get(COMPOSER)
    assert f'value="{badge.pk}" checked' in page.text
    assert 'value="I sell insoles."' in page.text


def test_a_session_that_ends_while_writing_keeps_both_through_log_in(
    client: Client, article: Article, badge: Badge, member: User
) -> None:
    client.post(COMPOSER, with_badge(badge, interests="I sell insoles."))
    client.post(COMPOSER, {"text": "y" * 5_001, "badge": "no badge"})
    assert not Comment.objects.exists()
    Draft.objects.claim([str(Draft.objects.get().pk)], member)
    client.force_login(member)
    page = client.get(COMPOSER)
    assert f'value="{badge.pk}" checked' in page.text
    assert 'value="I sell insoles."' in page.text


def test_a_draft_with_somebody_elses_badge_offers_none(
    client: Client, article: Article, badge: Badge, another_member: User
) -> None:
    client.post(COMPOSER, with_badge(badge))
    client.force_login(another_member)
    Draft.objects.claim([str(Draft.objects.get().pk)], another_member)
    page = client.get(COMPOSER)
    assert page.status_code == 200
    assert "physiotherapist" not in page.text


def test_choosing_a_badge_costs_two_queries(
    as_member: Client,
    article: Article,
    badge: Badge,
    member: User,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    say(member, article)
    with django_assert_max_num_queries(28):
        as_member.post(COMPOSER, with_badge(badge))
