"""Writers are asked before their words are posted: help first, and nothing is refused or lost."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from articles.models import Article
from comments.models import Comment, Draft, HelpShown, Phrase
from tests.conftest import PASSWORD
from tests.discussing import COMPOSER, PAGE, form, say

pytestmark = pytest.mark.django_db

MakeArticle = Callable[..., Article]

CRISIS = "It never stops. I want to kill myself."
PERSONAL = "Call me on +44 20 7946 0123 & I will tell you.\nIt helped <me>."


def carried(response: Any) -> dict[str, str]:
    """Return the hidden fields of a page that asks."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', response.text)
    return {name: value for name, value in found if name not in {"csrfmiddlewaretoken", "text"}}


def outcomes() -> dict[str, int]:
    return {row.outcome: row.count for row in HelpShown.objects.all() if row.count}


# --- help first -----------------------------------------------------------------------------------


def test_words_of_crisis_are_answered_with_help(
    as_member: Client, article: Article, settings: Settings
) -> None:
    settings.COUNTRY = "GB"
    page = as_member.post(COMPOSER, {"text": CRISIS})
    assert page.status_code == 200
    assert 'href="tel:999"' in page.text
    assert "We cannot see where you are and are not an emergency service." in page.text
    assert f"{CRISIS}</textarea>" in page.text
    for button in ("Post for support", "Not now", "Discard"):
        assert f">{button}</button>" in page.text
    assert not Comment.objects.exists()
    assert not Draft.objects.exists()
    assert outcomes() == {"none": 1}


def test_help_comes_before_any_log_in(client: Client, article: Article) -> None:
    for then in ("login", "signup"):
        page = client.post(COMPOSER, {"text": CRISIS, "then": then})
        assert page.status_code == 200
        assert "are not an emergency service" in page.text
        assert "/accounts/" not in page.headers.get("Location", "")
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [
        ((9, 17), "Moderators here usually read between 9:00 and 17:00."),
        (None, "No reading hours are set; please do not wait for us."),
    ],
)
def test_the_writer_is_told_when_somebody_reads(
    as_member: Client,
    article: Article,
    moderator: User,
    settings: Settings,
    hours: Any,
    sentence: str,
) -> None:
    settings.READING_HOURS = hours
    assert sentence in as_member.post(COMPOSER, {"text": CRISIS}).text


def test_numbers_of_other_countries_do_not_lose_the_words(
    as_member: Client, article: Article
) -> None:
    page = as_member.post(COMPOSER, {"text": CRISIS}).text
    assert re.search(r'<form class="help-countries" action="/help/" target="_blank">', page)


def test_posted_for_support_it_waits_for_a_moderator(as_member: Client, article: Article) -> None:
    asked = as_member.post(COMPOSER, {**form(as_member.get(COMPOSER)), "text": CRISIS})
    fields = {**carried(asked), "text": CRISIS, "answer": "crisis"}
    response = as_member.post(COMPOSER, fields, follow=True)
    comment = Comment.objects.get()
    assert (comment.is_held, comment.held_for) == (True, ["crisis"])
    assert "Only you see this." in response.text
    assert "If you may be in danger, do not wait for us" in response.text
    assert outcomes() == {"support": 1}
    assert as_member.post(COMPOSER, fields).status_code == 302
    assert Comment.objects.count() == 1


def test_posted_for_support_signed_out_it_is_not_asked_again(
    client: Client, article: Article, member: User
) -> None:
    asked = client.post(COMPOSER, {**form(client.get(COMPOSER)), "text": CRISIS})
    sent = client.post(COMPOSER, {**carried(asked), "text": CRISIS, "answer": "crisis"})
    assert sent.headers["Location"].startswith("/accounts/login/?next=")
    composer = client.post(
        sent.headers["Location"], {"login": member.email, "password": PASSWORD}, follow=True
    )
    assert CRISIS in composer.text
    assert "A moderator reads your comment first" in composer.text
    client.post(COMPOSER, {**carried(composer), "text": CRISIS})
    assert Comment.objects.get().held_for == ["crisis"]
    assert not Draft.objects.exists()
    assert outcomes() == {"support": 1}


def test_whoever_wanted_to_sign_up_is_led_there_after_the_help(
    client: Client, article: Article
) -> None:
    asked = client.post(COMPOSER, {"text": CRISIS, "then": "signup"})
    sent = client.post(COMPOSER, {**carried(asked), "text": CRISIS, "answer": "crisis"})
    assert sent.headers["Location"].startswith("/accounts/signup/?next=")


def test_an_answer_does_not_hold_for_other_words(
    client: Client, article: Article, member: User
) -> None:
    """Or who has answered once could have anything posted."""
    asked = client.post(COMPOSER, {"text": CRISIS})
    client.post(COMPOSER, {**carried(asked), "text": CRISIS, "answer": "crisis"})
    client.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    fields = carried(client.get(COMPOSER))
    assert fields["answered"].startswith("crisis:")
    page = client.post(COMPOSER, {**fields, "text": f"{CRISIS} Tonight."})
    assert "Help comes first" in page.text
    assert not Comment.objects.exists()


