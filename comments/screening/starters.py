"""Lists for a site that begins; later they are its own."""

from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS

from articles.database import is_migrated
from comments.models import Phrase


def add_starters(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Fill the lists that have no row at all; a receiver of post_migrate, which follows `flush`."""
    if using == DEFAULT_DB_ALIAS and is_migrated(sender.label):
        Phrase.objects.add_starters()
