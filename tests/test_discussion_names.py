"""A name used only in one discussion: chosen in the composer, and joined to the handle nowhere."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from accounts import handles
from accounts.models import User
from articles.models import Article
from comments.models import Comment, Draft, Voice
from tests.discussing import COMPOSER, PAGE, disguised, form, say
from tests.processes import Processes

pytestmark = pytest.mark.django_db

DISCUSSION = Voice.Kind.DISCUSSION
MakeArticle = Callable[..., Article]


def name_in(page: Any) -> str:
    """Return the discussion name that a composer offers."""
    [name] = re.findall(r"used only in this discussion: <bdi>([^<]+)</bdi>", page.text)
    return str(name)


def chosen_in(page: Any) -> str:
    [kind] = re.findall(r'name="as" value="(\w+)"[^>]* checked', page.text)
    return str(kind)


# --- choosing one ---------------------------------------------------------------------------------


def test_the_composer_offers_a_name_before_it_exists(as_member: Client, article: Article) -> None:
    page = as_member.get(COMPOSER)
    assert "Commenting as <bdi>Quiet Heron</bdi>" in page.text
    assert "can still give you away" in page.text
    assert chosen_in(page) == "handle"
    assert '<details class="choice">' in page.text
    assert name_in(page) == name_in(as_member.get(COMPOSER))
    assert not Voice.objects.exists()


def test_a_member_comments_under_a_name_used_only_here(
    as_member: Client, client: Client, article: Article
) -> None:
    page = as_member.get(COMPOSER)
    as_member.post(COMPOSER, {**form(page), "text": "It runs in my family.", "as": "discussion"})

    public = client.get(PAGE).text
    assert f"<bdi>{name_in(page)}</bdi></h3><span>name used only here</span>" in public
    assert "Quiet Heron" not in public


def test_a_handle_is_not_marked(as_member: Client, client: Client, article: Article) -> None:
    as_member.post(COMPOSER, {"text": "Hello.", "as": "handle"})
    assert "<bdi>Quiet Heron</bdi></h3>" in client.get(PAGE).text
    assert "name used only here" not in client.get(PAGE).text


def test_the_name_stays_in_one_discussion_and_is_another_elsewhere(
    article: Article, make_article: MakeArticle, member: User
) -> None:
    here = {say(member, article, kind=DISCUSSION).voice.name for _ in range(3)}
    elsewhere = {say(member, make_article(), kind=DISCUSSION).voice.name for _ in range(5)}
    assert len(here) == 1
    assert len(elsewhere) == 5
    assert here.isdisjoint(elsewhere)


def test_no_discussion_gives_a_member_a_name_again(
    article: Article, make_article: MakeArticle, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where words are few, a number is added before a name stands in two discussions."""
    monkeypatch.setattr(handles, "ADJECTIVES", "Quiet")
    monkeypatch.setattr(handles, "NOUNS", "Otter")
    names = [say(member, make_article(), kind=DISCUSSION).voice.name for _ in range(3)]
    assert names[0] == "Quiet Otter"
    assert len(set(names)) == 3


