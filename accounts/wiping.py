"""What was deleted is gone from the database's files too."""

from datetime import timedelta

from django.conf import settings
from django.db import connection

from accounts.schedule import scheduled

# How long a checkpoint may keep writers waiting for readers to finish. The next run tries again.
PATIENCE = 500  # milliseconds


@scheduled(every=timedelta(minutes=10))
def wipe() -> bool:
    """Empty SQLite's log of writes; tell whether nothing is left in it.

    `secure_delete` (config/settings.py) overwrites what is deleted, in new copies of the pages it
    stood on. The old copies stay in the log, and in the file until the new ones are moved there.
    PostgreSQL does the like by itself (autovacuum), and has no such command for everybody.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return True
    usual = int(settings.DATABASES["default"].get("OPTIONS", {}).get("timeout", 5) * 1000)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            [busy, _pages, _moved] = cursor.fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")
    return not busy
