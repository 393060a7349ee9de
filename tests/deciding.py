"""What tests of decisions share: a rule, and the half minute after which a decision is told."""

from datetime import timedelta

import time_machine
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from comments.models import Case, Comment, Report, Rule


def rule(key: str = "kindness") -> Rule:
    """Return a house rule in the wording in force; made here if the site has none of this key."""
    made = Rule.objects.in_force().filter(key=key).first()
    return made or Rule.objects.create(
        key=key,
        title="Be kind",
        text="Attack no person, whatever you think of what they say.",
        reason="Your comment attacks a person.",
    )


def work_later(seconds: float = 31) -> None:
    """Let a worker do what is due after some seconds."""
    with time_machine.travel(timezone.now() + timedelta(seconds=seconds)):
        call_command("run_worker", "--batch")


def report(comment: Comment, by: User | None = None, reason: str = "abuse") -> Report:
    details = {"reporter": by} if by else {"reporter": None}
    Case.objects.put(comment, Case.Queue.REPORTED, due_at=timezone.now() + timedelta(hours=4))
    return Report.objects.create(comment=comment, reason=reason, **details)


def open_case(comment: Comment) -> Case | None:
    return Case.objects.open().filter(comment=comment).first()
