"""How often words may come in: each limit is counted by one statement, so it is exact.

A new comment is counted in the transaction that makes it. So one that is refused counts for
nothing, and a form that comes again leads to its comment however often that is.
"""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import ratelimits
from accounts.models import User

MINUTE = 60
# How many, in how many seconds. A person who types writes far less; many share an address.
POSTS_OF_A_MEMBER = (10, 10 * MINUTE)
POSTS_FROM_AN_ADDRESS = (60, 60 * MINUTE)
EDITS_OF_A_MEMBER = (20, 10 * MINUTE)
DRAFTS_FROM_AN_ADDRESS = (30, 60 * MINUTE)  # signed out: far less than would fill a disk

TOO_MANY_POSTS = _("You have posted a lot in a short time. Your words are still here: please wait.")
TOO_MANY_EDITS = _("You have edited a lot in a short time. Your words are still here: please wait.")
TOO_MANY_FROM_HERE = _("Too many comments come from your network just now. Please try again later.")


class TooMany(Exception):
    """Somebody has to wait: `seconds` says how long, the message why."""

    def __init__(self, message: object, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


def count_post(request: HttpRequest, member: User) -> None:
    """Count a new comment of `member`; raises TooMany."""
    count("post", str(member.pk), POSTS_OF_A_MEMBER, TOO_MANY_POSTS)
    address = ratelimits.client_address(request)
    count("post-address", address, POSTS_FROM_AN_ADDRESS, TOO_MANY_FROM_HERE)


def count_edit(member: User) -> None:
    count("edit", str(member.pk), EDITS_OF_A_MEMBER, TOO_MANY_EDITS)


def count_draft(request: HttpRequest) -> None:
    """Count words that a signed-out visitor wants kept; raises TooMany."""
    count("draft", ratelimits.client_address(request), DRAFTS_FROM_AN_ADDRESS, TOO_MANY_FROM_HERE)


def count(scope: str, key: str, limit: tuple[int, int], message: object) -> None:
    if not ratelimits.allow(scope, key, *limit):
        raise TooMany(message, ratelimits.retry_after(limit[1]))


def with_wait[Answer: HttpResponse](response: Answer, too_many: TooMany) -> Answer:
    """Return the answer to whoever has to wait, with how long (RFC 9110, section 10.2.3)."""
    response.status_code = 429
    response.headers["Retry-After"] = str(too_many.seconds)
    return response
