"""Django's mail, written down first and sent by a worker: a page never waits for a mail server.

Everybody, allauth included, just calls Django's mail. MAILERS["default"] keeps the message as a row
in the caller's transaction: rolled back with it, sent once it is committed. A worker hands it to
MAILERS["delivery"]. If a worker dies after the mail server took a mail and before it could note so,
that mail is sent twice, under one Message-ID.
"""

import logging
from collections.abc import Sequence
from copy import copy
from datetime import timedelta
from email.utils import format_datetime
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, mailers, make_msgid
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.tasks import task
from django.template.loader import render_to_string
from django.utils import timezone

from accounts import hooks
from accounts.models.mail import OutgoingMail, OutgoingMailQuerySet
from accounts.tasks import retrying

logger = logging.getLogger(__name__)


class QueueBackend(BaseEmailBackend):
    """Write each message down and ask a worker to deliver it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        with transaction.atomic():
            for message in email_messages:
                queue(message)
        return len(email_messages)


def written(template: str, **context: Any) -> str:
    """Return the words of a mail; all are signed in one way (account/email/base_message.txt)."""
    signed = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
    return render_to_string(template, {**signed, **context}).strip()


def send_about(message: EmailMessage, about: dict[str, Any]) -> None:
    """Queue `message`, and let the app that writes it say, right before it is sent, whether it
    still shall be: `about` is what its hook `mail_is_wanted` is asked with (accounts/hooks.py).
    """
    message.about = about  # type: ignore[attr-defined] # Django's mail carries it along to `queue`
    message.send()


@task(queue_name="mail", priority=10)
@retrying(
    times=5, first_pause=timedelta(seconds=10)
)  # our database; mail servers get longer pauses
def deliver(mail_id: int) -> None:
    """Make the next attempt to send a mail, if it is due."""
    mail = OutgoingMail.objects.claim(mail_id)
    if mail is None:
        return come_back(mail_id)
    if mail.about and not all(hooks.ask("mail_is_wanted", mail.about)):
        return mail.drop()
    try:
        mailers["delivery"].send_messages([mail.as_message()])
    except Exception as error:
        logger.warning("Mail %s, attempt %s: %s", mail.pk, mail.attempts, type(error).__name__)
        if is_permanent(error):
            mail.park(error)
        else:
            mail.put_off(error)
        return come_back(mail_id)
    return mail.mark_sent()


def send_again(mails: OutgoingMailQuerySet) -> int:
    """Begin anew with those mails that are parked or overdue; return how many these are."""
    with transaction.atomic():
        due = mails.make_due()
        for mail_id in due:
            deliver.enqueue(mail_id)
    return len(due)


def queue(message: EmailMessage) -> None:
    """Write `message` down with the date and the Message-ID that it keeps in every attempt."""
    if message.attachments:
        raise ValueError("Mail waits in the database: link to a file instead of attaching it.")
    message = copy(message)
    message.extra_headers = with_date_and_id(message.extra_headers)
    # Built here, it refuses what can be no mail while its writer can still be told.
    message_id = str(message.message()["Message-ID"])
    deliver.enqueue(OutgoingMail.holding(message, message_id).pk)


def with_date_and_id(headers: dict[str, str]) -> dict[str, str]:
    present = {name.lower() for name in headers}
    ours = {
        "Date": format_datetime(timezone.now()),
        "Message-ID": make_msgid(domain=urlsplit(settings.SITE_URL).hostname),
    }
    return headers | {name: value for name, value in ours.items() if name.lower() not in present}


def come_back(mail_id: int) -> None:
    """Ask for the next attempt, behind all first ones, while the mail waits."""
    for mail in OutgoingMail.objects.waiting().filter(pk=mail_id):
        deliver.using(run_after=mail.due_at, priority=0).enqueue(mail_id)


def is_permanent(error: Exception) -> bool:
    """Tell whether a mail server will refuse this mail always (RFC 5321, section 4.2.1: 5yz).

    A refused log-in or sender is our own fault, which somebody can mend while the mail waits.
    """
    match error:
        case SMTPRecipientsRefused(recipients=refused):
            return all(code >= 500 for code, _text in refused.values())
        case SMTPDataError(smtp_code=code):
            return code >= 500
        case _:
            return isinstance(error, ValueError)  # no mail can be made of it
