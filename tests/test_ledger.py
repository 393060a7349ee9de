"""The ledger of erasures: copied out of the database, and replayed when an older one comes back."""

import json
import os
import stat
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from unittest import mock

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts import leaving, ledger
from accounts.models import Departure, Erasure, Fate, LegalHold, User
from articles.models import Article
from tests.discussing import say

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def file(settings: Settings, tmp_path: Path) -> Path:
    settings.ERASURE_LEDGER = tmp_path / "erasures.jsonl"
    return tmp_path / "erasures.jsonl"


def note(subject: str = "1", **fields: str) -> Erasure:
    return Erasure.objects.create(**{"kind": "comment", "deed": "erase"} | fields, subject=subject)


def line_about(user: User, deed: str = "erase", kind: str = "member") -> str:
    """Return a line of a ledger that is newer than this database."""
    row = Erasure(kind=kind, subject=str(user.public_id), deed=deed)
    return ledger.line_of(row) + "\n"


def replay(*args: str) -> str:
    said = StringIO()
    call_command("replay_erasures", *args, stdout=said, stderr=said)
    return said.getvalue()


# --- copying --------------------------------------------------------------------------------------


def test_each_erasure_is_a_line_of_ids(file: Path) -> None:
    rows = [note("1"), note("2")]
    ledger.copy()
    ledger.copy()
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["subject"] for line in lines] == ["1", "2"]
    assert {*lines[0]} == {"id", "at", "kind", "subject", "deed"}
    assert lines[0]["id"] == str(rows[0].pk)
    assert not Erasure.objects.uncopied().exists()


def test_only_the_sites_own_user_reads_the_file(file: Path) -> None:
    note()
    ledger.copy()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_crash_before_the_note_of_it_writes_a_line_twice(file: Path) -> None:
    note()
    with (
        mock.patch("accounts.ledger.Erasure.objects.filter", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        ledger.copy()
    ledger.copy()
    assert len(file.read_text().splitlines()) == 2


def test_a_line_is_on_disk_before_it_counts_as_copied(file: Path) -> None:
    note()
    full = OSError("No space left on device")
    with (
        mock.patch("accounts.ledger.os.fsync", side_effect=full),
        pytest.raises(OSError, match="No"),
    ):
        ledger.copy()
    assert Erasure.objects.uncopied().exists()


def test_a_torn_line_does_not_swallow_the_next(file: Path) -> None:
    file.write_text(ledger.line_of(note("7"))[:70])
    ledger.copy()
    whole = [line.erasure for line in ledger.read(file)]
    assert [row.subject for row in whole if row] == ["7"]
    assert len(whole) == 1


def test_the_worker_copies_it_within_a_minute(file: Path) -> None:
    note()
    call_command("run_worker", "--batch")
    assert file.exists()


# --- replaying ------------------------------------------------------------------------------------


def test_a_restored_member_is_erased_again(member: User, article: Article, file: Path) -> None:
    comment = say(member, article, "My hand is numb.")
    file.write_text(line_about(member))
    assert "Erased again: 1. Erased already: 0. Not applied: 0." in replay()
    member.refresh_from_db()
    comment.refresh_from_db()
    assert member.erased_at
    assert member.handle == comment.text == ""
    assert not mail.outbox
    row = Erasure.objects.get()
    assert row.copied_at
    assert len(file.read_text().splitlines()) == 1


def test_a_second_replay_finds_it_done(member: User, file: Path) -> None:
    file.write_text(line_about(member) * 2)
    replay()
    assert "Erased again: 0. Erased already: 2. Not applied: 0." in replay()
    assert Erasure.objects.count() == 1


def test_a_line_that_was_written_by_this_very_database_is_done(member: User) -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=25)):
        leaving.ask(member, Fate.KEEP)
    call_command("run_worker", "--batch")
    assert "Erased again: 0. Erased already: 1." in replay()


