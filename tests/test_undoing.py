"""A decision is told after half a minute; until then who took it can make it as it was before."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.models import Case, Comment, Decision, Notification, Report
from comments.moderation import deciding
from comments.moderation.deciding import CannotDecide, TooLate
from tests.deciding import open_case, report, rule, work_later
from tests.discussing import PAGE, say

pytestmark = pytest.mark.django_db

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


def told(user: User) -> list[str]:
    """Return the kinds of decisions that `user` has heard of."""
    about = Notification.objects.filter(user=user, decision__isnull=False)
    return [notification.decision.kind for notification in about.select_related("decision")]


def test_a_decision_is_told_after_half_a_minute(
    comment: Comment, member: User, another_member: User, moderator: User
) -> None:
    report(comment, another_member)
    decision = deciding.remove(comment, by=moderator, rule=rule(), reason="Unkind.")
    work_later(20)
    assert told(member) == []
    work_later(31)
    work_later(62)
    assert told(member) == ["remove"]
    assert Notification.objects.filter(user=another_member, kind="outcome").count() == 1
    decision.refresh_from_db()
    assert decision.told_at
    assert decision.before == {}


def test_what_was_undone_is_told_to_nobody(
    comment: Comment, member: User, another_member: User, moderator: User
) -> None:
    report(comment, another_member)
    decision = deciding.remove(comment, by=moderator, rule=rule(), reason="Unkind.")
    deciding.undo(decision, by=moderator)
    work_later()
    assert not Notification.objects.filter(user__in=[member, another_member]).exists()
    decision.refresh_from_db()
    assert decision.told_at is None


def state(comment: Comment) -> dict[str, object]:
    row = Comment.objects.filter(pk=comment.pk).values().get()
    case = Case.objects.filter(comment=comment).values().first()
    reports = list(Report.objects.filter(comment=comment).order_by("pk").values())
    return {"comment": row, "case": case, "reports": reports}


@pytest.mark.parametrize("deed", ["approve", "remove", "ask_for_edit", "hide_name"])
def test_undoing_makes_it_exactly_as_it_was(
    held: Comment, another_member: User, moderator: User, deed: str
) -> None:
    report(held, another_member)
    until = timezone.now() + timedelta(minutes=10)
    Case.objects.update(claimed_by=moderator, claimed_until=until)
    before = state(held)
    ruled = {} if deed == "approve" else {"rule": rule(), "reason": "A reason."}
    decision = getattr(deciding, deed)(held, by=moderator, **ruled)
    assert state(held) != before
    deciding.undo(decision, by=moderator)
    assert state(held) == before
    assert not Decision.objects.standing().exists()


def test_undoing_a_restoration_leaves_it_removed_for_its_reason(
    comment: Comment, moderator: User
) -> None:
    deciding.remove(comment, by=moderator, rule=rule(), reason="Unkind.")
    before = state(comment)
    deciding.undo(deciding.restore(comment, by=moderator), by=moderator)
    assert state(comment) == before


def test_undoing_leaves_the_counts_right(
    comment: Comment, moderator: User, article: Article
) -> None:
    decision = deciding.remove(comment, by=moderator, rule=rule(), reason="Unkind.")
    article.discussion.refresh_from_db()
    assert article.discussion.comment_count == 0
    deciding.undo(decision, by=moderator)
    article.discussion.refresh_from_db()
    assert article.discussion.comment_count == 1


def test_after_half_a_minute_it_is_too_late_to_undo(comment: Comment, moderator: User) -> None:
    decision = deciding.remove(comment, by=moderator, rule=rule(), reason="Unkind.")
    with (
        time_machine.travel(timezone.now() + timedelta(seconds=31)),
        pytest.raises(TooLate, match="too late to undo"),
    ):
        deciding.undo(decision, by=moderator)
    comment.refresh_from_db()
    assert comment.removed_at


def test_only_who_decided_undoes_it_and_once(
    comment: Comment, moderator: User, editor: User
) -> None:
    decision = deciding.remove(comment, by=moderator, rule=rule(), reason="Unkind.")
    with pytest.raises(CannotDecide, match="Only who decided can undo it"):
        deciding.undo(decision, by=editor)
    deciding.undo(decision, by=moderator)
    with pytest.raises(CannotDecide, match="undone already"):
        deciding.undo(decision, by=moderator)


def test_an_edit_that_came_after_it_is_not_published_by_undoing(
    comment: Comment, moderator: User
) -> None:
    decision = deciding.ask_for_edit(comment, by=moderator, rule=rule(), reason="Kinder.")
    comment.edit("Worse.")
    with pytest.raises(CannotDecide, match=EDITED):
        deciding.undo(decision, by=moderator)
    comment.refresh_from_db()
    assert not comment.is_visible


def test_undoing_what_its_writer_withdrew_leaves_nothing_to_do(
    held: Comment, moderator: User
) -> None:
    decision = deciding.approve(held, by=moderator)
    held.withdraw()
    deciding.undo(decision, by=moderator)
    held.refresh_from_db()
    assert held.withdrawn_at
    assert open_case(held) is None


def test_what_its_writer_erased_is_not_brought_back_by_undoing(
    comment: Comment, moderator: User
) -> None:
    decision = deciding.remove(comment, by=moderator, rule=rule(), reason="Unkind.")
    comment.erase()
    with pytest.raises(CannotDecide, match=TAKEN_BACK):
        deciding.undo(decision, by=moderator)
    comment.refresh_from_db()
    assert comment.text == ""


def test_a_reply_that_came_meanwhile_stays_when_an_approval_is_undone(
    held: Comment, another_member: User, article: Article, moderator: User, client: Client
) -> None:
    decision = deciding.approve(held, by=moderator)
    say(another_member, article, "Thank you.", parent=held)
    deciding.undo(decision, by=moderator)
    page = client.get(PAGE).text
    assert "Look at my page." not in page
    assert "Thank you." in page


def test_who_was_answered_hears_of_it_when_the_approval_stands(
    comment: Comment, another_member: User, member: User, article: Article, moderator: User
) -> None:
    def replies_told() -> int:
        return Notification.objects.filter(user=member, kind="reply").count()

    reply, _new = Comment.objects.post(
        author=another_member, article=article, text="No.", parent=comment, held_for=["links"]
    )
    deciding.undo(deciding.approve(reply, by=moderator), by=moderator)
    work_later()
    assert replies_told() == 0
    deciding.approve(reply, by=moderator)
    assert replies_told() == 0
    work_later()
    assert replies_told() == 1


def test_who_is_answered_at_once_hears_of_it_at_once(
    comment: Comment, another_member: User, member: User, article: Article
) -> None:
    say(another_member, article, "No.", parent=comment)
    assert Notification.objects.filter(user=member, kind="reply").count() == 1
