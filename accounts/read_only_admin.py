"""Lists in admin that are only looked at: what changes their rows are deeds, never fields."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest

from accounts.offered_filters import OfferedFiltersOnly


class ReadOnlyAdmin[Row: Model](OfferedFiltersOnly[Row]):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
