"""Steps of a reviewer without an account, as several tests take them: through mail and pages."""

import re
from typing import Any

from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client

from articles import sign_off_links
from articles.models import Article, Contributor, Revision, SignOffLink
from tests.reviewing import a_neurologist

SITE = "http://localhost:8000"
NORA = "nora@example.org"
APPROVAL = {
    "outcome": "approve",
    "scope": "Checked the treatment.",
    "message": "Well put.",
    "shown_as": "name",
}


def mails_to(address: str) -> list[EmailMessage]:
    """Return what was written to `address`, the newest first."""
    return [message for message in reversed(mail.outbox) if address in message.to]


def address_in(message: EmailMessage) -> str:
    """Return the path of the link that stands in a mail."""
    return re.findall(rf"{SITE}(/sign-off/\S+)", str(message.body))[0]


def code_in(message: EmailMessage) -> str:
    return re.findall(r"^\d{6}$", str(message.body), re.MULTILINE)[0]


def asked(
    article: Article,
    *positions: int,
    contributor: Contributor | None = None,
    revision: Revision | None = None,
    by: Any = None,
    email: str = NORA,
) -> str:
    """Ask somebody to sign the newest revision; return the path of their link."""
    revision = revision or article.newest_revision
    assert revision
    sign_off_links.invite(
        revision, contributor or a_neurologist(), email=email, asked_positions=positions, by=by
    )
    return address_in(mails_to(email)[0])


def only_link() -> SignOffLink:
    return SignOffLink.objects.get()


def answer(*positions: int, **changes: Any) -> dict[str, Any]:
    """Return the choices of the form; all sections of the starter page unless some are named."""
    return {**APPROVAL, "positions": list(positions or range(6)), **changes}


def get_code(client: Client, address: str, fields: dict[str, Any], email: str = NORA) -> str:
    """Have a code sent; return it."""
    page = client.post(f"{address}code/", fields)
    assert page.status_code == 200, page.text
    return code_in(mails_to(email)[0])


def sign(client: Client, address: str, **changes: Any) -> Any:
    """Choose, fetch the code from the mail, and sign; return the receipt."""
    fields = answer(**changes) if "positions" not in changes else {**APPROVAL, **changes}
    code = get_code(client, address, fields)
    return client.post(address, {**fields, "code": code}, follow=True)
