from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.desk import DeskItem
    from accounts.models import User


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("What is published")

    def ready(self) -> None:
        from articles.database import prepare

        post_migrate.connect(prepare, sender=self)

    def desk_items(self, user: "User") -> "Iterable[DeskItem]":
        """What waits for this person in the admin (accounts/desk.py)."""
        from articles.desk import desk_items

        return desk_items(user)
