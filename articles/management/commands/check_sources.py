"""`manage.py check_sources FILE…`: which cited works were retracted, corrected or reinstated."""

from argparse import ArgumentParser
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from articles.source_checking.matching import AnotherWork, Register
from articles.source_checking.notice import Malformed, Notice, Unreadable
from articles.source_checking.opening import open_tasks
from articles.source_checking.reading import notices

A_STEP = 1_000  # rows between two looks of the progress bar


class Command(BaseCommand):
    help = (
        "Look up the sources on record in the CSV file of Retraction Watch, or in records of works"
        " from Crossref (JSON, or JSON Lines), and open a task for each section that rests on one"
        " that was retracted, corrected or reinstated. A run can be repeated: nothing is opened"
        " twice, and what a person dismissed stays so. Nothing is asked of the network."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="FILE")

    def handle(self, *, paths: list[Path], **options: Any) -> None:
        self.counted: Counter[str] = Counter()
        self.found: defaultdict[int, list[Notice]] = defaultdict(list)
        self.register = Register()
        unreadable = [path for path in paths if not self.read(path)]
        self.open()
        self.sum_up(paths)
        if unreadable:
            raise CommandError(f"{len(unreadable)} of {len(paths)} files could not be read.")

    def read(self, path: Path) -> bool:
        """Match what a file says; tell whether it could be read to its end."""
        try:
            with path.open("rb") as file:
                for row in self.with_progress(file, path):
                    self.take(row)
        except Unreadable as why:
            self.complain(str(path), str(why))
        except OSError as error:
            self.complain(str(path), f"{error.strerror or error}.")
        else:
            return True
        return False

    def take(self, row: Notice | Malformed) -> None:
        self.counted["rows"] += 1
        if isinstance(row, Malformed):
            self.counted["malformed"] += 1
            self.complain(row.where, row.why)
            return
        try:
            source = self.register.find(row)
        except AnotherWork as why:
            self.counted["contradicting"] += 1
            self.complain(row.where, str(why))
            return
        if source is not None:
            self.counted["matching"] += 1
            self.found[source].append(row)

    def open(self) -> None:
        for done in open_tasks(self.found):
            self.counted.update(done)

    def sum_up(self, paths: Sequence[Path]) -> None:
        n = self.counted
        self.stdout.write(
            f"{len(paths)} files, {n['rows']} notices: {n['matching']} about"
            f" {len(self.found)} of {len(self.register.numbers)} sources on record,"
            f" {n['malformed']} malformed, {n['contradicting']} contradicting what is on record."
        )
        self.stdout.write(
            f"{n['opened']} tasks opened, {n['known']} known, {n['dismissed before']} dismissed"
            f" before, {n['not cited']} about sources that no published text cites."
        )

    def complain(self, where: str, why: str) -> None:
        """Name what was not used; a file does not get to steer the terminal."""
        said = f"{where}: {why}"
        self.stderr.write(
            "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in said)
        )

    def with_progress(self, file: BinaryIO, path: Path) -> Iterator[Notice | Malformed]:
        """Yield each row, drawing a bar on a terminal and nothing elsewhere."""
        rows = notices(file, path.name)
        if not self.stderr.isatty():
            yield from rows
            return
        size = max(1, path.stat().st_size)
        for number, row in enumerate(rows):
            yield row
            if number % A_STEP == 0:
                self.draw(path, file.tell() / size)
        self.draw(path, 1)
        self.stderr.write("")

    def draw(self, path: Path, part: float) -> None:
        self.stderr.write(f"\r{'█' * int(30 * part):<30} {part:4.0%} {path.name}", ending="")
