"""News by mail: in few mails, each thing once, and nothing that has passed meanwhile."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.mail import send_again
from accounts.models import Departure, Fate, OutgoingMail, User
from articles.models import Article
from comments.models import Comment, Follow, Ignored, Notification, NotificationChoice
from comments.telling import mailing
from tests.discussing import hold, say
from tests.mail_server import MailServer, running_mail_server
from tests.processes import Processes
from tests.test_discretion import TOPIC

pytestmark = pytest.mark.django_db


def work() -> None:
    call_command("run_worker", "--batch")


def wants(user: User, delivery: str, *kinds: str) -> None:
    NotificationChoice.objects.choose(user, dict.fromkeys(kinds or ("reply",), delivery))


@pytest.fixture
def question(article: Article, member: User) -> Comment:
    wants(member, "instant")
    return say(member, article, "How many sessions does acupuncture need?")


@pytest.fixture
def answer(question: Comment, another_member: User) -> Callable[[], Comment]:
    return lambda: say(another_member, question.article, parent=question)


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    """A mail server, and Django's mail as it is outside of tests: queued, then sent to it."""
    with running_mail_server() as server:
        settings.MAILERS = {
            "default": {"BACKEND": "accounts.mail.QueueBackend"},
            "delivery": {
                "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "OPTIONS": {"host": "127.0.0.1", "port": server.port, "timeout": 5},
            },
        }
        yield server


# --- what it says ---------------------------------------------------------------------------------


def test_a_mail_says_that_there_is_something_and_not_what(
    answer: Callable[[], Comment], mailoutbox: list[EmailMessage], member: User
) -> None:
    comment = answer()
    work()
    [mail] = mailoutbox
    assert mail.to == [member.email]
    assert mail.subject == "News for you"
    assert "Somebody answered a comment of yours." in mail.body
    assert f"http://localhost:8000/comments/{comment.pk}/" in mail.body
    whole = mail.message().as_string().lower()
    for word in (*TOPIC, comment.text.lower(), "blue kettle", "quiet heron"):
        assert word not in whole.replace(member.email, "")


def test_a_mail_is_text_and_simple_html_that_fetches_nothing(
    answer: Callable[[], Comment], mailoutbox: list[EmailMessage]
) -> None:
    answer()
    work()
    [html] = [part.content for part in mailoutbox[0].alternatives]  # type: ignore[attr-defined]
    assert '<meta name="color-scheme" content="light dark">' in html
    for fetched in ("<img", "<table", "<link", "src=", "url("):
        assert fetched not in html


def test_the_headers_carry_the_way_out_whole(
    answer: Callable[[], Comment], mail_server: MailServer
) -> None:
    answer()
    work()
    message = mail_server.received[0]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    [raw] = [line for line in mail_server.lines if line.startswith("List-Unsubscribe:")]
    address = raw.partition(":")[2].strip()
    assert address.startswith("<http://localhost:8000/accounts/unsubscribe/")
    assert address.endswith("/>")
    body = message.get_body(("plain",))
    assert body
    assert address.strip("<>") in body.get_content()


# --- when it comes --------------------------------------------------------------------------------


def test_what_happened_is_rolled_back_with_its_mail(
    answer: Callable[[], Comment], mailoutbox: list[EmailMessage]
) -> None:
    with transaction.atomic():
        answer()
        transaction.set_rollback(True)
    work()
    assert not mailoutbox
    assert not Notification.objects.exists()


def test_each_thing_is_mailed_once(
    answer: Callable[[], Comment], member: User, mailoutbox: list[EmailMessage]
) -> None:
    answer()
    work()
    mailing.mail_at_once.call(member.pk)
    mailing.mail_together.call(member.pk)
    mailing.mail_digests()
    work()
    assert len(mailoutbox) == 1


def test_at_most_five_mails_an_hour_come_and_the_rest_in_one(
    answer: Callable[[], Comment], mailoutbox: list[EmailMessage]
) -> None:
    with time_machine.travel("2026-03-01 10:00Z") as clock:
        for _time in range(9):
            answer()
            clock.shift(timedelta(minutes=1))
            work()
        assert len(mailoutbox) == 5
        clock.shift(timedelta(minutes=40))
        work()
        assert len(mailoutbox) == 5
        clock.shift(timedelta(minutes=15))
        work()
    assert len(mailoutbox) == 6
    assert "Your comments were answered 4 times." in mailoutbox[-1].body


def test_a_digest_comes_once_a_day_with_all_of_it(
    answer: Callable[[], Comment], member: User, mailoutbox: list[EmailMessage]
) -> None:
    wants(member, "digest")
    with time_machine.travel("2026-03-01 10:00Z") as clock:
        work()
        answer()
        answer()
        clock.shift(timedelta(hours=23))
        work()
        assert not mailoutbox
        clock.shift(timedelta(hours=2))
        work()
    [mail] = mailoutbox
    assert "Your comments were answered 2 times." in mail.body
    assert "http://localhost:8000/accounts/inbox/" in mail.body


def test_who_wants_no_mail_gets_none(
    answer: Callable[[], Comment], member: User, mailoutbox: list[EmailMessage]
) -> None:
    wants(member, "off")
    answer()
    work()
    mailing.mail_digests()
    work()
    assert not mailoutbox
    assert Notification.objects.unread().count() == 1


def test_without_a_confirmed_address_the_inbox_alone_tells(
    answer: Callable[[], Comment], member: User, mailoutbox: list[EmailMessage]
) -> None:
    answer()
    EmailAddress.objects.filter(user=member).update(verified=False)
    answer()
    work()
    assert not mailoutbox
    assert Notification.objects.of(member).count() == 2


