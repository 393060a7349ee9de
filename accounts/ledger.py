"""The ledger's file: what was erased, kept where a restored database does not bring it back."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Erasure
from accounts.schedule import scheduled

BATCH = 1_000


@dataclass(frozen=True)
class Line:
    """A line of the file: what it says, or None when it says nothing that can be understood."""

    number: int
    erasure: Erasure | None


@scheduled(every=timedelta(minutes=1))
def copy() -> None:
    """Append what the file does not hold yet.

    A crash before the note of it lets the same lines be written once more, which harms nobody.
    """
    while rows := list(Erasure.objects.uncopied()[:BATCH]):
        append(settings.ERASURE_LEDGER, "".join(f"{line_of(row)}\n" for row in rows).encode())
        pks = [row.pk for row in rows]
        Erasure.objects.filter(pk__in=pks).update(copied_at=timezone.now())


def read(path: Path) -> Iterator[Line]:
    """Yield the lines of the file; what a crash tore and wrote again whole is passed over."""
    texts = path.read_bytes().decode(errors="replace").split("\n")
    for number, text in enumerate(texts, 1):
        erasure = parse(text)
        if text.strip() and (erasure or not is_torn(text, texts[number:])):
            yield Line(number, erasure)


def line_of(erasure: Erasure) -> str:
    fields = {
        "id": str(erasure.pk),
        "at": erasure.at.isoformat(),
        "kind": erasure.kind,
        "subject": erasure.subject,
        "deed": erasure.deed,
    }
    return json.dumps(fields)


def parse(text: str) -> Erasure | None:
    """Return what a line says, as a row that is not saved."""
    try:
        fields = json.loads(text)
        kind, subject, deed = (fields[name] for name in ("kind", "subject", "deed"))
        if not all(isinstance(word, str) for word in (kind, subject, deed)):
            return None
        at = datetime.fromisoformat(fields["at"])
        erasure = Erasure(id=UUID(fields["id"]), at=at, kind=kind, subject=subject, deed=deed)
        erasure.clean_fields(exclude=["copied_at"])
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, ValidationError):
        return None
    return erasure if timezone.is_aware(at) else None


def is_torn(text: str, following: list[str]) -> bool:
    """Tell whether a crash cut the line short: it ends the file, or comes again as a whole."""
    return following in ([], [""]) or any(
        whole != text and whole.startswith(text) for whole in following
    )


def append(path: Path, lines: bytes) -> None:
    """Write at the end of the file, and return when it is on disk."""
    is_new = not path.exists()
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, mode=0o600)
    with os.fdopen(descriptor, "ab", buffering=0) as file:
        if file.tell() and not ends_with_newline(path):
            lines = b"\n" + lines
        if file.write(lines) != len(lines):
            raise OSError("The ledger of erasures took only a part of what was written.")
        os.fsync(file.fileno())
    if is_new:
        sync_folder(path.parent)


def ends_with_newline(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"


def sync_folder(folder: Path) -> None:
    """A new file is safe when its folder is, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