@pytest.mark.parametrize("who", ["as_member", "client"])
def test_not_now_keeps_the_words_for_their_writer(
    request: pytest.FixtureRequest, article: Article, who: str
) -> None:
    visitor: Client = request.getfixturevalue(who)
    asked = visitor.post(COMPOSER, {"text": CRISIS})
    response = visitor.post(COMPOSER, {**carried(asked), "text": CRISIS, "answer": "later"})
    assert response.headers["Location"] == f"{PAGE}#discussion"
    assert "You have an unfinished comment" in visitor.get(PAGE).text
    assert CRISIS in visitor.get(COMPOSER).text
    assert CRISIS not in Client().get(COMPOSER).text
    assert not Comment.objects.exists()
    assert outcomes() == {"later": 1}


@pytest.mark.parametrize("who", ["as_member", "client"])
def test_discarded_words_are_nowhere(
    request: pytest.FixtureRequest, article: Article, who: str
) -> None:
    visitor: Client = request.getfixturevalue(who)
    asked = visitor.post(COMPOSER, {"text": CRISIS})
    fields = {**carried(asked), "text": CRISIS}
    visitor.post(COMPOSER, {**fields, "answer": "later"})
    response = visitor.post(COMPOSER, {**fields, "answer": "discard"})
    assert response.status_code == 302
    assert not Draft.objects.exists()
    assert not Comment.objects.exists()
    assert CRISIS not in visitor.get(COMPOSER).text


def test_words_that_were_emptied_can_be_discarded(
    as_member: Client, article: Article, member: User
) -> None:
    fields = carried(as_member.post(COMPOSER, {"text": CRISIS}))
    as_member.post(COMPOSER, {**fields, "text": CRISIS, "answer": "later"})
    comment = say(member, article, "It helped.")
    for address in (COMPOSER, f"/comments/{comment.pk}/edit/"):
        assert as_member.post(address, {**fields, "answer": "discard"}).status_code == 302
    assert not Draft.objects.exists()
    comment.refresh_from_db()
    assert comment.text == "It helped."


def test_nobody_discards_the_words_of_somebody_else(
    as_member: Client, as_another_member: Client, article: Article
) -> None:
    asked = as_member.post(COMPOSER, {"text": CRISIS})
    fields = {**carried(asked), "text": CRISIS}
    as_member.post(COMPOSER, {**fields, "answer": "later"})
    for other in (as_another_member, Client()):
        other.post(COMPOSER, {**fields, "answer": "discard"})
    assert Draft.objects.count() == 1


def test_who_changes_their_words_beside_the_help_is_not_held_for_what_is_gone(
    as_member: Client, article: Article
) -> None:
    asked = as_member.post(COMPOSER, {"text": CRISIS})
    as_member.post(COMPOSER, {**carried(asked), "text": "It never stops.", "answer": "crisis"})
    assert Comment.objects.get().is_visible


def test_only_the_fact_and_the_outcome_are_kept(as_member: Client, article: Article) -> None:
    asked = as_member.post(COMPOSER, {"text": CRISIS})
    as_member.post(COMPOSER, {**carried(asked), "text": CRISIS, "answer": "discard"})
    assert {field.name for field in HelpShown._meta.fields} == {"id", "on", "outcome", "count"}
    assert outcomes() == {"discarded": 1}


def test_staff_are_not_asked(as_moderator: Client, article: Article) -> None:
    as_moderator.post(COMPOSER, {"text": f"{CRISIS} {PERSONAL}"})
    assert Comment.objects.get().is_visible


# --- what others would see ------------------------------------------------------------------------


def test_a_phone_number_is_marked_and_nothing_is_posted(
    as_member: Client, article: Article
) -> None:
    page = as_member.post(COMPOSER, {"text": PERSONAL})
    assert page.status_code == 200
    assert re.search(r"<mark>[^<]*7946 0123</mark> &amp; I will", page.text)
    assert "It helped &lt;me&gt;." in page.text
    assert "a moderator reads it first" in page.text
    assert not Comment.objects.exists()


def test_what_is_marked_can_be_removed(as_member: Client, article: Article) -> None:
    asked = as_member.post(COMPOSER, {"text": PERSONAL})
    page = as_member.post(COMPOSER, {**carried(asked), "text": PERSONAL, "answer": "remove"})
    assert "7946" not in page.text
    assert "What was marked is taken out" in page.text
    without = page.context["form"]["text"].value()
    assert "[…] &" in without
    assert not Comment.objects.exists()
    as_member.post(COMPOSER, {**carried(page), "text": without})
    assert Comment.objects.get().is_visible
    assert "[…]" in Comment.objects.get().text


def test_the_words_can_be_edited(as_member: Client, article: Article) -> None:
    asked = as_member.post(COMPOSER, {"text": PERSONAL, "question": "on"})
    page = as_member.post(COMPOSER, {**carried(asked), "text": PERSONAL, "answer": "edit"})
    assert "7946 0123" in page.text
    assert "Post comment" in page.text
    assert page.context["form"].choices["question"] == "True"
    as_member.post(COMPOSER, {**carried(page), "text": "It helped me.", "question": "on"})
    assert Comment.objects.get().is_visible
    assert Comment.objects.get().is_question


