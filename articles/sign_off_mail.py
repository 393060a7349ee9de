"""The mails about signing by a personal link. No subject names what the text is about.

Each is written in the transaction of its deed (accounts/mail.py). The addresses of link and receipt
stand in the mail alone.
"""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.mail import send_about, written
from articles.models import Article, Review, SignOffLink


def send_link(link: SignOffLink, token: str) -> None:
    address = settings.SITE_URL + reverse("sign_off", args=[token])
    body = written("sign_off/mail/link.txt", link=link, address=address, contact=_contact())
    mail = EmailMessage(_("A text for you to check"), body, None, [link.email])
    send_about(mail, {"sign_off_link": link.pk})


def send_code(link: SignOffLink, code: str) -> None:
    body = written("sign_off/mail/code.txt", code=code, contact=_contact())
    EmailMessage(_("Your six digits"), body, None, [link.email]).send()


def send_receipt(link: SignOffLink, address: str) -> None:
    assert link.review
    sections = [row.section for row in link.review.reviewed_sections.select_related("section")]
    context = {"review": link.review, "sections": sections, "address": address}
    body = written("sign_off/mail/receipt.txt", **context, contact=_contact())
    EmailMessage(_("Receipt of your sign-off"), body, None, [link.email]).send()


def tell_who_asked(link: SignOffLink) -> None:
    """Say to whoever sent the link that there is an answer."""
    asker = link.created_by
    if asker and asker.email and asker.is_active and not asker.erased_at:
        address = _ask_address(link.revision.article)
        body = written("sign_off/mail/answered.txt", address=address)
        EmailMessage(_("Somebody you asked has answered"), body, None, [asker.email]).send()


def tell_editors(review: Review) -> None:
    """Say that a sign-off counts no more: somebody has to look at the article."""
    address = _ask_address(review.revision.article)
    body = written("sign_off/mail/taken_back.txt", review=review, address=address)
    to = [settings.CONTACT_EMAIL]
    if review.disputed_at:
        EmailMessage(_("A sign-off was disputed"), body, None, to).send()
    else:
        EmailMessage(_("A sign-off was taken back"), body, None, to).send()


def is_wanted(about: dict[str, Any]) -> bool:
    """Tell whether a mail that waits still shall go: a link that has ended is not sent."""
    pk = about.get("sign_off_link")
    return pk is None or SignOffLink.objects.usable().filter(pk=pk).exists()


def _ask_address(article: Article) -> str:
    return settings.SITE_URL + reverse("admin:articles_article_ask", args=[article.pk])


def _contact() -> str:
    return settings.CONTACT_EMAIL
