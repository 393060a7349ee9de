"""News of a comment that waits for a moderator again are told when it is seen, and only then."""

from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.models import Appeal, Comment, Notification, NotificationChoice
from comments.moderation import deciding
from comments.telling import mailing
from tests.deciding import rule, work_later
from tests.discussing import say

pytestmark = pytest.mark.django_db

ANSWERED = "Somebody answered a comment of yours."


def work(minutes: int) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        mailing.mail_what_waits()
        call_command("run_worker", "--batch")


@pytest.fixture
def answer(article: Article, member: User, another_member: User) -> Comment:
    NotificationChoice.objects.choose(member, {"reply": "instant"})
    return say(another_member, article, parent=say(member, article))


def test_what_is_held_is_mailed_when_a_moderator_has_read_it(
    answer: Comment, mailoutbox: list[EmailMessage], moderator: User
) -> None:
    answer.hold("reported")
    work(0)
    work(22)
    assert not mailoutbox
    deciding.approve(answer, by=moderator)
    work(33)
    work(44)
    assert sum(ANSWERED in mail.body for mail in mailoutbox) == 1


def test_a_mail_that_waited_for_its_server_while_the_comment_was_held_is_written_again(
    answer: Comment, mailoutbox: list[EmailMessage], member: User, moderator: User
) -> None:
    call_command("run_worker", "--batch")
    told = Notification.objects.get(user=member)
    answer.hold("reported")
    assert not mailing.mail_is_wanted({"notifications": [told.pk]})
    deciding.approve(answer, by=moderator)
    work(11)
    assert sum(ANSWERED in mail.body for mail in mailoutbox) == 2  # the first stands for that mail


def test_what_was_withdrawn_while_it_was_held_is_told_no_more(
    answer: Comment, mailoutbox: list[EmailMessage]
) -> None:
    answer.hold("reported")
    answer.withdraw()
    work(11)
    assert not mailoutbox
    assert Notification.objects.get().dropped_at


def test_a_member_who_appealed_before_a_late_worker_came_hears_of_the_answer_alone(
    article: Article, member: User, moderator: User, editor: User
) -> None:
    comment = say(member, article, "He is a fool.")
    with time_machine.travel(timezone.now() - timedelta(minutes=1)):
        removal = deciding.remove(comment, by=moderator, rule=rule(), reason="Unkind.")
    appeal = Appeal.objects.make(removal, words="It was a joke.")
    editor.groups.set(moderator.groups.all())
    deciding.decide_appeal(appeal, by=editor, granted=True, answer="Right.")
    work_later()
    told = Notification.objects.get(user=member)
    assert told.is_about_appeal


def test_an_answer_that_an_appeal_lets_out_for_the_first_time_is_told(
    article: Article, member: User, another_member: User, moderator: User, editor: User
) -> None:
    answer, _new = Comment.objects.post(
        author=another_member,
        article=article,
        text="You fool.",
        parent=say(member, article),
        held_for=["watched"],
    )
    with time_machine.travel(timezone.now() - timedelta(minutes=1)):
        asked = deciding.ask_for_edit(answer, by=moderator, rule=rule(), reason="Be kind.")
    work_later()
    assert not Notification.objects.filter(user=member).exists()
    appeal = Appeal.objects.make(asked, words="It was a joke.")
    editor.groups.set(moderator.groups.all())
    deciding.decide_appeal(appeal, by=editor, granted=True)
    work_later()
    assert Notification.objects.get(user=member).kind == "reply"


def test_a_granted_appeal_lasts_longer_than_a_consent_that_was_taken_back(
    article: Article, member: User, moderator: User, editor: User
) -> None:
    comment = say(member, article, "He is a fool.")
    with time_machine.travel(timezone.now() - timedelta(minutes=1)):
        removal = deciding.remove(comment, by=moderator, rule=rule(), reason="Unkind.")
    appeal = Appeal.objects.make(removal, words="It was a joke.")
    Comment.objects.filter(pk=comment.pk).update(hidden_at=timezone.now())
    editor.groups.set(moderator.groups.all())
    deciding.decide_appeal(appeal, by=editor, granted=True)
    Comment.objects.filter(pk=comment.pk).update(hidden_at=None)
    assert Comment.objects.visible().get() == comment
