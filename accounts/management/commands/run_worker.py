"""The worker: one process that runs tasks and recurring jobs, and stands in for killed workers."""

import logging
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event, Thread
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    connections,
)
from django.tasks import TaskResultStatus
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from accounts import tasks
from accounts.models.schedule import Heartbeat

logger = logging.getLogger(__name__)

POLL = 1.0  # seconds between two looks for a task while there is none
TICK = 10.0  # seconds between two looks at the schedule
BEAT = 20.0  # seconds between two signs of life; see accounts.models.schedule.SILENCE


class Command(BaseCommand):
    help = "Send mail, run background tasks and recurring jobs. Any number of workers may run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--batch", action="store_true", help=_("Finish what is due, then exit.")
        )

    def handle(self, *, batch: bool, **options: Any) -> None:
        worker = Worker(batch=batch)
        if not batch:
            worker.configure_signals()
        try:
            worker.run()
        except Exception:
            if batch:
                raise
            logger.critical("The worker stops", exc_info=True)  # Python would print its words
            raise SystemExit(1) from None


class Worker(db_worker.Worker):
    """django-tasks-db's worker, with a schedule, signs of life, and patience with the database."""

    def __init__(self, *, batch: bool) -> None:
        super().__init__(
            queue_names=["*"],
            interval=POLL,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id="",
            excluded_queue_names=[],
        )
        self.next_tick = 0.0

    def run(self) -> None:
        with self.signs_of_life():
            while self.running:
                if self.turn():
                    continue
                if self.batch:
                    break
                time.sleep(self.interval)
                close_old_connections()

    def turn(self) -> bool:
        """Do what is due next; tell whether there was a task."""
        try:
            self.keep_the_schedule()
            row = self.take()
            if row:
                self.run_task(row)
        except (OperationalError, InterfaceError) as error:
            if self.batch:
                raise
            logger.warning("The database does not answer (%s); waiting", type(error).__name__)
            self.start_anew()
            return False
        return row is not None

    def keep_the_schedule(self) -> None:
        if not self.worker_id:
            self.worker_id = new_name()
            Heartbeat.beat(self.worker_id)
            tasks.prepare()
        if time.monotonic() >= self.next_tick:
            tasks.tick()
            self.next_tick = time.monotonic() + TICK

    def take(self) -> tasks.TaskRow | None:
        """Claim the next task that is due, if there is one."""
        with exclusive_transaction():
            row = DBTaskResult.objects.ready().filter(backend_name=self.backend_name).get_locked()
            if row:
                row.claim(self.worker_id)
        return row

    def run_task(self, db_task_result: tasks.TaskRow) -> None:
        # Django-tasks-db would keep what the error says, too.
        db_task_result.set_failed = partial(tasks.note_failure, db_task_result)
        super().run_task(db_task_result)
        if db_task_result.status == TaskResultStatus.FAILED:
            tasks.retry_or_give_up(db_task_result)

    def start_anew(self) -> None:
        """Drop the connection and the name: a task left under the old one counts as abandoned."""
        self.worker_id = ""
        connections.close_all()

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """Finish the task in hand and exit; at the second signal exit now."""
        if not self.running:
            super().shutdown(signum, frame)
        self.running = False

    @contextmanager
    def signs_of_life(self) -> Iterator[None]:
        """Beat from a thread of its own: a task may take longer than a worker may be silent."""
        done = Event()
        thread = Thread(target=self.beat_until, args=[done], daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def beat_until(self, done: Event) -> None:
        while not done.wait(BEAT):
            try:
                if self.worker_id:
                    Heartbeat.beat(self.worker_id)
            except DatabaseError as error:
                logger.warning("No sign of life was written: %s", type(error).__name__)
            finally:
                connection.close()


def new_name() -> str:
    """Return a name that no worker had before; it tells the machine and the process."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{get_random_string(8)}"
