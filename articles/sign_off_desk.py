"""What editors look at of sign-offs by link: what counts no more, and who did not answer."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.desk import DeskItem
from articles.models import Review, Revision, SignOffLink

RECENT = timedelta(days=14)
AT_MOST = 8


def desk_items() -> Iterator[DeskItem]:
    yield from _count_no_more()
    yield from _without_an_answer()


def _count_no_more() -> Iterator[DeskItem]:
    since = timezone.now() - RECENT
    ended = Review.objects.filter(Q(disputed_at__gt=since) | Q(taken_back_at__gt=since))
    for review in _of_articles(ended).order_by("-pk")[:AT_MOST]:
        if review.disputed_at:
            note = _day(_("disputed on %(day)s"), review.disputed_at)
        else:
            note = _day(_("taken back on %(day)s"), review.taken_back_at)
        yield _item(_("Sign-offs that count no more"), review.revision, note)


def _without_an_answer() -> Iterator[DeskItem]:
    now = timezone.now()
    newer = SignOffLink.objects.filter(
        contributor=OuterRef("contributor"),
        revision__article=OuterRef("revision__article"),
        pk__gt=OuterRef("pk"),
    )
    unused = SignOffLink.objects.filter(
        ~Exists(newer), used_at=None, revoked_at=None, expires_at__range=(now - RECENT, now)
    )
    for link in _of_articles(unused).order_by("expires_at")[:AT_MOST]:
        note = _day(_("the link ended on %(day)s"), link.expires_at)
        yield _item(_("Asked to sign, and no answer"), link.revision, note)


def _of_articles(rows: Any) -> Any:
    """Leave out what is of an article that was withdrawn."""
    return rows.filter(revision__article__withdrawn_at=None).select_related("revision")


def _item(heading: str, revision: Revision, note: str) -> DeskItem:
    return DeskItem(
        heading=heading,
        title=revision.title,
        url=reverse("admin:articles_article_ask", args=[revision.article_id]),
        note=note,
    )


def _day(words: str, at: datetime | None) -> str:
    return words % {"day": date_format(timezone.localtime(at), "j F")}
