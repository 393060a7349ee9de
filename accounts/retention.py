"""How long things are kept: one table, by which the worker forgets and the privacy page tells.

An app's `tasks.py` says each rule where it says the job:

    @forgets(_("Unfinished comments"), after=timedelta(hours=24), every=timedelta(minutes=15))
    def forget_expired_drafts() -> None: ...

One job keeps one rule; tests/test_retention.py wants a case for each, so that the page can promise
nothing that its job does not do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import ngettext

from accounts.schedule import path_of, scheduled

Words = str | Promise


@dataclass(frozen=True)
class Rule:
    what: Words
    after: timedelta
    since: Words  # what the time is counted from, if not from when it was made
    job: str

    @property
    def period(self) -> str:
        """Return the time in the largest unit that people would count it in."""
        days = self.after.days
        if days and days % 365 == 0:
            return ngettext("%d year", "%d years", days // 365) % (days // 365)
        if self.after > timedelta(hours=48):
            return ngettext("%d day", "%d days", days) % days
        hours = int(self.after.total_seconds() // 3600)
        return ngettext("%d hour", "%d hours", hours) % hours


RULES: dict[str, Rule] = {}


def forgets[R](
    what: Words, *, after: timedelta, every: timedelta, since: Words = ""
) -> Callable[[Callable[[], R]], Callable[[], R]]:
    """Register a recurring job that forgets `what`, and the rule that it keeps."""

    def register(job: Callable[[], R]) -> Callable[[], R]:
        name = path_of(job)
        RULES[name] = Rule(what, after, since, name)
        return scheduled(every=every)(job)

    return register


def rules() -> list[Rule]:
    """Return the rules of all apps, the shortest time first."""
    autodiscover_modules("tasks")
    return sorted(RULES.values(), key=lambda rule: (rule.after, rule.job))
