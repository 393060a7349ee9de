"""Print what is held of people and for how long, as docs/privacy.md tells it."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from accounts.personal_data import Tie, ties
from accounts.retention import rules

PROMISES = {
    "deleted": "deleted",
    "emptied": "emptied",
    "kept": "stays",
}


class Command(BaseCommand):
    help = _("Print the map of personal data, and how long each kind is kept, as Markdown.")

    def handle(self, **options: Any) -> None:
        self.stdout.write("\n".join([*data_map(), "", *periods()]))


def data_map() -> Iterator[str]:
    yield "| what | fields | shown to the person | when they leave and erase all |"
    yield "| --- | --- | --- | --- |"
    for tie in ties():
        name = f"{apps.get_model(tie.model)._meta.verbose_name} (`{tie.model}`)"
        fields = ", ".join(f"`{field}`" for field in tie.fields)
        yield f"| {name} | {fields} | {shown(tie)} | {PROMISES[tie.promise]}: {tie.erased} |"


def shown(tie: Tie) -> str:
    return f"yes, as “{tie.section}”" if tie.section else f"no: {tie.not_shown}"


def periods() -> Iterator[str]:
    yield "| what | how long | by the job |"
    yield "| --- | --- | --- |"
    for rule in rules():
        yield f"| {rule.what} | {f'{rule.period} {rule.since}'.strip()} | `{rule.job}` |"
