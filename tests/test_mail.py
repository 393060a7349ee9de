"""Mail reaches people once, late rather than never, and is forgotten when it did."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from accounts.mail import deliver, written
from accounts.models import OutgoingMail, User
from accounts.models.mail import LEASE, PAUSES
from tests.mail_server import MailServer, running_mail_server
from tests.processes import Processes, wait_until

pytestmark = pytest.mark.django_db


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


def write(**fields: Any) -> None:
    fields = {"subject": "Your code", "body": "It is 123456.", "to": ["ana@example.org"]} | fields
    EmailMultiAlternatives(**fields).send()


def work() -> None:
    call_command("run_worker", "--batch")


def work_after(pause: timedelta) -> None:
    with time_machine.travel(timezone.now() + pause + timedelta(seconds=1)):
        work()


def test_a_mail_arrives_as_it_was_written(mail_server: MailServer) -> None:
    write(
        subject="Réponse à votre question",
        alternatives=[("<p>It is <b>123456</b>.</p>", "text/html")],
        from_email="Bedside <editor@example.com>",
        cc=["Ben <ben@example.org>"],
        bcc=["carol@example.net"],
        reply_to=["desk@example.com"],
        headers={"List-Unsubscribe": "<https://example.com/u/1>"},
    )
    assert not mail_server.received
    work()
    [mail] = mail_server.received
    assert mail["Subject"] == "Réponse à votre question"
    assert mail["From"] == "Bedside <editor@example.com>"
    assert mail["To"] == "ana@example.org"
    assert mail["Cc"] == "Ben <ben@example.org>"
    assert mail["Bcc"] is None
    assert mail["Reply-To"] == "desk@example.com"
    assert mail["List-Unsubscribe"] == "<https://example.com/u/1>"
    assert mail["Message-ID"].endswith("@localhost>")
    assert mail.get_body(("plain",)).get_content().strip() == "It is 123456."
    assert mail.get_body(("html",)).get_content().strip() == "<p>It is <b>123456</b>.</p>"
    assert mail_server.recipients == ["ana@example.org", "ben@example.org", "carol@example.net"]


def test_a_mail_that_is_html_alone_stays_so(mail_server: MailServer) -> None:
    mail = EmailMessage("Your code", "<p>123456</p>", to=["ana@example.org"])
    mail.content_subtype = "html"
    mail.send()
    work()
    assert mail_server.received[0].get_content_type() == "text/html"


def test_a_mail_that_was_sent_is_forgotten_but_for_its_message_id(mail_server: MailServer) -> None:
    write()
    work()
    mail = OutgoingMail.objects.sent().get()
    assert mail.message == {}
    assert mail.recipients == mail.domains == []
    assert mail.message_id == mail_server.received[0]["Message-ID"]
    assert "ana@example.org" not in str(DBTaskResult.objects.values())


def test_a_mail_is_rolled_back_with_what_it_tells_of(mail_server: MailServer) -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    work()
    assert not mail_server.received
    assert not OutgoingMail.objects.exists()


def test_a_mail_server_that_is_down_delays_a_mail(mail_server: MailServer) -> None:
    mail_server.answers["RCPT"] = "451 Greylisted"
    write()
    work()
    mail = OutgoingMail.objects.waiting().get()
    assert mail.last_error == "SMTPRecipientsRefused"
    mail_server.answers.clear()
    work()
    assert not mail_server.received  # the pause is not over
    work_after(PAUSES[0])
    assert [received["Message-ID"] for received in mail_server.received] == [mail.message_id]
    assert OutgoingMail.objects.sent().get().attempts == 2


def test_a_mail_server_that_cannot_be_reached_delays_a_mail(
    mail_server: MailServer, settings: Settings
) -> None:
    port = mail_server.port
    settings.MAILERS["delivery"]["OPTIONS"]["port"] = 1
    write()
    work()
    assert OutgoingMail.objects.waiting().get().last_error == "ConnectionRefusedError"
    settings.MAILERS["delivery"]["OPTIONS"]["port"] = port
    work_after(PAUSES[0])
    assert len(mail_server.received) == 1


def test_after_growing_pauses_a_mail_is_parked(mail_server: MailServer) -> None:
    mail_server.answers["MAIL"] = "451 Try later"
    write()
    work()
    with time_machine.travel(timezone.now()) as clock:
        for attempt, pause in enumerate(PAUSES, start=1):
            assert OutgoingMail.objects.waiting().get().attempts == attempt
            clock.shift(pause + timedelta(seconds=1))
            work()
    assert OutgoingMail.objects.parked().get().attempts == len(PAUSES) + 1
    assert not DBTaskResult.objects.ready().exists()


@pytest.mark.parametrize(("verb", "answer"), [("RCPT", "550 No such user"), ("DATA", "554 Spam")])
def test_a_mail_that_is_refused_for_good_is_parked_at_once(
    mail_server: MailServer, verb: str, answer: str
) -> None:
    mail_server.answers[verb] = answer
    write()
    work()
    assert OutgoingMail.objects.parked().get().attempts == 1
    assert not DBTaskResult.objects.ready().exists()


def test_a_refused_log_in_parks_no_mail(mail_server: MailServer) -> None:
    mail_server.answers["MAIL"] = "530 Authentication required"
    write()
    work()
    assert OutgoingMail.objects.waiting().exists()


def test_an_address_that_is_none_is_parked(mail_server: MailServer) -> None:
    write(to=["ana@exam ple.org"])
    work()
    assert OutgoingMail.objects.parked().get().last_error == "ValueError"


def test_a_header_with_a_line_break_is_refused_at_once(mail_server: MailServer) -> None:
    with pytest.raises(ValueError, match="linefeed"):
        write(subject="Your code\nBcc: everyone@example.org")
    assert not OutgoingMail.objects.exists()


def test_an_attachment_is_refused_at_once(mail_server: MailServer) -> None:
    with pytest.raises(ValueError, match="attaching"):
        write(attachments=[("report.txt", "…", "text/plain")])


def test_the_log_tells_neither_address_nor_words(
    mail_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    mail_server.answers["RCPT"] = "550 No ana@example.org here"
    caplog.set_level("DEBUG")
    write()
    work()
    assert "SMTPRecipientsRefused" in caplog.text
    for secret in ("ana@example.org", "Your code", "123456"):
        assert secret not in caplog.text
        assert secret not in str(DBTaskResult.objects.values())


def test_a_mail_that_two_tasks_deliver_is_sent_once(mail_server: MailServer) -> None:
    write()
    deliver.enqueue(OutgoingMail.objects.get().pk)
    work()
    work_after(timedelta(days=1))
    assert len(mail_server.received) == 1


def test_a_mail_that_a_worker_has_in_hand_is_the_next_one_s_only_after_the_lease(
    mail_server: MailServer,
) -> None:
    write()
    OutgoingMail.objects.claim(OutgoingMail.objects.get().pk)
    work()
    assert not mail_server.received
    work_after(LEASE)
    assert len(mail_server.received) == 1


def test_sent_and_parked_mail_is_dropped_after_thirty_days(mail_server: MailServer) -> None:
    now = timezone.now()
    OutgoingMail.objects.create(sent_at=now - timedelta(days=31))
    OutgoingMail.objects.create(failed_at=now - timedelta(days=31))
    OutgoingMail.objects.create(sent_at=now - timedelta(days=29))
    OutgoingMail.objects.create(created_at=now - timedelta(days=31))
    OutgoingMail.objects.expired().delete()
    assert OutgoingMail.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_mail_once(mail_server: MailServer, tmp_path: Path) -> None:
    for number in range(20):
        send_mail(f"{number}", "…", None, ["ana@example.org"])
    processes = Processes(tmp_path, settings_with(mail_server, tmp_path))
    workers = [processes.start("run_worker", "--batch") for _ in range(2)]
    assert [worker.wait(timeout=60) for worker in workers] == [0, 0]
    assert sorted(int(mail["Subject"]) for mail in mail_server.received) == [*range(20)]


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_sends_leaves_the_mail_to_the_next(
    mail_server: MailServer, tmp_path: Path
) -> None:
    write()
    processes = Processes(tmp_path, settings_with(mail_server, tmp_path))
    mail_server.answers_data.clear()
    worker = processes.start("run_worker")
    wait_until(lambda: mail_server.received)
    worker.kill()
    worker.wait()
    mail_server.answers_data.set()
    processes.work_an_hour_later()
    first, again = (mail["Message-ID"] for mail in mail_server.received)
    assert first == again


def settings_with(mail_server: MailServer, folder: Path) -> str:
    """Write a settings module for other processes that sends to `mail_server`."""
    options = {"host": "127.0.0.1", "port": mail_server.port, "timeout": 60}
    (folder / "sending_settings.py").write_text(
        "from tests.settings import *\n"
        "MAILERS['delivery'] = {\n"
        "    'BACKEND': 'django.core.mail.backends.smtp.EmailBackend',\n"
        f"    'OPTIONS': {options},\n"
        "}\n"
    )
    return "sending_settings"


def test_an_operator_sends_parked_mail_again(mail_server: MailServer, as_superuser: Client) -> None:
    mail_server.answers["RCPT"] = "550 No such user"
    write()
    work()
    mail = OutgoingMail.objects.parked().get()
    mail_server.answers.clear()
    as_superuser.post(
        "/admin/accounts/outgoingmail/", {"action": "send_again", "_selected_action": [mail.pk]}
    )
    work()
    assert [received["Message-ID"] for received in mail_server.received] == [mail.message_id]


def test_an_operator_sees_to_whom_a_mail_goes_but_not_what_it_says(
    mail_server: MailServer, as_superuser: Client
) -> None:
    write()
    mail = OutgoingMail.objects.get()
    html = as_superuser.get(f"/admin/accounts/outgoingmail/{mail.pk}/change/").text
    assert "ana@example.org" in html
    assert "123456" not in html


def test_other_staff_see_where_a_mail_goes_but_not_to_whom(
    mail_server: MailServer, as_editor: Client, editor: User
) -> None:
    editor.user_permissions.add(Permission.objects.get(codename="view_outgoingmail"))
    write(to=["ana@example.net"])
    mail = OutgoingMail.objects.get()
    for page in (
        "/admin/accounts/outgoingmail/",
        f"/admin/accounts/outgoingmail/{mail.pk}/change/",
    ):
        html = as_editor.get(page).text
        assert "example.net" in html
        assert "ana@" not in html


def test_staff_without_permission_see_no_mail_and_send_none(
    mail_server: MailServer, as_editor: Client
) -> None:
    write()
    assert as_editor.get("/admin/accounts/outgoingmail/").status_code == 403


@pytest.mark.parametrize(
    "file", sorted(settings.BASE_DIR.glob("templates/*/mail/*.txt")), ids=lambda file: file.name
)
def test_all_mail_is_signed_in_one_way(file: Path) -> None:
    assert file.read_text().startswith('{% extends "account/email/base_message.txt" %}')


def test_a_mail_ends_with_the_name_and_the_address_of_the_site(settings: Settings) -> None:
    settings.SITE_NAME, settings.SITE_URL = "Mill Lane", "https://mill.example"
    mail = written("accounts/mail/data_ready.txt", address="https://mill.example/accounts/data/")
    assert mail.startswith("The copy of your data")
    assert mail.endswith("please change your password.\n\n-- \nMill Lane\nhttps://mill.example")
