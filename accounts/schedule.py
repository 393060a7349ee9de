"""What recurs: functions of the apps' `tasks.py` that the worker runs again and again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True)
class Job:
    every: timedelta
    run: Callable[[], object]


JOBS: dict[str, Job] = {}


def scheduled[R](*, every: timedelta) -> Callable[[Callable[[], R]], Callable[[], R]]:
    """Run a function of an app's `tasks.py` again and again, by one worker each time.

    An error is noted and logged, and the next run comes as planned.
    """

    def register(function: Callable[[], R]) -> Callable[[], R]:
        JOBS[path_of(function)] = Job(every, function)
        return function

    return register


def path_of(function: Callable[..., Any]) -> str:
    """Return what django.tasks calls the path of a function."""
    return f"{function.__module__}.{function.__qualname__}"
