"""How often somebody may do something: exact counts in fixed windows of time, kept in the database.

Call `allow` outside of transactions: a count that is rolled back with its view was not counted. And
count before the costly or guessable thing is done, so that a parallel request finds it counted.
"""

import ipaddress
import time
from datetime import UTC, datetime

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

# One statement: each of many parallel requests gets a sum of its own, on either database.
COUNT_ONE = """
    INSERT INTO accounts_ratecount (bucket, count, expires_at) VALUES (%s, 1, %s)
    ON CONFLICT (bucket) DO UPDATE SET count = accounts_ratecount.count + 1
    RETURNING count
"""


def allow(scope: str, key: str, limit: int, seconds: int) -> bool:
    """Count one more `scope` by `key`; tell whether it is within `limit` for this window.

    Windows begin at multiples of `seconds`, the same for everyone: around the end of one, twice
    the limit can pass in a short time. No visitor is counted over more than LONGEST_WINDOW.
    """
    ends_at = window_end(seconds)
    bucket = salted_hmac(
        "accounts.ratelimits", repr((scope, key, seconds, ends_at)), algorithm="sha256"
    )
    return count_one(bucket.hexdigest(), datetime.fromtimestamp(ends_at, UTC)) <= limit


def retry_after(seconds: int) -> int:
    """Return how many seconds remain of the present window: what `Retry-After` says (RFC 9110)."""
    return max(1, window_end(seconds) - int(time.time()))


def unreadable_key(key: str, key_prefix: str, version: int) -> str:
    """Return what a key of the cache is kept as: allauth's counts name addresses in theirs."""
    whole = f"{key_prefix}:{version}:{key}"
    return salted_hmac("accounts.ratelimits.cache", whole, algorithm="sha256").hexdigest()


def forget_expired_entries() -> None:
    """Delete what has expired in the cache; in a table it would stay until the table is full."""
    if not isinstance(caches["default"], DatabaseCache):
        return
    table = connection.ops.quote_name(settings.CACHES["default"]["LOCATION"])
    now = connection.ops.adapt_datetimefield_value(datetime.now(UTC).replace(microsecond=0))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])  # noqa: S608


def client_address(request: HttpRequest) -> str:
    """Return the key under which a client is counted: its IPv4 address, or its IPv6 network.

    An IPv6 client commonly has a /64 for itself (RFC 6177) and could use each address once.
    """
    address = forwarded_address(request) or parse_address(request.META.get("REMOTE_ADDR", ""))
    if address is None:
        return ""  # a Unix socket, behind a proxy that TRUSTED_PROXIES does not name
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def forwarded_address(request: HttpRequest) -> Address | None:
    """Return what the outermost of our own proxies saw; all that stands left of it is hearsay."""
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    if not 0 < settings.TRUSTED_PROXIES <= len(hops):
        return None
    return parse_address(hops[-settings.TRUSTED_PROXIES])


def parse_address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text.strip())
    except ValueError:
        return None


def window_end(seconds: int) -> int:
    return (int(time.time()) // seconds + 1) * seconds


def count_one(bucket: str, expires_at: datetime) -> int:
    """Add one and return the sum."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ONE, [bucket, connection.ops.adapt_datetimefield_value(expires_at)])
        return int(cursor.fetchone()[0])
