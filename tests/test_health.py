"""What a machine that watches the site is told."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.tasks import task
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from accounts.models import Heartbeat, OutgoingMail
from config import health


@task
def do_nothing() -> None:
    pass


@pytest.fixture
def worker(db: None) -> None:
    Heartbeat.beat("a-machine:1:x")


def test_a_living_process_says_so_without_a_database(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.content == b"ok\n"
    assert response["Cache-Control"] == "private, no-store"
    assert client.post("/healthz").status_code == 405


def test_a_site_that_works_is_ready(client: Client, worker: None) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "database": "ok",
        "migrations": "ok",
        "cache": "ok",
        "worker": "ok",
        "parked_mail": 0,
    }


def test_a_site_whose_worker_is_silent_is_not_ready(client: Client, worker: None) -> None:
    Heartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=3))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["worker"] == "failed"


def test_a_site_whose_tasks_pile_up_is_not_ready(client: Client, worker: None) -> None:
    do_nothing.enqueue()
    do_nothing.using(run_after=timezone.now() + timedelta(days=1)).enqueue()
    assert client.get("/readyz").status_code == 200
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=11))
    assert client.get("/readyz").json()["worker"] == "failed"


def test_a_task_that_waits_for_its_time_is_not_late(client: Client, worker: None) -> None:
    do_nothing.using(run_after=timezone.now() + timedelta(days=1)).enqueue()
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(days=2))
    assert client.get("/readyz").status_code == 200


def test_a_site_whose_mail_is_overdue_is_not_ready(client: Client, worker: None) -> None:
    OutgoingMail.objects.create(due_at=timezone.now() - timedelta(minutes=11))
    assert client.get("/readyz").json()["worker"] == "failed"


def test_parked_mail_is_told_and_takes_no_site_down(client: Client, worker: None) -> None:
    OutgoingMail.objects.create(failed_at=timezone.now())
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["parked_mail"] == 1


def test_a_site_without_its_cache_table_is_not_ready(
    client: Client, worker: None, settings: Settings
) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "no_such_table",
        }
    }
    assert client.get("/readyz").json()["cache"] == "failed"


def test_a_site_with_a_migration_to_come_is_not_ready(
    client: Client, worker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    health.migrations_are_applied.cache_clear()
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *_: ["0002_more"])
    assert client.get("/readyz").json()["migrations"] == "failed"
    monkeypatch.undo()
    assert client.get("/readyz").json()["migrations"] == "ok"


def test_a_site_without_a_database_tells_no_secret(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> bool:
        raise OperationalError("password authentication failed for user bedside")

    monkeypatch.setitem(health.CHECKS, "database", refuse)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert set(response.json().values()) == {"failed"}
    assert b"password" not in response.content
