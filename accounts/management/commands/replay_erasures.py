"""After an older backup was restored: erase again what was erased since."""

from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import hooks, leaving, ledger
from accounts.models import Erasure


class Command(BaseCommand):
    help = "Erase again, after a backup was restored, what the ledger of erasures says."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=existing, help=_("The ledger, if it is not ERASURE_LEDGER.")
        )

    def handle(self, *, file: Path | None, **options: Any) -> None:
        path = file or settings.ERASURE_LEDGER
        if not path.exists():
            raise CommandError(_("There is no ledger at %(path)s.") % {"path": path})
        counts = {"done": 0, "already": 0, "not": 0}
        for line in ledger.read(path):
            counts[self.apply(line)] += 1
        self.stdout.write(
            _("Erased again: %(done)d. Erased already: %(already)d. Not applied: %(not)d.") % counts
        )
        if asked := leaving.ask_again():
            self.stdout.write(_("Members who were leaving and get a new day: %d.") % asked)
        if counts["not"]:
            raise SystemExit(1)

    def apply(self, line: ledger.Line) -> str:
        """Do what a line says, unless the database has it; name what cannot be done."""
        erasure = line.erasure
        if erasure is None:
            return self.refuse(line, _("cannot be read"))
        if Erasure.objects.filter(pk=erasure.pk).exists():
            return "already"
        erasure.copied_at = timezone.now()
        try:
            is_known = any(hooks.ask("replay_erasure", erasure))
        except Exception as error:
            # One that fails must not keep the others, whose words are out again meanwhile.
            return self.refuse(line, type(error).__name__)
        if not is_known:
            return self.refuse(line, _("nobody knows what “%s” is") % erasure.kind)
        if not Erasure.objects.filter(pk=erasure.pk).exists():
            erasure.save(force_insert=True)
        return "done"

    def refuse(self, line: ledger.Line, why: str) -> str:
        known = {"number": line.number, "why": why}
        self.stderr.write(_("Line %(number)d was not applied: %(why)s.") % known)
        return "not"


def existing(name: str) -> Path:
    path = Path(name)
    if not path.is_file():
        raise ArgumentTypeError(_("There is no file %s.") % name)
    return path
