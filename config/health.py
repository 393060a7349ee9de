"""Whether the site is alive and ready, for the machine that watches it. Nothing here is secret."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import cache

from django.core.cache import cache as shared_cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult, get_date_max

from accounts.models.mail import OutgoingMail
from accounts.models.schedule import Heartbeat

logger = logging.getLogger(__name__)

# Work that was due for this long says that the workers do not keep up.
PATIENCE = timedelta(minutes=10)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that this process is alive; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Tell what works: 200 if a visitor can be served and the work behind it is done, 503 if not.

    Parked mail is told as well, as a number, but one refused address does not make a site unready.
    """
    states: dict[str, str | int] = {}
    for name, works in CHECKS.items():
        # Without a database each check would wait for it in vain, as long as the first did.
        lost = states.get("database") == "failed"
        states[name] = "failed" if lost or not is_ok(name, works) else "ok"
    ready = "failed" not in states.values()
    if ready:
        states["parked_mail"] = OutgoingMail.objects.parked().count()
    return JsonResponse(states, status=200 if ready else 503)


def is_ok(name: str, works: Callable[[], bool]) -> bool:
    try:
        return works()
    except Exception as error:
        logger.warning("Not ready, %s: %s", name, type(error).__name__)
        return False


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


@cache
def migrations_are_applied() -> bool:
    """Tell it once: a process outlives no migration. What is raised is not remembered."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise MigrationsPending
    return True


def cache_remembers() -> bool:
    key = f"readyz:{get_random_string(12)}"
    shared_cache.set(key, "here", timeout=30)
    return bool(shared_cache.get(key) == "here" and shared_cache.delete(key))


def worker_keeps_up() -> bool:
    """Tell whether a worker lives, and no task or mail waits for long since it was due."""
    late = timezone.now() - PATIENCE
    # django-tasks-db marks "at once" by the last of all dates.
    at_once = Q(run_after=get_date_max(), enqueued_at__lt=late)
    return (
        Heartbeat.objects.fresh().exists()
        and not DBTaskResult.objects.ready().filter(at_once | Q(run_after__lt=late)).exists()
        and not OutgoingMail.objects.waiting().filter(due_at__lt=late).exists()
    )


class MigrationsPending(Exception):
    """The database is older than the code."""


CHECKS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "migrations": migrations_are_applied,
    "cache": cache_remembers,
    "worker": worker_keeps_up,
}
