"""Files about retracted works, and texts that cite them, as several tests need them."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management import call_command

from articles.models import Article, Source, SourceTask
from articles.models.revision import new_citation

# As the file that Crossref publishes has them.
COLUMNS = (
    "Record ID", "Title", "Subject", "Institution", "Journal", "Publisher", "Country", "Author",
    "URLS", "ArticleType", "RetractionDate", "RetractionDOI", "RetractionPubMedID",
    "OriginalPaperDate", "OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionNature", "Reason",
    "Paywalled", "Notes",
)  # fmt: skip

STUDY = "10.1000/study"
TEXT = """
The lead.

## Causes

Nobody knows.

## Treatment

Needles help.[^needles]

## Outlook

It varies.[^other]
"""


def row(**cells: str) -> dict[str, str]:
    """Return a row of the list of Retraction Watch: the study was retracted on 3 March 2026."""
    usual = dict.fromkeys(COLUMNS, "") | {
        "Record ID": "4711",
        "Title": "Needles for faces",
        "RetractionDate": "3/3/2026 0:00",
        "RetractionDOI": "10.1000/notice",
        "RetractionPubMedID": "0",
        "OriginalPaperDate": "1/5/2019 0:00",
        "OriginalPaperDOI": STUDY,
        "OriginalPaperPubMedID": "0",
        "RetractionNature": "Retraction",
        "Reason": "+Concerns/Issues about Data;+Duplication of Image;",
    }
    return usual | cells


def as_csv(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def work(doi: str, **fields: Any) -> dict[str, Any]:
    return {"DOI": doi, "title": ["A work"], **fields}


def update(doi: str, kind: str = "retraction", *day: int) -> dict[str, Any]:
    return {
        "DOI": doi,
        "type": kind,
        "label": kind.title(),
        "source": "publisher",
        "updated": {"date-parts": [list(day or (2026, 3, 3))]},
    }


def check(tmp_path: Path, *contents: str | bytes | Any) -> tuple[str, str]:
    """Run the command on files with these contents (objects as JSON); return what it said."""
    paths = []
    for number, content in enumerate(contents, 1):
        paths.append(tmp_path / f"file-{number}")
        if not isinstance(content, (str, bytes)):
            content = json.dumps(content)
        paths[-1].write_bytes(content.encode() if isinstance(content, str) else content)
    out, err = io.StringIO(), io.StringIO()
    call_command("check_sources", *paths, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def a_source(**fields: Any) -> Source:
    return Source.objects.create(**({"title": "Needles for faces", "doi": STUDY} | fields))


def citing(
    make_article: Callable[..., Article], source: Source, other: Source | None = None, **fields: Any
) -> Article:
    """Return a published article whose section "Treatment" cites `source`, as source 1."""
    article = make_article(**fields)
    other = other or Source.objects.get_or_create(title="Another study", doi="10.1000/other")[0]
    revision = article.revise(
        title="On faces",
        summary="",
        text=TEXT,
        citations=[new_citation(source, "needles"), new_citation(other, "other")],
    )
    article.publish(revision)
    return article


def opened() -> list[tuple[str, str, str]]:
    """Return what is to be looked at: the article, the section, and what is said of the source."""
    tasks = SourceTask.objects.select_related("article").order_by("article__slug", "pk")
    return [(task.article.slug, task.heading, task.status) for task in tasks]
