"""count_readers: how often articles were read, from the access log; nothing of who did."""

import gzip
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.access_log import MACHINES
from articles.models import Article, DailyReaders

pytestmark = pytest.mark.django_db

TODAY = datetime(2026, 3, 10, 12, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(TODAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def knees(make_article: Callable[..., Article]) -> Article:
    return make_article(slug="knees")


def combined(
    path: str = "/articles/knees/",
    *,
    at: str = "09/Mar/2026:13:55:36 +0000",
    method: str = "GET",
    status: int = 200,
    agent: str = FIREFOX,
) -> str:
    return f'203.0.113.7 - - [{at}] "{method} {path} HTTP/1.1" {status} 5316 "-" "{agent}"'


def ours(path: str = "/articles/knees/", *, status: int = 200, asked_by: str = " reader") -> str:
    """Return a line in the format of deploy/nginx.conf."""
    return f"[09/Mar/2026:13:55:36 +0000] {status} GET {path} 5316 0.003s HIT{asked_by}"


def log(folder: Path, *lines: str, name: str = "access.log") -> str:
    path = folder / name
    path.write_text("".join(f"{line}\n" for line in lines))
    return str(path)


def run(*paths: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("count_readers", *paths, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def stored() -> dict[tuple[str, date], int]:
    rows = DailyReaders.objects.values_list("article__slug", "day", "readers")
    return {(slug, day): readers for slug, day, readers in rows}


NINTH = date(2026, 3, 9)


@pytest.mark.parametrize("line", [combined(), ours(), ours(asked_by="")])
def test_a_page_that_was_read_is_counted(knees: Article, tmp_path: Path, line: str) -> None:
    out, err = run(log(tmp_path, line, line))
    assert stored() == {("knees", NINTH): 2}
    assert "2 lines: articles were read 2 times" in out
    assert err == ""


@pytest.mark.parametrize(
    "line",
    [
        combined(status=404),
        combined(status=301),
        combined(status=410),
        combined(method="HEAD"),
        combined(method="POST"),
        combined("/"),
        combined("/articles/knees/history/"),
        combined("/articles/knees/comments/new/"),
        combined("/topics/articles/knees/"),
        combined("/articles/nobody/"),
        combined("/articles/"),
        combined(agent="Mozilla/5.0 (compatible; Googlebot/2.1)"),
        combined(agent="curl/8.0"),
        combined(agent="-"),
        combined(agent=""),
        ours(asked_by=" machine"),
        combined(at="09/Mar/2025:13:55:36 +0000"),  # forgotten by now
        combined(at="11/Mar/2026:13:55:36 +0000"),  # of a clock that is wrong
    ],
)
def test_what_no_reader_read_is_not_counted(knees: Article, tmp_path: Path, line: str) -> None:
    _out, err = run(log(tmp_path, line))
    assert stored() == {}
    assert err == ""


@pytest.mark.parametrize(
    "line",
    [combined("/articles/knees/?page=2"), combined(status=304), ours(status=304)],
)
def test_another_page_of_the_discussion_and_a_page_read_again_count(
    knees: Article, tmp_path: Path, line: str
) -> None:
    run(log(tmp_path, line))
    assert stored() == {("knees", NINTH): 1}


def test_nothing_of_the_reader_is_kept(knees: Article, tmp_path: Path) -> None:
    out, err = run(log(tmp_path, combined(), "203.0.113.9 nonsense"))
    fields = {field.name for field in DailyReaders._meta.get_fields()}
    assert fields == {"id", "article", "day", "readers", "counted_at"}
    assert "203.0.113" not in out + err


def test_the_same_files_twice_count_once(knees: Article, tmp_path: Path) -> None:
    path = log(tmp_path, combined(), combined())
    packed = tmp_path / "access.log.2.gz"
    packed.write_bytes(gzip.compress(Path(path).read_bytes()))
    run(path)
    run(path)
    _out, err = run(path, str(packed), path)
    assert stored() == {("knees", NINTH): 2}
    assert err.count("counted once") == 2


def test_a_day_in_two_files_is_whole_when_both_are_named(knees: Article, tmp_path: Path) -> None:
    morning = log(tmp_path, combined(), combined(), name="access.log.1")
    evening = log(tmp_path, combined(at="09/Mar/2026:20:00:00 +0000"))
    run(evening)
    run(morning, evening)
    run(evening)
    assert stored() == {("knees", NINTH): 3}


def test_the_day_is_that_of_the_site(knees: Article, tmp_path: Path) -> None:
    run(log(tmp_path, combined(at="09/Mar/2026:01:00:00 +0200")))
    assert stored() == {("knees", date(2026, 3, 8)): 1}


def test_an_old_address_leads_to_the_article(knees: Article, tmp_path: Path) -> None:
    knees.slug = "knees-after-sixty"
    knees.save()
    run(log(tmp_path, combined(), combined("/articles/knees-after-sixty/")))
    assert stored() == {("knees-after-sixty", NINTH): 2}


def test_lines_that_are_none_are_named_and_counted(knees: Article, tmp_path: Path) -> None:
    broken = ["203.0.113.7", "\x1b[2J", "[yesterday] 200 GET / 1 0.1s HIT", "[" * 9_000, '"' * 50]
    path = log(tmp_path, combined(), *broken, "", *["?"] * 20, combined())
    out, err = run(path)
    assert stored() == {("knees", NINTH): 2}
    assert "25 lines are malformed" in out
    assert f"{path}:2:" in err
    assert "20 more" in err
    assert "\x1b" not in err


def test_a_file_that_cannot_be_read_stops_no_other(knees: Article, tmp_path: Path) -> None:
    torn = tmp_path / "torn.gz"
    torn.write_bytes(gzip.compress(combined().encode() * 50)[:60])
    err = StringIO()
    with pytest.raises(CommandError, match="2 of 3 files"):
        call_command(
            "count_readers",
            str(torn),
            str(tmp_path / "none.log"),
            log(tmp_path, combined()),
            stdout=StringIO(),
            stderr=err,
        )
    assert stored() == {("knees", NINTH): 1}
    assert "torn.gz" in err.getvalue()
    assert "none.log" in err.getvalue()


def test_a_long_log_asks_the_database_as_little_as_a_short_one(
    make_article: Callable[..., Article], tmp_path: Path
) -> None:
    for number in range(5):
        make_article(slug=f"a-{number}")
    days = [timezone.localdate() - timedelta(days=back) for back in range(60)]
    lines = [
        combined(f"/articles/a-{number}/", at=f"{day:%d/%b/%Y}:10:00:00 +0000")
        for day in days
        for number in range(5)
    ]
    path = log(tmp_path, *lines)
    with CaptureQueriesContext(connection) as queries:
        run(path)
    assert DailyReaders.objects.count() == 300
    assert len(queries) <= 8


def test_nginx_leaves_out_the_same_machines_as_the_command() -> None:
    nginx = (settings.BASE_DIR / "deploy" / "nginx.conf").read_text()
    [listed] = re.findall(r'"~\*([^"]+)" machine;', nginx)
    assert set(listed.split("|")) == set(MACHINES.pattern.split("|")) - {"machine"}
