"""What a migrated database needs beside its tables: triggers, search, first pages, groups."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.migrations.loader import MigrationLoader

from accounts.groups import grant
from articles import search
from articles.models import HelpLine, Page

SQL = Path(__file__).parent / "sql"

VIEWED = ("article", "authorship", "category", "citation", "contributor", "correction", "image",
          "minoredit", "review", "reviewround", "revision", "section", "sectionnote", "source",
          "sourcetask")  # fmt: skip
READ = [f"articles.view_{name}" for name in VIEWED]
WRITE = [
    f"articles.{verb}_{name}"
    for name in ("article", "authorship", "image", "source")
    for verb in ("add", "change")
]
NOTE = ["articles.add_sectionnote", "articles.change_sectionnote"]
REVIEW = ["articles.add_review", "articles.change_minoredit", *NOTE]
EDIT = [
    *(f"articles.{verb}_{name}"
      for name in ("article", "authorship", "category", "contributor", "image", "source")
      for verb in ("add", "change", "delete")),
    *(f"articles.{verb}_helpline" for verb in ("add", "change", "delete", "view")),
    *(f"articles.{verb}_{name}"
      for name in ("correction", "readermessage", "reviewround", "signofflink", "sourcetask")
      for verb in ("add", "change", "view")),
    "articles.add_minoredit",
    *NOTE,
    "articles.publish_article",
    "articles.view_page",
    "articles.change_page",
]  # fmt: skip


def prepare(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Put everything in place; a receiver of post_migrate, which also follows `flush`.

    Django makes an app's permissions in a receiver of its own, which may come after this one.
    """
    if using != DEFAULT_DB_ALIAS or not is_migrated(sender.label):
        return
    create_permissions(sender, verbosity=0, using=using)
    with transaction.atomic():
        run_sql()
        _prepare_rows()


def run_sql() -> None:
    """Make the triggers and the search tables; what is there already stays."""
    script = (SQL / f"{connection.vendor}.sql").read_text()
    with connection.cursor() as cursor:
        for statement in _statements(script):
            cursor.execute(statement)


def is_migrated(app: str) -> bool:
    """Tell whether all migrations of the app are applied: halfway, models do not fit the tables."""
    loader = MigrationLoader(connection)
    return all(leaf in loader.applied_migrations for leaf in loader.graph.leaf_nodes(app))


def _prepare_rows() -> None:
    search.repair()
    Page.objects.add_starters()
    HelpLine.objects.add_starters()
    grant("Authors", [*READ, *WRITE, *NOTE, "articles.delete_authorship"])
    grant("Reviewers", [*READ, *REVIEW])
    grant("Editors", [*READ, *EDIT])


def _statements(script: str) -> Iterator[str]:
    """Cut a script into statements: SQLite takes one at a time, and triggers hold semicolons."""
    if connection.vendor != "sqlite":
        yield script
        return
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
