"""Moderators decide: each decision has a rule, a reason and an end, and is told after a while."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import AuditAct, User
from articles.models import Article
from comments import answering
from comments.models import Case, Comment, Decision
from comments.moderation import deciding
from comments.moderation.deciding import CannotDecide
from tests.deciding import open_case, report, rule
from tests.discussing import PAGE, say

pytestmark = pytest.mark.django_db

DECIDED = "Somebody has decided on this comment meanwhile."
TAKEN_BACK = "Its writer has taken this comment back meanwhile."
EDITED = "Its writer has changed the text meanwhile. Please read it again."


@pytest.fixture
def comment(member: User, article: Article) -> Comment:
    return say(member, article, "He is a fool, and his doctor too.")


@pytest.fixture
def held(member: User, article: Article) -> Comment:
    comment, _new = Comment.objects.post(
        author=member, article=article, text="Look at my page.", held_for=["links"]
    )
    return comment


# --- held comments and their cases ----------------------------------------------------------------


def test_a_held_comment_has_a_case_until_it_is_approved(
    held: Comment, moderator: User, client: Client
) -> None:
    case = open_case(held)
    assert case
    assert case.queue == "held"
    deciding.approve(held, by=moderator)
    assert open_case(held) is None
    assert held.approved_at
    assert "Look at my page." in client.get(PAGE).text


def test_words_of_crisis_are_due_within_an_hour(member: User, article: Article) -> None:
    comment, _new = Comment.objects.post(
        author=member, article=article, text="I cannot go on.", held_for=["crisis"]
    )
    case = open_case(comment)
    assert case
    assert case.queue == "worried"
    assert case.due_at <= timezone.now() + timedelta(hours=1)


def test_withdrawing_a_held_comment_closes_its_case(held: Comment) -> None:
    held.withdraw()
    assert open_case(held) is None


def test_an_edit_can_hold_what_was_seen(comment: Comment, client: Client) -> None:
    comment.edit("Buy my cure.", held_for=["watched"])
    assert open_case(comment)
    assert "Buy my cure." not in client.get(PAGE).text
    assert comment.held_for == ["watched"]


def test_a_later_hold_has_its_own_reasons(held: Comment, moderator: User) -> None:
    deciding.approve(held, by=moderator)
    held.edit("SHOUTING", held_for=["shouting"])
    assert held.held_for == ["shouting"]
    assert held.approved_at is None


def test_nothing_is_edited_that_was_taken_down_meanwhile(comment: Comment, moderator: User) -> None:
    stale = Comment.objects.get()
    deciding.remove(comment, by=moderator, rule=rule(), reason="Unkind.")
    assert stale.edit("Something kind.") is False
    assert stale.text == "He is a fool, and his doctor too."


# --- what a decision leaves -----------------------------------------------------------------------


def test_a_removal_keeps_the_rule_the_reason_and_who_did_it(
    comment: Comment, member: User, moderator: User
) -> None:
    decision = deciding.remove(
        comment, by=moderator, rule=rule(), reason="It attacks a person.", facts="Line 1."
    )
    assert (decision.kind, decision.subject, decision.by) == ("remove", member, moderator)
    assert (decision.rule, decision.facts) == (rule(), "Line 1.")
    assert decision.automated is False
    comment.refresh_from_db()
    assert comment.removed_by == moderator
    assert comment.removed_reason == "It attacks a person."


def test_the_audit_trail_says_what_was_done_without_a_word_of_it(
    comment: Comment, member: User, moderator: User
) -> None:
    deciding.remove(comment, by=moderator, rule=rule(), reason="It attacks a person.")
    act = AuditAct.objects.get(deed="comment.removed")
    assert (act.actor, act.subject) == (moderator.public_id, member.public_id)
    assert (act.reason, act.fields, act.hashes) == ("", [], {})


def test_removing_a_comment_leaves_its_replies(
    comment: Comment, another_member: User, article: Article, moderator: User, client: Client
) -> None:
    say(another_member, article, "I do not think so.", parent=comment)
    deciding.remove(comment, by=moderator, rule=rule(), reason="It attacks a person.")
    page = client.get(PAGE).text
    assert "He is a fool" not in page
    assert "I do not think so." in page
    assert "Removed by a moderator" in page


def test_a_decision_settles_the_reports_and_names_itself_in_them(
    comment: Comment, another_member: User, moderator: User
) -> None:
    reported = report(comment, another_member)
    decision = deciding.keep(comment, by=moderator)
    reported.refresh_from_db()
    assert (reported.decision, reported.handled_by) == (decision, moderator)
    assert reported.handled_at
    assert open_case(comment) is None
    comment.refresh_from_db()
    assert comment.is_visible


def test_withdrawing_settles_the_reports_too(comment: Comment, another_member: User) -> None:
    reported = report(comment, another_member)
    comment.withdraw()
    reported.refresh_from_db()
    assert reported.handled_at
    assert reported.handled_by is None
    assert open_case(comment) is None


def test_a_restored_comment_is_there_and_settled(
    comment: Comment, moderator: User, client: Client
) -> None:
    removal = deciding.remove(comment, by=moderator, rule=rule(), reason="Unkind.")
    restoration = deciding.restore(comment, by=moderator, reason="A mistake.")
    assert restoration.reverses == removal
    assert "He is a fool" in client.get(PAGE).text


def test_what_is_restored_after_it_was_held_is_approved(held: Comment, moderator: User) -> None:
    deciding.remove(held, by=moderator, rule=rule(), reason="Spam.")
    deciding.restore(held, by=moderator)
    assert held.is_visible
    assert open_case(held) is None


def test_the_old_button_that_restores_leaves_a_held_comment_to_be_read(
    held: Comment, moderator: User
) -> None:
    held.remove(by=moderator, reason="Spam.")
    assert open_case(held) is None
    held.restore()
    assert open_case(held)


def test_a_comment_without_text_is_not_restored(comment: Comment, moderator: User) -> None:
    deciding.remove(comment, by=moderator, rule=rule(), reason="Unkind.")
    Comment.objects.update(text="", html="")
    with pytest.raises(CannotDecide, match="has been deleted meanwhile"):
        deciding.restore(comment, by=moderator)


def test_a_writer_who_is_asked_for_an_edit_has_time_for_it(
    comment: Comment, member: User, moderator: User, client: Client
) -> None:
    deciding.ask_for_edit(comment, by=moderator, rule=rule(), reason="Leave out the doctor.")
    assert open_case(comment) is None
    assert "He is a fool" not in client.get(PAGE).text
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert comment.editable_by(member)
        comment.edit("He was unkind.")
        case = open_case(comment)
        assert case
        assert case.queue == "held"
        assert "asked" in comment.held_for
        assert not comment.editable_by(member)
        assert "He was unkind." not in client.get(PAGE).text


def test_a_hidden_name_can_be_shown_again(comment: Comment, moderator: User) -> None:
    hiding = deciding.hide_name(comment, by=moderator, rule=rule(), reason="A real name.")
    assert comment.name_hidden_at
    showing = deciding.show_name(comment, by=moderator)
    assert showing.reverses == hiding
    assert comment.name_hidden_at is None


def test_a_correction_settles_the_reports_and_the_comment_stays(
    comment: Comment, another_member: User, article: Article, moderator: User
) -> None:
    reported = report(comment, another_member, "unsafe")
    correction = say(moderator, article, "Please do not stop it at once.", parent=comment)
    decision = deciding.corrected(comment, by=moderator, reply=correction)
    reported.refresh_from_db()
    assert reported.decision == decision
    assert comment.is_visible
    other = say(another_member, article)
    with pytest.raises(CannotDecide, match="answers another comment"):
        deciding.corrected(comment, by=moderator, reply=other)


def test_undoing_a_correction_takes_the_correction_back(
    comment: Comment, another_member: User, moderator: User, client: Client
) -> None:
    reported = report(comment, another_member, "unsafe")
    first = answering.reply_officially(
        comment, by=moderator, text="Ask before you stop it.", role=Comment.Role.CORRECTION
    )
    reported.refresh_from_db()
    assert reported.decision
    assert "Ask before you stop it." in client.get(PAGE).text
    deciding.undo(reported.decision, by=moderator)
    first.refresh_from_db()
    comment.refresh_from_db()
    assert first.withdrawn_at
    assert (comment.is_visible, comment.reply_count) == (True, 0)
    assert "Ask before you stop it." not in client.get(PAGE).text
    assert open_case(comment).queue == "reported"


def test_undoing_one_correction_leaves_an_earlier_one(comment: Comment, moderator: User) -> None:
    kept, _undone = [
        answering.reply_officially(comment, by=moderator, text=text, role=Comment.Role.CORRECTION)
        for text in ("Ask before you stop it.", "And take it with food.")
    ]
    newest = Decision.objects.filter(comment=comment).latest("pk")
    deciding.undo(newest, by=moderator)
    assert list(Comment.objects.visible().filter(parent=comment)) == [kept]


def test_the_site_folds_a_comment_until_a_moderator_has_looked(
    comment: Comment, another_member: User, moderator: User
) -> None:
    reported = report(comment, another_member)
    decision = deciding.collapse(comment, reports=[reported])
    assert decision
    assert (decision.automated, decision.by) == (True, None)
    assert "Abuse or hate" in decision.facts
    assert comment.collapsed_at
    assert open_case(comment)
    assert deciding.collapse(comment, reports=[reported]) is None
    deciding.keep(comment, by=moderator)
    assert comment.collapsed_at is None
    assert deciding.collapse(comment) is None  # a moderator has read it


# --- who came first -------------------------------------------------------------------------------


def test_the_second_of_two_is_told(
    comment: Comment, held: Comment, moderator: User, editor: User
) -> None:
    deciding.remove(comment, by=moderator, rule=rule(), reason="Unkind.")
    for late in (
        lambda: deciding.remove(comment, by=editor, rule=rule(), reason="Unkind."),
        lambda: deciding.approve(comment, by=editor),
        lambda: deciding.keep(comment, by=editor),
        lambda: deciding.ask_for_edit(comment, by=editor, rule=rule(), reason="Unkind."),
        lambda: deciding.hide_name(comment, by=editor, rule=rule(), reason="Unkind."),
    ):
        with pytest.raises(CannotDecide, match=DECIDED):
            late()
    deciding.approve(held, by=moderator)
    with pytest.raises(CannotDecide, match=DECIDED):
        deciding.approve(held, by=editor)
    assert Decision.objects.count() == 2


def test_who_saw_it_before_another_decided_is_told(
    held: Comment, moderator: User, editor: User
) -> None:
    seen = deciding.fingerprint(held)
    deciding.approve(held, by=moderator, seen=seen)
    with pytest.raises(CannotDecide, match=DECIDED):
        deciding.remove(held, by=editor, rule=rule(), reason="Spam.", seen=seen)
    deciding.remove(held, by=moderator, rule=rule(), reason="On second thoughts.", seen=seen)


def test_a_text_that_changed_since_is_read_again(held: Comment, moderator: User) -> None:
    seen = deciding.fingerprint(held)
    held.edit("Look at my other page.")
    with pytest.raises(CannotDecide, match=EDITED):
        deciding.approve(held, by=moderator, seen=seen)
    deciding.approve(held, by=moderator, seen=deciding.fingerprint(held))


def test_what_was_withdrawn_or_erased_is_not_decided_on(
    held: Comment, comment: Comment, moderator: User
) -> None:
    stale = Comment.objects.get(pk=held.pk)
    held.withdraw()
    with pytest.raises(CannotDecide, match=TAKEN_BACK):
        deciding.approve(stale, by=moderator)
    comment.erase()
    with pytest.raises(CannotDecide, match=TAKEN_BACK):
        deciding.remove(comment, by=moderator, rule=rule(), reason="Unkind.")
    assert not Decision.objects.exists()


def test_a_case_that_another_has_taken_is_left_to_them(
    held: Comment, moderator: User, editor: User
) -> None:
    until = timezone.now() + timedelta(minutes=10)
    Case.objects.update(claimed_by=editor, claimed_until=until)
    with pytest.raises(CannotDecide, match="Somebody else is working on this comment just now"):
        deciding.approve(held, by=moderator)
    with time_machine.travel(until + timedelta(seconds=1)):
        deciding.approve(held, by=moderator)


def test_a_held_comment_is_not_just_kept(
    held: Comment, another_member: User, moderator: User
) -> None:
    report(held, another_member)
    with pytest.raises(CannotDecide, match="approve it, or remove it"):
        deciding.keep(held, by=moderator)
