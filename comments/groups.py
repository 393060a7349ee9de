"""What the group Moderators may do here."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions

from accounts.groups import grant

MODERATORS = "Moderators"


def grant_moderators(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Give the moderators their permissions; a receiver of post_migrate.

    Django makes an app's permissions in a receiver of its own, which may come after this one.
    """
    create_permissions(sender, verbosity=0, using=using)
    grant(
        MODERATORS,
        ["comments.view_comment", "comments.moderate_comment", "comments.view_report"],
    )
