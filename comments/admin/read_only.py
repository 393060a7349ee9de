"""The base of the pages that moderators look at in admin."""

from django.db.models import Model
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts import read_only_admin
from accounts.models import User
from comments.models.comment_query import is_moderator


class ReadOnlyAdmin[Row: Model](read_only_admin.ReadOnlyAdmin[Row]):
    """Rows that are looked at and acted on, never typed into; acting is for moderators."""

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return is_moderator(request.user)


def named(user: User | None) -> SafeString | str:
    """Return who did something, without the link that Django makes of a person.

    The number of an account on the pages of two comments joins the names of these.
    """
    return format_html("<bdi>{}</bdi>", user) if user else "–"
