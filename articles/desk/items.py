"""What the items of the desk have in common: a few under a heading, each one click from the act."""

from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.desk import DeskItem
from articles.models import Revision

AT_MOST = 8  # items under one heading; the lists have the rest


def item(heading: str, article: Any, note: str, *, act: str = "change") -> DeskItem:
    """Lead to a page of an article, whose newest title was fetched as `newest_title`."""
    return DeskItem(
        heading=heading,
        title=article.newest_title,
        url=reverse(f"admin:articles_article_{act}", args=[article.pk]),
        note=note,
    )


def when(words: str, at: datetime | None) -> str:
    return words % {"when": date_format(timezone.localtime(at), "j F, H:i")}


def on_day(words: str, at: datetime | date | None) -> str:
    day = timezone.localdate(at) if isinstance(at, datetime) else at
    return words % {"day": date_format(day, "j F Y") if day else ""}


def newest_of(article: str) -> Subquery:
    """Return the primary key of the newest revision of the article that a field names."""
    revisions = Revision.objects.filter(article=OuterRef(article)).order_by("-number")
    return Subquery(revisions.values("pk")[:1])
