"""What readers no longer see, or do not see yet, no other page gives away."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Fate, User
from accounts.my_data import Section, sections_of
from articles.models import Article, Contributor
from comments.admin.wrong_holds import note_wrong
from comments.leaving import settle_comments
from comments.models import Comment, Report, WrongHold
from comments.moderation import deciding
from comments.screening import reason_of
from comments.tasks import forget_removed_texts, forget_why_held
from tests.discussing import hold, say

pytestmark = pytest.mark.django_db

SECRET = "Only moderators read this."

Hiding = Callable[[Comment, User], object]
HIDINGS: dict[str, Hiding] = {
    "withdrawn": lambda comment, _moderator: comment.withdraw(),
    "removed": lambda comment, moderator: comment.remove(by=moderator, reason="Advertising"),
    "held": lambda comment, _moderator: hold(comment),
    "held again": lambda comment, _moderator: comment.hold("links"),
}


@pytest.fixture(params=HIDINGS)
def hidden(
    request: pytest.FixtureRequest, article: Article, member: User, moderator: User
) -> Comment:
    comment = say(member, article, SECRET)
    HIDINGS[request.param](comment, moderator)
    return comment


def test_an_expired_form_to_report_shows_no_hidden_comment(hidden: Comment) -> None:
    stranger = Client(enforce_csrf_checks=True)
    response = stranger.post(f"/comments/{hidden.pk}/report/", {"reason": "spam"})
    assert SECRET not in response.text
    assert response.status_code in {404, 410}


def test_nobody_elses_page_of_a_hidden_comment_shows_it(
    hidden: Comment, as_another_member: Client, client: Client
) -> None:
    deeds = ("", "edit/", "cut/", "name-off/", "withdraw/", "ignore/", "unignore/", "report/")
    for deed in (*deeds, "reported/", "answer/", "led-to/"):
        address = f"/comments/{hidden.pk}/{deed}"
        for reader in (as_another_member, client):
            assert SECRET not in reader.get(address).text, address
            assert SECRET not in reader.post(address, {"text": ""}).text, address


def test_who_was_asked_to_answer_reads_no_question_that_was_taken_back(
    article: Article, member: User, another_member: User, as_another_member: Client, editor: User
) -> None:
    question, _new = Comment.objects.post(
        author=member, article=article, text=SECRET, is_question=True
    )
    doctor = Contributor.objects.create(name="Dr Doe", user=another_member)
    question.answer_requests.create(contributor=doctor, asked_by=editor)
    address = f"/comments/{question.pk}/answer/"
    assert SECRET in as_another_member.get(address).text
    question.withdraw()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(another_member)
    for response in (
        as_another_member.get(address),
        as_another_member.post(address, {"text": ""}),
        strict.post(address, {"text": "An answer."}),
    ):
        assert SECRET not in response.text


# --- what is erased -------------------------------------------------------------------------------


def leave_traces(comment: Comment, moderator: User, another_member: User) -> None:
    """Let others quote it, and checks and moderators say what it is about."""
    comment.edit(f"{SECRET} Really.", ["crisis"])
    note_wrong(comment, "crisis", by=moderator)
    place = {"name": "Jo Doe", "place": SECRET, "good_faith": True}
    Report.objects.create(comment=comment, reporter=another_member, reason="legal", **place)
    deciding.remove(comment, by=moderator, rule=None, reason=SECRET, facts=SECRET)


def traces(comment: Comment) -> list[object]:
    found: list[object] = [*comment.earlier_texts.all(), *WrongHold.objects.all()]
    comment.refresh_from_db()
    found += [comment.text, comment.html, comment.removed_reason, *comment.held_for]
    for said in comment.decisions.all():
        found += [said.reason, said.facts, *said.before]
    found += Report.objects.values_list("place", flat=True)
    return [each for each in found if each]


@pytest.mark.parametrize("by", ["its page", "leaving"])
def test_nothing_of_an_erased_text_stays_with_what_was_said_of_it(
    article: Article,
    member: User,
    as_member: Client,
    another_member: User,
    moderator: User,
    by: str,
) -> None:
    comment = say(member, article, SECRET)
    leave_traces(comment, moderator, another_member)
    assert len(traces(comment)) > 6
    if by == "leaving":
        settle_comments(member, Fate.ERASE)
    else:
        as_member.post(f"/comments/{comment.pk}/withdraw/", {"at_once": "on"})
    assert traces(comment) == []


def test_a_year_after_its_removal_no_report_quotes_it(
    article: Article, member: User, another_member: User, moderator: User
) -> None:
    comment = say(member, article, SECRET)
    leave_traces(comment, moderator, another_member)
    Comment.objects.update(removed_at=timezone.now() - timedelta(days=366))
    forget_removed_texts()
    forget_why_held()
    assert Report.objects.get().place == ""
    assert not WrongHold.objects.exists()


# --- and what is theirs to read -------------------------------------------------------------------


def test_a_member_reads_why_their_words_waited_and_all_of_their_notice(
    article: Article, member: User, another_member: User
) -> None:
    comment = say(member, article, "My words.")
    comment.edit("Other words.", ["crisis"])
    [row] = sections(member)["comments"].rows
    assert row["held_for"] == [reason_of("crisis")]
    assert row["state"] == "Waits for a moderator"
    notice = {"name": "Jo Doe", "place": "Other", "good_faith": True, "words": "It harms me."}
    Report.objects.create(comment=comment, reporter=another_member, reason="legal", **notice)
    [row] = sections(another_member)["reports"].rows
    assert (row["your_name"], row["place"], row["words"]) == ("Jo Doe", "Other", "It harms me.")


def sections(user: User) -> dict[str, Section]:
    return {section.key: section for section in sections_of(user)}
