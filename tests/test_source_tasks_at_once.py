"""Several at one notice about a source: one answers, and the page is of one mind."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from articles.models import Article, SourceTask
from tests.processes import Processes
from tests.source_files import a_source, as_csv, check, citing, row

pytestmark = pytest.mark.django_db(transaction=True)

ALREADY = "Somebody has answered this already."
PARALLEL = """
import json
from concurrent.futures import ThreadPoolExecutor
from django.core.management import call_command
from django.db import connection
from accounts.models import AuditAct, User
from articles import source_tasks
from articles.models import Article, Source, SourceTask

def attempt(number):
    try:
        emil = User.objects.get(handle="Emil Edits")
        task = SourceTask.objects.order_by("pk").first()
        {deeds}
        return "done"
    except source_tasks.CannotDecide as why:
        return why.messages[0]
    finally:
        connection.close()

with ThreadPoolExecutor(6) as pool:
    said = sorted(pool.map(attempt, range(6)))
tasks = SourceTask.objects.all()
print(json.dumps({{
    "said": said,
    "tasks": tasks.count(),
    "confirmed": tasks.exclude(confirmed_at=None).count(),
    "dismissed": tasks.exclude(dismissed_at=None).count(),
    "status": Source.objects.get(doi="10.1000/study").status,
    "acts": AuditAct.objects.filter(object_type="articles.SourceTask").count(),
}}))
"""


@pytest.fixture
def task(make_article: Callable[..., Article], editor: User, tmp_path: Path) -> SourceTask:
    source = a_source()
    for slug in ("faces", "hands"):
        citing(make_article, source, slug=slug)
    check(tmp_path, as_csv(row()))
    SourceTask.objects.update(found_at=timezone.now() - timedelta(hours=73))
    return SourceTask.objects.order_by("pk")[0]


def at_once(tmp_path: Path, *deeds: str) -> dict[str, Any]:
    """Let six threads of another process do these deeds in turn; return what is so afterwards."""
    lines = "\n        ".join(
        f"if number % {len(deeds)} == {turn}: {deed}" for turn, deed in enumerate(deeds)
    )
    output = Processes(tmp_path).run("shell", "-v", "0", "-c", PARALLEL.format(deeds=lines))
    found: dict[str, Any] = json.loads(output.splitlines()[-1])
    return found


def test_of_six_who_answer_one_does(task: SourceTask, tmp_path: Path) -> None:
    now = at_once(
        tmp_path, "source_tasks.confirm(task, by=emil)", "source_tasks.dismiss(task, by=emil)"
    )
    assert now["said"] == [*[ALREADY] * 5, "done"]
    assert (now["confirmed"], now["dismissed"], now["status"]) in {
        (2, 0, "retracted"),
        (0, 2, "current"),
    }
    assert now["acts"] == 2  # one for each section


def test_who_says_no_while_the_clock_says_yes_is_right(task: SourceTask, tmp_path: Path) -> None:
    now = at_once(tmp_path, "source_tasks.show_unanswered()", "source_tasks.dismiss(task, by=emil)")
    assert (now["dismissed"], now["status"]) == (2, "current")


def test_answering_stands_while_articles_are_published_and_imported(
    task: SourceTask, tmp_path: Path
) -> None:
    now = at_once(
        tmp_path,
        "source_tasks.confirm(task, by=emil)",
        'Source.objects.get(pk=task.source_id).learn(doi=None, pmid="77", url="")',
        "[article.publish(article.live) for article in Article.objects.order_by('-pk')]",
    )
    assert now["said"] == [ALREADY, *["done"] * 5]
    assert (now["confirmed"], now["status"]) == (2, "retracted")


def test_files_that_are_read_at_once_open_a_task_once(task: SourceTask, tmp_path: Path) -> None:
    SourceTask.objects.all().delete()
    path = tmp_path / "list.csv"
    path.write_text(as_csv(row()))
    now = at_once(
        tmp_path, f'call_command("check_sources", "{path}", stdout=open("/dev/null", "w"))'
    )
    assert now["said"] == ["done"] * 6
    assert now["tasks"] == 2
