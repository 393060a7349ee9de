"""Members comment and reply; nobody else does, and nothing is posted twice."""

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.models import Comment, Draft
from comments.models.comment_query import Refused
from tests.discussing import COMPOSER, PAGE, form, hold, say

pytestmark = pytest.mark.django_db

MakeArticle = Callable[..., Article]


def test_a_member_comments_and_is_led_to_the_comment(as_member: Client, article: Article) -> None:
    fields = form(as_member.get(COMPOSER))

    response = as_member.post(COMPOSER, {**fields, "text": "Mine came back."}, follow=True)

    comment = Comment.objects.get()
    assert response.redirect_chain[-1] == (f"{PAGE}#comment-{comment.pk}", 302)
    assert "Comments (1)" in response.text
    assert '<p dir="auto">Mine came back.</p>' in response.text
    assert comment.revision == article.live


def test_a_member_replies(as_another_member: Client, article: Article, member: User) -> None:
    comment = say(member, article, "How many sessions?")
    page = as_another_member.get(f"{COMPOSER}?parent={comment.pk}")
    assert "Reply to <bdi>Quiet Heron</bdi>" in page.text
    assert "How many sessions?" in page.text

    as_another_member.post(COMPOSER, {**form(page), "text": "Twelve."})

    reply = Comment.objects.get(text="Twelve.")
    comment.refresh_from_db()
    assert (reply.parent, reply.root, comment.reply_count) == (comment, comment, 1)
    assert "Comments (2)" in as_another_member.get(PAGE).text


def test_a_reply_to_a_reply_stays_in_the_thread(
    article: Article, member: User, another_member: User
) -> None:
    top = say(member, article)
    first = say(another_member, article, parent=top)
    second = say(member, article, parent=first)
    assert (second.parent, second.root) == (first, top)


# --- login is required before commenting ----------------------------------------------------------


def test_a_signed_out_reader_may_open_the_composer(client: Client, article: Article) -> None:
    page = client.get(COMPOSER)
    assert page.status_code == 200
    assert "Login is required before commenting." in page.text
    assert "Keep my words and log in" in page.text
    assert "Post comment" not in page.text


def test_no_post_of_a_signed_out_reader_makes_a_comment(client: Client, article: Article) -> None:
    for fields in ({"text": "x"}, {"text": "x", "nonce": str(uuid.uuid4())}, {}, {"text": ""}):
        client.post(COMPOSER, fields)
        client.post(COMPOSER, json.dumps(fields), content_type="application/json")
    assert not Comment.objects.exists()


def test_a_client_that_asks_for_json_is_told_401(client: Client, article: Article) -> None:
    for asking in (
        {"headers": {"accept": "application/json"}, "data": {"text": "x"}},
        {"content_type": "application/json", "data": {"text": "x"}},
    ):
        response = client.post(COMPOSER, **asking)
        assert response.status_code == 401
        assert response.json() == {"error": "Login is required before commenting."}
    assert not Draft.objects.exists()
    assert not client.cookies


def test_json_without_a_csrf_token_is_told_401_too(article: Article) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(COMPOSER, {"text": "x"}, content_type="application/json")
    assert response.status_code == 401


def test_a_member_posts_json(as_member: Client, article: Article) -> None:
    fields = {"text": "By a script.", "nonce": str(uuid.uuid4())}
    first = as_member.post(COMPOSER, fields, content_type="application/json")
    again = as_member.post(COMPOSER, fields, content_type="application/json")
    other = as_member.post(COMPOSER, {**fields, "text": "Other."}, content_type="application/json")
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert first.json() == again.json() == {"url": f"/comments/{Comment.objects.get().pk}/"}


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '{"text": 5, "parent": []}', "[" * 9999])
def test_json_that_says_nothing_is_told_400(as_member: Client, article: Article, body: str) -> None:
    response = as_member.post(COMPOSER, body, content_type="application/json")
    assert response.status_code in {201, 400}


def test_an_unconfirmed_member_is_told_so_and_keeps_their_words(
    as_member: Client, article: Article
) -> None:
    EmailAddress.objects.update(verified=False)

    assert "Please confirm your e-mail address" in as_member.get(COMPOSER).text
    assert "Please confirm your e-mail address" in as_member.get(PAGE).text
    response = as_member.post(COMPOSER, {"text": "Not yet."})

    assert response.status_code == 403
    assert "Please confirm your e-mail address" in response.text
    assert "Not yet." in response.text
    assert "Not yet." in as_member.get(COMPOSER).text
    told = as_member.post(COMPOSER, {"text": "Not yet."}, content_type="application/json")
    assert told.status_code == 403
    assert not Comment.objects.exists()