def test_nobody_gets_a_name_that_somebody_has(
    article: Article, member: User, another_member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a handle (here "Quiet Heron") nor another's name in the same discussion."""
    monkeypatch.setattr(handles, "ADJECTIVES", "Quiet")
    monkeypatch.setattr(handles, "NOUNS", "Heron Otter")
    one = say(member, article, kind=DISCUSSION).voice.name
    other = say(another_member, article, kind=DISCUSSION).voice.name
    keys = {handles.fold(name) for name in (one, other, "Quiet Heron")}
    assert len(keys) == 3


def test_a_name_taken_as_a_handle_meanwhile_is_not_given(
    as_member: Client, article: Article, another_member: User
) -> None:
    shown = name_in(as_member.get(COMPOSER))
    another_member.change_handle(shown)
    as_member.post(COMPOSER, {"text": "Hello.", "as": "discussion"})
    assert Comment.objects.get().voice.key != another_member.handle_key


# --- which name when nothing is said --------------------------------------------------------------


def test_the_name_used_last_is_chosen_and_shown(as_member: Client, article: Article) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        as_member.post(COMPOSER, {"text": "One.", "as": "discussion"})
        page = as_member.get(COMPOSER)
        assert chosen_in(page) == "discussion"
        assert '<details class="choice" open>' in page.text

        clock.shift(timedelta(minutes=1))
        as_member.post(COMPOSER, {"text": "Two."})
        assert Comment.objects.get(text="Two.").voice.kind == DISCUSSION

        clock.shift(timedelta(minutes=1))
        as_member.post(COMPOSER, {"text": "Three.", "as": "handle"})
        assert chosen_in(as_member.get(COMPOSER)) == "handle"
        as_member.post(COMPOSER, {"text": "Four."})
    assert Comment.objects.get(text="Four.").voice.name == "Quiet Heron"


def test_a_name_used_in_another_discussion_chooses_nothing_here(
    as_member: Client, article: Article, make_article: MakeArticle, member: User
) -> None:
    say(member, make_article(), kind=DISCUSSION)
    as_member.post(COMPOSER, {"text": "Hello."})
    assert Comment.objects.get(text="Hello.").voice.name == "Quiet Heron"


def test_a_name_taken_off_is_not_the_one_used_last(
    as_member: Client, article: Article, member: User
) -> None:
    comment = say(member, article, kind=DISCUSSION)
    Comment.objects.filter(pk=comment.pk).update(voice=Voice.objects.nobody())
    assert chosen_in(as_member.get(COMPOSER)) == "handle"


def test_a_client_that_sends_json_chooses_too(as_member: Client, article: Article) -> None:
    fields = {"text": "By a script.", "as": "discussion"}
    assert as_member.post(COMPOSER, fields, content_type="application/json").status_code == 201
    again = {"text": "Once more."}
    assert as_member.post(COMPOSER, again, content_type="application/json").status_code == 201
    assert {comment.voice.kind for comment in Comment.objects.all()} == {DISCUSSION}


@pytest.mark.parametrize("kind", ["nobody", "HANDLE", "x", "\x00", "é", "['handle']"])
def test_another_kind_of_name_is_refused_and_the_words_are_kept(
    as_member: Client, article: Article, kind: str
) -> None:
    response = as_member.post(COMPOSER, {"text": "My words.", "as": kind})
    assert response.status_code == 400
    assert "Choose one of the two names." in response.text
    assert "My words." in response.text
    assert chosen_in(response) == "handle"
    told = as_member.post(COMPOSER, {"text": "x", "as": kind}, content_type="application/json")
    assert told.status_code == 400
    assert "as" in told.json()["errors"]
    assert not Comment.objects.exists()


@pytest.mark.parametrize("kind", [[], {}, 5, True, None, ["discussion"]])
def test_json_of_another_shape_is_no_failure(
    as_member: Client, article: Article, kind: Any
) -> None:
    fields = {"text": "x", "as": kind, "badge": kind, "interests": kind, "badge_confirmed": kind}
    answer = as_member.post(COMPOSER, fields, content_type="application/json")
    assert answer.status_code in {201, 400}


# --- what keeps the choice ------------------------------------------------------------------------


def test_an_error_page_keeps_the_choice(as_member: Client, article: Article) -> None:
    response = as_member.post(COMPOSER, {"text": "", "as": "discussion"})
    assert response.status_code == 400
    assert chosen_in(response) == "discussion"


def test_a_form_whose_token_ended_keeps_the_choice(member: User, article: Article) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    response = client.post(COMPOSER, {"text": "My words.", "as": "discussion"})
    assert response.status_code == 403
    assert chosen_in(response) == "discussion"


def test_a_form_sent_before_with_other_words_keeps_the_choice(
    as_member: Client, article: Article
) -> None:
    fields = {"nonce": str(uuid.uuid4())}
    as_member.post(COMPOSER, {**fields, "text": "One.", "as": "handle"})
    response = as_member.post(COMPOSER, {**fields, "text": "Two.", "as": "discussion"})
    assert response.status_code == 409
    assert chosen_in(response) == "discussion"


def test_a_draft_keeps_the_choice_until_the_member_may_post(
    as_member: Client, article: Article
) -> None:
    EmailAddress.objects.update(verified=False)
    as_member.post(COMPOSER, {"text": "My words.", "as": "discussion"})
    assert chosen_in(as_member.get(COMPOSER)) == "discussion"


def test_a_session_that_ends_while_writing_keeps_the_choice_through_log_in(
    client: Client, article: Article, member: User
) -> None:
    """The form was opened by a member, so that it has a choice; it is sent by nobody."""
    too_long = client.post(COMPOSER, {"text": "y" * 5_001, "as": "discussion"})
    assert '<input type="hidden" name="as" value="discussion">' in too_long.text
    assert "Amber" not in too_long.text

    client.post(COMPOSER, {"text": "My words.", "as": "discussion"})
    client.force_login(member)
    Draft.objects.claim([str(Draft.objects.get().pk)], member)
    assert chosen_in(client.get(COMPOSER)) == "discussion"


def test_editing_says_the_name_and_keeps_it(
    as_member: Client, article: Article, member: User
) -> None:
    comment = say(member, article, kind=DISCUSSION)
    page = as_member.get(f"/comments/{comment.pk}/edit/").text
    assert f"<bdi>{comment.voice.name}</bdi>, a name used only in this discussion" in page
    as_member.post(f"/comments/{comment.pk}/edit/", {"text": "Other words.", "as": "handle"})
    comment.refresh_from_db()
    assert (comment.text, comment.voice.kind) == ("Other words.", DISCUSSION)


def test_the_same_words_and_the_same_form_lead_to_the_first_comment_whatever_the_name(
    as_member: Client, article: Article
) -> None:
    fields = {**form(as_member.get(COMPOSER)), "text": "Once."}
    for kind in ("handle", "discussion"):
        as_member.post(COMPOSER, {**fields, "as": kind})
        as_member.post(COMPOSER, {"text": "Once.", "as": kind})
    assert Comment.objects.get().voice.name == "Quiet Heron"


# --- nothing joins it to the handle ---------------------------------------------------------------


def test_what_others_get_is_silent_about_who_it_is(
    as_member: Client, as_another_member: Client, client: Client, article: Article, member: User
) -> None:
    comment = say(member, article, "Under another name.", kind=DISCUSSION)
    say(member, article, "An answer.", parent=comment, kind=DISCUSSION)
    addresses = (
        *(PAGE, f"{PAGE}?thread={comment.pk}", f"{PAGE}?sort=answered", "/", "/feed/"),
        *("/topics/health/", f"{COMPOSER}?parent={comment.pk}", f"/comments/{comment.pk}/"),
        *(f"/comments/{comment.pk}/report/", f"/comments/{comment.pk}/edit/", "/sitemap.xml"),
        *("/search/?q=name", "/topics/health/feed/"),
    )
    for visitor in (client, as_another_member):
        for address in addresses:
            answer = visitor.get(address, follow=True)
            everything = answer.content.decode() + str(answer.headers) + str(answer.redirect_chain)
            for told in ("Quiet Heron", "quietheron", str(member.public_id)):
                assert told not in everything, address


def test_a_withdrawn_comment_does_not_tell_who_it_was(
    client: Client, article: Article, member: User
) -> None:
    comment = say(member, article, kind=DISCUSSION)
    comment.withdraw()
    page = client.get(f"/comments/{comment.pk}/")
    assert page.status_code == 410
    assert "Quiet Heron" not in page.text
    assert comment.voice.name not in page.text


def test_the_own_comments_say_which_stand_under_which_name(
    as_member: Client, article: Article, member: User
) -> None:
    comment = say(member, article, kind=DISCUSSION)
    assert f"as <bdi>{comment.voice.name}</bdi>" in as_member.get(PAGE).text


def test_a_name_cannot_be_worked_out_without_the_sites_key(
    article: Article, member: User, settings: Any
) -> None:
    names = set()
    for key in ("one", "two", "three"):
        settings.SECRET_KEY = key
        names.add(Voice.objects.discussion_name(member, article))
    assert len(names) > 1


# --- at once --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_many_first_comments_at_once_make_one_name(
    article: Article, member: User, tmp_path: Path
) -> None:
    said = Processes(tmp_path).run("shell", "-v", "0", "-c", FIRST_COMMENTS)
    assert said.split() == ["8", "comments,", "1", "name"]


