"""Files about retracted works that are malformed, huge, in odd letters, or no such files."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.models import Article, SourceTask
from tests.source_files import COLUMNS, a_source, as_csv, check, citing, opened, row

TREATMENT = [("faces", "Treatment", "retracted")]


@pytest.fixture
def faces(make_article: Callable[..., Article]) -> Article:
    return citing(make_article, a_source(pmid="12345"), slug="faces")


def test_malformed_rows_are_named_and_the_rest_is_read(faces: Article, tmp_path: Path) -> None:
    text = as_csv(
        row(RetractionNature="Regret"),
        row(RetractionDate="31/12/2026 0:00"),
        row(RetractionDate="2/30/2026 0:00"),
        row(RetractionDate="soon"),
        row(RetractionDate="1/1/0001"),
        row(OriginalPaperDOI="see the notes"),
        row(OriginalPaperPubMedID="PMC123"),
        row(Title="Two\nlines", RetractionNature="Regret"),
    )
    text += "only,three,columns\n\n" + as_csv(row()).splitlines()[1] + "\n"
    said, complaints = check(tmp_path, text)
    named = [line.split(":")[0].split("line ")[1] for line in complaints.splitlines()]
    assert named == ["2", "3", "4", "5", "6", "7", "8", "9", "11"]
    assert opened() == TREATMENT
    assert "9 malformed" in said


def test_columns_may_stand_in_any_order_and_some_may_be_missing(
    faces: Article, tmp_path: Path
) -> None:
    few = ("retraction nature", "OriginalPaperPubMedID", "OriginalPaperDOI", "RetractionDate")
    text = as_csv({**row(), "retraction nature": "Retraction"}, columns=few)
    check(tmp_path, "\ufeff" + text)
    assert opened() == TREATMENT


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_spreadsheet_may_have_saved_it_in_its_own_way(
    faces: Article, tmp_path: Path, separator: str
) -> None:
    cells = [value.replace(";", "/") for value in row().values()]
    check(tmp_path, "\r\n".join(separator.join(line) for line in (COLUMNS, cells)))
    assert opened() == TREATMENT


def test_a_file_of_another_shape_is_refused_and_says_what_it_misses(
    faces: Article, tmp_path: Path
) -> None:
    columns = ("Record ID", "Title", "OriginalPaperDOI", "RetractionDate")
    path = tmp_path / "other.csv"
    path.write_text(as_csv(row(), columns=columns))
    said = refused(path)
    assert "other.csv: This is neither" in said
    assert "does not name OriginalPaperPubMedID, RetractionNature." in said
    assert opened() == []


@pytest.mark.parametrize("content", [b"", b"just words", b"\x89PNG\r\n\x1a\n\0\0"])
def test_what_is_no_table_is_refused(faces: Article, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    assert "does not name" in refused(path)


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[1, 2",
        '{"message": ',
        b"PK\x03\x04zip",
        b"\x1f\x8bgzip",
        b"\xff\xfeodd",
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_the_others_are_read(
    faces: Article, tmp_path: Path, content: str | bytes
) -> None:
    bad, good = tmp_path / "bad", tmp_path / "good"
    bad.write_bytes(content if isinstance(content, bytes) else content.encode())
    good.write_text(as_csv(row()))
    assert "bad: " in refused(bad, good)
    assert opened() == TREATMENT


def test_a_missing_file_or_a_folder_is_named(faces: Article, tmp_path: Path) -> None:
    (tmp_path / "good").write_text(as_csv(row()))
    assert "nowhere: No such file" in refused(tmp_path / "nowhere", tmp_path / "good")
    assert "Is a directory" in refused(tmp_path)
    assert opened() == TREATMENT


def refused(*paths: Path) -> str:
    """Run the command on files of which one cannot be read; return what it complained of."""
    said = StringIO()
    with pytest.raises(CommandError, match="could not be read"):
        call_command("check_sources", *paths, stderr=said, stdout=StringIO())
    return said.getvalue()


def test_huge_fields_and_lines_are_one_malformed_row_each(faces: Article, tmp_path: Path) -> None:
    text = as_csv(row(Title="x" * 200_000), row(Title="a" * 1_500_000), row())
    _said, complaints = check(tmp_path, text)
    assert opened() == TREATMENT
    assert "line 2" in complaints
    assert max(map(len, complaints.splitlines())) < 300


def test_a_quotation_mark_that_never_ends_does_not_swallow_what_was_read(
    faces: Article, tmp_path: Path
) -> None:
    text = as_csv(row()) + '"4712,never closed\n' + as_csv(row()).splitlines()[1] * 3
    _said, complaints = check(tmp_path, text)
    assert opened() == TREATMENT
    assert "file-1, line 3" in complaints


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_usual_encoding_is_read(faces: Article, tmp_path: Path, encoding: str) -> None:
    text = as_csv(row(Title="Étude", Reason="+Désaccord;"))
    check(tmp_path, text.encode(encoding))
    assert SourceTask.objects.get().reason == "Désaccord"


def test_zero_bytes_and_escapes_reach_neither_database_nor_terminal(
    faces: Article, tmp_path: Path
) -> None:
    text = as_csv(row(Reason="+Da\0ta\x1b[31m;"), row(RetractionNature="\x1b[2JRetraction"))
    _said, complaints = check(tmp_path, text)
    assert "\0" not in SourceTask.objects.get().reason
    assert "\x1b" not in complaints


def test_there_is_a_bar_on_a_terminal_only(faces: Article, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(as_csv(row()))
    for stream, bars in ((StringIO(), False), (Terminal(), True)):
        call_command("check_sources", path, stderr=stream, stdout=StringIO())
        assert ("█" in stream.getvalue()) == bars
        assert ("100%" in stream.getvalue()) == bars


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_what_is_asked_of_the_database_does_not_grow_with_the_file(
    faces: Article, tmp_path: Path, django_assert_max_num_queries
) -> None:
    others = [row(OriginalPaperDOI=f"10.1000/other.{number}") for number in range(300)]
    with django_assert_max_num_queries(12):
        check(tmp_path, as_csv(*others, row()))
    assert opened() == TREATMENT
