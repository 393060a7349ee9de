"""Real processes on a real database, for what only these can show: killing, waiting, counting."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.tasks import task

# Seconds. Several suites may share two cores: what takes two seconds alone may then take a minute.
PATIENCE = 180


@task
def touch_and_wait(folder: str) -> None:
    """Say that this task began, once more for each time, and wait for the word to end."""
    with Path(folder, "begun").open("a") as begun:
        begun.write("x")
    wait_until(Path(folder, "go").exists)
    Path(folder, "done").touch()


def wait_until(true: Callable[[], object], seconds: float = PATIENCE) -> None:
    for _ in range(int(seconds * 20)):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError(f"Still not so after {seconds} seconds.")


class Processes:
    """`manage.py` in other processes, which share one database and one folder with the test."""

    def __init__(self, folder: Path, settings_module: str = "tests.settings") -> None:
        self.folder = folder
        self.environment = os.environ | {
            "DATABASE_URL": shared_database(folder),
            "DJANGO_SETTINGS_MODULE": settings_module,
            "PYTHONPATH": os.pathsep.join([str(folder), str(settings.BASE_DIR)]),
            "TEST_DATA_DIR": str(folder),
        }

    def start(self, *command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603
            [sys.executable, str(settings.BASE_DIR / "manage.py"), *command],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *command: str) -> str:
        """Return what a command prints; one that hangs is killed, lest it holds the database."""
        process = self.start(*command)
        try:
            output, _ = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
        assert process.returncode == 0
        return output

    def work_an_hour_later(self) -> None:
        """Let a worker find all that others noted an hour old: the silent were killed."""
        self.run("shell", "-v", "0", "-c", WORK_AN_HOUR_LATER)


WORK_AN_HOUR_LATER = """
from datetime import timedelta
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

hour_ago = timezone.now() - timedelta(hours=1)
Heartbeat.objects.update(seen_at=hour_ago)
DBTaskResult.objects.update(started_at=hour_ago)
OutgoingMail.objects.waiting().update(due_at=hour_ago)
call_command("run_worker", "--batch")
"""


def shared_database(folder: Path) -> str:
    """Return the address of the test database, or of a copy in a file where it lives in memory."""
    if connection.vendor == "sqlite":
        with sqlite3.connect(folder / "bedside.sqlite3") as copy:
            connection.cursor().close()
            connection.connection.backup(copy)
            # Turning to it asks for the whole file, and waits for nobody: not for those who start.
            copy.execute("PRAGMA journal_mode=WAL")
        copy.close()
        return f"sqlite:///{folder / 'bedside.sqlite3'}"
    at = connection.settings_dict
    password = f":{at['PASSWORD']}" if at["PASSWORD"] else ""
    return f"postgres://{at['USER']}{password}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
