"""Staff who add a phrase that people use all the time are told what it would have done."""

import pytest
from django.test import Client

from accounts.models import User
from articles.models import Article
from comments.models import Phrase
from tests.discussing import say

pytestmark = pytest.mark.django_db

ADD = "/admin/comments/phrase/add/"


@pytest.fixture
def said(member: User, article: Article) -> None:
    for number in range(1, 10):
        say(member, article, f"The needles helped after {number} weeks.")
    say(member, article, "It did nothing. Buy cheap pills from the chemist.")


def added(client: Client, text: str, **more: str) -> str:
    sent = {"kind": "hold", "language": "en", "text": text, "note": "", "is_on": "on", **more}
    page = client.post(ADD, sent, follow=True)
    assert Phrase.objects.filter(text=text).exists()  # it is not refused
    return str(page.text)


def test_a_phrase_that_stands_in_most_comments_is_saved_with_a_warning(
    as_moderator: Client, said: None
) -> None:
    page = added(as_moderator, "the")
    assert "This phrase is very common: it stands in 10 of the last 10 comments." in page


def test_a_phrase_that_somebody_said_once_is_saved_without_a_word(
    as_moderator: Client, said: None
) -> None:
    assert "very common" not in added(as_moderator, "cheap pills")


def test_a_phrase_that_is_not_looked_for_brings_no_warning(
    as_moderator: Client, said: None
) -> None:
    assert "very common" not in added(as_moderator, "the", is_on="")
    assert "very common" not in added(as_moderator, "the.example", kind="domain")


def test_what_makes_a_common_phrase_harmless_is_reckoned_with(
    as_moderator: Client, said: None
) -> None:
    assert "very common" not in added(as_moderator, "needles ~ the needles")


def test_a_phrase_with_choices_is_found_in_each_way(as_moderator: Client, said: None) -> None:
    page = added(as_moderator, "needles (helped|hurt) after (1|2|3) weeks")
    assert "it stands in 3 of the last 10 comments." in page
