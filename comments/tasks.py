"""What recurs for comments; the worker runs it."""

from datetime import timedelta

from accounts.tasks import scheduled
from comments.models import Draft


@scheduled(every=timedelta(minutes=15))
def forget_expired_drafts() -> None:
    """Keep the composer's promise: kept for 24 hours."""
    Draft.objects.expired().delete()
