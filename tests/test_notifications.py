"""What members are told on the site: of what, once, and not of what they do not want to hear."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Departure, Fate, User
from articles.models import Article, Contributor
from comments.models import (
    Answer,
    AnswerRequest,
    Appeal,
    Comment,
    Decision,
    Follow,
    Ignored,
    LedTo,
    Notification,
    Report,
)
from comments.telling import notifications
from tests.discussing import hold, say

pytestmark = pytest.mark.django_db

INBOX = "/accounts/inbox/"


def work() -> None:
    call_command("run_worker", "--batch")


def told(user: User) -> list[str]:
    return list(Notification.objects.of(user).order_by("pk").values_list("kind", flat=True))


def decided(comment: Comment, kind: str, by: User, **fields: object) -> Decision:
    return Decision.objects.create(
        kind=kind, comment=comment, subject=comment.author, by=by, **fields
    )


@pytest.fixture
def question(article: Article, member: User) -> Comment:
    return say(member, article, "How long does it take?")


@pytest.fixture
def reply(question: Comment, another_member: User) -> Comment:
    return say(another_member, question.article, "Some weeks.", parent=question)


# --- of what --------------------------------------------------------------------------------------


def test_a_member_reads_in_the_inbox_that_somebody_answered(
    reply: Comment, as_member: Client
) -> None:
    page = as_member.get(INBOX).text
    assert "<bdi>Blue Kettle</bdi>" in page
    assert f'href="/comments/{reply.pk}/"' in page
    assert "Some weeks" not in page


def test_nobody_is_told_of_what_they_did_themselves(question: Comment, member: User) -> None:
    Follow.objects.put(member, question.article, is_muted=False)
    say(member, question.article, parent=question)
    work()
    assert told(member) == []


def test_a_held_reply_is_told_when_it_is_published_and_once(
    question: Comment, member: User, another_member: User
) -> None:
    reply, _new = Comment.objects.post(
        author=another_member,
        article=question.article,
        text="Buy it here.",
        parent=question,
        held_for=["links"],
    )
    assert told(member) == []
    reply.publish()
    assert told(member) == ["reply"]
    reply.hold("reported")
    reply.publish()
    assert told(member) == ["reply"]


@pytest.mark.parametrize("role", ["official", "correction"])
def test_a_reply_by_the_staff_is_told_as_such(
    question: Comment, member: User, moderator: User, role: str
) -> None:
    Comment.objects.post(
        author=moderator, article=question.article, text="Please.", parent=question, role=role
    )
    assert told(member) == ["official"]


def test_a_member_is_told_that_their_question_was_answered(
    question: Comment, member: User, editor: User, as_member: Client
) -> None:
    Follow.objects.put(member, question.article, is_muted=False)
    answer, _new = Comment.objects.post(
        author=editor, article=question.article, text="Weeks.", parent=question, role="answer"
    )
    contributor = Contributor.objects.create(name="Dr. Ada Low")
    notifications.tell_of_answer(Answer.objects.create(comment=answer, contributor=contributor))
    work()
    assert told(member) == ["answered"]
    assert "<bdi>Dr. Ada Low</bdi>" in as_member.get(INBOX).text


def test_a_decision_is_told_to_the_writer_and_its_outcome_to_the_reporter(
    question: Comment, member: User, another_member: User, moderator: User
) -> None:
    report, _first = Report.objects.file(comment=question, reporter=another_member, reason="spam")
    decision = decided(question, "remove", moderator)
    Report.objects.filter(pk=report.pk).update(decision=decision, handled_at=timezone.now())
    notifications.tell_of_decision(decision)
    notifications.tell_of_decision(decision)
    assert told(member) == ["decision"]
    assert told(another_member) == ["outcome"]


@pytest.mark.parametrize("kind", ["keep", "hold", "correct"])
def test_a_writer_does_not_hear_of_a_decision_that_changed_nothing_for_them(
    question: Comment, member: User, moderator: User, kind: str
) -> None:
    notifications.tell_of_decision(decided(question, kind, moderator))
    assert told(member) == []


def test_a_decision_that_was_undone_is_told_to_nobody(
    question: Comment, member: User, moderator: User
) -> None:
    decision = decided(question, "remove", moderator, undone_at=timezone.now())
    notifications.tell_of_decision(decision)
    assert told(member) == []


def test_a_member_is_told_that_their_comment_led_to_a_change(
    question: Comment, member: User, editor: User
) -> None:
    revision = question.article.revisions.get()
    led_to = LedTo.objects.create(comment=question, revision=revision, noted_by=editor)
    notifications.tell_of_change(led_to)
    notifications.tell_of_change(led_to)
    assert told(member) == ["change"]


def test_a_contributor_is_told_that_they_are_asked_each_time(
    question: Comment, author: User, editor: User
) -> None:
    contributor = Contributor.objects.create(name="Anna", user=author)
    for _time in range(2):
        request = AnswerRequest.objects.create(
            comment=question, contributor=contributor, asked_by=editor
        )
        notifications.tell_asked(request)
        AnswerRequest.objects.update(ended_at=timezone.now())
    assert told(author) == ["asked", "asked"]


def test_who_follows_is_told_of_new_comments_once(question: Comment, another_member: User) -> None:
    Follow.objects.put(another_member, question.article, is_muted=False)
    say(question.author, question.article)
    work()
    work()
    assert told(another_member) == ["followed"]


def test_who_follows_and_is_answered_hears_of_it_once(
    question: Comment, member: User, another_member: User
) -> None:
    Follow.objects.put(member, question.article, is_muted=False)
    say(another_member, question.article, parent=question)
    work()
    assert told(member) == ["reply"]


def test_many_followers_cost_the_one_who_writes_nothing_more(
    make_user: Callable[..., User], article: Article, member: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            say(member, article)
        return len(captured)

    say(member, article)
    Follow.objects.put(make_user("Follower 0"), article, is_muted=False)
    few = queries()
    for number in range(1, 12):
        Follow.objects.put(make_user(f"Follower {number}"), article, is_muted=False)
    assert queries() == few
    work()
    assert Notification.objects.count() == 1 + 12


@pytest.mark.parametrize("kind", ["approve", "remove", "ask-edit", "suspend", "ban", "lift"])
def test_a_decision_leads_to_its_reasons_whatever_became_of_the_comment(
    question: Comment, moderator: User, as_member: Client, kind: str
) -> None:
    decision = decided(question, kind, moderator)
    notifications.tell_of_decision(decision)
    hold(question)
    assert f'href="/accounts/decisions/{decision.pk}/"' in as_member.get(INBOX).text


def test_the_answer_to_an_appeal_is_told_besides_the_decision(
    question: Comment, member: User, moderator: User, as_member: Client
) -> None:
    decision = decided(question, "remove", moderator)
    notifications.tell_of_decision(decision)
    appeal = Appeal.objects.create(
        decision=decision,
        words="Why?",
        decided_at=timezone.now(),
        decided_by=moderator,
        granted=False,
    )
    notifications.tell_of_appeal(appeal)
    notifications.tell_of_appeal(appeal)
    assert told(member) == ["decision", "decision"]
    assert as_member.get(INBOX).text.count("This is the answer to your objection.") == 1


# --- and of what not ------------------------------------------------------------------------------


def test_a_muted_discussion_tells_nothing_but_decisions(
    question: Comment, member: User, another_member: User, moderator: User
) -> None:
    Follow.objects.put(member, question.article, is_muted=True)
    say(another_member, question.article, parent=question)
    notifications.tell_of_decision(decided(question, "remove", moderator))
    work()
    assert told(member) == ["decision"]


def test_a_name_that_is_ignored_is_not_heard_of(
    question: Comment, member: User, another_member: User
) -> None:
    Follow.objects.put(member, question.article, is_muted=False)
    theirs = say(another_member, question.article)
    work()
    Ignored.objects.add(member, theirs.voice)
    say(another_member, question.article, parent=question)
    say(another_member, question.article)
    work()
    assert told(member) == ["followed"]


@pytest.mark.parametrize(
    "gone", [{"is_active": False}, {"is_active": False, "erased_at": timezone.now()}]
)
def test_nobody_who_is_gone_is_told(
    question: Comment, member: User, another_member: User, gone: dict[str, object]
) -> None:
    User.objects.filter(pk=member.pk).update(**gone)
    say(another_member, question.article, parent=question)
    assert not Notification.objects.exists()


def test_who_is_leaving_hears_of_decisions_only(
    question: Comment, member: User, another_member: User, moderator: User
) -> None:
    Departure.objects.ask(member, Fate.KEEP)
    say(another_member, question.article, parent=question)
    notifications.tell_of_decision(decided(question, "remove", moderator))
    assert told(member) == ["decision"]


# --- the inbox ------------------------------------------------------------------------------------


def test_the_inbox_says_neutrally_what_can_no_longer_be_seen(
    reply: Comment, as_member: Client
) -> None:
    hold(reply)
    page = as_member.get(INBOX).text
    assert "There was news here, which can no longer be seen." in page
    assert "Blue Kettle" not in page
    assert f"/comments/{reply.pk}/" not in page


def test_the_inbox_hides_a_name_that_a_moderator_hid(reply: Comment, as_member: Client) -> None:
    Comment.objects.filter(pk=reply.pk).update(name_hidden_at=timezone.now())
    page = as_member.get(INBOX).text
    assert "name hidden" in page
    assert "Blue Kettle" not in page


def test_looking_at_the_inbox_changes_nothing(reply: Comment, as_member: Client) -> None:
    for _time in range(2):
        assert "Mark as read" in as_member.get(INBOX).text
    assert Notification.objects.unread().count() == 1


def test_one_or_all_can_be_marked_as_read(
    question: Comment, another_member: User, as_member: Client
) -> None:
    for _time in range(3):
        say(another_member, question.article, parent=question)
    page = as_member.get(INBOX)
    first = page.context["news"][0]["told"]
    as_member.post(INBOX, {"read": first.pk})
    assert Notification.objects.unread().count() == 2
    late = say(another_member, question.article, parent=question)
    as_member.post(INBOX, {"until": page.context["until"].isoformat()})
    assert Notification.objects.unread().get().comment == late


@pytest.mark.parametrize(
    "form",
    [
        *({}, {"read": "x"}, {"read": "9" * 30}),
        *({"until": "x"}, {"until": "2026-99-01 10:00"}, {"until": "0001-01-01T00:00:00+14:00"}),
    ],
)
def test_a_bad_form_marks_nothing(reply: Comment, as_member: Client, form: dict[str, str]) -> None:
    assert as_member.post(INBOX, form).status_code == 302
    assert Notification.objects.unread().count() == 1


def test_nobody_marks_what_somebody_else_was_told(
    reply: Comment, as_another_member: Client
) -> None:
    row = Notification.objects.get()
    as_another_member.post(INBOX, {"read": row.pk})
    as_another_member.post(INBOX, {"until": timezone.now().isoformat()})
    assert Notification.objects.unread().count() == 1
    assert "Blue Kettle</bdi> <a" not in as_another_member.get(INBOX).text


def test_a_signed_out_visitor_logs_in_first(client: Client) -> None:
    for method in (client.get, client.post):
        answer = method(INBOX)
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/accounts/login/?next={INBOX}"


def test_a_long_inbox_has_pages_of_equal_cost(
    question: Comment, another_member: User, as_member: Client
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert as_member.get(INBOX).status_code == 200
        return len(captured)

    say(another_member, question.article, parent=question)
    few = queries()
    for _time in range(31):
        say(another_member, question.article, parent=question)
    assert queries() == few
    assert "Page 1 of 2" in as_member.get(INBOX).text
    assert as_member.get(f"{INBOX}?page=3").status_code == 404


# --- the account corner ---------------------------------------------------------------------------


def test_the_corner_counts_what_is_unread(reply: Comment, as_member: Client) -> None:
    assert "Inbox (1)" in as_member.get("/").text
    as_member.post(INBOX, {"read": Notification.objects.get().pk})
    assert ">Inbox</a>" in as_member.get("/").text


def test_the_corner_counts_no_further_than_ninety_nine(
    reply: Comment, member: User, as_member: Client
) -> None:
    Notification.objects.bulk_create(
        Notification(user=member, kind="reply", key=str(number), delivery="off", comment=reply)
        for number in range(98)
    )
    assert "Inbox (99)" in as_member.get("/").text
    Notification.objects.create(
        user=member, kind="reply", key="one more", delivery="off", comment=reply
    )
    assert "Inbox (99+)" in as_member.get("/").text