# --- what has passed meanwhile --------------------------------------------------------------------

GONE = {
    "removed": {"removed_at": timezone.now()},
    "withdrawn": {"withdrawn_at": timezone.now()},
    "hidden": {"hidden_at": timezone.now()},
}


@pytest.mark.parametrize("change", GONE.values(), ids=GONE)
def test_what_can_no_longer_be_seen_is_not_mailed(
    answer: Callable[[], Comment], mailoutbox: list[EmailMessage], change: dict[str, object]
) -> None:
    comment = answer()
    Comment.objects.filter(pk=comment.pk).update(**change)
    work()
    assert not mailoutbox
    assert Notification.objects.get().dropped_at


def test_nothing_is_mailed_of_an_article_that_was_withdrawn(
    answer: Callable[[], Comment], article: Article, mailoutbox: list[EmailMessage]
) -> None:
    answer()
    article.withdraw(reason="It was wrong.")
    work()
    assert not mailoutbox


def test_what_still_holds_is_mailed_without_what_does_not(
    answer: Callable[[], Comment], mailoutbox: list[EmailMessage]
) -> None:
    hold(answer())
    answer()
    work()
    assert "Somebody answered a comment of yours." in mailoutbox[0].body


def mute(question: Comment, comment: Comment) -> None:
    Follow.objects.put(question.author, question.article, is_muted=True)


def ignore(question: Comment, comment: Comment) -> None:
    Ignored.objects.add(question.author, comment.voice)


def read(question: Comment, comment: Comment) -> None:
    Notification.objects.mark_read(question.author, until=timezone.now())


def leave(question: Comment, comment: Comment) -> None:
    Departure.objects.ask(question.author, Fate.KEEP)


def close(question: Comment, comment: Comment) -> None:
    User.objects.filter(pk=question.author_id).update(is_active=False)


def turn_off(question: Comment, comment: Comment) -> None:
    wants(question.author, "off")


@pytest.mark.parametrize("deed", [mute, ignore, read, leave, close, turn_off])
def test_who_no_longer_wants_it_gets_no_mail(
    question: Comment,
    answer: Callable[[], Comment],
    mailoutbox: list[EmailMessage],
    deed: Callable[[Comment, Comment], None],
) -> None:
    deed(question, answer())
    work()
    assert not mailoutbox


# --- between our queue and the mail server --------------------------------------------------------


@pytest.mark.parametrize("deed", [lambda _q, comment: hold(comment), mute, turn_off, close])
def test_a_mail_that_waits_for_its_server_is_dropped_when_its_news_have_passed(
    question: Comment,
    answer: Callable[[], Comment],
    mail_server: MailServer,
    deed: Callable[[Comment, Comment], object],
) -> None:
    mail_server.answers["RCPT"] = "451 Greylisted"
    comment = answer()
    work()
    assert OutgoingMail.objects.waiting().get().recipients
    deed(question, comment)
    mail_server.answers.clear()
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        work()
        [mail] = OutgoingMail.objects.all()
        assert mail.message == mail.about == {}
        assert mail.last_error == "Dropped"
        assert not OutgoingMail.objects.parked().exists()
        assert send_again(OutgoingMail.objects.all()) == 0
        work()
    assert not mail_server.received


def test_a_mail_about_something_else_is_not_asked_about(mail_server: MailServer) -> None:
    EmailMessage("Your code", "It is 123456.", None, ["ana@example.org"]).send()
    work()
    assert len(mail_server.received) == 1


def test_the_note_of_a_sent_mail_says_not_what_it_told(
    answer: Callable[[], Comment], mail_server: MailServer
) -> None:
    answer()
    work()
    assert len(mail_server.received) == 1
    assert OutgoingMail.objects.get().about == {}


# --- at the same moment ---------------------------------------------------------------------------


WORKERS_AT_ONCE = """
from concurrent.futures import ThreadPoolExecutor
from django.db import connection
from comments.telling import mailing
from comments.models import Notification

member = Notification.objects.first().user_id

def work(_number):
    try:
        mailing.mail_at_once.call(member)
    finally:
        connection.close()

with ThreadPoolExecutor(4) as pool:
    list(pool.map(work, range(8)))
"""
MAILS = """
from comments.models import Notification
told = Notification.objects.exclude(mailed_at=None)
print(OutgoingMail.objects.count(), told.count())
"""


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_mail_once(answer: Callable[[], Comment], tmp_path: Path) -> None:
    for _time in range(3):
        answer()
    processes = Processes(tmp_path)
    both = [processes.start("shell", "-v", "0", "-c", WORKERS_AT_ONCE) for _ in range(2)]
    assert [process.wait(timeout=60) for process in both] == [0, 0]
    assert processes.run("shell", "-v", "0", "-c", MAILS).split() == ["1", "3"]


KILLED_BEFORE_IT_ENDS = """
import os, signal
from comments.telling import mailing, notification_mail

send = notification_mail.send

def send_and_die(*args):
    send(*args)
    os.kill(os.getpid(), signal.SIGKILL)

notification_mail.send = send_and_die
from comments.models import Notification
mailing.mail_at_once.call(Notification.objects.get().user_id)
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_the_mail_and_its_note_left_neither(
    answer: Callable[[], Comment], tmp_path: Path
) -> None:
    answer()
    processes = Processes(tmp_path)
    killed = processes.start("shell", "-v", "0", "-c", KILLED_BEFORE_IT_ENDS)
    assert killed.wait(timeout=60) == -9
    assert processes.run("shell", "-v", "0", "-c", MAILS).split() == ["0", "0"]
    processes.run("run_worker", "--batch")
    assert processes.run("shell", "-v", "0", "-c", MAILS).split() == ["1", "1"]
