"""What goes on after the answer: it is done, also when a worker dies, and what recurs recurs."""

import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.tasks import task
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import tasks
from accounts.management.commands import run_worker
from accounts.models import Heartbeat, ScheduledJob, User
from accounts.schedule import Job
from accounts.tasks import retrying
from tests.processes import Processes, touch_and_wait, wait_until

pytestmark = pytest.mark.django_db

Deed = Callable[[], object]
runs: list[str] = []


@task
def note(word: str) -> None:
    runs.append(word)


@task
@retrying(times=2, first_pause=timedelta(minutes=1))
def stumble(falls: int) -> None:
    runs.append("stumble")
    if len(runs) <= falls:
        raise TimeoutError("ana@example.org")


@task
def fall() -> None:
    raise TimeoutError


@pytest.fixture(autouse=True)
def _no_runs() -> None:
    runs.clear()


@pytest.fixture
def hourly(monkeypatch: pytest.MonkeyPatch) -> list[Deed]:
    """A job that recurs every hour; return what it is to do, which may be changed."""
    deeds: list[Deed] = [lambda: runs.append("hourly")]
    job = Job(timedelta(hours=1), lambda: deeds[-1]())
    monkeypatch.setattr(tasks, "JOBS", {"hourly": job})
    return deeds


def work() -> None:
    call_command("run_worker", "--batch")


def work_later(minutes: float) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes, seconds=1)):
        work()


def test_a_task_is_run_once() -> None:
    note.enqueue("hello")
    work()
    work()
    assert runs == ["hello"]


def test_a_task_is_rolled_back_with_what_asked_for_it() -> None:
    with transaction.atomic():
        note.enqueue("hello")
        transaction.set_rollback(True)
    work()
    assert runs == []