def test_posted_as_it_is_it_waits_for_a_moderator(as_member: Client, article: Article) -> None:
    asked = as_member.post(COMPOSER, {"text": PERSONAL})
    answer = re.search(r'name="answer" value="([^"]*)">Post as it is<', asked.text)
    assert answer
    as_member.post(COMPOSER, {**carried(asked), "text": PERSONAL, "answer": answer[1]})
    comment = Comment.objects.get()
    assert (comment.is_held, comment.held_for) == (True, ["personal"])
    assert comment.text == PERSONAL


def test_help_and_marks_come_one_after_the_other(as_member: Client, article: Article) -> None:
    words = f"{CRISIS} {PERSONAL}"
    first = as_member.post(COMPOSER, {"text": words})
    assert "Help comes first" in first.text
    second = as_member.post(COMPOSER, {**carried(first), "text": words, "answer": "crisis"})
    assert "Before you post" in second.text
    as_member.post(COMPOSER, {**carried(second), "text": words, "answer": "personal"})
    assert Comment.objects.get().held_for == ["crisis", "personal"]


def test_a_watched_phrase_is_looked_at_again_and_posted(
    as_member: Client, article: Article
) -> None:
    Phrase.objects.create(kind=Phrase.Kind.ASK, text="you people")
    asked = as_member.post(COMPOSER, {"text": "You people know nothing."})
    assert "<mark>You people</mark>" in asked.text
    assert "everyone can read it at once" in asked.text
    fields = {**carried(asked), "text": "You people know nothing.", "answer": "watched"}
    as_member.post(COMPOSER, fields)
    assert Comment.objects.get().is_visible


def test_signed_out_only_words_of_crisis_are_asked_about(client: Client, article: Article) -> None:
    assert client.post(COMPOSER, {"text": PERSONAL}).status_code == 302


@pytest.mark.parametrize(
    "fields",
    [
        {"answer": "\x00"},
        {"answer": "crisis crisis x" * 999},
        {"answered": "personal:0 crisis x: :"},
        {"answered": "é" * 9999},
        {"answer": "remove", "answered": "personal"},
    ],
)
def test_a_forged_answer_is_none(
    as_member: Client, article: Article, fields: dict[str, str]
) -> None:
    response = as_member.post(COMPOSER, {"text": PERSONAL, **fields})
    assert response.status_code == 200
    assert not Comment.objects.exists()


def test_a_client_that_asks_for_json_is_asked_too(as_member: Client, article: Article) -> None:
    def send(**fields: Any) -> Any:
        return as_member.post(COMPOSER, fields, content_type="application/json")

    first = send(text=CRISIS)
    assert first.status_code == 422
    assert first.json() == {"ask": ["crisis"], "spans": {}, "help": "/help/"}
    second = send(text=PERSONAL)
    assert second.status_code == 422
    [[start, end]] = second.json()["spans"]["personal"]
    assert PERSONAL[start:end].endswith("7946 0123")
    done = send(text=PERSONAL, answered=["personal", "nonsense", 5])
    comment = Comment.objects.get()
    assert (done.status_code, done.json()) == (
        201,
        {"url": f"/comments/{comment.pk}/", "held": True},
    )


# --- edits ----------------------------------------------------------------------------------------


def test_an_edit_is_screened_as_a_new_comment_is(
    as_member: Client, client: Client, article: Article, member: User
) -> None:
    comment = say(member, article, "It helped.")
    address = f"/comments/{comment.pk}/edit/"
    asked = as_member.post(address, {"text": PERSONAL})
    assert "Before you post" in asked.text
    assert f'action="{address}"' in asked.text
    comment.refresh_from_db()
    assert comment.text == "It helped."
    taken_out = as_member.post(address, {**carried(asked), "text": PERSONAL, "answer": "remove"})
    assert "7946" not in taken_out.text

    response = as_member.post(address, {**carried(asked), "text": PERSONAL, "answer": "personal"})
    comment.refresh_from_db()
    assert (comment.text, comment.is_held) == (PERSONAL, True)
    assert response.headers["Location"] == f"{PAGE}#comment-{comment.pk}"
    assert "7946" in as_member.get(PAGE).text
    assert "7946" not in client.get(PAGE).text


@pytest.mark.parametrize(
    ("answer", "text", "drafts"),
    [("crisis", CRISIS, 0), ("later", "It helped.", 1), ("discard", "It helped.", 0)],
)
def test_an_edit_into_words_of_crisis_shows_help_first(
    as_member: Client, article: Article, member: User, answer: str, text: str, drafts: int
) -> None:
    comment = say(member, article, "It helped.")
    address = f"/comments/{comment.pk}/edit/"
    asked = as_member.post(address, {"text": CRISIS})
    assert "Help comes first" in asked.text
    as_member.post(address, {**carried(asked), "text": CRISIS, "answer": answer})
    comment.refresh_from_db()
    assert (comment.text, comment.is_held) == (text, answer == "crisis")
    assert Draft.objects.count() == drafts