@pytest.mark.django_db(transaction=True)
def test_members_drawn_to_one_name_at_once_get_different_ones(
    article: Article, member: User, another_member: User, tmp_path: Path
) -> None:
    said = Processes(tmp_path).run("shell", "-v", "0", "-c", DRAWN_TO_ONE_NAME)
    assert said.split() == ["2", "names"]


FIRST_COMMENTS = """
from concurrent.futures import ThreadPoolExecutor
from django.db import connection
from articles.models import Article
from comments.models import Comment, Voice

article, member = Article.objects.get(), User.objects.get()

def speak(number):
    try:
        Comment.objects.post(
            author=member, article=article, text=f"Number {number}", kind=Voice.Kind.DISCUSSION
        )
    finally:
        connection.close()

with ThreadPoolExecutor(8) as pool:
    list(pool.map(speak, range(8)))
print(Comment.objects.count(), "comments,", Voice.objects.count(), "name")
"""

# Outside of `post`, whose lock on the discussion would let them take turns.
DRAWN_TO_ONE_NAME = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from unittest.mock import patch
from django.db import connection
from accounts import handles
from articles.models import Article
from comments.models import Voice

article, both = Article.objects.get(), Barrier(2, timeout=20)
drawn = []
hold = handles.hold

def hold_together(name):
    drawn.append(name)
    if len(drawn) <= 2 and connection.vendor == "postgresql":
        both.wait()
    hold(name)

def speak(user):
    try:
        Voice.objects.in_discussion(user, article)
    finally:
        connection.close()

with patch.multiple(handles, ADJECTIVES="Quiet", NOUNS="Otter", hold=hold_together):
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(speak, User.objects.all()))
assert drawn[0] == "Quiet Otter", drawn
print(Voice.objects.values("key").distinct().count(), "names")
"""


def test_the_gate_says_the_name_under_which_the_next_comment_would_stand(
    as_member: Client, article: Article, member: User
) -> None:
    assert "Commenting as <bdi>Quiet Heron</bdi>" in as_member.get(PAGE).text
    comment = disguised(member, article)
    assert f"Commenting as <bdi>{comment.voice}</bdi>" in as_member.get(PAGE).text
