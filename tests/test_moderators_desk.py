"""The moderators' desk: its queues, many cases at once, and how each works there."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.models import (
    Case,
    Comment,
    Decision,
    HandOverNote,
)
from tests.cases import DESK, due, held, page_of, reported, rule
from tests.discussing import say_often

pytestmark = pytest.mark.django_db


# --- the queues -----------------------------------------------------------------------------------


def test_the_queues_show_what_waits_and_the_oldest_due_first(
    as_moderator: Client, article: Article, member: User
) -> None:
    held(member, article, "Newer words.")
    due(held(member, article, "Older words.", "links"), hours=3)
    reported(member, article, "Bought words.")
    page = as_moderator.get(f"{DESK}?queue=held").text
    assert page.index("Older words.") < page.index("Newer words.")
    assert "overdue for 3\N{NO-BREAK SPACE}hours" in page
    assert "Its links are many" in page
    assert "Bought words." not in page
    assert "Reported: Spam." in as_moderator.get(f"{DESK}?queue=reported").text
    everything = as_moderator.get(DESK).text
    for words in ("Older words.", "Newer words.", "Bought words.", "1 overdue"):
        assert words in everything
    assert "Nothing waits in this queue." in as_moderator.get(f"{DESK}?queue=appeals").text


def test_words_of_crisis_wait_in_a_queue_of_their_own(
    as_moderator: Client, article: Article, member: User
) -> None:
    held(member, article, "I cannot go on.", "crisis")
    assert "I cannot go on." in as_moderator.get(f"{DESK}?queue=worried").text
    assert "I cannot go on." not in as_moderator.get(f"{DESK}?queue=held").text


def test_a_thousand_held_comments_cost_ten_queries_a_page(
    as_moderator: Client, article: Article, member: User, another_member: User
) -> None:
    comments = say_often(member, article, 500) + say_often(another_member, article, 500)
    Comment.objects.update(published_at=None, held_at=timezone.now(), held_for=["first"])
    now = timezone.now()
    Case.objects.bulk_create(
        Case(comment=comment, queue=Case.Queue.HELD, due_at=now) for comment in comments
    )
    reported(member, article)
    HandOverNote.objects.create(by=member, text="Beware.")
    for address in (DESK, f"{DESK}?queue=held&page=7"):
        with CaptureQueriesContext(connection) as queries:
            page = as_moderator.get(address).text
        assert page.count('class="case-row"') == 50
        assert len(queries) <= 10, [query["sql"][:90] for query in queries]


@pytest.mark.parametrize(
    "query", ["?queue=nonsense", "?page=x", "?page=99999", "?queue=held&page=-1"]
)
def test_odd_addresses_show_a_queue(as_moderator: Client, query: str) -> None:
    assert as_moderator.get(f"{DESK}{query}").status_code == 200


def test_the_desk_is_for_those_who_work_there(
    client: Client, as_member: Client, as_author: Client, article: Article, member: User
) -> None:
    case = held(member, article)
    for address in (DESK, page_of(case), f"{DESK}choices/"):
        assert client.get(address).status_code == 302
        assert as_member.get(address).status_code == 302
        assert as_author.get(address).status_code == 403
    for address in (f"{DESK}take/", f"{DESK}{case.pk}/act/", f"{DESK}bulk/", f"{DESK}undo/"):
        assert as_author.post(address, {"deed": "approve"}).status_code == 403
        assert as_member.post(address, {"deed": "approve"}).status_code == 302
    case.comment.refresh_from_db()
    assert case.comment.is_held


def test_no_get_changes_anything(as_moderator: Client, article: Article, member: User) -> None:
    case = held(member, article)
    for deed in ("take/", "undo/", "note/", "bulk/"):
        assert as_moderator.get(DESK + deed).status_code == 302
    for deed in ("take/", "put-back/", "act/?deed=approve", "wrong/", "appeal/1/", "lift/1/"):
        assert as_moderator.get(f"{DESK}{case.pk}/{deed}").headers["Location"] == page_of(case)
    as_moderator.get(page_of(case))
    case.refresh_from_db()
    assert (case.claimed_by, case.closed_at) == (None, None)


# --- many at once ---------------------------------------------------------------------------------


def ticks(client: Client) -> list[str]:
    return re.findall(r'name="chosen" value="([^"]+)"', client.get(DESK).text)


def test_ticked_comments_are_approved_at_once(
    as_moderator: Client, article: Article, member: User
) -> None:
    for _each in range(3):
        held(member, article)
    reported(member, article)
    keys = ticks(as_moderator)
    page = as_moderator.post(f"{DESK}bulk/", {"chosen": keys, "deed": "fine"}, follow=True)
    assert "4 comments are done." in page.text
    assert Comment.objects.visible().count() == 4
    assert not Case.objects.open().exists()


def test_ticked_comments_are_removed_by_one_rule(
    as_moderator: Client, article: Article, member: User
) -> None:
    for number in range(2):
        held(member, article, f"Words of one kind, {number}.")
    by, keys = rule(), ticks(as_moderator)
    asked = as_moderator.post(f"{DESK}bulk/", {"chosen": keys, "deed": "remove"})
    assert asked.text.count("Words of one kind, ") == 2
    assert not Decision.objects.exists()
    sent = {"chosen": keys, "deed": "remove", "sure": "1"}
    assert as_moderator.post(f"{DESK}bulk/", sent).status_code == 400
    page = as_moderator.post(f"{DESK}bulk/", {**sent, "rule": by.pk}, follow=True)
    assert "2 comments are done." in page.text
    assert set(Decision.objects.values_list("kind", "rule")) == {("remove", by.pk)}


def test_what_changed_since_it_was_ticked_is_left(
    as_moderator: Client, article: Article, member: User
) -> None:
    case = held(member, article, "Harmless.")
    keys = ticks(as_moderator)
    case.comment.edit("Buy pills.")
    sent = {"chosen": [*keys, "7", "x-y"], "deed": "fine"}
    page = as_moderator.post(f"{DESK}bulk/", sent, follow=True)
    assert "3 were left" in page.text
    case.comment.refresh_from_db()
    assert case.comment.is_held


def test_nothing_ticked_is_said(as_moderator: Client) -> None:
    page = as_moderator.post(f"{DESK}bulk/", {"deed": "fine"}, follow=True)
    assert "Tick at least one comment." in page.text


# --- how one works --------------------------------------------------------------------------------


def test_a_note_is_handed_over(as_moderator: Client, moderator: User) -> None:
    page = as_moderator.post(f"{DESK}note/", {"text": "Spam about tea today."}, follow=True)
    assert "Spam about tea today." in page.text
    assert HandOverNote.objects.get().by == moderator


def test_a_note_that_cannot_be_left_keeps_its_words(as_moderator: Client) -> None:
    empty = as_moderator.post(f"{DESK}note/", {"text": ""})
    assert (empty.status_code, HandOverNote.objects.count()) == (400, 0)
    long = as_moderator.post(f"{DESK}note/", {"text": f"Tea. {'x' * 1000}"})
    assert (long.status_code, HandOverNote.objects.count()) == (400, 0)
    assert "Tea. xxx" in long.text
    assert "at most 1000 characters" in long.text


def test_keys_act_for_nobody_until_they_are_chosen(
    as_moderator: Client, article: Article, member: User
) -> None:
    case = held(member, article)
    for address in (DESK, page_of(case)):
        assert "<desk-keys" not in as_moderator.get(address).text
    choices = {"shortcuts": "on", "key_approve": "Y", "key_take": "n"}
    as_moderator.post(f"{DESK}choices/", choices)
    assert 'data-keys="n=take y=approve"' in as_moderator.get(page_of(case)).text
    as_moderator.post(f"{DESK}choices/", {**choices, "shortcuts": ""})
    assert "<desk-keys" not in as_moderator.get(page_of(case)).text


def test_one_key_does_one_thing(as_moderator: Client) -> None:
    choices = {"shortcuts": "on", "key_approve": "a", "key_remove": "A"}
    page = as_moderator.post(f"{DESK}choices/", choices)
    assert "This key does something else already." in page.text


def test_texts_are_blurred_for_who_chose_it(
    as_moderator: Client, as_superuser: Client, article: Article, member: User
) -> None:
    case = held(member, article)
    as_moderator.post(f"{DESK}choices/", {"blurred": "on"})
    for address in (DESK, page_of(case)):
        assert "cases-desk--blurred" in as_moderator.get(address).text
        assert "cases-desk--blurred" not in as_superuser.get(address).text
