"""What the benchmarks share: a database of their own, and how they say what they measured.

Run them as modules, from the top of the tree: `python -m benchmarks.search FOLDER`.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import django

REPEATS = 15


@contextmanager
def database() -> Iterator[None]:
    """Make a database beside the one that DATABASE_URL names, and drop it at the end."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.db import connection

    with tempfile.TemporaryDirectory() as folder:
        if connection.vendor == "sqlite":  # a file, as in use; Django would take memory
            connection.settings_dict["TEST"]["NAME"] = f"{folder}/bench.sqlite3"
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def tidy() -> None:
    """Let PostgreSQL learn what the tables hold, as autovacuum would within a minute."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def report(name: str, deed: Callable[[], object]) -> None:
    """Print the median of the milliseconds that `deed` takes, once it is warm."""
    deed()
    median = statistics.median(timed(deed) for _number in range(REPEATS))
    print(f"{median * 1_000:8.1f} ms  {name}")


def timed(deed: Callable[[], object]) -> float:
    start = time.perf_counter()
    deed()
    return time.perf_counter() - start