def test_a_suspended_member_is_signed_out(
    as_member: Client, member: User, article: Article
) -> None:
    member.is_active = False
    member.save()
    assert as_member.post(COMPOSER, {"text": "x"}).status_code == 302
    assert not Comment.objects.exists()


# --- once, whatever happens -----------------------------------------------------------------------


def test_the_same_form_sent_again_leads_to_the_same_comment(
    as_member: Client, article: Article
) -> None:
    fields = {**form(as_member.get(COMPOSER)), "text": "Once."}
    answers = {as_member.post(COMPOSER, fields).headers["Location"] for _ in range(3)}
    assert answers == {f"/comments/{Comment.objects.get().pk}/"}


def test_the_same_form_leads_to_its_comment_after_an_edit_and_a_withdrawal(
    as_member: Client, article: Article
) -> None:
    fields = {**form(as_member.get(COMPOSER)), "text": "Once."}
    as_member.post(COMPOSER, fields)
    comment = Comment.objects.get()
    comment.edit("Twice.")
    assert as_member.post(COMPOSER, fields).headers["Location"] == f"/comments/{comment.pk}/"
    comment.withdraw()
    assert as_member.post(COMPOSER, fields).headers["Location"] == f"/comments/{comment.pk}/"
    assert Comment.objects.count() == 1


def test_the_same_form_with_other_words_brings_them_back(
    as_member: Client, article: Article
) -> None:
    fields = form(as_member.get(COMPOSER))
    as_member.post(COMPOSER, {**fields, "text": "First words."})

    response = as_member.post(COMPOSER, {**fields, "text": "Other words."})

    assert response.status_code == 409
    assert "Other words." in response.text
    assert f"/comments/{Comment.objects.get().pk}/" in response.text
    assert form(response) != fields
    as_member.post(COMPOSER, {**form(response), "text": "Other words."})
    assert Comment.objects.count() == 2


def test_the_same_form_for_another_article_brings_the_words_back(
    as_member: Client, article: Article, make_article: MakeArticle
) -> None:
    fields = {**form(as_member.get(COMPOSER)), "text": "Here."}
    as_member.post(COMPOSER, fields)
    make_article(slug="other")
    response = as_member.post("/articles/other/comments/new/", fields)
    assert response.status_code == 409
    assert "Here." in response.text


