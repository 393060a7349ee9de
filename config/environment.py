"""How the settings read the environment: a value of the wrong kind, or none, is named plainly."""

import ipaddress
import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured


class Env(environ.Env):
    def get_value(self, var: str, *args: Any, **kwargs: Any) -> Any:
        """Refuse a value of the wrong kind by its variable's name."""
        try:
            return super().get_value(var, *args, **kwargs)
        except ValueError as error:
            raise ImproperlyConfigured(f"{var} cannot be read: {error}.") from error


env = Env()  # type: ignore[no-untyped-call]  # django-environ names no types


def is_loopback(host: str) -> bool:
    """Tell whether `host` names this computer: `localhost` or a loopback address (RFC 6761)."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def demand(name: str, why: str) -> str:
    """Return a variable that production cannot do without; refuse to start when it is missing."""
    if value := env.str(name, default=""):
        return value
    raise ImproperlyConfigured(f"{name} is not set: {why}")


def number_or_none(name: str) -> int | None:
    return env.int(name) if env.str(name, default="") else None


def one_of(name: str, *values: str) -> str:
    """Return which of `values` a variable holds; the first when it holds none."""
    if (said := env.str(name, default="") or values[0]) in values:
        return said
    raise ImproperlyConfigured(f"{name} is {' or '.join(values)}: {said!r} is neither.")


def hours_of_day(name: str) -> tuple[int, int] | None:
    """Return two full hours of a day, written as "9-17"; None when none are set."""
    said = env.str(name, default="")
    if not said:
        return None
    begins, dash, ends = said.partition("-")
    if dash and begins.strip().isdecimal() and ends.strip().isdecimal():
        hours = int(begins), int(ends)
        if 0 <= hours[0] < hours[1] <= 24:
            return hours
    raise ImproperlyConfigured(f"{name} is two hours of the day, like 9-17: {said!r} is not.")


def trial_secret_key(file: Path) -> str:
    """Return the trial's secret key, made once and readable by its owner only.

    Of processes that start at once one's is taken, and none finds it half written.
    """
    if not file.exists():
        with NamedTemporaryFile("w", dir=file.parent) as new:
            new.write(secrets.token_urlsafe(50))
            new.flush()
            with suppress(FileExistsError):
                os.link(new.name, file)
    return file.read_text()
