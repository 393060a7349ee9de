"""Words typed before logging in are there after it, on any device; nobody else reads them."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from articles.models import Article
from comments.models import Comment, Draft
from comments.tasks import forget_expired_drafts
from tests.conftest import PASSWORD
from tests.discussing import COMPOSER, PAGE, form, say

pytestmark = pytest.mark.django_db

MakeArticle = Callable[..., Article]

SIGN_UP = {
    "email": "new@example.org",
    "handle": "Amber Otter",
    "password1": "trombone harbour seventeen",
    "age": "on",
    "public_comments": "on",
}


def log_in(client: Client, user: User) -> Any:
    return client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})


# --- kept through log-in and sign-up --------------------------------------------------------------


def test_a_signed_out_reader_keeps_their_words_through_log_in(
    client: Client, article: Article, member: User
) -> None:
    fields = form(client.get(COMPOSER))
    sent = client.post(COMPOSER, {**fields, "text": "My words.", "then": "login"})
    assert sent.headers["Location"].startswith("/accounts/login/?next=")

    response = client.post(
        sent.headers["Location"], {"login": member.email, "password": PASSWORD}, follow=True
    )

    assert response.redirect_chain[-1][0] == COMPOSER
    assert "My words." in response.text
    assert "Post comment" in response.text
    assert form(response) == fields
    assert not Comment.objects.exists()
    client.post(COMPOSER, {**form(response), "text": "My words."})
    assert Comment.objects.get().author == member
    assert not Draft.objects.exists()


def test_a_reply_is_still_a_reply_after_log_in(
    client: Client, article: Article, member: User, another_member: User
) -> None:
    comment = say(another_member, article)
    page = client.get(f"{COMPOSER}?parent={comment.pk}")
    sent = client.post(COMPOSER, {**form(page), "text": "My reply."})
    response = client.post(
        sent.headers["Location"], {"login": member.email, "password": PASSWORD}, follow=True
    )
    client.post(COMPOSER, {**form(response), "text": "My reply."})
    assert Comment.objects.get(text="My reply.").parent == comment


def test_a_signed_out_reader_keeps_their_words_through_sign_up(
    client: Client, article: Article, mailoutbox: list[Any]
) -> None:
    """At most four pages lie between "Write a comment" and the comment."""
    fields = form(client.get(COMPOSER))
    sent = client.post(COMPOSER, {**fields, "text": "My words.", "then": "signup"})
    assert sent.headers["Location"].startswith("/accounts/signup/?next=")
    client.post(sent.headers["Location"], {**SIGN_UP, "next": COMPOSER})
    code = re.findall(r"^\d{6}$", str(mailoutbox[0].body), re.MULTILINE)[0]

    response = client.post("/accounts/confirm-email/", {"code": code}, follow=True)

    assert response.redirect_chain[-1][0] == COMPOSER
    assert "My words." in response.text
    assert form(response) == fields


def test_the_words_wait_on_another_device_too(
    client: Client, article: Article, mailoutbox: list[Any]
) -> None:
    client.post(COMPOSER, {"text": "My words.", "then": "signup"})
    client.post("/accounts/signup/", SIGN_UP)
    code = re.findall(r"^\d{6}$", str(mailoutbox[0].body), re.MULTILINE)[0]
    client.post("/accounts/confirm-email/", {"code": code})

    phone = Client()
    phone.post("/accounts/login/", {"login": SIGN_UP["email"], "password": SIGN_UP["password1"]})

    assert "You have an unfinished comment" in phone.get("/").text
    assert "My words." in phone.get("/comments/unfinished/", follow=True).text


def test_the_words_survive_a_wrong_password(client: Client, article: Article, member: User) -> None:
    client.post(COMPOSER, {"text": "My words."})
    client.post("/accounts/login/", {"login": member.email, "password": "wrong"})
    log_in(client, member)
    assert "My words." in client.get(COMPOSER).text


def test_several_drafts_are_all_kept(
    client: Client, article: Article, make_article: MakeArticle, member: User
) -> None:
    make_article(slug="other", title="Another article")
    client.post(COMPOSER, {"text": "First words."})
    client.post("/articles/other/comments/new/", {"text": "Other words."})
    log_in(client, member)

    page = client.get(COMPOSER)

    assert "First words." in page.text
    assert "Another article" in page.text
    [other] = page.context["others"]
    assert "Other words." in client.get(other.get_absolute_url()).text


def test_the_newest_words_for_an_article_are_shown_and_the_older_are_linked(
    client: Client, article: Article, member: User
) -> None:
    with time_machine.travel(timezone.now()) as now:
        client.post(COMPOSER, {"text": "Older."})
        now.shift(60)
        client.post(COMPOSER, {"text": "Newer."})
        page = client.get(COMPOSER)
        assert "Newer." in page.text
        [other] = page.context["others"]
        assert "Older." in client.get(other.get_absolute_url()).text


# --- what is kept, and for how long ---------------------------------------------------------------


def test_the_session_holds_only_the_key_of_the_draft(client: Client, article: Article) -> None:
    nonce = form(client.get(COMPOSER))["nonce"]
    assert settings.SESSION_COOKIE_NAME not in client.cookies
    client.post(COMPOSER, {"text": "My words.", "nonce": nonce})
    assert dict(client.session.items()) == {"drafts": [nonce]}
    assert str(Draft.objects.get().pk) == nonce


def test_the_same_form_saves_the_same_draft_again(client: Client, article: Article) -> None:
    fields = form(client.get(COMPOSER))
    with time_machine.travel(timezone.now(), tick=False) as now:
        client.post(COMPOSER, {**fields, "text": "First."})
        now.shift(timedelta(hours=23))
        client.post(COMPOSER, {**fields, "text": "Second."})
        now.shift(timedelta(hours=23))
        assert "Second." in client.get(COMPOSER).text
        assert "First." not in client.get(COMPOSER).text
    assert Draft.objects.count() == 1


def test_a_draft_is_gone_a_day_after_it_was_last_saved(
    client: Client, article: Article, member: User
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as now:
        client.post(COMPOSER, {"text": "My words."})
        log_in(client, member)
        now.shift(timedelta(hours=24))
        assert "My words." not in client.get(COMPOSER).text
        assert "unfinished" not in client.get("/").text
        assert client.get("/comments/unfinished/").status_code == 404
        forget_expired_drafts()
    assert not Draft.objects.exists()


def test_the_worker_forgets_expired_drafts() -> None:
    from accounts.schedule import JOBS

    call_command("check")
    assert "comments.tasks.forget_expired_drafts" in JOBS


def test_discarding_a_draft(client: Client, article: Article) -> None:
    client.post(COMPOSER, {"text": "My words."})
    page = client.get(COMPOSER)
    discard = f"/comments/unfinished/{page.context['nonce']}/discard/"
    assert discard in page.text
    assert client.get(discard).status_code == 405
    client.post(discard)
    assert not Draft.objects.exists()
    assert "My words." not in client.get(COMPOSER).text


# --- encrypted at rest ----------------------------------------------------------------------------


def raw_drafts() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM comments_draft")
        return str(cursor.fetchall())


def test_the_database_holds_no_word_of_a_draft(client: Client, article: Article) -> None:
    fields = {"as": "discussion", "interests": "I sell insoles."}
    client.post(COMPOSER, {"text": "My trembling eyelid.", **fields})
    kept = raw_drafts()
    assert "fernet:" in kept
    for word in ("trembling", "eyelid", "insoles", "discussion"):
        assert word not in kept
    Draft.objects.get().keep("My other eyelid.", None, fields)
    assert "eyelid" not in raw_drafts()


def test_the_composer_says_what_is_kept(client: Client, article: Article) -> None:
    page = client.get(COMPOSER).text
    assert (
        "We keep this text here for 24 hours so that you do not lose it. Nobody reads it." in page
    )
    assert "It is stored encrypted." in page


def test_words_outlive_a_change_of_the_sites_key(
    client: Client, article: Article, settings: Settings
) -> None:
    client.post(COMPOSER, {"text": "My words.", "as": "discussion"})
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", [settings.SECRET_KEY]
    draft = Draft.objects.get()
    assert (draft.text, draft.choices) == ("My words.", {"as": "discussion"})


def test_a_draft_whose_key_is_lost_is_an_empty_composer(
    as_member: Client, article: Article, settings: Settings
) -> None:
    EmailAddress.objects.update(verified=False)
    as_member.post(COMPOSER, {"text": "My words.", "as": "discussion"})
    settings.SECRET_KEY = "another key"
    as_member.force_login(User.objects.get())

    page = as_member.get(COMPOSER)

    assert page.status_code == 200
    assert "My words." not in page.text
    assert (Draft.objects.get().text, Draft.objects.get().choices) == ("", {})
    assert as_member.post(COMPOSER, {**form(page), "text": "New words."}).status_code == 403
    assert Draft.objects.get().text == "New words."


def test_what_was_kept_before_words_were_encrypted_is_still_read(
    as_member: Client, article: Article
) -> None:
    EmailAddress.objects.update(verified=False)
    as_member.post(COMPOSER, {"text": "x"})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE comments_draft SET text = 'My words.', choices = '{}'")
    assert "My words." in as_member.get(COMPOSER).text


# --- nobody else's --------------------------------------------------------------------------------


def test_nobody_else_sees_or_discards_a_draft(
    client: Client, as_another_member: Client, article: Article, member: User
) -> None:
    client.post(COMPOSER, {"text": "My words."})
    key = Draft.objects.get().pk
    for _ in ("before log-in", "after it"):
        for stranger in (Client(), as_another_member):
            for address in (COMPOSER, f"{COMPOSER}?draft={key}"):
                assert "My words." not in stranger.get(address).text
            assert stranger.post(f"/comments/unfinished/{key}/discard/").status_code == 404
            stranger.post(COMPOSER, {"text": "Mine now.", "nonce": key})
            assert Draft.objects.get(pk=key).text == "My words."
        log_in(client, member)
    assert "My words." in client.get(COMPOSER).text


def test_a_form_sent_again_after_log_out_does_not_touch_the_members_draft(
    client: Client, article: Article, member: User
) -> None:
    fields = form(client.get(COMPOSER))
    client.post(COMPOSER, {**fields, "text": "My words."})
    log_in(client, member)
    client.post("/accounts/logout/")
    client.post(COMPOSER, {**fields, "text": "Later words."})
    assert set(Draft.objects.values_list("author__handle", "text")) == {
        ("Quiet Heron", "My words."),
        (None, "Later words."),
    }


def test_the_next_visitor_of_the_same_browser_does_not_find_the_words(
    client: Client, article: Article, member: User
) -> None:
    client.post(COMPOSER, {"text": "My words."})
    log_in(client, member)
    client.post("/accounts/logout/")
    assert "My words." not in client.get(COMPOSER).text
    assert "unfinished" not in client.get("/").text


def test_a_reader_without_a_session_gets_none(client: Client, article: Article) -> None:
    for address in ("/", PAGE, COMPOSER):
        client.get(address)
        assert settings.SESSION_COOKIE_NAME not in client.cookies


def test_a_signed_out_visitor_with_words_is_told_of_them(client: Client, article: Article) -> None:
    client.post(COMPOSER, {"text": "My words."})
    assert "You have an unfinished comment" in client.get("/").text
    Draft.objects.all().delete()
    assert "You have an unfinished comment" not in client.get("/").text


# --- too much -------------------------------------------------------------------------------------


def test_an_address_that_sends_too_much_is_told_to_wait_and_keeps_the_words(
    article: Article,
) -> None:
    for _ in range(30):
        assert Client().post(COMPOSER, {"text": "More."}).status_code == 302
    response = Client().post(COMPOSER, {"text": "My words."})
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "My words." in response.text
    assert Draft.objects.count() == 30


def test_bad_words_are_shown_again_and_not_kept(client: Client, article: Article) -> None:
    response = client.post(COMPOSER, {"text": "y" * 5_001})
    assert response.status_code == 400
    assert "y" * 5_001 in response.text
    assert not Draft.objects.exists()


@pytest.mark.parametrize("draft", ["x", "\u00e9", "%00", "12345678-1234-4234-8234-123456789abc"])
def test_a_draft_that_is_not_there_gives_an_empty_composer(
    client: Client, article: Article, draft: str
) -> None:
    assert client.get(f"{COMPOSER}?draft={draft}").status_code in {200, 400}


def test_a_signed_out_form_whose_token_ended_keeps_the_words(article: Article) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(COMPOSER, {"text": "My words.", "nonce": str(uuid.uuid4())})
    assert response.status_code == 403
    assert "My words." in response.text
    assert "Keep my words and log in" in response.text
    assert not Draft.objects.exists()
