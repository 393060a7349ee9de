"""Sanctions: graduated, told, and never so far that a member could not read, appeal and leave."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import DataExport, Departure, User
from articles.models import Article
from comments.models import Comment, Decision, Notification, Sanction
from comments.models.comment_query import Refused
from comments.moderation import deciding, sanctions
from comments.moderation.deciding import CannotDecide
from tests.conftest import PASSWORD
from tests.deciding import rule, work_later
from tests.discussing import COMPOSER, PAGE, disguised, form, say
from tests.test_page_cost import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(member: User, article: Article) -> Comment:
    return say(member, article, "He is a fool.")


def put(comment: Comment, by: User, kind: str, length: str = "1-week") -> Sanction:
    until = sanctions.ends_after(length) if kind == "suspend" else None
    return deciding.sanction(
        comment, by=by, kind=kind, until=until, rule=rule(), reason="You attack people."
    )


def again(user: User) -> User:
    """Return the member as the next request has them."""
    return User.objects.get(pk=user.pk)


def later(**time: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(**time))


# --- suspended ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["suspend", "ban"])
def test_nobody_walks_away_from_a_suspension_under_another_name(
    comment: Comment, moderator: User, member: User, as_member: Client, kind: str
) -> None:
    sanction = put(comment, moderator, kind)
    refusal = "You cannot change your name while you are suspended or banned."
    page = as_member.get("/accounts/handle/").text
    assert refusal in page
    assert "Change name" not in page
    assert refusal in as_member.post("/accounts/handle/", {"handle": "Sunny Otter"}).text
    assert again(member).handle == "Quiet Heron"
    deciding.lift(sanction, by=moderator)
    as_member.post("/accounts/handle/", {"handle": "Sunny Otter"})
    assert again(member).handle == "Sunny Otter"


def test_a_suspended_member_reads_why_they_cannot_comment(
    comment: Comment, moderator: User, as_member: Client
) -> None:
    put(comment, moderator, "suspend")
    page = as_member.get(PAGE).text
    assert "A moderator has suspended you: until" in page
    blank = form(as_member.get(COMPOSER))
    answer = as_member.post(COMPOSER, {**blank, "text": "I am back."})
    assert answer.status_code == 403
    assert "A moderator has suspended you: until" in answer.text
    assert "I am back." in answer.text
    assert '<a href="/accounts/decisions/">Decisions about you</a>' in answer.text
    assert Comment.objects.count() == 1


def test_a_suspended_member_cannot_post_by_a_form_that_was_open(
    comment: Comment, member: User, moderator: User, article: Article
) -> None:
    put(comment, moderator, "suspend")
    with pytest.raises(Refused, match="suspended you"):
        say(member, article)


def test_a_suspended_member_cannot_edit_and_can_cut_withdraw_and_take_the_name_off(
    comment: Comment, moderator: User, as_member: Client
) -> None:
    put(comment, moderator, "suspend")
    for address in (PAGE, "/accounts/comments/"):
        page = as_member.get(address).text
        assert f"/comments/{comment.pk}/withdraw/" in page
        assert f"/comments/{comment.pk}/edit/" not in page
    assert "suspended you" in as_member.get(f"/comments/{comment.pk}/edit/").text
    answer = as_member.post(f"/comments/{comment.pk}/edit/", {"text": "He is a big fool."})
    assert answer.status_code == 403
    assert "He is a big fool." in answer.text
    comment.refresh_from_db()
    assert comment.text == "He is a fool."
    assert as_member.get(f"/comments/{comment.pk}/cut/").status_code == 200
    as_member.post(f"/comments/{comment.pk}/name-off/")
    as_member.post(f"/comments/{comment.pk}/withdraw/")
    comment.refresh_from_db()
    assert not comment.has_name
    assert comment.withdrawn_at


def test_a_suspension_ends_by_itself(
    comment: Comment, member: User, moderator: User, article: Article
) -> None:
    put(comment, moderator, "suspend", "3-days")
    with later(days=2, hours=23):
        assert sanctions.why_silenced(again(member))
    with later(days=3, minutes=1):
        assert not sanctions.why_silenced(again(member))
        say(member, article, "I am back.")


@pytest.mark.parametrize(
    "address",
    [
        PAGE,
        "/accounts/decisions/",
        "/accounts/comments/",
        "/accounts/data/",
        "/accounts/leave/",
        "/accounts/consent/",
        "/accounts/",
    ],
)
@pytest.mark.parametrize("kind", ["suspend", "ban"])
def test_who_is_silenced_can_read_take_their_data_and_leave(
    comment: Comment, moderator: User, as_member: Client, kind: str, address: str
) -> None:
    put(comment, moderator, kind)
    as_member.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert as_member.get(address).status_code == 200


@pytest.mark.parametrize("kind", ["suspend", "ban"])
def test_who_is_silenced_can_appeal(
    comment: Comment, moderator: User, as_member: Client, kind: str
) -> None:
    decision = put(comment, moderator, kind).decision
    with later(minutes=1):
        as_member.post(f"/accounts/decisions/{decision.pk}/", {"words": "It was a joke."})
    assert decision.appeal.words == "It was a joke."  # type: ignore[attr-defined]


def test_who_is_banned_gets_their_data_and_leaves(
    comment: Comment, member: User, moderator: User, as_member: Client
) -> None:
    put(comment, moderator, "ban")
    as_member.post("/accounts/reauthenticate/", {"password": PASSWORD})
    as_member.post("/accounts/data/")
    assert DataExport.objects.filter(user=member).exists()
    as_member.post("/accounts/leave/", {"fate": "keep"})
    assert Departure.objects.get().user == member


def test_a_suspension_is_from_a_day_to_six_months(comment: Comment, moderator: User) -> None:
    for until in (None, timezone.now() + timedelta(hours=1), timezone.now() + timedelta(days=300)):
        with pytest.raises(CannotDecide, match="from one day to six months"):
            deciding.sanction(
                comment, by=moderator, kind="suspend", until=until, rule=rule(), reason="No."
            )
    assert [key for key, _label in sanctions.LENGTHS] == [
        *("1-day", "3-days", "1-week", "1-month", "3-months", "6-months")
    ]
    for length, _label in sanctions.LENGTHS:
        deciding.lift(put(comment, moderator, "suspend", length), by=moderator)


# --- the others -----------------------------------------------------------------------------------


def test_a_ban_has_no_end(comment: Comment, member: User, moderator: User) -> None:
    put(comment, moderator, "ban")
    with later(days=4000):
        assert "A moderator has banned you" in sanctions.why_silenced(again(member))


def test_a_ban_counts_more_than_a_suspension(
    comment: Comment, member: User, moderator: User
) -> None:
    put(comment, moderator, "suspend")
    put(comment, moderator, "ban")
    assert "A moderator has banned you" in sanctions.why_silenced(again(member))


def test_whose_comments_are_held_is_told_so_and_may_post(
    comment: Comment, member: User, moderator: User, as_member: Client, article: Article
) -> None:
    decision = put(comment, moderator, "hold-all").decision
    assert sanctions.holds_all(again(member))
    assert not sanctions.why_silenced(again(member))
    say(member, article)
    page = as_member.get(f"/accounts/decisions/{decision.pk}/").text
    assert "A moderator reads whatever you post before others can." in page


def test_a_notice_is_read_before_the_next_comment(
    comment: Comment, member: User, moderator: User, as_member: Client
) -> None:
    decision = put(comment, moderator, "notice").decision
    assert sanctions.unread_notice(again(member)) == decision
    assert not sanctions.why_silenced(again(member))
    page = as_member.get(f"/accounts/decisions/{decision.pk}/").text
    assert "You attack people." in page
    assert "I have read this" in page
    assert sanctions.unread_notice(again(member)) == decision  # looking at it says nothing
    as_member.post(f"/accounts/decisions/{decision.pk}/", {"read": "1"})
    assert sanctions.unread_notice(again(member)) is None
    page = as_member.get(f"/accounts/decisions/{decision.pk}/").text
    assert "that you have read this." in page


def test_the_words_that_waited_for_a_notice_are_found_again(
    comment: Comment, moderator: User, as_member: Client
) -> None:
    decision = put(comment, moderator, "notice").decision
    blank = form(as_member.get(COMPOSER))
    as_member.post(COMPOSER, {**blank, "text": "What I wanted to say."})
    assert Comment.objects.count() == 1
    read = as_member.post(f"/accounts/decisions/{decision.pk}/", {"read": "1"}, follow=True)
    assert "What I wanted to say." in read.text


def test_a_sanction_that_was_lifted_is_over(
    comment: Comment, member: User, moderator: User, editor: User, as_member: Client
) -> None:
    ban = put(comment, moderator, "ban")
    lifting = deciding.lift(ban, by=editor, reason="A mistake.")
    assert lifting.reverses == ban.decision
    assert not sanctions.why_silenced(again(member))
    assert "was reversed on" in as_member.get(f"/accounts/decisions/{ban.decision.pk}/").text
    with pytest.raises(CannotDecide, match="Somebody has decided"):
        deciding.lift(ban, by=moderator)


# --- behind the mask ------------------------------------------------------------------------------


def test_a_sanction_binds_whoever_wrote_it_under_whatever_name(
    member: User, moderator: User, article: Article
) -> None:
    put(disguised(member, article), moderator, "suspend")
    with pytest.raises(Refused):
        say(member, article)


def test_sanctioning_tells_nobody_that_two_names_are_one_persons(
    comment: Comment, member: User, moderator: User, editor: User, article: Article
) -> None:
    """The second one goes through as the first did: a refusal would tell."""
    other = disguised(member, article)
    put(comment, moderator, "suspend")
    put(other, editor, "suspend")
    with pytest.raises(CannotDecide, match="Somebody has decided"):
        put(other, moderator, "suspend")


def test_a_sanction_is_told_to_its_member_after_half_a_minute(
    comment: Comment, member: User, moderator: User
) -> None:
    put(comment, moderator, "suspend")
    assert not Notification.objects.filter(user=member).exists()
    work_later()
    assert Notification.objects.get(user=member).decision.kind == "suspend"


def test_a_sanction_that_was_undone_leaves_no_trace(
    comment: Comment, member: User, moderator: User, article: Article
) -> None:
    ban = put(comment, moderator, "ban")
    deciding.undo(ban.decision, by=moderator)
    work_later()
    assert not Sanction.objects.exists()
    assert not Notification.objects.exists()
    say(member, article)


def test_undoing_a_lift_brings_the_sanction_back(
    comment: Comment, member: User, moderator: User
) -> None:
    ban = put(comment, moderator, "ban")
    deciding.undo(deciding.lift(ban, by=moderator), by=moderator)
    assert sanctions.why_silenced(again(member))


def test_a_sanction_leaves_the_comment_and_its_reports_to_be_decided(
    member: User, article: Article, moderator: User
) -> None:
    held, _new = Comment.objects.post(
        author=member, article=article, text="Buy it.", held_for=["links"]
    )
    put(held, moderator, "notice")
    assert held.cases.open().exists()
    deciding.remove(held, by=moderator, rule=rule(), reason="Spam.")
    assert Decision.objects.count() == 2


def test_a_sanction_costs_a_reader_no_query_of_its_own(
    comment: Comment, moderator: User, as_another_member: Client, as_member: Client
) -> None:
    put(comment, moderator, "suspend")
    as_another_member.get(PAGE)
    as_member.get(PAGE)
    without = queries_of(as_another_member, PAGE)
    assert not [query for query in without if 'FROM "comments_sanction"' in query[:400]]
    assert len(queries_of(as_member, PAGE)) <= len(without) + 1


def test_nobody_is_put_under_a_sanction_whose_account_is_closed(
    comment: Comment, moderator: User, member: User
) -> None:
    User.objects.filter(pk=member.pk).update(is_active=False, erased_at=timezone.now())
    with pytest.raises(CannotDecide, match="closed"):
        put(comment, moderator, "ban")
    assert not Decision.objects.exists()
