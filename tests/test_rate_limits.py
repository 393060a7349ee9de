"""How often somebody may do something, counted exactly."""

from pathlib import Path

import pytest
import time_machine
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from accounts.models import RateCount
from accounts.ratelimits import allow, client_address, retry_after
from tests.processes import PATIENCE, Processes

HOUR = 3600


@pytest.mark.django_db
def test_as_many_as_the_limit_are_allowed() -> None:
    assert [allow("draft", "203.0.113.7", 3, HOUR) for _ in range(5)] == [True] * 3 + [False] * 2


@pytest.mark.django_db
def test_each_key_and_each_scope_is_counted_by_itself() -> None:
    assert allow("draft", "203.0.113.7", 1, HOUR)
    assert allow("draft", "203.0.113.8", 1, HOUR)
    assert allow("report", "203.0.113.7", 1, HOUR)
    assert not allow("draft", "203.0.113.7", 1, HOUR)


@pytest.mark.django_db
def test_the_next_window_begins_at_zero() -> None:
    with time_machine.travel("2026-11-22T14:59:50Z", tick=False) as clock:
        assert allow("draft", "203.0.113.7", 1, HOUR)
        assert not allow("draft", "203.0.113.7", 1, HOUR)
        assert retry_after(HOUR) == 10
        clock.shift(retry_after(HOUR))
        assert allow("draft", "203.0.113.7", 1, HOUR)
        assert retry_after(HOUR) == HOUR


@pytest.mark.django_db
def test_no_address_is_stored() -> None:
    allow("draft", "203.0.113.7", 1, HOUR)
    assert "203.0.113.7" not in str(RateCount.objects.values())


@pytest.mark.django_db
def test_counts_are_forgotten_when_their_window_ended() -> None:
    with time_machine.travel("2026-11-22T14:59:50Z", tick=False):
        allow("draft", "203.0.113.7", 1, HOUR)
        assert not RateCount.objects.expired().exists()
    with time_machine.travel("2026-11-22T15:00:01Z", tick=False):
        assert RateCount.objects.expired().exists()


PARALLEL_CALLS = """
from concurrent.futures import ThreadPoolExecutor
from accounts.ratelimits import allow
from django.db import connection

def call(_):
    try:
        return allow("draft", "203.0.113.7", 10, 10_000_000)
    finally:
        connection.close()

with ThreadPoolExecutor(5) as pool:  # see test_reports_at_once
    print(sum(pool.map(call, range(16))))
"""


@pytest.mark.django_db(transaction=True)
def test_of_32_parallel_calls_in_two_processes_exactly_10_are_allowed(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    both = [processes.start("shell", "-v", "0", "-c", PARALLEL_CALLS) for _ in range(2)]
    assert sum(int(process.communicate(timeout=PATIENCE)[0]) for process in both) == 10


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "", "192.0.2.1"),
        (0, "203.0.113.7", "192.0.2.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (2, "198.51.100.1, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "203.0.113.7", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "unknown", "192.0.2.1"),
        (1, "203.0.113.7, <script>", "192.0.2.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "::ffff:203.0.113.7", "203.0.113.7"),
    ],
)
def test_a_client_is_known_by_the_address_that_our_own_proxies_saw(
    settings: Settings, proxies: int, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="192.0.2.1")
    assert client_address(request) == address


def test_a_client_without_an_address_is_still_counted() -> None:
    assert client_address(RequestFactory().get("/", REMOTE_ADDR="")) == ""
