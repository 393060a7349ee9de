"""An appeal whose matter is settled by another decision waits no longer; who may decide sees it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import AuditAct, User
from articles.models import Article
from comments.models import Appeal, Case, Comment, Decision, Notification
from comments.moderation import deciding, sanctions
from tests.cases import DESK
from tests.conftest import logged_in
from tests.deciding import open_case, report, rule, work_later
from tests.discussing import say

pytestmark = pytest.mark.django_db

SETTLED = "What you appealed against has been taken back by another decision"


@pytest.fixture
def comment(member: User, article: Article) -> Comment:
    return say(member, article, "He is a fool.")


@pytest.fixture
def other_moderator(make_user: object) -> User:
    return make_user("Milo Looks", groups=("Moderators",), is_staff=True)  # type: ignore[operator, no-any-return]


def page_of(decision: Decision) -> str:
    return f"/accounts/decisions/{decision.pk}/"


def appealed(decision: Decision) -> Appeal:
    return Appeal.objects.make(decision, words="It was a joke.")


def a_minute_ago() -> time_machine.travel:
    return time_machine.travel(timezone.now() - timedelta(minutes=1), tick=False)


@pytest.fixture
def removal(comment: Comment, moderator: User) -> Decision:
    with a_minute_ago():
        return deciding.remove(comment, by=moderator, rule=rule(), reason="It attacks a person.")


def test_a_restoration_from_elsewhere_settles_the_appeal_and_is_told_once(
    removal: Decision, comment: Comment, member: User, moderator: User, as_member: Client
) -> None:
    work_later()
    appealed(removal)
    deciding.restore(comment, by=moderator)
    assert open_case(comment)  # it can still be undone
    before = Notification.objects.filter(user=member).count()
    work_later()
    assert not open_case(comment)
    assert Notification.objects.filter(user=member).count() == before + 1
    page = as_member.get(page_of(removal)).text
    assert "Your appeal was granted on" in page
    assert SETTLED in page
    assert "settles disputes" not in page
    assert "Your appeal was granted." in as_member.get("/accounts/decisions/").text
    assert AuditAct.objects.filter(deed="appeal.granted", actor=moderator.public_id).count() == 1


def test_a_restoration_that_was_undone_settles_nothing(
    removal: Decision, comment: Comment, moderator: User
) -> None:
    appealed(removal)
    deciding.undo(deciding.restore(comment, by=moderator), by=moderator)
    work_later()
    assert Appeal.objects.open().exists()
    case = open_case(comment)
    assert case
    assert case.queue == "appeals"


def test_a_lifted_sanction_a_shown_name_and_an_approval_settle_theirs(
    comment: Comment, member: User, moderator: User
) -> None:
    until = sanctions.ends_after("1-week")
    by_rule = {"by": moderator, "rule": rule(), "reason": "A reason."}
    with a_minute_ago():
        hiding = deciding.hide_name(comment, **by_rule)
        asking = deciding.ask_for_edit(comment, **by_rule)
        put = deciding.sanction(comment, **by_rule, kind="suspend", until=until)
    for decision in (hiding, asking, put.decision):
        appealed(decision)
    deciding.show_name(comment, by=moderator)
    deciding.approve(comment, by=moderator)
    deciding.lift(put, by=moderator)
    work_later()
    assert Appeal.objects.filter(granted=True).count() == 3
    assert not open_case(comment)


def test_an_approval_of_other_words_leaves_the_appeal_to_be_answered(
    comment: Comment, moderator: User
) -> None:
    with a_minute_ago():
        asking = deciding.ask_for_edit(comment, by=moderator, rule=rule(), reason="Kinder.")
    appealed(asking)
    comment.edit("He is wrong.")
    deciding.approve(comment, by=moderator)
    work_later()
    assert Appeal.objects.open().exists()
    assert open_case(comment)


# --- whose work it is -----------------------------------------------------------------------------


def listed(client: Client) -> tuple[int, int, str]:
    """Return how many cases the desk counts and lists, and what its first page says of appeals."""
    page = client.get(f"{DESK}?queue=appeals").text
    counted = re.search(r'Appeals <span class="queues__count">(\d+)<', page)
    assert counted
    return int(counted[1]), page.count('class="case-row"'), client.get("/admin/").text


def test_an_appeal_is_listed_and_counted_for_those_alone_who_may_decide(
    removal: Decision, moderator: User, other_moderator: User
) -> None:
    appealed(removal)
    count, rows, first_page = listed(logged_in(moderator))
    assert (count, rows) == (0, 0)
    assert "queue=appeals" not in first_page
    count, rows, first_page = listed(logged_in(other_moderator))
    assert (count, rows) == (1, 1)
    assert "queue=appeals" in first_page


def test_the_only_moderator_finds_the_appeal_after_a_day(
    removal: Decision, moderator: User
) -> None:
    appealed(removal)
    assert listed(logged_in(moderator))[:2] == (0, 0)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert listed(logged_in(moderator))[:2] == (1, 1)


def test_a_reported_comment_with_an_appeal_is_listed_for_all_of_them(
    comment: Comment, moderator: User, other_moderator: User
) -> None:
    with a_minute_ago():
        hiding = deciding.hide_name(comment, by=moderator, rule=rule(), reason="A real name.")
    appealed(hiding)
    report(comment)
    assert Case.objects.open().get().queue == "reported"
    for who in (moderator, other_moderator):
        assert "He is a fool." in logged_in(who).get(DESK).text