def test_a_task_that_raises_is_run_again_after_growing_pauses() -> None:
    stumble.enqueue(falls=2)
    work()
    work()
    assert len(runs) == 1
    work_later(minutes=1)
    assert len(runs) == 2
    work_later(minutes=3)
    assert len(runs) == 2
    work_later(minutes=4 + 1)
    assert len(runs) == 3
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_a_task_that_keeps_raising_is_given_up_and_logged_by_the_class(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stumble.enqueue(falls=99)
    for hours in range(5):
        work_later(minutes=60 * hours)
    assert len(runs) == 3
    assert DBTaskResult.objects.get().status == "FAILED"
    [given_up] = [record for record in caplog.records if record.name == "accounts.tasks"]
    assert "TimeoutError" in given_up.getMessage()
    assert "ana@example.org" not in given_up.getMessage()


def test_a_task_without_retries_is_tried_once() -> None:
    fall.enqueue()
    work()
    work_later(minutes=60 * 24)
    assert DBTaskResult.objects.get().status == "FAILED"


def test_a_job_runs_at_once_and_then_at_its_interval(hourly: list[Deed]) -> None:
    work()
    work()
    assert runs == ["hourly"]
    work_later(minutes=60)
    assert runs == ["hourly", "hourly"]


def test_a_job_that_fails_is_noted_and_runs_next_time(hourly: list[Deed]) -> None:
    hourly.append(fall.func)
    work()
    assert ScheduledJob.objects.get(name="hourly").last_error == "TimeoutError"
    hourly.pop()
    work_later(minutes=60)
    assert runs == ["hourly"]
    assert ScheduledJob.objects.get(name="hourly").last_error == ""


def test_a_job_is_run_by_one_of_two_workers(hourly: list[Deed]) -> None:
    tasks.prepare()
    mine = ScheduledJob.objects.get(name="hourly")
    theirs = ScheduledJob.objects.get(name="hourly")
    assert mine.claim(timedelta(hours=1))
    assert not theirs.claim(timedelta(hours=1))


def test_the_jobs_of_all_apps_are_found() -> None:
    work()
    names = set(ScheduledJob.objects.values_list("name", flat=True))
    assert {
        "accounts.tasks.forget_expired_sessions",
        "accounts.tasks.forget_expired_rate_counts",
        "accounts.tasks.forget_old_mail",
        "accounts.tasks.forget_old_task_results",
    } <= names
    assert not ScheduledJob.objects.exclude(last_error="").exists()


def test_an_ended_session_is_forgotten_with_its_address(as_member: Client, member: User) -> None:
    session_key = as_member.session.session_key
    UserSession.objects.create(user=member, session_key=session_key, ip="203.0.113.7")
    tasks.forget_expired_sessions()
    assert UserSession.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        tasks.forget_expired_sessions()
    assert not UserSession.objects.exists()


@pytest.fixture
def abandoned() -> DBTaskResult:
    """A task that a worker began an hour ago, and did not end."""
    touch_and_wait.enqueue("/nowhere")
    row = DBTaskResult.objects.get()
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        row.claim("a-machine:1:x")
        Heartbeat.beat("a-machine:1:x")
    return row


def test_the_task_of_a_silent_worker_is_put_back(abandoned: DBTaskResult) -> None:
    tasks.tick()
    abandoned.refresh_from_db()
    assert abandoned.status == "READY"


def test_a_long_task_of_a_living_worker_is_left_to_it(abandoned: DBTaskResult) -> None:
    Heartbeat.beat("a-machine:1:x")
    tasks.tick()
    abandoned.refresh_from_db()
    assert abandoned.status == "RUNNING"


def test_a_task_that_kills_every_worker_is_given_up(abandoned: DBTaskResult) -> None:
    DBTaskResult.objects.update(worker_ids=["a", "b", "c", "d"])
    tasks.tick()
    abandoned.refresh_from_db()
    assert abandoned.status == "FAILED"


def test_a_worker_waits_for_a_database_that_does_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    note.enqueue("hello")
    worker = run_worker.Worker(batch=False)
    real, first_name = tasks.tick, []

    def fail_once() -> None:
        monkeypatch.setattr(tasks, "tick", real)
        first_name.append(worker.worker_id)
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(tasks, "tick", fail_once)
    monkeypatch.setattr(run_worker.connections, "close_all", lambda: None)
    assert worker.turn() is False
    assert worker.turn() is True
    assert runs == ["hello"]
    assert worker.worker_id not in first_name


def test_a_worker_says_that_it_lives_while_a_task_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    beats = []
    monkeypatch.setattr(run_worker, "BEAT", 0.01)
    monkeypatch.setattr(run_worker.Heartbeat, "beat", lambda name: beats.append(name))
    monkeypatch.setattr(
        note.func, "__code__", (lambda word: __import__("time").sleep(0.2)).__code__
    )
    note.enqueue("hello")
    work()
    assert len(beats) > 3
    assert len(set(beats)) == 1


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_worker_had_begun_is_done_by_the_next(tmp_path: Path) -> None:
    touch_and_wait.enqueue(str(tmp_path))
    processes = Processes(tmp_path)
    worker = processes.start("run_worker")
    wait_until((tmp_path / "begun").exists)
    worker.kill()
    worker.wait()
    (tmp_path / "go").touch()
    processes.work_an_hour_later()
    assert (tmp_path / "begun").read_text() == "xx"
    assert (tmp_path / "done").exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_told_to_stop_finishes_its_task(tmp_path: Path) -> None:
    touch_and_wait.enqueue(str(tmp_path))
    processes = Processes(tmp_path)
    worker = processes.start("run_worker")
    wait_until((tmp_path / "begun").exists)
    worker.send_signal(signal.SIGTERM)
    (tmp_path / "go").touch()
    assert worker.wait(timeout=60) == 0
    assert (tmp_path / "done").exists()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no server to restart")
@pytest.mark.django_db(transaction=True)
def test_a_worker_survives_the_loss_of_its_connection(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    worker = processes.start("run_worker")
    wait_until(Heartbeat.objects.exists)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    (tmp_path / "go").touch()
    touch_and_wait.enqueue(str(tmp_path))
    wait_until((tmp_path / "done").exists)
    worker.terminate()
    assert worker.wait(timeout=60) == 0
