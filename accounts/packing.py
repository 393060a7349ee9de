"""Copies of what is held about somebody, as a ZIP that they can take along (GDPR article 20)."""

import json
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import batched
from tempfile import SpooledTemporaryFile, TemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.tasks import task
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.mail import written
from accounts.models import DataExport
from accounts.my_data import Section, sections_of
from accounts.tasks import retrying

# Where the rows of a section go in the HTML that is rendered around them.
MARK = "<!--rows-->"
AT_ONCE = 100  # rows rendered
IN_MEMORY = 5_000_000  # bytes of a ZIP; a larger one is written to a file without a name


@task
@retrying(times=3, first_pause=timedelta(minutes=1))
def make_copy(export_id: str) -> None:
    """Make the copy that a member asked for, and tell them."""
    export = DataExport.objects.select_related("user").filter(pk=export_id, made_at=None).first()
    if export is None:
        return
    with SpooledTemporaryFile(IN_MEMORY) as file:
        pack(file, sections_of(export.user), title=_("Your data"))
        content = file_content(file)
    with transaction.atomic():
        unmade = DataExport.objects.filter(pk=export_id, made_at=None)
        if unmade.update(content=content, made_at=timezone.now()):
            tell(export)


def ask_for_copy(export: DataExport) -> None:
    make_copy.enqueue(str(export.pk))


def tell(export: DataExport) -> None:
    """Tell the member where it is; whoever else reads the mail gets nothing by it."""
    address = settings.SITE_URL + reverse("account_data")
    body = written("accounts/mail/data_ready.txt", address=address)
    send_mail(_("The copy you asked for is ready"), body, None, [export.user.email])


def pack(
    file: IO[bytes],
    sections: Iterable[Section],
    *,
    title: str,
    pictures: Iterable[tuple[str, bytes]] = (),
) -> None:
    """Write a ZIP of `sections` to `file`: data.json, index.html, its style, a README.

    The rows are read once and few at a time: as JSON they go into the ZIP, as HTML to a file that
    follows it there.
    """
    sections = list(sections)
    context = {
        "title": title,
        "sections": sections,
        "made_at": timezone.now(),
        "site_name": settings.SITE_NAME,
    }
    around = render_to_string("accounts/data_file/index.html", context).split(MARK)
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        TemporaryFile() as page,
    ):
        with archive.open("data.json", "w", force_zip64=True) as data:
            write_rows(sections, around, data, page)
        page.seek(0)
        with archive.open("index.html", "w", force_zip64=True) as entry:
            while block := page.read(1 << 16):
                entry.write(block)
        for name in ("style.css", "README.txt"):
            archive.writestr(name, render_to_string(f"accounts/data_file/{name}", context))
        for name, picture in pictures:
            archive.writestr(name, picture)


def write_rows(
    sections: list[Section], around: list[str], data: IO[bytes], page: IO[bytes]
) -> None:
    """Write all rows as one JSON object to `data`, and as tables to `page`."""
    data.write(b"{")
    page.write(around[0].encode())
    for number, (section, after) in enumerate(zip(sections, around[1:], strict=True)):
        data.write(f"{',' if number else ''}\n{json.dumps(section.key)}: [".encode())
        write_section(section, data, page)
        data.write(b"]")
        page.write(after.encode())
    data.write(b"\n}\n")


def write_section(section: Section, data: IO[bytes], page: IO[bytes]) -> None:
    separator = "\n"
    for rows in batched(section.rows, AT_ONCE):
        for row in rows:
            told = json.dumps(as_told(row), ensure_ascii=False)
            data.write(f"{separator}{told}".encode())
            separator = ",\n"
        page.write(rendered(section, rows).encode())
    if separator == "\n":
        page.write(rendered(section, ()).encode())


def rendered(section: Section, rows: Iterable[Any]) -> str:
    context = {"section": section, "rows": [section.read(row) for row in rows]}
    return render_to_string("accounts/data_file/rows.html", context)


def as_told(value: Any) -> Any:
    """Return a value as JSON has it; times as ISO 8601 says."""
    if isinstance(value, dict):
        return {key: as_told(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_told(item) for item in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value if isinstance(value, (bool, int, type(None))) else str(value)


def file_content(file: Any) -> bytes:
    file.seek(0)
    content: bytes = file.read()
    return content
