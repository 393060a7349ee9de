"""Pages of the admin answer what no browser sends, where Django's own would fail with a 500."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import ActionLocation
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest, HttpResponse

# A search asks for each word in each column; SQLite refuses a thousand conditions, and a long one.
MOST_WORDS = 30
LONGEST_SEARCH = 1_000


class SturdyAdmin[Row: Model](admin.ModelAdmin[Row]):
    """The base of every ModelAdmin here."""

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Row | None:
        """Find by the primary key where the address names an empty field."""
        return super().get_object(request, object_id, from_field or None)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Row], search_term: str
    ) -> tuple[QuerySet[Row], bool]:
        """Look for the first words alone, where somebody pastes a page."""
        words = search_term[:LONGEST_SEARCH].split()[:MOST_WORDS]
        return super().get_search_results(request, queryset, " ".join(words))

    def response_action(
        self,
        request: HttpRequest,
        queryset: QuerySet[Any],
        action_location: ActionLocation = ActionLocation.CHANGE_LIST,
    ) -> HttpResponse | None:
        """Refuse to act on a row whose key cannot be one."""
        if not all(can_be(self.opts.pk, key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest("A row that cannot be one is ticked.")
        return super().response_action(request, queryset, action_location)


def can_be(field: "Field[Any, Any]", key: str) -> bool:
    """Tell whether the database can look for `key` in `field`."""
    try:
        field.run_validators(field.to_python(key))
    except ValidationError:
        return False
    return True
