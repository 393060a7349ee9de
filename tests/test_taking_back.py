"""Taking back what one said: the name off one comment, the comment itself, and its text."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Erasure, LegalHold, User
from articles.models import Article
from comments.models import Badge, Comment, EarlierText, Report, Voice
from comments.tasks import forget_old_reports, forget_removed_texts, forget_withdrawn_texts
from tests.conftest import PASSWORD, logged_in
from tests.discussing import PAGE, hold, say, shown

pytestmark = pytest.mark.django_db

TEXT = "I had it for years. It went away."


def ledger() -> list[tuple[str, str, str]]:
    return list(Erasure.objects.order_by("at").values_list("kind", "subject", "deed"))


def legal_hold(user: User, **fields: Any) -> LegalHold:
    until = timezone.localdate() + timedelta(days=100)
    return LegalHold.objects.create(user=user, case="7 O 3/26", until=until, set_by=user, **fields)


# --- take my name off -----------------------------------------------------------------------------


def test_a_name_taken_off_is_off_everywhere(
    as_member: Client, client: Client, article: Article, member: User, another_member: User
) -> None:
    comment = say(member, article, TEXT)
    between = say(another_member, article, parent=comment)
    say(another_member, article, parent=comment)
    assert client.get(PAGE).text.count("Quiet Heron") == 3
    address = f"/comments/{comment.pk}/name-off/"
    page = as_member.get(address).text
    assert "Readers see “former member” in the place of <bdi>Quiet Heron</bdi>" in page

    response = as_member.post(address)

    assert response.headers["Location"] == f"/comments/{comment.pk}/"
    page = client.get(PAGE).text
    assert "Quiet Heron" not in page
    assert page.count("<bdi>former member</bdi>") == 3
    assert TEXT in page
    assert shown(client.get(PAGE))[:2] == [comment.pk, between.pk]
    assert ledger() == [("comment", str(comment.pk), "name-off")]
    assert as_member.get(address).status_code == as_member.post(address).status_code == 302
    assert len(ledger()) == 1


def test_other_comments_keep_the_name(client: Client, article: Article, member: User) -> None:
    first, _second = say(member, article, TEXT), say(member, article)
    first.take_name_off()
    page = client.get(PAGE).text
    assert (page.count("Quiet Heron"), page.count("former member")) == (1, 1)


def test_what_a_badge_said_goes_with_the_name(article: Article, member: User) -> None:
    comment = say(member, article, TEXT)
    badge = Badge.objects.create(user=member, profession="Nurse", register="NMC")
    Comment.objects.filter(pk=comment.pk).update(badge=badge, interests="Shares in a clinic")
    comment.take_name_off()
    comment.refresh_from_db()
    assert (comment.badge, comment.interests) == (None, "")
    assert comment.text == TEXT


def test_a_nameless_comment_is_still_its_writers(
    as_member: Client, article: Article, member: User
) -> None:
    comment = say(member, article, TEXT)
    comment.take_name_off()
    as_member.post(f"/comments/{comment.pk}/edit/", {"text": "Other words."})
    as_member.post(f"/comments/{comment.pk}/withdraw/")
    comment.refresh_from_db()
    assert comment.text == "Other words."
    assert comment.withdrawn_at


def test_the_name_comes_off_a_removed_comment_whose_line_stays(
    as_member: Client, client: Client, article: Article, member: User, moderator: User
) -> None:
    comment = say(member, article, TEXT)
    comment.remove(by=moderator, reason="Advertising")
    as_member.post(f"/comments/{comment.pk}/name-off/")
    comment.refresh_from_db()
    assert comment.voice.kind == Voice.Kind.NOBODY
    assert comment.removed_reason == "Advertising"
    assert "Removed by a moderator." in client.get(PAGE).text


# --- withdraw, and delete the text ----------------------------------------------------------------


def test_a_withdrawn_text_is_kept_for_30_days_and_says_until_when(
    as_member: Client, as_moderator: Client, article: Article, member: User
) -> None:
    comment = say(member, article, TEXT)
    comment.edit(f"{TEXT} Better.")
    with time_machine.travel(timezone.now().replace(year=2027, month=1, day=2), tick=False) as now:
        client = logged_in(member)
        page = client.post(f"/comments/{comment.pk}/withdraw/", follow=True).text
        assert "the text is deleted on 1 February 2027" in page
        assert TEXT in page
        now.shift(timedelta(days=29))
        forget_withdrawn_texts()
        assert TEXT in logged_in(member).get(f"/comments/{comment.pk}/").text
        now.shift(timedelta(days=1))
        forget_withdrawn_texts()
        page = logged_in(member).get(f"/comments/{comment.pk}/").text
        assert "The text is deleted." in page
        assert TEXT not in page
    comment.refresh_from_db()
    assert (comment.text, comment.html) == ("", "")
    assert not EarlierText.objects.exists()
    assert ledger() == [("comment", str(comment.pk), "withdraw")]


def test_a_tick_deletes_the_text_at_once(
    as_member: Client, as_moderator: Client, client: Client, article: Article, member: User
) -> None:
    comment = say(member, article, "I had it for years, as I said.")
    comment.edit(TEXT)
    assert 'name="at_once"' in as_member.get(f"/comments/{comment.pk}/withdraw/").text
    as_member.post(f"/comments/{comment.pk}/withdraw/", {"at_once": "on"})
    comment.refresh_from_db()
    assert (comment.text, comment.html, comment.voice.name) == ("", "", "")
    assert not EarlierText.objects.exists()
    assert shown(client.get(PAGE)) == []
    for reader in (as_member, as_moderator):
        assert "I had it" not in reader.get(f"/comments/{comment.pk}/").text
    assert client.get(f"/comments/{comment.pk}/").status_code == 410
    assert ledger() == [("comment", str(comment.pk), "erase")]


def test_a_withdrawn_text_can_be_deleted_before_its_time(
    as_member: Client, as_moderator: Client, article: Article, member: User
) -> None:
    comment = say(member, article, TEXT)
    comment.withdraw()
    assert "Delete the text now" in as_member.get(f"/comments/{comment.pk}/").text
    assert "Delete the text now" not in as_moderator.get(f"/comments/{comment.pk}/").text
    as_member.post(f"/comments/{comment.pk}/withdraw/", {"at_once": "on"})
    page = as_member.get(f"/comments/{comment.pk}/").text
    assert TEXT not in page
    assert "Delete the text now" not in page


def test_an_erased_comment_leaves_a_line_only_where_others_answered(
    client: Client, article: Article, member: User, another_member: User
) -> None:
    answered, alone = say(member, article, TEXT), say(member, article)
    reply = say(another_member, article, parent=answered)
    answered.erase()
    alone.erase()
    page = client.get(PAGE)
    assert shown(page) == [answered.pk, reply.pk]
    assert "Withdrawn by its writer." in page.text
    assert "in reply to a withdrawn comment" in page.text
    assert "Quiet Heron" not in page.text


def test_a_removed_comment_can_be_erased_and_stays_removed(
    as_member: Client, client: Client, article: Article, member: User, moderator: User
) -> None:
    comment = say(member, article, TEXT)
    say(moderator, article, parent=comment)
    comment.remove(by=moderator, reason="Advertising for Quiet Heron")
    as_member.post(f"/comments/{comment.pk}/withdraw/", {"at_once": "on"})
    comment.refresh_from_db()
    assert (comment.text, comment.removed_reason) == ("", "")
    assert comment.removed_at
    assert "Removed by a moderator." in client.get(PAGE).text
    assert "Withdrawn by its writer." not in client.get(PAGE).text


def test_what_was_deleted_cannot_be_restored(
    article: Article, member: User, moderator: User, client: Client
) -> None:
    comment = say(member, article, TEXT)
    comment.remove(by=moderator, reason="Spam")
    Comment.objects.filter(pk=comment.pk).update(text="", html="")
    comment.refresh_from_db()
    assert not comment.restorable_by(moderator)
    comment.restore()
    comment.refresh_from_db()
    assert comment.removed_at


def test_a_held_comment_can_be_erased(as_member: Client, article: Article, member: User) -> None:
    comment = hold(say(member, article, TEXT))
    as_member.post(f"/comments/{comment.pk}/withdraw/", {"at_once": "on"})
    comment.refresh_from_db()
    assert comment.text == ""
    assert not Comment.objects.held().exists()


def test_a_form_that_comes_again_does_not_bring_an_erased_comment_back(
    as_member: Client, article: Article, member: User
) -> None:
    address = f"{PAGE}comments/new/"
    fields = {"text": TEXT, "nonce": "6f1f0f66-74bd-4c5e-9f0b-0d3a7e4a2a11"}
    as_member.post(address, fields)
    Comment.objects.get().erase()
    assert as_member.post(address, fields).status_code == 409
    assert Comment.objects.get().text == ""


def test_a_legal_hold_keeps_the_text_from_readers_and_not_from_the_claim(
    as_member: Client, client: Client, article: Article, member: User
) -> None:
    hold_ = legal_hold(member)
    comment = say(member, article, TEXT)
    as_member.post(f"/comments/{comment.pk}/withdraw/", {"at_once": "on"})
    assert shown(client.get(PAGE)) == []
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        forget_withdrawn_texts()
        comment.refresh_from_db()
        assert comment.text == TEXT
        LegalHold.objects.filter(pk=hold_.pk).update(ended_at=timezone.now())
        forget_withdrawn_texts()
    comment.refresh_from_db()
    assert comment.text == ""


# --- what is forgotten by itself ------------------------------------------------------------------


def test_a_removed_text_is_kept_for_a_year_and_its_reason_longer(
    article: Article, member: User, another_member: User, moderator: User
) -> None:
    removed, needed = say(member, article, TEXT), say(another_member, article)
    legal_hold(another_member, ended_at=None)
    LegalHold.objects.update(until=timezone.localdate() + timedelta(days=1_000))
    for comment in (removed, needed):
        comment.remove(by=moderator, reason="Advertising")
    with time_machine.travel(timezone.now() + timedelta(days=364)):
        forget_removed_texts()
    removed.refresh_from_db()
    assert removed.text == TEXT
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        forget_removed_texts()
    removed.refresh_from_db()
    needed.refresh_from_db()
    assert (removed.text, removed.removed_reason) == ("", "Advertising")
    assert needed.text


def test_reports_go_two_years_after_they_were_dealt_with(
    article: Article, member: User, another_member: User, moderator: User
) -> None:
    comment = say(member, article)
    two_years_ago = timezone.now() - timedelta(days=731)
    late, *_others = (
        Report.objects.create(comment=comment, reporter=reporter, created_at=two_years_ago)
        for reporter in (moderator, another_member, None)
    )
    Report.objects.filter(pk=late.pk).update(handled_at=timezone.now())
    forget_old_reports()
    assert Report.objects.get() == late
    Report.objects.update(handled_at=two_years_ago)
    legal_hold(member)
    forget_old_reports()
    assert Report.objects.exists()
    LegalHold.objects.update(ended_at=timezone.now())
    forget_old_reports()
    assert not Report.objects.exists()


# --- nobody else, and no accident -----------------------------------------------------------------


def test_only_the_writer_may_take_the_name_off(
    client: Client,
    as_another_member: Client,
    as_moderator: Client,
    article: Article,
    member: User,
) -> None:
    comment = say(member, article, TEXT)
    address = f"/comments/{comment.pk}/name-off/"
    for stranger in (as_another_member, as_moderator):
        assert stranger.get(address).status_code == stranger.post(address).status_code == 404
    door = client.get(address).headers["Location"]
    assert door == f"/accounts/login/?next={address}"
    response = client.post(door, {"login": member.email, "password": PASSWORD})
    assert client.get(response.headers["Location"]).status_code == 200
    comment.refresh_from_db()
    assert comment.has_name


def test_looking_changes_nothing(as_member: Client, article: Article, member: User) -> None:
    comment = say(member, article, TEXT)
    before = Comment.objects.values().get()
    as_member.get(f"/comments/{comment.pk}/name-off/")
    as_member.get(f"/comments/{comment.pk}/withdraw/?at_once=on")
    assert Comment.objects.values().get() == before
    assert ledger() == []
