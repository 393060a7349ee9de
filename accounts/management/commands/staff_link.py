from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import EmailValidator

from accounts import welcome
from accounts.models import User

# "editor@localhost" is the first editor of a trial.
is_address = EmailValidator(allowlist=["localhost"])


class Command(BaseCommand):
    help = "Print a link, good once and for an hour, on which a staff account sets its password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--email",
            default="editor@localhost" if settings.TRIAL else None,
            required=not settings.TRIAL,
            help="whose link; a new address gets an account that may do everything",
        )

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        try:
            is_address(email)
        except ValidationError:
            raise CommandError(f"{email} is not an e-mail address.") from None
        user = User.objects.filter(email=email.lower()).first() or welcome.make_first_editor(email)
        if not user.is_active or not user.is_staff:
            raise CommandError(f"{email} is a member without staff rights: give them in the admin.")
        self.stdout.write(welcome.link_for(user))
