"""What waits for those who look after the site: pages to fill in, helplines to call again."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.desk import DeskItem
from accounts.models import User
from articles.admin.page import with_to_do
from articles.models import HelpLine, Page


def desk_items(user: User) -> Iterator[DeskItem]:
    if user.has_perm("articles.change_page"):
        yield from _pages_to_fill_in()
    if user.has_perm("articles.change_helpline"):
        yield from _lines_to_check_again()


def _pages_to_fill_in() -> Iterator[DeskItem]:
    left = [page.to_do for page in with_to_do(Page.objects.all()) if page.to_do]  # type: ignore[attr-defined]
    if not left:
        return
    note = ngettext("%(count)d place to fill in", "%(count)d places to fill in", sum(left))
    yield DeskItem(
        heading=_("Pages about this site"),
        title=_("What only you can write"),
        url=reverse("admin:articles_page_changelist"),
        note=note % {"count": sum(left)},
    )


def _lines_to_check_again() -> Iterator[DeskItem]:
    """Ask for somebody to call the numbers that are no longer shown, a year after the last time."""
    if count := HelpLine.objects.to_recheck().count():
        note = ngettext("%(count)d line is not shown", "%(count)d lines are not shown", count)
        yield DeskItem(
            heading=_("Pages about this site"),
            title=_("Helplines to check again"),
            url=reverse("admin:articles_helpline_changelist", query={"state": "to_recheck"}),
            note=note % {"count": count},
        )
