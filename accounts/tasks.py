"""Background work: what goes on after the answer, and what recurs.

django-tasks-db keeps tasks as rows that roll back with their transaction, and runs them. What it
lacks is here: retries, a schedule, and the recovery of what a killed worker had begun.
`manage.py run_worker` runs it all; there may be any number of workers, on any number of machines.

What runs here may run twice, since a worker can be killed between the deed and its note of it. So
tasks take ids, never text, and do nothing where the deed is done.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.exceptions import SuspiciousOperation
from django.core.management import call_command
from django.db.models import Exists, OuterRef, Q
from django.tasks import TaskResultStatus
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import retry

from accounts.models.audit import AuditAct
from accounts.models.consent import Consent
from accounts.models.data_export import KEPT as COPY_KEPT
from accounts.models.data_export import DataExport
from accounts.models.former_handle import RESERVED, FormerHandle
from accounts.models.legal_hold import LegalHold
from accounts.models.mail import KEPT as MAIL_KEPT
from accounts.models.mail import OutgoingMail
from accounts.models.rates import LONGEST_WINDOW, RateCount
from accounts.models.schedule import SILENCE, Heartbeat, ScheduledJob
from accounts.ratelimits import forget_expired_entries
from accounts.retention import forgets
from accounts.schedule import JOBS, path_of
from accounts.sessions import NO_ADDRESS, network_of
from accounts.tracebacks import frames_of

logger = logging.getLogger(__name__)

# A row of django-tasks-db, whatever its task takes and returns.
TaskRow = DBTaskResult[..., Any]

# So often may a worker be killed during one task before the task is thought to be the reason.
RECOVERIES = 3

# As long as somebody may have to answer for it: claims commonly end within six years.
PROOF_KEPT = timedelta(days=6 * 365)


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


@retry()  # while another writer holds the database
def note_failure(row: TaskRow, error: BaseException) -> None:
    """Note that a task failed, where and by what class of error, and nothing that it says."""
    row.status, row.finished_at = TaskResultStatus.FAILED, timezone.now()
    row.exception_class_path = f"{type(error).__module__}.{type(error).__qualname__}"
    row.traceback = frames_of(error)
    row.return_value = None
    row.save(
        update_fields=[
            "status",
            "finished_at",
            "exception_class_path",
            "traceback",
            "return_value",
        ]
    )


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


# --- What accounts forgets ------------------------------------------------------------------------


@forgets(
    _("Where you are logged in: the browser, and since when"),
    since=_("since you were last here"),
    after=timedelta(seconds=settings.SESSION_COOKIE_AGE),
    every=timedelta(hours=6),
)
def forget_expired_sessions() -> None:
    """Drop sessions that ended, and the address and browser noted with each."""
    call_command("clearsessions")
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(alive)).delete()


@forgets(
    _("The last part of the internet address from which you logged in"),
    since=_("since you logged in"),
    after=timedelta(days=7),
    every=timedelta(days=1),
)
def shorten_addresses() -> None:
    """Leave of each address the network that it is in."""
    rows = UserSession.objects.exclude(ip=NO_ADDRESS)
    rows = rows.filter(last_seen_at__lte=timezone.now() - timedelta(days=7))
    for pk, address in list(rows.values_list("pk", "ip")):
        if (network := network_of(address)) != address:
            UserSession.objects.filter(pk=pk, ip=address).update(ip=network)


@forgets(
    _("The rest of the internet address from which you logged in"),
    since=_("since you logged in"),
    after=timedelta(days=30),
    every=timedelta(days=1),
)
def forget_addresses() -> None:
    noted_before = timezone.now() - timedelta(days=30)
    UserSession.objects.filter(last_seen_at__lte=noted_before).update(ip=NO_ADDRESS)


@forgets(
    _("Counts that slow down abuse: how often something was tried"),
    after=LONGEST_WINDOW,
    every=timedelta(minutes=15),
)
def forget_expired_rate_counts() -> None:
    """Drop our own counts, and those of allauth, which stand in the cache."""
    RateCount.objects.expired().delete()
    forget_expired_entries()


@forgets(
    _("Mail that could not be sent, and the note that a mail was sent"),
    after=MAIL_KEPT,
    every=timedelta(days=1),
)
def forget_old_mail() -> None:
    OutgoingMail.objects.expired().delete()


@forgets(
    _("Notes of work that our server did in the background"),
    after=timedelta(days=7),
    every=timedelta(days=1),
)
def forget_old_task_results() -> None:
    ended_before = timezone.now() - timedelta(days=7)
    DBTaskResult.objects.successful().filter(finished_at__lte=ended_before).delete()
    Heartbeat.objects.silent().delete()


@forgets(
    _("Notes of work in the background that failed"),
    after=timedelta(days=30),
    every=timedelta(days=1),
)
def forget_failed_task_results() -> None:
    ended_before = timezone.now() - timedelta(days=30)
    DBTaskResult.objects.failed().filter(finished_at__lte=ended_before).delete()


@forgets(
    _("A copy of your data that you asked for"),
    since=_("since it was ready"),
    after=COPY_KEPT,
    every=timedelta(minutes=30),
)
def forget_expired_copies() -> None:
    DataExport.objects.expired().delete()


@forgets(
    _("That a public name you gave up was in use, as a number that does not tell the name"),
    since=_("since you gave it up"),
    after=RESERVED,
    every=timedelta(days=1),
)
def forget_former_handles() -> None:
    FormerHandle.objects.expired().delete()


@forgets(
    _("Proof of what you agreed to"),
    since=_("since you took it back or left"),
    after=PROOF_KEPT,
    every=timedelta(days=1),
)
def forget_old_proof_of_consent() -> None:
    before = timezone.now() - PROOF_KEPT
    Consent.objects.filter(Q(withdrawn_at__lte=before) | Q(user__erased_at__lte=before)).delete()


@forgets(
    _("The audit trail: what those who run the site did, by numbers instead of names"),
    after=PROOF_KEPT,
    every=timedelta(days=1),
)
def forget_old_acts() -> None:
    before = timezone.now() - PROOF_KEPT
    AuditAct.objects.filter(at__lte=before).delete()
    LogEntry.objects.filter(action_time__lte=before).delete()


@forgets(
    _("That data was kept back for a legal claim"),
    since=_("since that ended"),
    after=PROOF_KEPT,
    every=timedelta(days=1),
)
def forget_old_legal_holds() -> None:
    before = timezone.now() - PROOF_KEPT
    ended = Q(ended_at__lte=before) | Q(ended_at=None, until__lte=before.date())
    LegalHold.objects.filter(ended).delete()
