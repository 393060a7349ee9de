"""Background work: what goes on after the answer, and what recurs.

django-tasks-db keeps tasks as rows that roll back with their transaction, and runs them. What it
lacks is here: retries, a schedule, and the recovery of what a killed worker had begun.
`manage.py run_worker` runs it all; there may be any number of workers, on any number of machines.

What runs here may run twice, since a worker can be killed between the deed and its note of it. So
tasks take ids, never text, and do nothing where the deed is done.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import SuspiciousOperation
from django.core.management import call_command
from django.db.models import Exists, OuterRef
from django.tasks import TaskResultStatus
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from django_tasks_db.models import DBTaskResult

from accounts.models.mail import OutgoingMail
from accounts.models.rates import RateCount
from accounts.models.schedule import SILENCE, Heartbeat, ScheduledJob

logger = logging.getLogger(__name__)

# A row of django-tasks-db, whatever its task takes and returns.
TaskRow = DBTaskResult[..., Any]

# So often may a worker be killed during one task before the task is thought to be the reason.
RECOVERIES = 3


@dataclass(frozen=True)
class Job:
    every: timedelta
    run: Callable[[], object]


JOBS: dict[str, Job] = {}
PAUSES: dict[str, tuple[timedelta, ...]] = {}


def retrying[**P, R](
    *, times: int, first_pause: timedelta
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a task that raises run again, up to `times` times, each pause four times the last.

    @task
    @retrying(times=3, first_pause=timedelta(minutes=1))
    def tell_followers(correction_id: int) -> None: ...
    """

    def mark(function: Callable[P, R]) -> Callable[P, R]:
        PAUSES[path_of(function)] = tuple(first_pause * 4**n for n in range(times))
        return function

    return mark


def scheduled[R](*, every: timedelta) -> Callable[[Callable[[], R]], Callable[[], R]]:
    """Run a function of an app's `tasks.py` again and again, by one worker each time.

    An error is noted and logged, and the next run comes as planned.
    """

    def register(function: Callable[[], R]) -> Callable[[], R]:
        JOBS[path_of(function)] = Job(every, function)
        return function

    return register


def prepare() -> None:
    """Find the jobs of all apps, and let new ones be due at once."""
    autodiscover_modules("tasks")
    ScheduledJob.objects.bulk_create(
        [ScheduledJob(name=name) for name in JOBS], ignore_conflicts=True
    )


def tick() -> None:
    """Recover what killed workers had begun, and run the jobs that are due."""
    recover_abandoned_tasks()
    for row in ScheduledJob.objects.due().filter(name__in=list(JOBS)):
        if row.claim(JOBS[row.name].every):
            run_job(row)


def run_job(row: ScheduledJob) -> None:
    try:
        JOBS[row.name].run()
        row.last_error = ""
    except Exception as error:
        logger.exception("The job %s failed", row.name)
        row.last_error = type(error).__name__
    row.save(update_fields=["last_error"])


def retry_or_give_up(row: TaskRow) -> None:
    """Put a task that failed back for its next attempt; after the last one it stays failed."""
    attempts, pauses = len(row.worker_ids), pauses_of(row)
    if attempts <= len(pauses):
        row.status = TaskResultStatus.READY
        row.run_after = timezone.now() + pauses[attempts - 1]
        row.save(update_fields=["status", "run_after"])
    else:
        logger.error("Gave up %s after %s: %s", row.task_path, attempts, row.exception_class_path)


def recover_abandoned_tasks() -> None:
    """Put back what workers had begun that have been silent since: they were killed."""
    alive = set(Heartbeat.objects.fresh().values_list("worker", flat=True))
    for row in DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - SILENCE):
        if row.worker_ids[-1] not in alive:
            recover(row)


def recover(row: TaskRow) -> None:
    abandoned = DBTaskResult.objects.running().filter(pk=row.pk, started_at=row.started_at)
    if len(row.worker_ids) > RECOVERIES + len(pauses_of(row)):
        if abandoned.update(status=TaskResultStatus.FAILED, finished_at=timezone.now()):
            logger.error("Gave up %s: its worker was killed each time", row.task_path)
    elif abandoned.update(status=TaskResultStatus.READY):
        logger.warning("Recovered %s: its worker was killed", row.task_path)


def pauses_of(row: TaskRow) -> tuple[timedelta, ...]:
    try:
        row.task  # noqa: B018 - loads the module, which then knows its pauses
    except (ImportError, SuspiciousOperation):
        return ()
    return PAUSES.get(row.task_path, ())


def path_of(function: Callable[..., Any]) -> str:
    """Return what django.tasks calls the path of a function."""
    return f"{function.__module__}.{function.__qualname__}"


# --- What recurs for accounts ---------------------------------------------------------------------


@scheduled(every=timedelta(hours=6))
def forget_expired_sessions() -> None:
    """Drop sessions that ended, and the address and browser noted with each."""
    call_command("clearsessions")
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(alive)).delete()


@scheduled(every=timedelta(hours=1))
def forget_expired_rate_counts() -> None:
    RateCount.objects.expired().delete()


@scheduled(every=timedelta(days=1))
def forget_old_mail() -> None:
    OutgoingMail.objects.expired().delete()


@scheduled(every=timedelta(days=1))
def forget_old_task_results() -> None:
    call_command("prune_db_task_results", queue_name="*", min_age_days=7, failed_min_age_days=30)
    Heartbeat.objects.silent().delete()
