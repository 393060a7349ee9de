"""Personal links: a reviewer without an account is asked, shows that mail reaches them, and signs.

What the link and the code are is known to the mail alone; the rows hold hashes. Locks are taken in
one order: the row of the article, then the link's. What is refused raises CannotSign.
"""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import AuditAct, User
from accounts.ratelimits import allow
from articles import sign_off_codes, sign_off_mail, sign_off_receipts, signing
from articles.models import Contributor, Review, Revision, SignOffLink
from articles.signing import CannotSign

TOKEN_BYTES = 32  # 256 bits
CODES_AN_HOUR = 5


class HasEnded(CannotSign):
    """The link does nothing any more, and why."""


# --- asking ---------------------------------------------------------------------------------------


@transaction.atomic
def invite(
    revision: Revision,
    contributor: Contributor,
    *,
    email: str,
    message: str = "",
    asked_positions: Collection[int] = (),
    by: User | None,
) -> SignOffLink:
    """Mail `contributor` a link with which they can sign `revision`; older ones to them end.

    No `asked_positions` means all sections. Raises ValidationError, with a sentence, where nobody
    could sign or the address belongs to somebody whose own words these are.
    """
    revision.article.lock()
    _check_invitation(revision, contributor, email, asked_positions, by)
    for older in SignOffLink.objects.usable().filter(
        contributor=contributor, revision__article=revision.article_id
    ):
        _end(older, by)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = SignOffLink.objects.create(
        revision=revision,
        contributor=contributor,
        email=email,
        token_hash=hash_of(token),
        message=message.strip(),
        asked_positions=sorted(set(asked_positions)),
        created_by=by,
    )
    _record("sign_off_link.sent", link, by)
    sign_off_mail.send_link(link, token)
    return link


@transaction.atomic
def revoke(link: SignOffLink, *, by: User | None) -> bool:
    """Let the link do nothing any more; tell whether it still did."""
    link.revision.article.lock()
    return _end(link, by)


def find(token: str) -> SignOffLink | None:
    """Return the link that `token` belongs to, whether or not it has ended."""
    links = SignOffLink.objects.select_related("contributor", "revision__article", "review")
    return links.filter(token_hash=hash_of(token)).first()


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def why_ended(link: SignOffLink) -> str:
    """Say in a sentence why nobody can sign by this link; "" when they can."""
    article = link.revision.article
    if link.used_at:
        said = _(
            "You signed with this link on %(day)s. The receipt was mailed to you; there you can "
            "also take it back."
        )
        return said % {"day": _day(link.used_at)}
    if link.revoked_at:
        said = _(
            "The editors took this link back on %(day)s. They may have sent you a newer one: "
            "please look for the last mail from us."
        )
        return said % {"day": _day(link.revoked_at)}
    if not link.is_usable:
        said = _("This link ended on %(day)s: it was good for 14 days. Ask us for a new one.")
        return said % {"day": _day(link.expires_at)}
    if article.withdrawn_at:
        return _("This article was withdrawn, so there is nothing to check any more. Thank you.")
    return ""


# --- the code -------------------------------------------------------------------------------------


def request_code(link: SignOffLink, *, anew: bool = False) -> None:
    """Mail six digits to where the link went, unless some that were sent are still good.

    A page that is sent a second time thus leaves the digits of the first mail good. Call it outside
    of transactions (accounts/ratelimits.py). Raises CannotSign when the link has ended, or after
    too many codes.
    """
    if ended := why_ended(link):
        raise HasEnded(ended)
    if sign_off_codes.is_awaited(link) and not anew:
        return
    if not allow("sign_off_code", str(link.pk), CODES_AN_HOUR, 60 * 60):
        raise CannotSign(
            _("We sent you several codes in this hour. Use the newest one, or try again later.")
        )
    _send_code(link.pk, anew=anew)
    link.refresh_from_db()


@transaction.atomic
def _send_code(pk: int, *, anew: bool) -> None:
    link = _locked(pk)
    if ended := why_ended(link):
        raise HasEnded(ended)
    if sign_off_codes.is_awaited(link) and not anew:
        return
    sign_off_mail.send_code(link, sign_off_codes.new(link))


# --- signing --------------------------------------------------------------------------------------


def sign(link: SignOffLink, *, code: str, **verdict: Any) -> Review:
    """Sign what `verdict` says (articles/signing.py), once, with the code that was mailed.

    The same code again, as two clicks send it, gives the same review. Raises CannotSign: a wrong
    code counts, and nothing else changes.
    """
    with transaction.atomic():
        locked = _locked(link.pk)
        ended = why_ended(locked)
        if ended and not locked.review:
            raise HasEnded(ended)
        wrong = sign_off_codes.attempt(locked, code)
        if not wrong:
            return locked.review or _signed(locked, verdict)
    raise HasEnded(ended) if ended else CannotSign(wrong)


def _signed(link: SignOffLink, verdict: dict[str, Any]) -> Review:
    identity = Review.Identity.CODE
    review = signing.sign(link.revision, link.contributor, identity=identity, **verdict)
    link.used_at, link.review = timezone.now(), review
    link.save(update_fields=["used_at", "review"])
    sign_off_mail.send_receipt(link, sign_off_receipts.address(review))
    sign_off_mail.tell_who_asked(link)
    return review


# --- what they share ------------------------------------------------------------------------------


def _locked(pk: int) -> SignOffLink:
    """Return the link as it is now; whoever else wants it or its article waits."""
    link = SignOffLink.objects.select_related("revision__article").get(pk=pk)
    link.revision.article.lock()
    whole = SignOffLink.objects.select_related("contributor", "revision__article", "review")
    return whole.select_for_update(of=("self",)).get(pk=pk)


def _end(link: SignOffLink, by: User | None) -> bool:
    now = timezone.now()
    ended = SignOffLink.objects.usable().filter(pk=link.pk).update(revoked_at=now, code_hash="")
    if ended:
        link.revoked_at = now
        _record("sign_off_link.revoked", link, by)
    return bool(ended)


def _record(deed: str, link: SignOffLink, by: User | None) -> None:
    hashes = {str(link.revision.number): link.revision.sha256}
    AuditAct.objects.record(deed, by=by, on=link, hashes=hashes)


def _check_invitation(
    revision: Revision,
    contributor: Contributor,
    email: str,
    positions: Collection[int],
    by: User | None,
) -> None:
    if revision.article.withdrawn_at:
        raise ValidationError(_("A withdrawn article is not checked any more."))
    if contributor.unnamed_at:
        raise ValidationError(_("This person asked for their name to be taken off this site."))
    if not email:
        raise ValidationError(_("Give the e-mail address to which the link goes."))
    if set(positions) - {section.position for section in revision.sections.all()}:
        raise ValidationError(_("Choose sections of this revision."))
    if _is_address_of_writer(email, revision, contributor, by):
        raise ValidationError(
            _("This address belongs to somebody who wrote this text, or to you: not to them.")
        )


def _is_address_of_writer(
    email: str, revision: Revision, contributor: Contributor, by: User | None
) -> bool:
    """Tell whether the mail would reach somebody who could sign their own words by it."""
    writers = set(revision.article.revisions.values_list("created_by", flat=True))
    staff = writers | {by.pk} if by else writers
    owners = User.objects.filter(email__iexact=email, pk__in=staff - {None, contributor.user_id})
    return owners.exists()


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATE_FORMAT")
