"""Telling members that a page was wrong which they may have relied on.

It reaches whoever commented under the article before, or follows its discussion: at once, since it
may matter today, in the inbox and by mail. What they chose about gathering mail is for the talk of
others; only turning this very kind off stops the mail.

Who muted the discussion hears of safety entries alone: they wanted peace from what people say, and
nobody means by it not to be told of a danger that they read about here.
"""

from collections.abc import Iterable, Iterator
from itertools import batched

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower

from accounts.models import User
from articles.models import Correction
from comments.models import Comment, Delivery, Follow, Notification
from comments.models.notification_choice import Kind
from comments.telling.notifications import tell

AT_ONCE = 500  # members told in one transaction


def tell_of_correction(correction: Correction) -> None:
    """Tell each of them once, however often this is called."""
    for members in batches(concerned(correction)):
        with transaction.atomic():
            tell(members, Kind.CORRECTION, article=correction.article, mark=str(correction.pk))


def told_as_members(correction: Correction, addresses: Iterable[str]) -> set[str]:
    """Return those of these addresses to which the mail to members goes."""
    told = Notification.objects.filter(
        kind=Kind.CORRECTION, article=correction.article_id, key__endswith=f":{correction.pk}"
    ).exclude(delivery=Delivery.OFF)
    found = told.annotate(address=Lower("user__email")).filter(address__in=list(addresses))
    return set(found.values_list("address", flat=True))


def concerned(correction: Correction) -> set[int]:
    """Return the members who commented on the page as it was, or follow what is said there."""
    before = {"article": correction.article_id}
    spoke = Comment.objects.visible().filter(**before, created_at__lte=correction.at)
    follows = Follow.objects.filter(**before, since__lte=correction.at)
    muted = set(follows.filter(is_muted=True).values_list("user", flat=True))
    found = set(spoke.order_by().values_list("author", flat=True).distinct())
    found |= set(follows.followed().values_list("user", flat=True))
    return (found | muted if correction.is_safety else found - muted) - {correction.by_id}


def batches(pks: set[int]) -> Iterator[QuerySet[User]]:
    for some in batched(sorted(pks), AT_ONCE):
        yield User.objects.filter(pk__in=some)
