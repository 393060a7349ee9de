"""What a removal kept from being told within its half minute is told when it was undone."""

from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.models import Comment, Follow, Notification, NotificationChoice
from comments.moderation import deciding
from comments.telling import mailing
from tests.deciding import rule, work_later
from tests.discussing import say

pytestmark = pytest.mark.django_db

ANSWERED = "Somebody answered a comment of yours."


def work() -> None:
    call_command("run_worker", "--batch")


def work_after(minutes: int) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        mailing.mail_what_waits()
        work()


@pytest.fixture
def answer(article: Article, member: User, another_member: User) -> Comment:
    NotificationChoice.objects.choose(member, {"reply": "instant"})
    return say(another_member, article, parent=say(member, article))


def mails(mailoutbox: list[EmailMessage]) -> int:
    return sum(ANSWERED in mail.body for mail in mailoutbox)


def test_a_reply_that_was_removed_for_a_moment_is_mailed_after_the_undo(
    answer: Comment, member: User, moderator: User, mailoutbox: list[EmailMessage]
) -> None:
    removal = deciding.remove(answer, by=moderator, rule=rule(), reason="Unkind.")
    work()
    assert not mails(mailoutbox)
    deciding.undo(removal, by=moderator)
    work_after(11)
    assert mails(mailoutbox) == 1
    assert Notification.objects.of(member).get().kind == "reply"


def test_a_mail_on_its_way_while_it_was_removed_is_written_again(
    answer: Comment, member: User, moderator: User, mailoutbox: list[EmailMessage]
) -> None:
    work()
    told = Notification.objects.get(user=member)
    removal = deciding.remove(answer, by=moderator, rule=rule(), reason="Unkind.")
    assert not mailing.mail_is_wanted({"notifications": [told.pk]})
    deciding.undo(removal, by=moderator)
    work_after(11)
    assert mails(mailoutbox) == 2  # the first stands for the mail that was not wanted


def test_a_removal_that_stands_drops_the_news(
    answer: Comment, member: User, moderator: User, mailoutbox: list[EmailMessage]
) -> None:
    deciding.remove(answer, by=moderator, rule=rule(), reason="Unkind.")
    work()
    work_after(11)
    assert not mails(mailoutbox)
    assert Notification.objects.get(user=member).dropped_at


def test_followers_hear_of_it_after_the_undo(
    article: Article, member: User, another_member: User, moderator: User
) -> None:
    Follow.objects.create(user=another_member, article=article, since=timezone.now())
    comment = say(member, article)
    removal = deciding.remove(comment, by=moderator, rule=rule(), reason="Unkind.")
    work()
    assert not Notification.objects.filter(user=another_member).exists()
    deciding.undo(removal, by=moderator)
    work_later()
    assert Notification.objects.get(user=another_member).kind == "followed"


def test_followers_hear_nothing_of_a_removal_that_stands(
    article: Article, member: User, another_member: User, moderator: User
) -> None:
    Follow.objects.create(user=another_member, article=article, since=timezone.now())
    deciding.remove(say(member, article), by=moderator, rule=rule(), reason="Unkind.")
    work()
    work_later()
    work_later(62)
    assert not Notification.objects.filter(user=another_member).exists()


def test_an_approval_told_while_it_was_removed_is_told_to_who_waits_after_the_undo(
    article: Article, member: User, another_member: User, moderator: User
) -> None:
    question = say(member, article)
    reply, _new = Comment.objects.post(
        author=another_member, article=article, text="Yes.", parent=question, held_for=["first"]
    )
    start = timezone.now()
    with time_machine.travel(start) as clock:
        deciding.approve(reply, by=moderator)
        clock.move_to(start + timedelta(seconds=20))
        removal = deciding.remove(reply, by=moderator, rule=rule(), reason="Unkind.")
        clock.move_to(start + timedelta(seconds=35))
        work()  # the approval is told
        assert not Notification.objects.filter(user=member).exists()
        deciding.undo(removal, by=moderator)
    assert Notification.objects.get(user=member).kind == "reply"
