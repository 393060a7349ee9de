"""What recurs for articles; the worker runs it."""

from datetime import timedelta

from accounts.schedule import scheduled
from articles import forgetting as forgetting  # its jobs are found here
from articles import source_tasks


@scheduled(every=timedelta(hours=1))
def tell_of_unanswered_notices() -> int:
    """Tell readers of a retracted source when nobody answered for 72 hours."""
    return source_tasks.show_unanswered()
