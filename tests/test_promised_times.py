"""Nobody is promised a time where nobody is there to keep it."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from articles.models import Article
from comments.models import Comment, Report
from tests.discussing import COMPOSER, PAGE, hold, say

pytestmark = pytest.mark.django_db

CRISIS = "It never stops. I want to kill myself."


def test_a_writer_who_waits_is_promised_no_time(
    as_member: Client, article: Article, member: User
) -> None:
    comment = hold(say(member, article, "All alone."))
    for address in (PAGE, "/accounts/comments/", f"/comments/{comment.pk}/"):
        page = as_member.get(address).text
        assert "Only you see this. A moderator reads it before others do." in page
        assert "Usually read within" not in page


def test_who_reports_is_promised_no_time(
    client: Client, article: Article, member: User, settings: Settings
) -> None:
    settings.READING_HOURS = (9, 17)
    address = f"/comments/{say(member, article).pk}/report/"
    assert "Usually looked at" not in client.get(address).text
    page = client.post(address, {"reason": "worried"}, follow=True).text
    assert "The moderators have your report" in page
    assert "Usually looked at" not in page
    assert "between 9:00 and 17:00" not in page
    assert "Nobody moderates here at present; please do not wait for us." in page


def test_reviewers_keep_the_promise_of_what_is_theirs(
    client: Client, article: Article, member: User, reviewer: User
) -> None:
    page = client.get(f"/comments/{say(member, article).pk}/report/").text
    assert page.count("Usually looked at within 24 hours.") == 1


def test_somebody_who_left_keeps_no_promise(
    as_member: Client, article: Article, member: User, moderator: User
) -> None:
    hold(say(member, article))
    assert "Usually read within" in as_member.get(PAGE).text
    User.objects.filter(pk=moderator.pk).update(is_active=False)
    assert "Usually read within" not in as_member.get(PAGE).text


def test_help_comes_first_and_promises_nothing(
    as_member: Client, article: Article, settings: Settings
) -> None:
    settings.READING_HOURS = (9, 17)
    page = as_member.post(COMPOSER, {"text": CRISIS}).text
    assert "please do not wait for us" in page
    assert "A moderator here will read it." not in page


# --- the page of thanks ---------------------------------------------------------------------------


def test_the_page_of_thanks_tells_nothing_of_what_was_never_public(
    client: Client, as_member: Client, article: Article, member: User
) -> None:
    comment = hold(say(member, article))
    for visitor in (client, as_member):
        assert visitor.get(f"/comments/{comment.pk}/reported/").status_code == 404


def test_who_reported_is_thanked_for_what_is_gone_by_now(
    client: Client, article: Article, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comments.moderation.filing.describes_method", lambda text: True)
    comment = say(member, article)
    answer = client.post(f"/comments/{comment.pk}/report/", {"reason": "unsafe"}, follow=True)
    assert answer.status_code == 410
    assert "The moderators have your report" in answer.text
    assert Report.objects.count() == Comment.objects.held().count() == 1
