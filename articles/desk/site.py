"""What waits on the desk of those who write and publish."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.desk import DeskItem
from accounts.models import User
from articles import sign_off_desk
from articles.admin.page import with_to_do
from articles.models import Article, HelpLine, Page

AT_MOST = 8  # items under one heading; the list of articles has the rest
SOON = timedelta(days=14)


def desk_items(user: User) -> Iterator[DeskItem]:
    if user.has_perm("articles.change_article"):
        yield from _drafts(user)
    if user.has_perm("articles.publish_article"):
        yield from _newer_than_live()
        yield from _scheduled()
    if user.has_perm("articles.add_signofflink"):
        yield from sign_off_desk.desk_items()
    if user.has_perm("articles.change_page"):
        yield from _pages_to_fill_in()
    if user.has_perm("articles.change_helpline"):
        yield from _lines_to_check_again()


def _drafts(user: User) -> Iterator[DeskItem]:
    """Name the articles that this person last worked on and that readers do not see."""
    mine = Article.objects.with_newest().filter(
        newest_by=user.pk, published_at__isnull=True, withdrawn_at__isnull=True
    )
    for article in mine.order_by("-newest_at")[:AT_MOST]:
        yield _item(_("Your drafts"), article, _when(_("last written %(when)s"), article.newest_at))


def _newer_than_live() -> Iterator[DeskItem]:
    waiting = Article.objects.with_newest().filter(
        newest_number__gt=F("live__number"),
        published_at__isnull=False,
        withdrawn_at__isnull=True,
    )
    for article in waiting.order_by("newest_at")[:AT_MOST]:
        note = _when(_("waiting since %(when)s"), article.newest_at)
        yield _item(_("Changed, and not yet published"), article, note)


def _scheduled() -> Iterator[DeskItem]:
    now = timezone.now()
    soon = Article.objects.with_newest().filter(
        published_at__gt=now, published_at__lt=now + SOON, withdrawn_at__isnull=True
    )
    for article in soon.order_by("published_at")[:AT_MOST]:
        note = _when(_("goes out %(when)s"), article.published_at)
        yield _item(_("Scheduled"), article, note)


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


def _item(heading: str, article: Any, note: str) -> DeskItem:
    return DeskItem(
        heading=heading,
        title=article.newest_title,
        url=reverse("admin:articles_article_change", args=[article.pk]),
        note=note,
    )


def _when(words: str, at: datetime | None) -> str:
    return words % {"when": date_format(timezone.localtime(at), "j F, H:i")}
