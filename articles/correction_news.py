"""Whom a correction reaches: everyone who may have relied on the error, each of them once.

Apps above tell their members (the hook `correction_published`, accounts/hooks.py); then those who
follow the article by e-mail are mailed, unless they were told as members. A worker that is killed
on the way begins again, and finds whom it has told.
"""

from datetime import timedelta
from itertools import batched

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.tasks import task
from django.utils import timezone

from accounts import hooks
from accounts.tasks import retrying
from articles import follower_mail
from articles.models import Correction, CorrectionFollower, CorrectionMail

AT_ONCE = 100  # followers mailed in one transaction


@task
@retrying(times=5, first_pause=timedelta(minutes=1))
def tell_readers(correction_id: int) -> None:
    """Tell all whom this correction concerns, and note when that was done."""
    correction = Correction.objects.public().filter(pk=correction_id, told_at=None).first()
    if correction is None or not correction.is_told:
        return
    hooks.run("correction_published", correction)
    mail_followers(correction)
    Correction.objects.filter(pk=correction.pk, kind=correction.kind).update(told_at=timezone.now())


def mail_followers(correction: Correction) -> None:
    """Mail those who had confirmed that they follow the article when it was published."""
    done = CorrectionMail.objects.filter(correction=correction, follower=OuterRef("pk"))
    followers = CorrectionFollower.objects.confirmed().filter(
        article=correction.article_id, confirmed_at__lte=correction.at
    )
    pks = followers.exclude(Exists(done)).order_by("pk").values_list("pk", flat=True)
    for some in batched(list(pks), AT_ONCE):
        with transaction.atomic():
            # One who unsubscribes at this moment waits for it, or is not found any more.
            rows = followers.filter(pk__in=some).order_by("pk").select_for_update(of=("self",))
            _mail(correction, _untold(correction, list(rows)))


def _untold(
    correction: Correction, followers: list[CorrectionFollower]
) -> list[CorrectionFollower]:
    """Leave out whom another worker told while we waited: only a new question sees that."""
    told = CorrectionMail.objects.filter(correction=correction, follower__in=followers)
    pks = set(told.values_list("follower", flat=True))
    return [follower for follower in followers if follower.pk not in pks]


def _mail(correction: Correction, followers: list[CorrectionFollower]) -> None:
    addresses = [follower.email for follower in followers]
    known: set[str] = set().union(*hooks.ask("told_as_members", correction, addresses))
    for follower in followers:
        CorrectionMail.objects.create(correction=correction, follower=follower)
        if follower.email not in known:
            follower_mail.send_news(follower, correction)
