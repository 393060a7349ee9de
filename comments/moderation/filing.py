"""What follows from a report: who hears of it, and what the site does until a person has looked."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from comments.models import Comment, Decision, Report
from comments.models.voice import Visitor
from comments.moderation import collapsing, report_mail
from comments.moderation.deed import deed
from comments.screening import describes_method
from comments.telling import notifications


def file_report(comment: Comment, reporter: Visitor, details: dict[str, Any]) -> Report:
    """Take a report with all that follows from it, or nothing of it; `details` are of its form.

    Reports hide nothing by themselves, with two exceptions: a text that tells how to die waits for
    a moderator, and what several trusted members reported is folded. Raises CommentGone.
    """
    with transaction.atomic():
        report, first = Report.objects.file(comment=comment, reporter=reporter, **details)
        if report.handled_at:
            return report
        if first:
            notifications.tell_of_report(report)
        if report.reason == Report.Reason.LEGAL:
            report_mail.confirm_notice(report)
        # What a moderator approved stays until one has looked again.
        if not comment.approved_at and describes_method(comment.text):
            hold_until_read(comment)
        else:
            collapsing.fold_if_enough(comment)
        return report


def hold_until_read(comment: Comment) -> None:
    """Take it from its readers until a moderator has read it, and write down why."""
    with deed(comment, by=None, also_gone=True) as begun:
        facts = _("Somebody reported it, and what it says could put a reader in danger.")
        begun.decide(Decision.Kind.HOLD, settles=False, facts=facts)
        comment.hold("method", "reported")
