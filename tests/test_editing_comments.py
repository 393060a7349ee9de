"""Writers change, cut and take back what they said; nobody else does."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.models import Comment
from tests.conftest import PASSWORD
from tests.discussing import PAGE, hold, say

pytestmark = pytest.mark.django_db

TEXT = "I am John. It helped. I live at 5 High Street. Ask your doctor."


# --- edit -----------------------------------------------------------------------------------------


def test_a_member_edits_within_15_minutes(
    as_member: Client, client: Client, article: Article, member: User
) -> None:
    comment = say(member, article, "Befor.")
    assert "Befor." in as_member.get(f"/comments/{comment.pk}/edit/").text
    assert f"/comments/{comment.pk}/edit/" in as_member.get(PAGE).text

    response = as_member.post(f"/comments/{comment.pk}/edit/", {"text": "Before.\r\n"}, follow=True)

    assert response.redirect_chain[-1][0] == f"{PAGE}#comment-{comment.pk}"
    comment.refresh_from_db()
    assert comment.text == "Before."
    assert [earlier.text for earlier in comment.earlier_texts.all()] == ["Befor."]
    page = client.get(PAGE).text
    assert "Before." in page
    assert "<span>edited</span>" in page


def test_saving_the_same_words_is_no_edit(
    as_member: Client, article: Article, member: User
) -> None:
    comment = say(member, article, "As it was.")
    as_member.post(f"/comments/{comment.pk}/edit/", {"text": "As it was."})
    comment.refresh_from_db()
    assert comment.edited_at is None
    assert not comment.earlier_texts.exists()


def test_the_15_minutes_begin_with_posting_and_not_with_the_last_edit(
    as_member: Client, article: Article, member: User
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as now:
        comment = say(member, article)
        as_member.force_login(member)
        now.shift(timedelta(minutes=14))
        as_member.post(f"/comments/{comment.pk}/edit/", {"text": "In time."})
        now.shift(timedelta(minutes=1))
        response = as_member.post(f"/comments/{comment.pk}/edit/", {"text": "Too late."})
        assert response.status_code == 403
        assert "Too late." in response.text
        assert f"/comments/{comment.pk}/cut/" in response.text
        assert f"/comments/{comment.pk}/edit/" not in as_member.get(PAGE).text
        assert as_member.get(f"/comments/{comment.pk}/edit/").status_code == 403
    comment.refresh_from_db()
    assert comment.text == "In time."


@pytest.mark.parametrize("text", ["", " \u200b ", "y" * 5_001])
def test_words_that_cannot_be_saved_come_back(
    as_member: Client, article: Article, member: User, text: str
) -> None:
    comment = say(member, article, "As it was.")
    response = as_member.post(f"/comments/{comment.pk}/edit/", {"text": text})
    assert response.status_code == 400
    assert text.strip() in response.text
    comment.refresh_from_db()
    assert comment.text == "As it was."


def test_a_session_that_ended_while_editing_loses_no_words(
    client: Client, article: Article, member: User
) -> None:
    comment = say(member, article)
    response = client.post(f"/comments/{comment.pk}/edit/", {"text": "My words."})
    assert response.status_code == 403
    assert "My words." in response.text
    assert comment.text not in response.text
    comment.refresh_from_db()
    assert comment.text != "My words."


def test_a_token_that_ended_while_editing_loses_no_words(article: Article, member: User) -> None:
    comment = say(member, article)
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    address = f"/comments/{comment.pk}/edit/"
    response = client.post(address, {"text": "My words."})
    assert response.status_code == 403
    assert "My words." in response.text
    token = str(response.context["csrf_token"])
    client.post(address, {"text": "My words.", "csrfmiddlewaretoken": token})
    comment.refresh_from_db()
    assert comment.text == "My words."


# --- cut ------------------------------------------------------------------------------------------


def test_passages_may_be_cut_at_any_time(client: Client, article: Article, member: User) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=400)):
        comment = say(member, article, TEXT)
    client.force_login(member)
    assert f"/comments/{comment.pk}/cut/" in client.get(PAGE).text
    page = client.get(f"/comments/{comment.pk}/cut/")
    choices = dict(page.context["form"].fields["passages"].choices)
    assert list(choices.values()) == [
        "I am John.",
        "It helped.",
        "I live at 5 High Street.",
        "Ask your doctor.",
    ]

    cut(client, comment, 0, 2)

    comment.refresh_from_db()
    assert comment.text == "[…] It helped. […] Ask your doctor."
    assert comment.earlier_texts.get().text == TEXT
    page = Client().get(PAGE).text
    assert "[…] It helped. […] Ask your doctor." in page
    assert "John" not in page
    assert "edited" not in page


def cut(client: Client, comment: Comment, *places: int) -> Any:
    address = f"/comments/{comment.pk}/cut/"
    seen = client.get(address).context["form"].fingerprint
    return client.post(address, {"passages": places, "seen": seen})


def test_cutting_again_offers_what_is_left(
    as_member: Client, article: Article, member: User
) -> None:
    comment = say(member, article, TEXT)
    cut(as_member, comment, 0)
    page = as_member.get(f"/comments/{comment.pk}/cut/")
    assert list(dict(page.context["form"].fields["passages"].choices)) == [1, 2, 3]
    cut(as_member, comment, 1)
    comment.refresh_from_db()
    assert comment.text == "[…] I live at 5 High Street. Ask your doctor."


def test_cutting_everything_or_nothing_is_refused(
    as_member: Client, article: Article, member: User
) -> None:
    comment = say(member, article, TEXT)
    for places in ([], [0, 1, 2, 3], [99], ["x"], ["\x00"]):
        response = cut(as_member, comment, *places)
        assert response.status_code == 400
    comment.refresh_from_db()
    assert comment.text == TEXT


def test_a_text_that_changed_meanwhile_is_not_cut_blindly(
    as_member: Client, article: Article, member: User
) -> None:
    comment = say(member, article, TEXT)
    seen = as_member.get(f"/comments/{comment.pk}/cut/").context["form"].fingerprint
    comment.edit("Something new. It is quite other.")
    response = as_member.post(f"/comments/{comment.pk}/cut/", {"passages": [0], "seen": seen})
    assert response.status_code == 400
    assert "changed meanwhile" in response.text
    comment.refresh_from_db()
    assert "[…]" not in comment.text


# --- withdraw -------------------------------------------------------------------------------------


def test_a_member_withdraws_after_being_asked(
    as_member: Client, client: Client, article: Article, member: User
) -> None:
    comment = say(member, article, "Sorry words.")
    address = f"/comments/{comment.pk}/withdraw/"
    assert "Withdraw your comment?" in as_member.get(address).text
    assert "Sorry words." in client.get(PAGE).text

    response = as_member.post(address, follow=True)

    assert "Readers no longer see it" in response.text
    assert "Sorry words." not in client.get(PAGE).text
    assert as_member.get(address).status_code == as_member.post(address).status_code == 302
    comment.refresh_from_db()
    assert not comment.is_visible


def test_what_is_closed_may_still_be_cut_and_withdrawn(
    as_member: Client, article: Article, member: User
) -> None:
    comment = say(member, article, TEXT)
    article.comments_open = False
    article.save()
    cut(as_member, comment, 0)
    as_member.post(f"/comments/{comment.pk}/withdraw/")
    comment.refresh_from_db()
    assert comment.withdrawn_at
    assert comment.text.startswith("[…]")


def test_what_is_withdrawn_or_removed_is_not_edited_or_cut(
    as_member: Client, article: Article, member: User, moderator: User
) -> None:
    withdrawn, removed = say(member, article, TEXT), say(member, article, f"{TEXT} Again.")
    withdrawn.withdraw()
    removed.remove(by=moderator, reason="Spam")
    for comment in (withdrawn, removed):
        response = as_member.post(f"/comments/{comment.pk}/edit/", {"text": "Back again."})
        assert response.status_code == 403
        assert as_member.get(f"/comments/{comment.pk}/cut/").status_code == 302
        comment.refresh_from_db()
        assert comment.text != "Back again."


def test_a_held_comment_may_be_edited_and_withdrawn(
    as_member: Client, article: Article, member: User
) -> None:
    comment = hold(say(member, article))
    as_member.post(f"/comments/{comment.pk}/edit/", {"text": "Better words."})
    as_member.post(f"/comments/{comment.pk}/withdraw/")
    comment.refresh_from_db()
    assert (comment.text, comment.published_at) == ("Better words.", None)
    assert comment.withdrawn_at


# --- nobody else ----------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["edit", "cut", "withdraw"])
def test_only_the_writer_may(
    client: Client,
    as_another_member: Client,
    as_moderator: Client,
    article: Article,
    member: User,
    act: str,
) -> None:
    comment = say(member, article, TEXT)
    address = f"/comments/{comment.pk}/{act}/"
    for stranger in (as_another_member, as_moderator):
        assert stranger.get(address).status_code == 404
        assert stranger.post(address, {"text": "Mine now.", "passages": [0]}).status_code == 404
    assert client.get(address).headers["Location"] == f"/accounts/login/?next={address}"
    client.post(address, {"text": "Mine now.", "passages": [0]})
    comment.refresh_from_db()
    assert (comment.text, comment.withdrawn_at) == (TEXT, None)


@pytest.mark.parametrize("act", ["edit", "cut", "withdraw"])
def test_log_in_leads_back_to_the_form(
    client: Client, article: Article, member: User, act: str
) -> None:
    comment = say(member, article, TEXT)
    door = client.get(f"/comments/{comment.pk}/{act}/").headers["Location"]
    response = client.post(door, {"login": member.email, "password": PASSWORD})
    assert response.headers["Location"] == f"/comments/{comment.pk}/{act}/"
    assert client.get(response.headers["Location"]).status_code == 200


@pytest.mark.parametrize("act", ["", "edit/", "cut/", "withdraw/", "report/"])
def test_a_get_changes_nothing(as_member: Client, article: Article, member: User, act: str) -> None:
    comment = say(member, article, TEXT)
    before = Comment.objects.values().get()
    as_member.get(f"/comments/{comment.pk}/{act}?text=Changed&passages=0&seen=x&reason=spam")
    assert Comment.objects.values().get() == before


@pytest.mark.parametrize("act", ["edit", "cut", "withdraw"])
def test_a_form_costs_few_queries(
    as_member: Client, article: Article, member: User, act: str, django_assert_max_num_queries: Any
) -> None:
    comment = say(member, article, TEXT)
    with django_assert_max_num_queries(5):
        as_member.get(f"/comments/{comment.pk}/{act}/")


def test_words_that_come_in_the_moment_of_a_removal_are_shown_and_not_lost(
    as_member: Client,
    article: Article,
    member: User,
    moderator: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    comment = say(member, article)
    edit = Comment.edit

    def too_late(self: Comment, *args: Any, **kwargs: Any) -> bool:
        Comment.objects.get(pk=self.pk).remove(by=moderator, reason="Spam")
        return edit(self, *args, **kwargs)

    monkeypatch.setattr(Comment, "edit", too_late)
    page = as_member.post(f"/comments/{comment.pk}/edit/", {"text": "Better words."})
    assert page.status_code == 409
    assert "Better words." in page.text