def test_the_same_words_within_minutes_are_answered_with_the_first(
    as_member: Client, article: Article, member: User
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as now:
        for _ in range(3):
            response = as_member.post(COMPOSER, {"text": "Thank you!\r\n"})
            assert response.headers["Location"] == f"/comments/{Comment.objects.get().pk}/"
        now.shift(timedelta(minutes=7))
        as_member.post(COMPOSER, {"text": "Thank you!"})
    assert Comment.objects.count() == 2


def test_the_same_words_elsewhere_or_from_others_are_comments(
    as_member: Client, as_another_member: Client, article: Article, member: User
) -> None:
    as_member.post(COMPOSER, {"text": "Thank you!"})
    comment = Comment.objects.get()
    as_member.post(COMPOSER, {"text": "Thank you!", "parent": comment.pk})
    as_another_member.post(COMPOSER, {"text": "Thank you!"})
    assert Comment.objects.count() == 3


def test_words_taken_back_may_be_said_again(as_member: Client, article: Article) -> None:
    as_member.post(COMPOSER, {"text": "Thank you!"})
    Comment.objects.get().withdraw()
    as_member.post(COMPOSER, {"text": "Thank you!"})
    assert Comment.objects.visible().count() == 1


# --- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b\u2060", "\x00", "\u202e"])
def test_nothing_is_not_a_comment(as_member: Client, article: Article, text: str) -> None:
    response = as_member.post(COMPOSER, {"text": text})
    assert response.status_code == 400
    assert "Write something first." in response.text
    assert not Comment.objects.exists()


def test_a_text_that_is_too_long_comes_back_whole(as_member: Client, article: Article) -> None:
    response = as_member.post(COMPOSER, {"text": "y" * 1_000_000})
    assert response.status_code == 400
    assert "1000000 characters long; at most 5000" in response.text
    assert "y" * 1_000_000 in response.text


def test_5000_characters_fit_however_lines_end(as_member: Client, article: Article) -> None:
    as_member.post(COMPOSER, {"text": "a\r\n" * 2_499 + "ab"})
    assert len(Comment.objects.get().text) == 5_000


@pytest.mark.parametrize("nonce", ["", "x", "\x00", "1" * 999, "{}", "é"])
def test_a_malformed_nonce_hinders_nothing(as_member: Client, article: Article, nonce: str) -> None:
    assert as_member.post(COMPOSER, {"text": "Hello.", "nonce": nonce}).status_code == 302
    assert Comment.objects.get().nonce is None


@pytest.mark.parametrize("parent", ["x", "\x00", "0", "9" * 30, "-1", "1.5", "٣"])
def test_a_parent_that_never_was_keeps_the_words(
    as_member: Client, article: Article, parent: str
) -> None:
    assert as_member.get(COMPOSER, {"parent": parent.replace("\x00", "")}).status_code == 200

    response = as_member.post(COMPOSER, {"text": "My words.", "parent": parent})

    assert response.status_code == 400
    assert "no longer here" in response.text
    assert "My words." in response.text
    as_member.post(COMPOSER, {**form(response), "text": "My words."})
    assert Comment.objects.get().parent is None


def test_a_parent_that_is_hidden_or_elsewhere_keeps_the_words(
    as_member: Client,
    another_member: User,
    article: Article,
    make_article: MakeArticle,
    moderator: User,
) -> None:
    gone = [say(another_member, article) for _ in range(3)]
    gone[0].withdraw()
    gone[1].remove(by=moderator, reason="Spam")
    hold(gone[2])
    elsewhere = say(another_member, make_article())
    for parent in [*gone, elsewhere]:
        response = as_member.post(COMPOSER, {"text": "My words.", "parent": parent.pk})
        assert response.status_code == 400
        assert "My words." in response.text
        assert parent.text not in response.text
        assert parent.text not in as_member.get(f"{COMPOSER}?parent={parent.pk}").text


def test_a_draft_whose_parent_is_gone_still_shows_its_words(
    as_member: Client, article: Article, another_member: User
) -> None:
    EmailAddress.objects.filter(user__handle="Quiet Heron").update(verified=False)
    parent = say(another_member, article)
    as_member.post(COMPOSER, {"text": "My words.", "parent": parent.pk})
    parent.withdraw()

    page = as_member.get(f"{COMPOSER}?parent={parent.pk}")

    assert "My words." in page.text
    assert "no longer here" in page.text


def test_a_form_whose_token_ended_keeps_the_words(member: User, article: Article) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    page = client.get(COMPOSER)
    response = client.post(
        COMPOSER, {**form(page), "text": "My words.", "csrfmiddlewaretoken": "x"}
    )
    assert response.status_code == 403
    assert "My words." in response.text
    assert form(response) == form(page)

    token = response.context["csrf_token"]
    client.post(COMPOSER, {**form(page), "text": "My words.", "csrfmiddlewaretoken": str(token)})
    assert Comment.objects.get().text == "My words."


def test_words_that_another_site_put_into_the_form_are_not_offered(
    member: User, article: Article
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    response = client.post(
        COMPOSER, {"text": "Buy pills."}, headers={"sec-fetch-site": "cross-site"}
    )
    assert response.status_code == 403
    assert "Buy pills." not in response.text


# --- what is stored -------------------------------------------------------------------------------


def test_a_new_handle_shows_on_old_comments(client: Client, article: Article, member: User) -> None:
    say(member, article)
    etag = client.get(PAGE).headers["ETag"]
    member.change_handle("Loud Heron")
    page = client.get(PAGE, headers={"if-none-match": etag})
    assert "Loud Heron" in page.text
    assert "Quiet Heron" not in page.text


def test_posting_costs_few_queries(
    as_member: Client, article: Article, member: User, django_assert_max_num_queries: Any
) -> None:
    say(member, article)
    fields = form(as_member.get(COMPOSER))
    with django_assert_max_num_queries(23):
        as_member.post(COMPOSER, {**fields, "text": "Hello.", "as": "handle"})


def test_the_session_cookie_is_the_only_one_a_member_gets_while_reading(
    as_member: Client, article: Article
) -> None:
    as_member.get(PAGE)
    assert set(as_member.cookies) == {settings.SESSION_COOKIE_NAME}


def test_a_comment_that_is_on_its_way_while_the_account_closes_is_not_posted(
    member: User, article: Article
) -> None:
    asked = User.objects.get(pk=member.pk)  # as a request has it that began before
    User.objects.filter(pk=member.pk).update(is_active=False)
    with pytest.raises(Refused):
        Comment.objects.post(author=asked, article=article, text="Too late.")
    assert not Comment.objects.exists()


@pytest.mark.parametrize("number", ["9223372036854775808", "9999999999999999999"])
def test_a_number_that_no_comment_can_have_is_not_answered(
    as_member: Client, article: Article, number: str
) -> None:
    page = as_member.get(f"{COMPOSER}?parent={number}")
    assert page.status_code == 200
    assert "The comment you were answering is no longer here." in page.text
