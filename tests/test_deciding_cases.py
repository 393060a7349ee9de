"""One case of the moderators' desk: all that is known of it, and what can be decided."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.models import (
    Appeal,
    Case,
    Comment,
    Decision,
    Report,
    Sanction,
    WrongHold,
)
from comments.moderation import deciding
from tests.cases import DESK, decide, held, page_of, reported, rule
from tests.conftest import logged_in
from tests.desk import filled
from tests.discussing import PAGE, say

pytestmark = pytest.mark.django_db


# --- one case -------------------------------------------------------------------------------------


def test_a_case_shows_all_that_is_known_of_it(
    as_moderator: Client, article: Article, member: User, another_member: User
) -> None:
    parent = say(another_member, article, "What helped you?")
    comment = say(member, article, "Cheap pills helped.", parent=parent)
    comment.edit("Cheap herbs helped.")
    case = reported_on(comment)
    page = as_moderator.get(page_of(case)).text
    for words in (
        "What helped you?",
        "Cheap",
        "<del>pills</del><ins>herbs</ins>",
        "Look at this.",
        "Sells something",
        comment.member_number,
        "How Many Acupuncture Sessions",
    ):
        assert words in page
    assert page.count("<h1") == 1


def reported_on(comment: Comment) -> Case:
    Report.objects.file(comment=comment, reporter=None, reason="selling", words="Look at this.")
    return Case.objects.open().get(comment=comment)


def test_a_held_comment_is_approved_and_the_next_one_taken(
    as_moderator: Client, client: Client, article: Article, member: User, moderator: User
) -> None:
    first, second = held(member, article, "First words."), held(member, article, "Next words.")
    page = decide(as_moderator, first, "approve")
    assert "It is approved." in page.text
    assert "First words." in client.get(PAGE).text
    assert Decision.objects.get().by == moderator
    assert "Take next" in page.text
    taken = as_moderator.post(f"{DESK}take/", {"queue": "held"}, follow=True)
    assert taken.redirect_chain[-1][0] == page_of(second)
    assert "Next words." in taken.text


def test_a_slip_is_undone_within_half_a_minute(
    as_moderator: Client, client: Client, article: Article, member: User
) -> None:
    case = held(member, article, "First words.")
    page = decide(as_moderator, case, "approve")
    decision = Decision.objects.get()
    assert f'name="decision" value="{decision.pk}"' in page.text
    assert "more seconds" in page.text
    undone = as_moderator.post(f"{DESK}undo/", {"decision": decision.pk}, follow=True)
    assert "It is as it was before." in undone.text
    assert "First words." not in client.get(PAGE).text
    assert Case.objects.open().get().comment == case.comment


def test_what_another_decided_is_not_undone(
    as_moderator: Client, make_user: Callable[..., User], article: Article, member: User
) -> None:
    case = held(member, article)
    decide(as_moderator, case, "approve")
    other = logged_in(make_user("Otto Reads", groups=("Moderators",), is_staff=True))
    decision = Decision.objects.get()
    page = other.post(f"{DESK}undo/", {"decision": decision.pk}, follow=True)
    assert "The 30 seconds are over." in page.text
    decision.refresh_from_db()
    assert decision.undone_at is None


def test_a_rule_lends_its_reason_where_none_is_written(
    as_moderator: Client, article: Article, member: User
) -> None:
    case, by = reported(member, article), rule()
    decide(as_moderator, case, "remove", rule=by.pk)
    decision = Decision.objects.get(kind="remove")
    assert (decision.rule, decision.reason) == (by, "Your comment sells something.")
    other = reported(member, article)
    decide(as_moderator, other, "remove", rule=by.pk, reason="My words.", facts="A shop.")
    decision = Decision.objects.get(comment=other.comment)
    assert (decision.reason, decision.facts) == ("My words.", "A shop.")


def test_nothing_is_removed_without_a_rule(
    as_moderator: Client, article: Article, member: User
) -> None:
    rule()
    case = reported(member, article)
    page = decide(as_moderator, case, "remove", reason="Because I say so.")
    assert page.status_code == 400
    assert "Choose the house rule that it is about." in page.text
    assert '<div class="errornote" role="alert" tabindex="-1" autofocus>' in page.text
    assert "Because I say so." in page.text
    case.comment.refresh_from_db()
    assert case.comment.removed_at is None


def test_a_reported_comment_is_left_as_it_is(
    as_moderator: Client, article: Article, member: User
) -> None:
    case = reported(member, article)
    page = decide(as_moderator, case, "keep")
    assert "It stays as it is" in page.text
    case.refresh_from_db()
    assert case.closed_at
    assert Decision.objects.get().kind == "keep"


@pytest.mark.parametrize(("deed", "kind"), [("ask-edit", "ask-edit"), ("hide-name", "hide-name")])
def test_other_deeds_name_a_rule_too(
    as_moderator: Client, article: Article, member: User, deed: str, kind: str
) -> None:
    case = reported(member, article)
    decide(as_moderator, case, deed, rule=rule().pk)
    assert Decision.objects.get().kind == kind


def test_a_removed_comment_is_restored_from_its_case(
    as_moderator: Client, article: Article, member: User
) -> None:
    case = reported(member, article)
    decide(as_moderator, case, "remove", rule=rule().pk)
    assert "It is back." in decide(as_moderator, case, "restore").text
    case.comment.refresh_from_db()
    assert case.comment.is_visible


def test_unsafe_advice_is_answered_by_a_correction(
    as_moderator: Client, client: Client, article: Article, member: User
) -> None:
    case = reported(member, article, "Bleach cures it.", reason="unsafe")
    page = decide(as_moderator, case, "correct", text="Bleach is poison.")
    assert "Your correction is pinned under it." in page.text
    page = client.get(PAGE).text
    assert page.index("Bleach cures it.") < page.index("Bleach is poison.")
    case.refresh_from_db()
    assert case.closed_at


def test_a_reply_without_words_is_not_posted(
    as_moderator: Client, article: Article, member: User
) -> None:
    case = reported(member, article)
    assert "Write what readers are to read." in decide(as_moderator, case, "reply").text
    assert Comment.objects.count() == 1


def test_a_step_about_the_writer_is_decided_and_lifted(
    as_moderator: Client, article: Article, member: User
) -> None:
    case = reported(member, article)
    fields = {"rule": rule().pk, "kind": "suspend", "length": "1-week"}
    decide(as_moderator, case, "sanction", **fields)
    step = Sanction.objects.get()
    assert (step.user, step.kind) == (member, "suspend")
    assert "Lift it" in as_moderator.get(page_of(case)).text
    as_moderator.post(f"{DESK}{case.pk}/lift/{step.pk}/")
    step.refresh_from_db()
    assert step.lifted_at


@pytest.mark.parametrize("length", ["", "for-ever"])
def test_a_suspension_has_a_length(
    as_moderator: Client, member: User, article: Article, length: str
) -> None:
    case = reported(member, article)
    sent = {"rule": rule().pk, "reason": "Selling.", "kind": "suspend", "length": length}
    page = as_moderator.post(f"/admin/comments/case/{case.pk}/act/", sent | {"deed": "sanction"})
    assert page.status_code == 400
    assert "Choose how long the suspension lasts." in page.text
    assert "Selling." in page.text
    assert not Sanction.objects.exists()


def test_a_page_that_says_nonsense_of_what_was_seen_is_no_crash(
    as_moderator: Client, member: User, article: Article
) -> None:
    case = reported(member, article)
    sent = {"rule": rule().pk, "reason": "Selling.", "seen": "-" + "9" * 5_000, "deed": "remove"}
    as_moderator.post(f"/admin/comments/case/{case.pk}/act/", sent)
    assert Comment.objects.get().removed_at


def test_the_same_text_elsewhere_is_handled_in_one_act(
    as_moderator: Client, article: Article, member: User, another_member: User
) -> None:
    case = held(member, article, "Buy pills.")
    ticked = held(another_member, article, "Buy pills.")
    left = held(another_member, article, "I bought pills.")
    page = as_moderator.get(page_of(case)).text
    assert f'name="copies" value="{ticked.comment_id}"' in page
    assert f'value="{left.comment_id}"' not in page
    page = decide(as_moderator, case, "remove", rule=rule().pk, copies=[ticked.comment_id])
    assert "So is 1 copy." in page.text
    assert Comment.objects.filter(removed_at__isnull=False).count() == 2


def test_a_comment_that_was_edited_meanwhile_is_read_again(
    as_moderator: Client, article: Article, member: User
) -> None:
    case = held(member, article, "Harmless.")
    sent = filled(as_moderator.get(page_of(case)), form="case-form")
    case.comment.edit("Buy pills.")
    page = as_moderator.post(
        f"{DESK}{case.pk}/act/", {"seen": sent["seen"], "deed": "approve"}, follow=True
    )
    assert page.status_code == 400
    case.comment.refresh_from_db()
    assert case.comment.is_held


def test_nobody_decides_about_their_own_comment_where_others_moderate(
    as_moderator: Client, make_user: Callable[..., User], moderator: User, article: Article
) -> None:
    case = reported(moderator, article)
    assert "This comment is yours" not in as_moderator.get(page_of(case)).text
    make_user("Otto Reads", groups=("Moderators",), is_staff=True)
    assert "This comment is yours" in as_moderator.get(page_of(case)).text
    as_moderator.post(f"{DESK}{case.pk}/act/", {"deed": "keep"})
    assert not Decision.objects.exists()


def test_a_wrong_check_is_noted_once(
    as_moderator: Client, article: Article, member: User, moderator: User
) -> None:
    case = held(member, article, "", "shouting")
    for _again in range(2):
        as_moderator.post(f"{DESK}{case.pk}/wrong/", {"check": "shouting"})
    noted = WrongHold.objects.get()
    assert (noted.check_name, noted.by) == ("shouting", moderator)
    as_moderator.post(f"{DESK}{case.pk}/wrong/", {"check": "links"})
    assert WrongHold.objects.count() == 1
    assert "Noted as wrong." in as_moderator.get(page_of(case)).text


# --- appeals --------------------------------------------------------------------------------------


def appealed(article: Article, member: User, by: User) -> Case:
    comment = say(member, article, "My aunt likes tea.")
    decision = deciding.remove(comment, by=by, rule=rule(), reason="It sells tea.")
    Decision.objects.update(at=timezone.now() - timedelta(hours=1))
    Appeal.objects.make(decision, words="I sell nothing.")
    return Case.objects.open().get(comment=comment)


def test_an_appeal_is_decided_by_another_than_who_removed(
    as_moderator: Client,
    client: Client,
    make_user: Callable[..., User],
    article: Article,
    member: User,
    moderator: User,
) -> None:
    other = make_user("Otto Reads", groups=("Moderators",), is_staff=True)
    case = appealed(article, member, by=other)
    assert "I sell nothing." not in as_moderator.get(f"{DESK}?queue=held").text
    page = as_moderator.get(page_of(case)).text
    for words in ("I sell nothing.", "It sells tea.", "Otto Reads", "Is the appeal right?"):
        assert words in page
    assert "Is the appeal right?" not in logged_in(other).get(page_of(case)).text
    appeal = Appeal.objects.get()
    address = f"{DESK}{case.pk}/appeal/{appeal.pk}/"
    page = as_moderator.post(address, {"granted": "no"})
    assert page.status_code == 400
    assert "Say why the decision stands." in page.text
    page = as_moderator.post(address, {"granted": "yes"}, follow=True)
    assert "The appeal is decided" in page.text
    assert "My aunt likes tea." in client.get(PAGE).text
    assert "Somebody has decided on this appeal already." in (
        as_moderator.post(address, {"granted": "yes"}, follow=True).text
    )


def test_who_removed_it_does_not_get_the_appeal(
    as_moderator: Client,
    make_user: Callable[..., User],
    article: Article,
    member: User,
    moderator: User,
) -> None:
    make_user("Otto Reads", groups=("Moderators",), is_staff=True)
    case = appealed(article, member, by=moderator)
    taken = as_moderator.post(f"{DESK}take/", {"queue": "appeals"})
    assert taken.headers["Location"] == f"{DESK}?queue=appeals"
    appeal = Appeal.objects.get()
    as_moderator.post(f"{DESK}{case.pk}/appeal/{appeal.pk}/", {"granted": "yes"})
    appeal.refresh_from_db()
    assert appeal.decided_at is None


# --- clinical reviewers ---------------------------------------------------------------------------


def test_reviewers_see_what_was_reported_as_unsafe_and_no_more(
    as_reviewer: Client, article: Article, member: User
) -> None:
    unsafe = reported(member, article, "Bleach cures it.", reason="unsafe")
    other = held(member, article, "Other words.")
    page = as_reviewer.get(DESK).text
    assert "Bleach cures it." in page
    assert "Other words." not in page
    assert 'name="chosen"' not in page
    assert as_reviewer.get(page_of(other)).status_code == 404
    page = as_reviewer.get(page_of(unsafe)).text
    assert 'value="correct"' in page
    for deed in ("remove", "sanction", "reply", "hide-name"):
        assert f'name="deed" value="{deed}"' not in page
        assert as_reviewer.post(f"{DESK}{unsafe.pk}/act/", {"deed": deed}).status_code == 403


def test_a_reviewer_corrects_unsafe_advice(
    as_reviewer: Client, client: Client, article: Article, member: User
) -> None:
    case = reported(member, article, "Bleach cures it.", reason="unsafe")
    decide(as_reviewer, case, "correct", text="Bleach is poison.")
    assert "Bleach is poison." in client.get(PAGE).text
    case.refresh_from_db()
    assert case.closed_at


# --- from the lists of comments and reports -------------------------------------------------------

COMMENTS = "/admin/comments/comment/"


def test_a_comment_is_removed_by_a_rule_and_restored_from_the_list(
    as_moderator: Client, article: Article, member: User
) -> None:
    comment, by = say(member, article, "Buy tea."), rule()
    sent = {"action": "remove", "_selected_action": [comment.pk]}
    asked = as_moderator.post(COMMENTS, sent).text
    assert "Buy tea." in asked
    assert "No selling." in asked
    as_moderator.post(COMMENTS, {**sent, "remove": "1"})
    assert not Decision.objects.exists()
    as_moderator.post(COMMENTS, {**sent, "remove": "1", "rule": by.pk})
    assert Decision.objects.get().rule == by
    as_moderator.post(COMMENTS, {**sent, "action": "restore"})
    assert set(Decision.objects.values_list("kind", flat=True)) == {"remove", "restore"}
    comment.refresh_from_db()
    assert comment.is_visible


def test_a_report_is_handled_from_its_list(
    as_moderator: Client, article: Article, member: User
) -> None:
    case = reported(member, article)
    report = Report.objects.get()
    sent = {"action": "handled", "_selected_action": [report.pk]}
    page = as_moderator.post("/admin/comments/report/", sent, follow=True)
    assert "1 comment stays as it is." in page.text
    report.refresh_from_db()
    case.refresh_from_db()
    assert report.decision == Decision.objects.get(kind="keep")
    assert case.closed_at


def test_a_comment_and_a_report_lead_to_their_case(
    as_moderator: Client, article: Article, member: User
) -> None:
    case = reported(member, article)
    report = Report.objects.get()
    for address in (
        f"{COMMENTS}{case.comment_id}/change/",
        f"/admin/comments/report/{report.pk}/change/",
    ):
        assert f'<a href="{page_of(case)}">Decide about it</a>' in as_moderator.get(address).text