def test_who_signed_up_after_the_backup_is_not_there_to_be_erased(
    member: User, another_member: User, file: Path
) -> None:
    file.write_text(line_about(User(email="new@example.org")))
    assert "Erased again: 1." in replay()
    assert not User.objects.exclude(erased_at=None).exists()


@pytest.mark.parametrize(
    "broken",
    [
        "no json",
        "[]",
        "{}",
        '{"id": 1, "at": "2026-11-22T10:00:00Z", "kind": "member", "subject": "1", "deed": "keep"}',
        '{"id": "5a3b", "at": "x", "kind": "member", "subject": "1", "deed": "keep"}',
        "\ufffd\x00",
        "9" * 5_000,
    ],
)
def test_a_broken_line_is_named_and_stops_no_other(
    broken: str, member: User, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(f"{line_about(User())}{broken}\n{line_about(member)}")
    with pytest.raises(SystemExit) as end:
        call_command("replay_erasures")
    assert end.value.code == 1
    said = capsys.readouterr()
    assert "Line 2 was not applied: cannot be read." in said.err
    assert "Erased again: 2. Erased already: 0. Not applied: 1." in said.out
    member.refresh_from_db()
    assert member.erased_at


@pytest.mark.parametrize(
    ("kind", "deed", "why"),
    [("pigeon", "erase", "nobody knows what “pigeon” is"), ("member", "explode", "ValueError")],
)
def test_what_nobody_can_do_is_named(
    kind: str, deed: str, why: str, member: User, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(line_about(member, deed, kind))
    with pytest.raises(SystemExit):
        call_command("replay_erasures")
    assert f"Line 1 was not applied: {why}." in capsys.readouterr().err
    assert not Erasure.objects.exists()


def test_a_torn_last_line_is_tolerated(member: User, file: Path) -> None:
    line = line_about(member)
    file.write_text(line_about(User()) + line[: len(line) // 2])
    assert "Erased again: 1. Erased already: 0. Not applied: 0." in replay()


def test_a_line_that_fails_is_applied_by_the_next_replay(member: User, file: Path) -> None:
    file.write_text(line_about(member))
    with mock.patch("accounts.leaving.empty", side_effect=OSError), pytest.raises(SystemExit):
        replay()
    assert not Erasure.objects.exists()
    assert "Erased again: 1." in replay()
    member.refresh_from_db()
    assert member.erased_at


def test_another_file_can_be_named(member: User, tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text(line_about(member))
    assert "Erased again: 1." in replay(str(other))


def test_a_ledger_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no ledger at"):
        replay()
    with pytest.raises(CommandError, match="There is no file"):
        replay(str(tmp_path / "nowhere"))


def test_who_was_leaving_in_the_backup_gets_a_new_day(
    member: User, file: Path, make_user: Callable[..., User]
) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=3)):
        leaving.ask(member, Fate.ERASE)
    file.touch()
    mail.outbox.clear()
    assert "Members who were leaving and get a new day: 1." in replay()
    call_command("run_worker", "--batch")
    assert Departure.objects.get().due_at > timezone.now() + timedelta(hours=23)
    assert [message.to for message in mail.outbox] == [[member.email]]
    assert "new day" not in replay()
    assert len(mail.outbox) == 1


def test_a_hold_that_the_backup_brings_back_was_over(
    member: User, file: Path, make_user: Callable[..., User]
) -> None:
    LegalHold.objects.create(
        user=member, case="12 C 3/26", until=timezone.localdate() + timedelta(days=9),
        set_by=make_user("Olga Operates"),
    )  # fmt: skip
    file.write_text(line_about(member))
    replay()
    member.refresh_from_db()
    assert member.erased_at


def test_the_folder_of_a_new_file_is_synced(file: Path) -> None:
    note()
    with mock.patch("accounts.ledger.os.fsync", wraps=os.fsync) as synced:
        ledger.copy()
    assert synced.call_count == 2
