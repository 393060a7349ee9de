from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.db.models import Q

    from accounts.desk import DeskItem
    from accounts.models import Erasure, Fate, User
    from accounts.my_data import Section
    from accounts.personal_data import Tie
    from accounts.retention import Words


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

    def deed_words(self) -> "dict[str, Words]":
        from articles.deeds import WORDS

        return WORDS

    def mail_is_wanted(self, about: "dict[str, Any]") -> bool:
        from articles import follower_mail, sign_off_mail

        return sign_off_mail.is_wanted(about) and follower_mail.is_wanted(about)

    def personal_data(self) -> "Iterable[Tie]":
        from articles.ties import TIES

        return TIES

    def member_data(self, user: "User") -> "Iterable[Section]":
        from articles.my_data import member_data

        return member_data(user)

    def replay_erasure(self, erasure: "Erasure") -> bool:
        from articles.contributor_data import replay

        return replay(erasure)

    def erase_member(self, user: "User", fate: "Fate") -> None:
        from articles.leaving import untie_contributor

        untie_contributor(user)

    def forget_addresses(self, addresses: "Iterable[str]") -> None:
        from articles.leaving import forget_addresses

        forget_addresses(addresses)

    def acts_at(self, address: str) -> "Q | None":
        from articles.trail import about_address

        return about_address(address)
