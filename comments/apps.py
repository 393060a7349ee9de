from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.http import HttpRequest

    from accounts.desk import DeskItem
    from accounts.models import Erasure, Fate, User
    from accounts.my_data import Section
    from accounts.personal_data import Tie
    from accounts.retention import Words
    from articles.models import Article, Contributor, Correction


class CommentsConfig(AppConfig):
    """What members say; it hears of their names and log-ins by the hooks of accounts/hooks.py."""

    name = "comments"
    verbose_name = _("Discussion")

    def ready(self) -> None:
        from comments.groups import grant_groups
        from comments.rules import add_starters
        from comments.screening import starters

        post_migrate.connect(grant_groups, sender=self)
        post_migrate.connect(add_starters, sender=self)
        post_migrate.connect(starters.add_starters, sender=self)

    def desk_items(self, user: "User") -> "Iterable[DeskItem]":
        from comments.desk import desk_items

        return desk_items(user)

    def finish_page(self, request: "HttpRequest", html: str) -> str:
        from comments import held, ignoring

        return ignoring.finish_page(request, held.finish_page(request, html))

    def mail_is_wanted(self, about: "dict[str, Any]") -> bool:
        from comments.telling.mailing import mail_is_wanted

        return mail_is_wanted(about)

    def handle_changed(self, user: "User") -> None:
        from comments.models import Voice

        Voice.objects.rename(user)

    def why_not_renaming(self, user: "User") -> str:
        from comments.moderation.sanctions import why_not_renaming

        return why_not_renaming(user)

    def correction_published(self, correction: "Correction") -> None:
        from comments.telling.correction_news import tell_of_correction

        tell_of_correction(correction)

    def told_as_members(self, correction: "Correction", addresses: "Iterable[str]") -> set[str]:
        from comments.telling.correction_news import told_as_members

        return told_as_members(correction, addresses)

    def articles_showing(self, contributor: "Contributor") -> "QuerySet[Article]":
        from comments.answering import articles_showing

        return articles_showing(contributor)

    def contributor_unnamed(self, contributor: "Contributor") -> None:
        """Empty what they were when they answered: with a town in it, it is a name."""
        from comments.models import Answer

        Answer.objects.filter(contributor=contributor).update(profession="")

    def names_in_use(self, keys: "Iterable[str]") -> set[str]:
        from comments.models import Voice

        return Voice.objects.names_in_use(keys)

    def member_signed_up(self, request: "HttpRequest", user: "User") -> None:
        from comments import unfinished

        unfinished.claim(request, user)

    def visitor_logged_in(self, request: "HttpRequest", user: "User") -> None:
        from comments import unfinished

        unfinished.claim(request, user)
        unfinished.forget(request)

    def hide_comments(self, user: "User") -> None:
        from comments.leaving import hide_comments

        hide_comments(user)

    def show_comments(self, user: "User") -> None:
        from comments.leaving import show_comments

        show_comments(user)

    def settle_comments(self, user: "User", fate: "Fate") -> None:
        from comments.leaving import settle_comments

        settle_comments(user, fate)

    def erase_member(self, user: "User", fate: "Fate") -> None:
        from comments.leaving import erase_member

        erase_member(user, fate)

    def replay_erasure(self, erasure: "Erasure") -> bool:
        from comments.leaving import replay_erasure

        return replay_erasure(erasure)

    def deed_words(self) -> "dict[str, Words]":
        from comments.deeds import WORDS

        return WORDS

    def personal_data(self) -> "Iterable[Tie]":
        from comments.ties import TIES

        return TIES

    def member_data(self, user: "User") -> "Iterable[Section]":
        from comments.my_data import member_data

        return member_data(user)
