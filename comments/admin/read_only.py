"""The base of the pages that moderators look at in admin."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import User
from accounts.offered_filters import OfferedFiltersOnly
from comments.models.comment_query import is_moderator


class ReadOnlyAdmin[Row: Model](OfferedFiltersOnly[Row]):
    """Rows that are looked at and acted on, never typed into; acting is for moderators."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return is_moderator(request.user)


def named(user: User | None) -> SafeString | str:
    """Return who did something, without the link that Django makes of a person.

    The number of an account on the pages of two comments joins the names of these.
    """
    return format_html("<bdi>{}</bdi>", user) if user else "–"
