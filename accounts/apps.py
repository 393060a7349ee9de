from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import Erasure, Fate, User
    from accounts.my_data import Section
    from accounts.personal_data import Tie
    from accounts.retention import Words


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from accounts import leaving  # noqa: F401 - and what it needs: their jobs recur

    def erase_member(self, user: "User", fate: "Fate") -> None:
        from accounts.erasing import erase_ties

        erase_ties(user)

    def replay_erasure(self, erasure: "Erasure") -> bool:
        from accounts.leaving import replay

        return replay(erasure)

    def deed_words(self) -> "dict[str, Words]":
        from accounts.deeds import WORDS

        return WORDS

    def personal_data(self) -> "Iterable[Tie]":
        from accounts.ties import TIES

        return TIES

    def member_data(self, user: "User") -> "Iterable[Section]":
        from accounts.held_data import member_data

        return member_data(user)
