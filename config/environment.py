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
