"""`manage.py count_readers FILE…`: how often articles were read, from the access log of nginx."""

from argparse import ArgumentParser
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.access_log import Counted, Unreadable, count
from articles.reader_counts import by_article, keep

NAMED = 5  # malformed lines of a file that are named one by one


class Command(BaseCommand):
    help = (
        "Count how often each article was read on each day, from access logs of nginx: in its"
        " combined format or in that of deploy/nginx.conf, packed by gzip or not. Only numbers are"
        " kept. A day that a file holds in part counts once a run has all of it: name the files"
        " that hold it together. A run can be repeated: nothing is counted twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="FILE")

    def handle(self, *, paths: list[Path], **options: Any) -> None:
        self.readers: Counter[tuple[str, date]] = Counter()
        self.counted: Counter[str] = Counter()
        self.seen: dict[str, Path] = {}
        unreadable = [path for path in paths if not self.read(path)]
        found = by_article(self.readers)
        kept = keep(found)
        n = self.counted
        self.stdout.write(
            f"{len(paths)} files, {n['lines']} lines: articles were read {found.total()} times,"
            f" {n['machines']} times more by machines that say so,"
            f" {self.readers.total() - found.total()} times at addresses of no article;"
            f" {n['malformed']} lines are malformed. {kept} counts of a day are new or larger."
        )
        if unreadable:
            raise CommandError(f"{len(unreadable)} of {len(paths)} files could not be read.")

    def read(self, path: Path) -> bool:
        """Add what a file says; tell whether it could be read to its end."""
        try:
            found = count(path)
        except Unreadable as why:
            self.complain(f"{path}: {why}.")
            return False
        if found.digest in self.seen:
            self.complain(f"{path}: the same as {self.seen[found.digest]}, counted once.")
            return True
        self.seen[found.digest] = path
        self.add(path, found)
        return True

    def add(self, path: Path, found: Counted) -> None:
        self.readers.update(found.readers)
        self.counted.update(
            lines=found.lines, machines=found.machines, malformed=len(found.malformed)
        )
        for number in found.malformed[:NAMED]:
            self.complain(f"{path}:{number}: no line of an access log as nginx writes it.")
        if (more := len(found.malformed) - NAMED) > 0:
            self.complain(f"{path}: {more} more lines are none.")

    def complain(self, said: str) -> None:
        """Name what was not used, not its words: a log may hold an address."""
        self.stderr.write(
            "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in said)
        )
