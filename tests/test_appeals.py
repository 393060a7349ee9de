"""A statement of reasons for each decision, and one appeal against it, decided by another."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.models import Appeal, Case, Comment, Decision, Notification, Report, Sanction
from comments.moderation import deciding, sanctions
from comments.moderation.deciding import CannotDecide
from tests.conftest import logged_in
from tests.deciding import rule, work_later
from tests.discussing import PAGE, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(member: User, article: Article) -> Comment:
    return say(member, article, "He is a fool.")


@pytest.fixture
def other_moderator(make_user: object) -> User:
    return make_user("Milo Looks", groups=("Moderators",), is_staff=True)  # type: ignore[operator, no-any-return]


@pytest.fixture
def removal(comment: Comment, moderator: User) -> Decision:
    """A removal, a minute ago."""
    with time_machine.travel(timezone.now() - timedelta(minutes=1), tick=False):
        return deciding.remove(
            comment, by=moderator, rule=rule(), reason="It attacks a person.", facts="Line 1."
        )


def page_of(decision: Decision) -> str:
    return f"/accounts/decisions/{decision.pk}/"


def appealed(decision: Decision) -> Appeal:
    return Appeal.objects.make(decision, words="It was a joke.")


# --- the statement of reasons ---------------------------------------------------------------------


def test_a_writer_reads_what_was_decided_by_which_rule_and_why(
    removal: Decision, as_member: Client
) -> None:
    page = as_member.get(page_of(removal)).text
    for said in (
        "Your comment was removed",
        "A moderator decided, not a machine.",
        rule().title,
        rule().text,
        "Wording 1, in force since",
        "Line 1.",
        "It attacks a person.",
        "This one comment, everywhere on this site.",
        "you can appeal once, until",
        "out of court",
    ):
        assert said in page
    assert "Mona Reads" not in page


def test_each_fact_of_a_statement_stands_beside_its_name(
    removal: Decision, as_member: Client
) -> None:
    page = as_member.get(page_of(removal)).text
    facts = page.partition("<dl")[2].partition("</dl>")[0]
    assert facts.count("<div><dt>") == facts.count("</dd></div>") == facts.count("<dt>") == 7


def test_a_later_wording_of_a_rule_changes_no_decision(
    removal: Decision, as_member: Client
) -> None:
    old = removal.rule
    assert old
    type(old).objects.filter(pk=old.pk).update(ended_at=timezone.now())
    type(old).objects.create(
        key=old.key, version=2, title="Other", text="Another wording.", reason="Other."
    )
    page = as_member.get(page_of(removal)).text
    assert old.text in page
    assert "Another wording." not in page


def test_the_list_leads_to_each_decision(removal: Decision, as_member: Client) -> None:
    listed = as_member.get("/accounts/decisions/").text
    assert page_of(removal) in listed
    assert "Your comment was removed" in listed
    assert "/accounts/decisions/" in as_member.get("/accounts/").text


def test_nobody_reads_what_was_decided_about_another(
    removal: Decision, as_another_member: Client, as_moderator: Client, client: Client
) -> None:
    for visitor in (as_another_member, as_moderator):
        assert visitor.get(page_of(removal)).status_code == 404
        assert visitor.post(page_of(removal), {"words": "No."}).status_code == 404
        assert page_of(removal) not in visitor.get("/accounts/decisions/").text
    for address in ("/accounts/decisions/", page_of(removal)):
        assert client.get(address)["Location"].startswith("/accounts/login/?next=")
    assert not Appeal.objects.exists()


def test_reports_that_led_to_nothing_are_not_listed(
    comment: Comment, another_member: User, moderator: User, as_member: Client
) -> None:
    Report.objects.create(comment=comment, reporter=another_member, reason="spam")
    keep = deciding.keep(comment, by=moderator)
    assert page_of(keep) not in as_member.get("/accounts/decisions/").text


def test_what_was_undone_says_so_and_is_not_listed(
    comment: Comment, moderator: User, as_member: Client
) -> None:
    decision = deciding.remove(comment, by=moderator, rule=rule(), reason="Unkind.")
    deciding.undo(decision, by=moderator)
    assert "taken back within half a minute" in as_member.get(page_of(decision)).text
    assert page_of(decision) not in as_member.get("/accounts/decisions/").text
    refused = as_member.post(page_of(decision), {"words": "Why?"})
    assert refused.status_code == 409
    assert "This decision was taken back." in refused.text


def test_what_the_site_did_by_itself_says_so(comment: Comment, as_member: Client) -> None:
    decision = deciding.collapse(comment)
    assert decision
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        page = as_member.get(page_of(decision)).text
        assert "The site did it by itself, without a person." in page
        assert "A moderator looks at it without being asked." in page
        assert as_member.post(page_of(decision), {"words": "Why?"}).status_code == 409


# --- appealing ------------------------------------------------------------------------------------


def test_a_writer_appeals_and_a_case_waits_for_a_moderator(
    removal: Decision, comment: Comment, as_member: Client
) -> None:
    answer = as_member.post(page_of(removal), {"words": "It was a joke."}, follow=True)
    assert "It was a joke." in answer.text
    assert "You appealed on" in answer.text
    case = Case.objects.open().get(comment=comment)
    assert case.queue == "appeals"
    assert timezone.now() < case.due_at <= timezone.now() + timedelta(days=7)


def test_each_decision_has_one_appeal(removal: Decision, as_member: Client) -> None:
    as_member.post(page_of(removal), {"words": "It was a joke."})
    again = as_member.post(page_of(removal), {"words": "It really was."})
    assert again.status_code == 409
    assert "Each decision has one appeal." in again.text
    assert "It really was." in again.text
    assert Appeal.objects.get().words == "It was a joke."


@pytest.mark.parametrize(
    ("words", "said"),
    [("", "Say why the decision is wrong."), ("x" * 2001, "2001 characters long")],
)
def test_words_that_are_no_appeal_are_shown_again(
    removal: Decision, as_member: Client, words: str, said: str
) -> None:
    answer = as_member.post(page_of(removal), {"words": words})
    assert answer.status_code == 400
    assert said in answer.text
    assert words in answer.text
    assert not Appeal.objects.exists()


def test_an_appeal_outlives_a_session_that_ended(removal: Decision, client: Client) -> None:
    answer = client.post(page_of(removal), {"words": "It was a joke."})
    assert answer.status_code == 403
    assert "It was a joke." in answer.text
    assert "It attacks a person." not in answer.text


def test_an_appeal_outlives_a_form_that_expired(removal: Decision, member: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(member)
    answer = strict.post(page_of(removal), {"words": "It was a joke."})
    assert answer.status_code == 403
    assert "It was a joke." in answer.text
    assert "This form had expired." in answer.text


def test_after_six_months_it_is_too_late(removal: Decision, as_member: Client) -> None:
    Decision.objects.update(at=timezone.now() - timedelta(days=181))
    assert "The time for an appeal" in as_member.get(page_of(removal)).text
    assert as_member.post(page_of(removal), {"words": "Late."}).status_code == 409


def test_what_takes_nothing_needs_no_appeal(
    removal: Decision, comment: Comment, moderator: User, as_member: Client
) -> None:
    restoration = deciding.restore(comment, by=moderator)
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        for decision in (restoration, removal):
            page = as_member.get(page_of(decision)).text
            assert "ppeal" not in page.partition("<main")[2]
            assert "settles disputes" not in page
        refused = as_member.post(page_of(restoration), {"words": "x"})
        assert "takes nothing from you" in refused.text
        assert "has been reversed already" in as_member.post(page_of(removal), {"words": "x"}).text
    assert not Appeal.objects.exists()


# --- who decides ----------------------------------------------------------------------------------


def test_another_person_decides_than_the_one_who_did(
    removal: Decision, moderator: User, other_moderator: User, as_member: Client
) -> None:
    appeal = appealed(removal)
    assert not deciding.may_decide(appeal, moderator)
    with pytest.raises(CannotDecide, match="somebody else decides on it"):
        deciding.decide_appeal(appeal, by=moderator, granted=True)
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert not deciding.may_decide(appeal, moderator)
    assert "Somebody else than the person who decided" in as_member.get(page_of(removal)).text
    assert deciding.may_decide(appeal, other_moderator)


def test_the_only_moderator_looks_again_after_a_day(
    removal: Decision, moderator: User, as_member: Client
) -> None:
    appeal = appealed(removal)
    with pytest.raises(CannotDecide, match="24 hours after it was made"):
        deciding.decide_appeal(appeal, by=moderator, granted=True)
    page = as_member.get(page_of(removal)).text
    assert "Only one person moderates here." in page
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        deciding.decide_appeal(appeal, by=moderator, granted=True)
    assert Appeal.objects.get().granted


def test_a_moderator_who_left_is_nobody_else(
    removal: Decision, moderator: User, other_moderator: User
) -> None:
    appeal = appealed(removal)
    User.objects.filter(pk=other_moderator.pk).update(is_active=False)
    assert "nobody else moderates here" in deciding.why_not_decided_by(appeal, moderator)


def test_others_do_not_decide(
    removal: Decision, member: User, author: User, make_user: object
) -> None:
    appeal = appealed(removal)
    for other in (member, author):
        assert "Only moderators decide on appeals." in deciding.why_not_decided_by(appeal, other)


# --- granted or refused ---------------------------------------------------------------------------


def test_a_granted_appeal_brings_the_comment_back_and_is_told(
    removal: Decision, comment: Comment, member: User, other_moderator: User, client: Client
) -> None:
    work_later()
    before = Notification.objects.filter(user=member).count()
    deciding.decide_appeal(appealed(removal), by=other_moderator, granted=True, answer="Right.")
    assert "He is a fool." in client.get(PAGE).text
    assert Case.objects.open().count() == 0
    assert Notification.objects.filter(user=member).count() == before + 1
    work_later()
    assert Notification.objects.filter(user=member).count() == before + 1
    page = logged_in(member).get(page_of(removal)).text
    assert "Your appeal was granted on" in page
    assert "This decision was reversed on" in page
    assert "Right." in page


def test_a_refused_appeal_has_an_answer_and_changes_nothing(
    removal: Decision, comment: Comment, member: User, other_moderator: User, as_member: Client
) -> None:
    appeal = appealed(removal)
    with pytest.raises(CannotDecide, match="Say why the decision stands"):
        deciding.decide_appeal(appeal, by=other_moderator, granted=False, answer="  ")
    deciding.decide_appeal(
        appeal, by=other_moderator, granted=False, answer="A joke can hurt, too."
    )
    comment.refresh_from_db()
    assert comment.removed_at
    assert Case.objects.open().count() == 0
    page = as_member.get(page_of(removal)).text
    assert "Your appeal was refused on" in page
    assert "A joke can hurt, too." in page
    assert Notification.objects.filter(user=member, decision=removal).exists()


def test_an_appeal_is_decided_once(removal: Decision, other_moderator: User, editor: User) -> None:
    appeal = appealed(removal)
    deciding.decide_appeal(appeal, by=other_moderator, granted=False, answer="No.")
    with pytest.raises(CannotDecide, match="Somebody has decided on this appeal already"):
        deciding.decide_appeal(appeal, by=other_moderator, granted=True)
    assert Appeal.objects.get().granted is False


@pytest.mark.parametrize("kind", ["hold-all", "suspend", "ban"])
def test_a_granted_appeal_lifts_a_sanction(
    comment: Comment, member: User, moderator: User, other_moderator: User, kind: str
) -> None:
    until = sanctions.ends_after("1-week") if kind == "suspend" else None
    with time_machine.travel(timezone.now() - timedelta(minutes=1)):
        put = deciding.sanction(
            comment, by=moderator, kind=kind, until=until, rule=rule(), reason="Unkind."
        )
    deciding.decide_appeal(appealed(put.decision), by=other_moderator, granted=True)
    assert not Sanction.objects.filter(user=member).in_force().exists()


def test_a_granted_appeal_shows_the_name_and_the_words_again(
    comment: Comment, moderator: User, other_moderator: User
) -> None:
    with time_machine.travel(timezone.now() - timedelta(minutes=1)):
        hiding = deciding.hide_name(comment, by=moderator, rule=rule(), reason="A real name.")
        asking = deciding.ask_for_edit(comment, by=moderator, rule=rule(), reason="Kinder.")
    for decision in (hiding, asking):
        deciding.decide_appeal(appealed(decision), by=other_moderator, granted=True)
    comment.refresh_from_db()
    assert comment.name_hidden_at is None
    assert comment.is_visible


def test_an_appeal_about_what_was_withdrawn_since_is_still_answered(
    removal: Decision, comment: Comment, other_moderator: User
) -> None:
    appeal = appealed(removal)
    comment.withdraw()
    assert Case.objects.open().count() == 1
    deciding.decide_appeal(appeal, by=other_moderator, granted=True)
    comment.refresh_from_db()
    assert not comment.is_visible
    assert Case.objects.open().count() == 0


def test_a_decided_appeal_cannot_be_undone_by_a_button(
    removal: Decision, other_moderator: User
) -> None:
    deciding.decide_appeal(appealed(removal), by=other_moderator, granted=True)
    restoration = Decision.objects.get(kind="restore")
    assert restoration.reverses == removal
    with pytest.raises(deciding.TooLate):
        deciding.undo(restoration, by=other_moderator)
