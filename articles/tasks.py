"""What recurs for articles; the worker runs it."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from accounts.retention import forgets
from accounts.schedule import scheduled
from articles import forgetting as forgetting  # its jobs are found here
from articles import reader_counts, source_tasks
from articles.models import CorrectionFollower
from articles.models.correction import UNCONFIRMED_KEPT


@scheduled(every=timedelta(hours=1))
def tell_of_unanswered_notices() -> int:
    """Tell readers of a retracted source when nobody answered for 72 hours."""
    return source_tasks.show_unanswered()


@forgets(
    _("How often an article was read on a day: a number, without readers"),
    since=_("since it was counted"),
    after=reader_counts.KEPT,
    every=timedelta(days=1),
)
def forget_reader_counts() -> None:
    """Leave what the queue of reviews looks at, and somewhat more."""
    reader_counts.forget_old()


@forgets(
    _("E-mail addresses to follow corrections that their owners did not confirm"),
    since=_("since we wrote to them"),
    after=UNCONFIRMED_KEPT,
    every=timedelta(hours=1),
)
def forget_unconfirmed_followers() -> None:
    CorrectionFollower.objects.forgotten().delete()
