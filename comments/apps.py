from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

    from accounts.desk import DeskItem
    from accounts.models import User


class CommentsConfig(AppConfig):
    """What members say; it hears of their names and log-ins by the hooks of accounts/hooks.py."""

    name = "comments"
    verbose_name = _("Discussion")

    def ready(self) -> None:
        from comments.groups import grant_moderators

        post_migrate.connect(grant_moderators, sender=self)

    def desk_items(self, user: "User") -> "Iterable[DeskItem]":
        from comments.desk import desk_items

        return desk_items(user)

    def handle_changed(self, user: "User") -> None:
        from comments.models import Voice

        Voice.objects.rename(user)

    def member_signed_up(self, request: "HttpRequest", user: "User") -> None:
        from comments import unfinished

        unfinished.claim(request, user)

    def visitor_logged_in(self, request: "HttpRequest", user: "User") -> None:
        from comments import unfinished

        unfinished.claim(request, user)
        unfinished.forget(request)
