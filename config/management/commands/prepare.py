"""What must be so before Bedside can serve; bin/run and the units of a server call it."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError

from articles.models import Article
from config import static

STARTER_ARTICLES = settings.BASE_DIR / "content" / "articles"


class Command(BaseCommand):
    help = "Bring database, cache table and static files up to date; give a trial its articles."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}") from error
        call_command("createcachetable", verbosity=0)
        collect_static()
        if settings.TRIAL and not Article.objects.exists():
            self.load_starter_articles()
        self.stdout.write(f"{settings.SITE_NAME} is at {settings.SITE_URL}")
        if not someone_can_edit():
            self.invite_the_first_editor()

    def load_starter_articles(self) -> None:
        try:
            call_command("import_articles", STARTER_ARTICLES, stdout=self.stderr)
        except (CommandError, SystemExit):  # it has named each file that failed, and why
            self.stderr.write("Not every starter article was loaded.")

    def invite_the_first_editor(self) -> None:
        if settings.TRIAL:
            self.stdout.write("Set the password of editor@localhost, once and within the hour, at")
            call_command("staff_link", stdout=self.stdout)
        else:
            self.stdout.write("Nobody can edit yet: bin/staff-link --email you@example.org")


def collect_static() -> None:
    """Run collectstatic, but only after a change: hashing and compressing takes seconds."""
    stamp = settings.STATIC_ROOT / ".collected"
    state = static_state()
    if not stamp.exists() or stamp.read_text() != state:
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(state)


def static_state() -> str:
    """Return a digest of all that decides what collectstatic makes."""
    files = [Path(static.__file__)]
    for finder in get_finders():
        files += [Path(storage.path(name)) for name, storage in finder.list([])]
    facts = [(str(file), (stat := file.stat()).st_size, stat.st_mtime_ns) for file in files]
    return hashlib.sha256(repr(sorted(facts)).encode()).hexdigest()


def someone_can_edit() -> bool:
    staff = get_user_model().objects.filter(is_staff=True, is_active=True)
    return staff.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).exists()
