"""A trial as whoever starts one has it: server, worker, and a folder with data and mail."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psycopg

ROOT = Path(__file__).resolve().parent.parent.parent
ARTICLES = Path(__file__).parent / "articles"


class Trial:
    """Bedside on a free port. Nothing of this machine's settings reaches it but DATABASE_URL."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "ENV_FILE": os.devnull,
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            "SITE_URL": self.url,
        }
        if database := os.environ.get("DATABASE_URL"):
            self.environment["DATABASE_URL"] = new_database(database)
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Do what bin/run does, without its set-up; add the articles and people of these tests."""
        self.manage("prepare")
        self.manage("import_articles", str(ARTICLES))
        self.manage("shell", "-v", "0", "-c", "from tests.browser import cast; cast.fill()")
        server = "granian --interface wsgi --http 1 --no-ws --workers 1 --blocking-threads 1"
        self.run("-m", *server.split(), "--port", str(self.port), "config.wsgi:application")
        self.run("manage.py", "run_worker")
        wait_until(self.is_ready)

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(timeout=30)

    def manage(self, *command: str) -> str:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def run(self, *arguments: str) -> None:
        with (self.folder / "said").open("ab") as said:
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, *arguments],
                cwd=ROOT,
                env=self.environment,
                stdout=said,
                stderr=said,
            )
        self.processes.append(process)

    def is_ready(self) -> bool:
        assert all(process.poll() is None for process in self.processes), self.said()
        try:
            with urlopen(f"{self.url}/readyz") as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (URLError, ConnectionError):
            return False

    def said(self) -> str:
        """Return what server and worker have written: warnings and errors."""
        return (self.folder / "said").read_text()

    def letters_to(self, address: str) -> list[EmailMessage]:
        """Return the mails to `address` as they went out, oldest first."""
        files = sorted((self.folder / "mail").glob("*.log"), key=lambda file: file.stat().st_mtime)
        mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        return [mail for mail in mails if mail["To"] == address]

    def mails_to(self, address: str) -> list[str]:
        """Return the texts of the mails to `address`, oldest first."""
        bodies = (mail.get_body(("plain",)) for mail in self.letters_to(address))
        return [body.get_content() for body in bodies if body]

    def python(self, statements: str) -> str:
        """Run some lines of Python inside the trial, as `manage.py shell` does."""
        return self.manage("shell", "-v", "0", "-c", statements)

    def half_a_minute_passes(self) -> None:
        """Let what moderators decided be told now: nobody may undo it any more."""
        self.python(
            "from django.utils import timezone; from django_tasks_db.models import DBTaskResult; "
            "DBTaskResult.objects.filter(status='READY', task_path__endswith='.tell_decision')"
            ".update(run_after=timezone.now())"
        )

    def code_for(self, address: str, *, after: int = 0) -> str:
        """Wait for a mail to `address`, beyond the first `after`, and return its six digits."""
        wait_until(lambda: len(self.mails_to(address)) > after)
        found = re.search(r"\b\d{6}\b", self.mails_to(address)[-1])
        assert found
        return found[0]


def wait_until(true: Callable[[], object], seconds: float = 60) -> None:
    for _ in range(int(seconds * 10)):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError(f"Still not so after {seconds} seconds.")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def new_database(address: str) -> str:
    """Make an empty database beside the one at `address`, and return its own."""
    server, name = address.rsplit("/", 1)
    name, _, options = name.partition("?")
    tail = f"?{options}" if options else ""
    with psycopg.connect(f"{server}/postgres{tail}", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}_browser"')
        connection.execute(f'CREATE DATABASE "{name}_browser"')
    return f"{server}/{name}_browser{tail}"
