"""`manage.py import_articles PATH…`: Markdown files with front matter become articles."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import batched
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from articles.front_matter import MAX_FILE_BYTES, Refused
from articles.importing import Outcome, import_file

A_COMMIT = (
    25  # files: fewer waits for the disk, and a site that is written to waits a second at most
)


class Command(BaseCommand):
    help = "Import articles from Markdown files with YAML front matter, or from folders of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen.")
        parser.add_argument(
            "--drafts-unless-reviewed",
            action="store_true",
            help="Where CLINICAL_REVIEW=required, leave as drafts what clinicians did not sign.",
        )

    def handle(
        self, *, paths: list[Path], dry_run: bool, drafts_unless_reviewed: bool, **options: Any
    ) -> None:
        files = list(markdown_files(paths))
        self.unreviewed = not drafts_unless_reviewed
        outcomes = self.import_all(files, dry_run=dry_run)
        said = ", ".join(f"{outcomes[kind]} {kind}" for kind in [*Outcome, "failed"])
        self.stdout.write(f"{len(files)} files: {said}." + (" (dry run)" if dry_run else ""))
        if outcomes["failed"]:
            raise CommandError(f"{outcomes['failed']} of {len(files)} files were not imported.")

    def import_all(self, files: list[Path], *, dry_run: bool) -> Counter[str]:
        outcomes: Counter[str] = Counter()
        seen: dict[str, Path] = {}
        for batch in batched(self.with_progress(files), A_COMMIT):
            with transaction.atomic():
                for path in batch:
                    outcomes[self.import_one(path, seen)] += 1
                transaction.set_rollback(dry_run)
        return outcomes

    def import_one(self, path: Path, seen: dict[str, Path]) -> str:
        """Import `path`, unless an earlier file of this run has its slug; return what came of it.

        What cannot be imported is named, and nothing of it kept.
        """
        try:
            with transaction.atomic():
                slug, outcome = import_file(read(path), unreviewed=self.unreviewed)
                if slug in seen:
                    raise Refused(f"{seen[slug]} has the slug “{slug}” too.")
        except Refused as why:
            self.stderr.write(f"{path}: {why}")
            return "failed"
        seen[slug] = path
        return outcome

    def with_progress(self, files: list[Path]) -> Iterator[Path]:
        """Yield each file, drawing a bar on a terminal and nothing elsewhere."""
        if not self.stderr.isatty():
            yield from files
            return
        for number, path in enumerate(files, 1):
            yield path
            bar = "█" * (30 * number // len(files))
            self.stderr.write(f"\r{bar:<30} {number}/{len(files)}", ending="")
        self.stderr.write("")


def markdown_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files that `paths` name, those in folders in the order of their names."""
    for path in paths:
        if path.is_dir():
            yield from sorted(path.rglob("*.md"))
        elif path.is_file():
            yield path
        else:
            raise CommandError(f"{path}: no such file or folder.")


def read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise Refused(error.strerror or str(error)) from error
