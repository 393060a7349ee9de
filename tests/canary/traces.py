"""Everything that the site keeps, as text that can be searched: rows, files, caches, log lines."""

import base64
import binascii
import gzip
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import caches
from django.core.files.storage import default_storage

from accounts.encryption import MARK, ciphers, keys
from tests.canary import databases


def found(words: Iterable[str], traces: Iterable[tuple[str, object]]) -> list[str]:
    """Return where which of these words stand, in whatever letters; the longer ones stand out."""
    lowered = sorted({word.lower() for word in words})
    return sorted(
        {
            f"{place}: {word}"
            for place, value in traces
            for text in readings(value)
            for word in lowered
            if word in text.lower()
        }
    )


def kept(data_dir: Path) -> Iterator[tuple[str, object]]:
    """Yield what a thief of everything would have."""
    yield from in_database()
    yield from in_files(data_dir)
    yield from in_storage("")
    yield from in_caches()


def in_database() -> Iterator[tuple[str, object]]:
    for table, row in databases.rows():
        for value in row:
            yield table, value
    yield from databases.raw()


def in_files(folder: Path) -> Iterator[tuple[str, object]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield str(file.relative_to(folder)), file.read_bytes()


def in_storage(folder: str) -> Iterator[tuple[str, object]]:
    folders, files = default_storage.listdir(folder) if default_storage.exists("") else ([], [])
    for name in files:
        with default_storage.open(f"{folder}{name}") as file:
            yield f"media/{folder}{name}", file.read()
    for name in folders:
        yield from in_storage(f"{folder}{name}/")


def in_caches() -> Iterator[tuple[str, object]]:
    """Yield what the caches of this process hold; that of a table is among the rows."""
    for alias in caches.settings:
        held = getattr(caches[alias], "_cache", None)
        for key, value in dict(held if isinstance(held, dict) else {}).items():
            yield f"cache {alias}", key
            yield f"cache {alias}", value


def readings(value: object) -> Iterator[str]:
    """Yield what can be read from a value: itself, and what is packed or encrypted in it."""
    if isinstance(value, memoryview | bytearray):
        value = bytes(value)
    if isinstance(value, bytes):
        yield value.decode("utf-8", "ignore")
        yield from unpacked(value)
    else:
        text = str(value)
        yield text
        yield from decoded(text)


def unpacked(content: bytes) -> Iterator[str]:
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name
                yield archive.read(name).decode("utf-8", "ignore")
    for unpack in (gzip.decompress, zlib.decompress):
        try:
            yield unpack(content).decode("utf-8", "ignore")
        except (OSError, EOFError, zlib.error):
            continue


def decoded(text: str) -> Iterator[str]:
    if text.startswith(MARK):
        yield ciphers(keys()).decrypt(text.removeprefix(MARK)).decode()
    elif text.count(":") == 2 and (session := SessionStore().decode(text)):
        yield str(session)
    elif len(text) > 15 and " " not in text:
        try:
            yield base64.b64decode(text, validate=True).decode("utf-8", "ignore")
        except (binascii.Error, ValueError):
            return
