"""The mails to those who follow an article for its corrections. No subject names a topic.

The links in them are signed: who has the mail needs no account. They hold numbers, no address.
"""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.mail import send_about, written
from articles.models import Correction, CorrectionFollower

CONFIRM = Signer(salt="articles.follower_mail.confirm")
# No time in it: a mail that is found years later still lets go of its reader.
LEAVE = Signer(salt="articles.follower_mail.leave")


def send_confirmation(follower: CorrectionFollower) -> None:
    """Ask whether it was them who gave the address."""
    address = settings.SITE_URL + reverse(
        "follow_corrections_confirm", args=[CONFIRM.sign(str(follower.pk))]
    )
    body = written("articles/mail/follow.txt", address=address, contact=settings.CONTACT_EMAIL)
    mail = EmailMessage(_("Please confirm your address"), body, None, [follower.email])
    send_about(mail, {"correction_follower": follower.pk})


def send_known(follower: CorrectionFollower) -> None:
    """Tell only them that they follow it already: the page tells nobody."""
    body = written("articles/mail/follow_known.txt", way_out=way_out(follower))
    headers = ways_out(follower)
    mail = EmailMessage(
        _("You get mail about corrections"), body, None, [follower.email], headers=headers
    )
    send_about(mail, {"correction_follower": follower.pk})


def send_news(follower: CorrectionFollower, correction: Correction) -> None:
    """Say that there is a correction, how urgent it is, and why they get this; not of what."""
    context = {
        "correction": correction,
        "address": settings.SITE_URL + correction.get_absolute_url(),
        "day": follower.confirmed_at,
        "way_out": way_out(follower),
    }
    body = written("articles/mail/correction.txt", **context)
    headers = ways_out(follower)
    mail = EmailMessage(_("A correction"), body, None, [follower.email], headers=headers)
    send_about(mail, {"correction_follower": follower.pk, "correction": correction.pk})


def is_wanted(about: dict[str, Any]) -> bool:
    """Tell whether a mail that waits still shall go: to who still follows, of what readers see."""
    if "correction_follower" not in about:
        return True
    if not CorrectionFollower.objects.filter(pk=about["correction_follower"]).exists():
        return False
    public = Correction.objects.public()
    return "correction" not in about or public.filter(pk=about["correction"]).exists()


def ways_out(follower: CorrectionFollower) -> dict[str, str]:
    """Return the headers by which a mail provider offers its one click (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{way_out(follower)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def way_out(follower: CorrectionFollower) -> str:
    return settings.SITE_URL + reverse(
        "follow_corrections_end", args=[LEAVE.sign(str(follower.pk))]
    )


def number_in(token: str, signer: Signer) -> int:
    """Return the follower that a link is about; raise Http404 for what we did not sign."""
    try:
        return int(signer.unsign(token))
    except (BadSignature, ValueError) as error:
        raise Http404(_("This link is not whole. Please copy all of it from the mail.")) from error
