"""Badges where readers see them: beside the comments that their holders chose."""

from collections.abc import Callable

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from articles.models import Article
from comments.models import Comment, Voice
from comments.models.badge import years_from_now
from comments.moderation import deciding
from tests.badges import LIST, REGISTER, WORDS, granted, wear
from tests.deciding import rule
from tests.discussing import PAGE, say
from tests.test_page_cost import queries_of

pytestmark = pytest.mark.django_db


def test_a_comment_shows_its_badge_and_the_interests(
    client: Client, member: User, moderator: User, article: Article
) -> None:
    with time_machine.travel("2026-02-04T12:00:00Z", tick=False):
        badge = granted(member, moderator)
    wear(badge, say(member, article))
    wear(badge, say(member, article), interests="I own shares in <b>Needles</b> Ltd.")
    say(member, article)
    page = client.get(PAGE).text
    sentence = "posting as physiotherapist, HCPC-registered, checked 4 February 2026"
    assert page.count(sentence) == 2
    assert page.count("Interests: none declared") == 1
    assert "Interests: I own shares in &lt;b&gt;Needles&lt;/b&gt; Ltd." in page
    assert "PH-77123" not in page
    assert REGISTER not in page
    assert "Elm Street" not in page


def test_badges_cost_a_discussion_no_query(
    client: Client, member: User, moderator: User, article: Article
) -> None:
    badge = granted(member, moderator)
    comments = [say(member, article) for _number in range(6)]
    Article.objects.bump()
    plain = len(queries_of(client, PAGE))
    for comment in comments:
        wear(badge, comment)
    assert len(queries_of(client, PAGE)) == plain


def test_its_holder_shows_the_number_and_hides_it(
    as_member: Client, client: Client, member: User, moderator: User, article: Article
) -> None:
    badge = granted(member, moderator)
    wear(badge, say(member, article))
    client.get(PAGE)
    address = f"{LIST}{badge.pk}/number/"
    assert "never stand beside a name that you use in one discussion" in as_member.get(LIST).text
    assert as_member.get(address).status_code == 302
    assert "PH-77123" not in client.get(PAGE).text

    as_member.post(address, {"shows_number": "1"})
    page = client.get(PAGE).text
    assert f'<a href="{REGISTER}" rel="nofollow ugc noreferrer">number PH-77123, United' in page

    as_member.post(address, {"shows_number": "0"})
    assert "PH-77123" not in client.get(PAGE).text


def test_the_number_never_stands_beside_a_discussion_name(
    client: Client,
    member: User,
    moderator: User,
    article: Article,
    make_article: Callable[..., Article],
) -> None:
    elsewhere = make_article()
    badge = granted(member, moderator, shows_number=True)
    wear(badge, say(member, elsewhere))
    hidden = wear(badge, say(member, article))
    Comment.objects.filter(pk=hidden.pk).update(voice=Voice.objects.in_discussion(member, article))
    Article.objects.bump()
    page = client.get(PAGE).text
    assert WORDS in page
    assert "PH-77123" not in page
    assert REGISTER not in page

    before = Article.objects.in_bulk()
    badge.show_number(False)
    after = Article.objects.in_bulk()
    assert after[elsewhere.pk].version > before[elsewhere.pk].version
    # A page that grew old at the same moment would tell whose the name is.
    assert after[article.pk].version == before[article.pk].version


def test_a_comment_keeps_what_was_true_when_it_was_written(
    client: Client, member: User, moderator: User, article: Article
) -> None:
    badge = granted(member, moderator)
    wear(badge, say(member, article))
    before = client.get(PAGE).text
    with time_machine.travel(years_from_now(3), tick=False):
        Article.objects.bump()
        assert WORDS in client.get(PAGE).text
    badge.take_back(by=moderator, reason="Struck off this week.")
    Article.objects.bump()
    after = client.get(PAGE).text
    assert WORDS in after
    assert "Struck off" not in after
    assert before.count('class="badge"') == after.count('class="badge"')


def test_what_never_was_true_is_shown_no_more(
    client: Client, member: User, moderator: User, article: Article
) -> None:
    badge = granted(member, moderator, shows_number=True)
    wear(badge, say(member, article), interests="None of note.")
    assert WORDS in client.get(PAGE).text
    badge.take_back(by=moderator, reason="The entry is somebody else’s.", was_false=True)
    page = client.get(PAGE).text
    assert WORDS not in page
    assert "PH-77123" not in page
    assert "None of note." not in page


def test_a_badge_given_back_can_still_turn_out_false(
    client: Client, member: User, moderator: User, article: Article
) -> None:
    badge = granted(member, moderator)
    wear(badge, say(member, article))
    badge.give_back(by=member)
    badge.take_back(by=moderator, reason="The entry is somebody else’s.", was_false=True)
    assert WORDS not in client.get(PAGE).text


def test_the_number_does_not_stand_in_the_place_of_a_name_that_a_moderator_hid(
    client: Client, member: User, moderator: User, article: Article
) -> None:
    badge = granted(member, moderator, shows_number=True)
    comment = wear(badge, say(member, article))
    assert "PH-77123" in client.get(PAGE).text
    deciding.hide_name(comment, by=moderator, rule=rule(), reason="It is a real name.")
    page = client.get(PAGE).text
    assert WORDS in page
    assert "PH-77123" not in page
    assert REGISTER not in page
    assert "Quiet Heron" not in page
