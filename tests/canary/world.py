"""The site on which the canary lives: others who are there, a clock, and what is written down."""

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from unittest import mock

import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.test import override_settings

from accounts import handles
from accounts.models import User
from articles.models import Article, Category, Contributor
from tests.canary.words import draw
from tests.conftest import PASSWORD

STAFF = {
    "author": "Authors",
    "reviewer": "Reviewers",
    "editor": "Editors",
    "moderator": "Moderators",
}


@dataclass
class World:
    """A site as it is outside of tests, in a folder of its own."""

    folder: Path
    clock: time_machine.Traveller
    log: StringIO

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def ledger(self) -> Path:
        return self.data / "erasures.jsonl"


def work() -> None:
    """Let a worker do all that is due, and whatever becomes due by that."""
    call_command("run_worker", "--batch")


@contextmanager
def running(folder: Path) -> Iterator[World]:
    """Let mail wait for a worker, and logs say more than they do by default."""
    world = World(folder, None, StringIO())  # type: ignore[arg-type]
    world.data.mkdir()
    shutil.copy(Path(os.environ["DATA_DIR"]) / "secret-key", world.data)
    mail = {
        "default": {"BACKEND": "accounts.mail.QueueBackend"},
        "delivery": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"},
    }
    ours = override_settings(MAILERS=mail, DATA_DIR=world.data, ERASURE_LEDGER=world.ledger)
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    drawn, time = mock.patch.object(handles, "draw", draw), time_machine.travel(start, tick=True)
    with ours, logged(world.log), drawn, time as world.clock:
        yield world


@contextmanager
def logged(lines: StringIO) -> Iterator[None]:
    """Note what would stand in the log of a site that wants to know much."""
    handler, root = logging.StreamHandler(lines), logging.getLogger()
    configured = logging.getHandlerByName("stderr")
    assert configured
    handler.setFormatter(configured.formatter)
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


def settle(discussions: tuple[str, ...]) -> dict[str, User]:
    """Publish an article for each discussion; return the people who are there, by what they are."""
    contributor = Contributor.objects.create(name="ZongCheng")
    for slug in discussions:
        article = Article(slug=slug, category=Category.objects.at(["Health", "Recovery"]))
        article.save()
        article.set_authors([contributor])
        words = {"title": f"What helps {slug}?", "summary": "", "text": "## Rest\n\nA little.\n"}
        article.publish(article.revise(**words))
    people = {
        "bystander": make("First Bystander"),
        "second bystander": make("Second Bystander"),
        "reader": make("Only Listens"),
        "superuser": make("Olga Operates", is_staff=True, is_superuser=True),
    }
    for role, group in STAFF.items():
        people[role] = make(f"Ronja {group}", is_staff=True)
        people[role].groups.add(Group.objects.get(name=group))
    return people


def make(handle: str, **fields: bool) -> User:
    email = f"{handle.lower().replace(' ', '.')}@example.org"
    user = User.objects.create_user(email, PASSWORD, handle=handle, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def in_mail(messages: list[EmailMessage], *, but_to: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield what others were sent."""
    for message in messages:
        if not set(message.to) & set(but_to):
            yield f"mail to {message.to}", message.message().as_string()
