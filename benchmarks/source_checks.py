"""How long `check_sources` takes, and how much memory.

`python -m benchmarks.source_checks [ROWS] [SOURCES]` makes a file in the shape of that of
Retraction Watch (60,000 rows unless told otherwise, as long as real ones) and a database with that
many sources (5,000), of which one in ten is cited by an article and stands in the file. The command
runs in a process of its own, its start included; memory is the most that this process ever held.
"""

import csv
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.leaving import address_of
from benchmarks.measuring import database, tidy, timed

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 60_000
SOURCES = int(sys.argv[2]) if len(sys.argv) > 2 else 5_000
MATCHING = SOURCES // 10
AN_ARTICLE = 10  # sources that one article cites, each in a section of its own
# Linux keeps the most that a process held since it began; `getrusage` would count its parent's too.
RUN = """
import os, re, sys
from django.core.management import execute_from_command_line
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
execute_from_command_line(sys.argv[1:])
kibibytes = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
print(f"{kibibytes * 1_024 / 1_000_000:.0f} MB at most")
"""
COLUMNS = (
    "Record ID", "Title", "Subject", "Institution", "Journal", "Publisher", "Country", "Author",
    "URLS", "ArticleType", "RetractionDate", "RetractionDOI", "RetractionPubMedID",
    "OriginalPaperDate", "OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionNature", "Reason",
    "Paywalled", "Notes",
)  # fmt: skip


def main() -> None:
    with database(), tempfile.TemporaryDirectory() as folder:
        from django.db import connection

        path = Path(folder) / "retraction_watch.csv"
        write(path)
        fill()
        tidy()
        size = path.stat().st_size / 1_000_000
        print(f"{connection.vendor}: {ROWS} rows, {size:.0f} MB, {SOURCES} sources on record")
        command = [sys.executable, "-c", RUN, "manage.py", "check_sources", str(path)]
        known = {**os.environ, "DATABASE_URL": address_of(connection)}
        for run in ("first run", "again"):
            seconds = timed(lambda: subprocess.run(command, env=known, check=True))  # noqa: S603
            print(f"{run}: {seconds:.1f} s")
        check()


def write(path: Path) -> None:
    words = "Analysis of something in somebody, and what came of it in a thousand people. "
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in range(ROWS):
            is_known = number % (ROWS // MATCHING) == 0 and number // (ROWS // MATCHING) < MATCHING
            known = number // (ROWS // MATCHING)
            writer.writerow(
                (
                    number, words, "(HSC) Medicine;(BLS) Biology;", words * 3, "Journal", "Press",
                    "Utopia", "A Writer;B Writer;C Writer", "https://example.org/blog/" * 2,
                    "Research Article;", f"{number % 12 + 1}/{number % 28 + 1}/2024 0:00",
                    f"10.1000/notice.{number}", 0, "1/5/2019 0:00",
                    f"10.1000/source.{known}" if is_known else f"10.9999/other.{number}",
                    0 if number % 2 else 30_000_000 + number, "Retraction",
                    "+Concerns/Issues About Data;+Investigation by Journal/Publisher;" * 2,
                    "No", words,
                )
            )  # fmt: skip


def fill() -> None:
    from articles.models import Article, Category, Source
    from articles.models.revision import new_citation

    Source.objects.bulk_create(
        Source(title=f"Number {number}", doi=f"10.1000/source.{number}")
        for number in range(SOURCES)
    )
    sources = list(Source.objects.order_by("pk"))
    category = Category.objects.at(["Health"])
    for start in range(0, MATCHING, AN_ARTICLE):
        cited = sources[start : start + AN_ARTICLE]
        article = Article(slug=f"article-{start}", category=category)
        article.save()
        text = "\n\n".join(f"## Part {n}\n\nWords.[^s{n}]" for n in range(len(cited)))
        citations = [new_citation(source, f"s{n}") for n, source in enumerate(cited)]
        words = {"title": f"Number {start}", "summary": "", "text": text}
        article.publish(article.revise(**words, citations=citations))


def check() -> None:
    """Make sure that each section that cites a retracted source has its task, and once."""
    from articles.models import SourceTask

    count = SourceTask.objects.count()
    assert count == MATCHING, f"{count} tasks instead of {MATCHING}"


if __name__ == "__main__":
    main()
