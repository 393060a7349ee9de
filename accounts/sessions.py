"""Sessions end thirty days after their last use, and what they say of a place fades before that."""

import ipaddress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils import timezone

# To move the end of a session is to write: once a day is enough to tell "thirty days idle".
MOVES_AT_MOST_EVERY = timedelta(days=1)

# A session needs an address in its column. This one is nobody's (RFC 6890) and never shown.
NO_ADDRESS = "0.0.0.0"  # noqa: S104 - nothing binds to it

# What of an address names a network and not a household: as far as registries commonly tell.
NETWORK_BITS = {4: 24, 6: 48}


class SessionStore(db.SessionStore):
    """Django's sessions in the database, which remember when they end."""

    ends_at: datetime | None = None

    def _get_session_from_db(self) -> Any:
        found = super()._get_session_from_db()  # type: ignore[misc]  # the stubs lack it
        self.ends_at = found.expire_date if found else None
        return found

    @property
    def is_due_to_move(self) -> bool:
        """Tell whether a member used this session, whose end was not moved for a day."""
        moved_today = timezone.now() + self.idle_time - MOVES_AT_MOST_EVERY
        return SESSION_KEY in self and self.ends_at is not None and self.ends_at <= moved_today

    @property
    def idle_time(self) -> timedelta:
        return timedelta(seconds=settings.SESSION_COOKIE_AGE)


def network_of(address: str) -> str:
    """Return the first address of the network that `address` is in."""
    host = ipaddress.ip_interface(address).ip
    bits = NETWORK_BITS[host.version]
    return str(ipaddress.ip_network((host, bits), strict=False).network_address)


def shown_address(address: str) -> str:
    """Return an address that is kept, or "" when it is kept no more."""
    return "" if address == NO_ADDRESS else address
