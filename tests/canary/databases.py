"""The database as a thing: a copy of it, a backup, and all that is in it."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper


def copy(folder: Path, name: str) -> str:
    """Copy the database in use as an operator backs it up; return the name of the copy.

    With SQLite that is a file, also where the tests' own database lives in memory.
    """
    if connection.vendor == "sqlite":
        file = folder / f"{name}.sqlite3"
        connection.ensure_connection()
        with closing(sqlite3.connect(file)) as copied:
            connection.connection.backup(copied)
        return str(file)
    template = connection.settings_dict["NAME"]
    copied = f"{template}_{name}"  # tests may run beside each other, each worker on its own
    shut(connections["default"])
    drop(copied)
    with psycopg.connect(server(), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{copied}" TEMPLATE "{template}"')
    return copied


@contextmanager
def copied(folder: Path, name: str) -> Iterator[str]:
    """Make a copy for as long as it is needed."""
    made = copy(folder, name)
    try:
        yield made
    finally:
        drop(made)


def drop(name: str) -> None:
    if connection.vendor == "postgresql":
        with psycopg.connect(server(), autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def using(name: str) -> Iterator[None]:
    """Let everything in this thread use the database of this name."""
    before = connections["default"]
    shut(before)
    connections["default"] = type(before)({**before.settings_dict, "NAME": name}, "default")
    try:
        yield
    finally:
        shut(connections["default"])
        connections["default"] = before


def shut(database: BaseDatabaseWrapper) -> None:
    """Close it; connections that wait in a pool are the alias's, not the database's."""
    database.close()
    if database.vendor == "postgresql":
        database.close_pool()  # type: ignore[attr-defined]


def address() -> str:
    """Return the DATABASE_URL of the database in use."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    return server().rsplit("/", 1)[0] + f"/{at['NAME']}"


def server() -> str:
    at = connection.settings_dict
    password = f":{at['PASSWORD']}" if at["PASSWORD"] else ""
    return f"postgres://{at['USER']}{password}@{at['HOST']}:{at['PORT'] or 5432}/postgres"


def raw() -> Iterator[tuple[str, bytes]]:
    """Yield the database as it lies on the disk, or as its own tool writes it down."""
    if connection.vendor == "sqlite":
        file = Path(str(connection.settings_dict["NAME"]))
        for part in sorted(file.parent.glob(f"{file.name}*")):
            yield part.name, part.read_bytes()
    elif tool := shutil.which("pg_dump"):
        command = [tool, "--inserts", address()]
        dump = subprocess.run(command, capture_output=True, check=True, env=os.environ)  # noqa: S603
        yield "pg_dump", dump.stdout


def rows() -> Iterator[tuple[str, tuple[object, ...]]]:
    """Yield every row of every table, those of the search index included."""
    with connection.cursor() as cursor:
        names = sorted(connection.introspection.table_names(cursor))
        for table in names:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            yield from ((table, row) for row in cursor.fetchall())


def count_people_from(number: int) -> None:
    """Give the next accounts ids that nobody mistakes for a count, a day or a minute."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = 'accounts_user'")
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES ('accounts_user', %s)", [number]
            )
        else:
            sequence = "pg_get_serial_sequence('accounts_user', 'id')"
            cursor.execute(f"SELECT setval({sequence}, %s)", [number])
