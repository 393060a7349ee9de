"""docs/moderating.md, which teaches moderators their day, names all that waits and can be done."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from comments.admin.case_deeds import DEEDS
from comments.admin.case_queues import TITLES
from comments.models import Sanction
from comments.models.appeal import ANSWERED_WITHIN
from comments.models.decision import APPEAL_WITHIN, UNDO
from comments.models.report import HANDLING, Report
from comments.moderation.sanctions import DURATIONS
from comments.screening import CHECKS
from comments.screening.pipeline import OTHER_REASONS
from tests.test_architecture import ROOT

FOLDER = ROOT / "docs"
DOCUMENT = (FOLDER / "moderating.md").read_text()


def rows(first: str) -> dict[str, list[str]]:
    """Return the cells of the table whose head begins with `first`, by their first cell."""
    table = re.search(rf"^\| {first} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", DOCUMENT, re.MULTILINE)
    assert table, first
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table[1].splitlines()]
    return {line[0].strip("*`"): line[1:] for line in lines}


def labels(named: Iterable[object]) -> list[str]:
    return [str(name) for name in named]


def test_it_names_every_queue() -> None:
    assert sorted(rows("queue")) == sorted(labels(TITLES.values()))


def test_it_says_who_looks_at_each_kind_of_report_and_how_soon() -> None:
    said = {
        str(reason.label): [" and ".join(handling.groups), f"{handling.hours} hours"]
        for reason, handling in HANDLING.items()
    }
    assert len(said) == len(Report.Reason)
    assert rows("reported as") == said


def test_it_names_everything_that_a_moderator_can_do_with_a_case() -> None:
    elsewhere = {"sanction"}  # a table of its own
    buttons = labels(deed.button for deed in DEEDS.values() if deed.name not in elsewhere)
    assert sorted(", ".join(rows("what you do")).split(", ")) == sorted(buttons)


def test_it_names_every_step_about_a_writer_from_the_mildest() -> None:
    steps = [str(kind.label).capitalize() for kind in Sanction.Kind]
    assert list(rows("step")) == steps
    suspension = rows("step")["Suspension"][1]
    for _length, label in DURATIONS.values():
        assert re.search(rf"\b{str(label).split()[0]}\b", suspension), label


def test_it_names_every_check_in_the_order_of_screening() -> None:
    assert list(rows("check")) == [check.name for check in CHECKS]
    for name in OTHER_REASONS:
        assert f"(`{name}`)" in DOCUMENT


def test_its_times_are_those_of_the_software() -> None:
    assert f"within {APPEAL_WITHIN.days} days" in DOCUMENT
    assert rows("queue")["Appeals"][1] == f"{ANSWERED_WITHIN.days} days"
    assert UNDO.total_seconds() == 30
    assert "undone for 30 seconds" in DOCUMENT


def test_its_pictures_and_links_are_there() -> None:
    found = re.findall(r"(!?)\[[^\]]*\]\(([^)]+)\)", DOCUMENT)
    for _mark, address in found:
        assert (FOLDER / address).is_file(), address
    assert 3 <= sum(mark == "!" for mark, _address in found) <= 5


@pytest.mark.parametrize("picture", sorted(FOLDER.glob("moderating-*.png")), ids=lambda it: it.name)
def test_each_picture_is_light_and_in_use(picture: Path) -> None:
    assert picture.stat().st_size <= 120_000
    assert f"]({picture.name})" in DOCUMENT
