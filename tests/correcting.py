"""Steps about corrections that several tests take."""

from typing import Any

from django.core.management import call_command

from accounts.models import User
from articles.correcting import correct
from articles.models import Article, Correction

SAID = {"before": "Take two tablets an hour.", "after": "Take two tablets a day."}
SAFETY = {**SAID, "to_do": "If you took more, call the poison line."}


def corrected(
    article: Article, kind: str = "correction", by: User | None = None, **words: Any
) -> Correction:
    """Publish a correction; one of safety says what to do."""
    usual = SAFETY if kind == "safety" else SAID
    return correct(article, kind=kind, by=by, **{**usual, **words})


def work() -> None:
    call_command("run_worker", "--batch")
