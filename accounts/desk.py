"""What waits for a person on the desk: every app names its own, the admin's index shows them.

An AppConfig of any app may define `desk_items(user)`. It gives what this person should see to, the
most urgent first, and asks few questions of the database: the index is opened often.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps

from accounts.models import User


@dataclass(frozen=True)
class DeskItem:
    """One thing that waits. Items under the same `heading` are shown together."""

    heading: str
    title: str
    url: str
    note: str = ""  # since when, how many, by when


def desk_of(user: User) -> dict[str, list[DeskItem]]:
    """Return what waits for `user`, by heading, in the order in which the apps name them."""
    desk: dict[str, list[DeskItem]] = {}
    for config in apps.get_app_configs():
        if (items := getattr(config, "desk_items", None)) is None:
            continue
        found: Iterable[DeskItem] = items(user)
        for item in found:
            desk.setdefault(str(item.heading), []).append(item)
    return desk
