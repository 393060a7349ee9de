"""The six digits that show that mail to a reviewer reaches whoever holds their link.

What is called here holds the row of the link locked.
"""

import secrets
import unicodedata

from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from articles.models import SignOffLink
from articles.models.sign_off import CODE_LASTS, TRIES


def new(link: SignOffLink) -> str:
    """Return a new code; the one before is good no more."""
    code = f"{secrets.randbelow(10**6):06}"
    link.code_hash, link.code_sent_at, link.code_tries = hash_of(link, code), timezone.now(), 0
    link.save(update_fields=["code_hash", "code_sent_at", "code_tries"])
    return code


def is_awaited(link: SignOffLink) -> bool:
    """Tell whether a code was sent that is not too old."""
    sent = link.code_sent_at if link.code_hash else None
    return bool(sent and sent + CODE_LASTS > timezone.now())


def attempt(link: SignOffLink, code: str) -> str:
    """Return "" for the right code; else count the attempt, and say what to do."""
    if not link.code_hash:
        return _("There is no code for this page yet. Have one sent to you.")
    if not is_awaited(link):
        return _("This code is older than 15 minutes. Have a new one sent to you.")
    if link.code_tries >= TRIES:
        return _("A code was tried five times, so it is no longer good. Have a new one sent.")
    if constant_time_compare(link.code_hash, hash_of(link, code)):
        return ""
    link.code_tries += 1
    link.save(update_fields=["code_tries"])
    if link.code_tries == TRIES:
        return _("This code is wrong, and it was the fifth try. Have a new one sent to you.")
    return _("This code is wrong. Look at the newest mail from us, and type its six digits.")


def hash_of(link: SignOffLink, code: str) -> str:
    """Return what is kept of a code: without our key, all of a million could be tried."""
    # However it was copied: with spaces, or in the digits of another script.
    digits = "".join(unicodedata.normalize("NFKC", code).split())
    salt, value = "articles.sign_off_codes", f"{link.pk}:{digits}"
    return salted_hmac(salt, value, algorithm="sha256").hexdigest()
