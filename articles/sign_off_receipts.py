"""The receipt of a sign-off by link: what was signed, and the way to take it back.

Its address is signed and has no end: who finds the mail years later still gets their name off what
they no longer stand by. It shows and takes back one review; nothing is ever signed by it.
"""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse

from articles import sign_off_mail
from articles.models import Review

SIGNER = Signer(sep=".", salt="articles.sign_off_receipts")


def token_of(review: Review) -> str:
    return SIGNER.sign(f"{review.pk}")


def address(review: Review) -> str:
    """Return the whole address of the receipt, as the mail names it."""
    return settings.SITE_URL + reverse("sign_off_receipt", args=[token_of(review)])


def read(token: str) -> Review | None:
    """Return the review that this receipt is for; None for what we did not sign."""
    try:
        pk = int(SIGNER.unsign(token))
    except (BadSignature, ValueError):
        return None
    found = Review.objects.select_related("revision__article", "contributor")
    return found.prefetch_related("reviewed_sections__section").filter(pk=pk).first()


@transaction.atomic
def take_back(review: Review, reason: str = "") -> bool:
    """Let it count no more, at once, and tell the editors; a second time changes nothing."""
    review.revision.article.lock()
    review.refresh_from_db(fields=["taken_back_at"])
    if review.taken_back_at:
        return False
    review.take_back(reason)
    sign_off_mail.tell_editors(review)
    return True


@transaction.atomic
def dispute(review: Review) -> bool:
    """Let it count no more, at once: the person named says that it was not them."""
    review.revision.article.lock()
    review.refresh_from_db(fields=["disputed_at"])
    if review.disputed_at:
        return False
    review.dispute()
    sign_off_mail.tell_editors(review)
    return True
