"""The base of the pages that moderators look at in admin."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest

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
