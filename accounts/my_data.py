"""What the site holds about one member, for that member to read (GDPR articles 15 and 20)."""

from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import hooks
from accounts.models import User

# So many rows of a kind stand on the screen; the file holds all.
ON_SCREEN = 50
# Up to so many columns a phone shows side by side; the rows of wider tables stand one by one.
NARROW = 3


@dataclass(frozen=True)
class Section:
    """One kind of data, as a table.

    `columns` are the keys of each row, which JSON uses, with their headings for people. The values
    of `rows` are str, int, bool, None, datetime, date, or a list of these. Rows are read once, and
    not before they are needed: a member may have written ten thousand comments.
    """

    key: str
    title: str
    columns: Mapping[str, str]
    rows: Iterable[Mapping[str, Any]]
    note: str = ""

    @property
    def is_narrow(self) -> bool:
        return len(self.columns) <= NARROW

    def read(self, row: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
        """Return the headings of a row with their values as people read them, each a list."""
        return [(heading, as_read(row[key])) for key, heading in self.columns.items()]


@dataclass(frozen=True)
class Excerpt:
    """What of a section stands on the screen."""

    section: Section
    rows: list[list[tuple[str, list[str]]]]
    is_whole: bool


def sections_of(user: User) -> Iterator[Section]:
    """Yield all that any app holds about `user` (`member_data` in accounts/hooks.py)."""
    for sections in hooks.ask("member_data", user):
        yield from sections


def excerpts_of(user: User) -> Iterator[Excerpt]:
    """Yield the beginning of each section, as the screen shows it."""
    for section in sections_of(user):
        found = iter(section.rows)
        rows = [section.read(row) for row in islice(found, ON_SCREEN + 1)]
        if isinstance(found, Generator):
            found.close()  # and with it PostgreSQL's cursor, while its connection is ours
        yield Excerpt(section, rows[:ON_SCREEN], len(rows) <= ON_SCREEN)


def as_read(value: Any) -> list[str]:
    """Return a value in words, one for each thing that it lists; nothing for what is empty."""
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in as_read(item)]
    if value is None or value == "":
        return []
    if isinstance(value, bool):
        return [_("yes") if value else _("no")]
    if isinstance(value, datetime):
        return [date_format(timezone.localtime(value), "DATETIME_FORMAT")]
    if isinstance(value, date):
        return [date_format(value)]
    return [str(value)]
