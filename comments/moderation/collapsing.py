"""The one way in which reports fold a comment before a moderator has looked at it.

Folded it still is readable, by one click. Nobody can reach that alone or with fresh accounts.
"""

from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from comments.models import Comment, Report
from comments.moderation import deciding

REPORTERS = 3
# Who was read this often, without a moderator taking anything down for as long, knows the house.
VISIBLE_COMMENTS = 20
NONE_REMOVED_FOR = timedelta(days=90)


def fold_if_enough(comment: Comment) -> None:
    """Fold `comment` when enough trusted members say that it does harm.

    The caller holds the discussion. Worry about its writer is no reason: who asks for help must
    not be hidden for it. What a moderator approved is not folded.
    """
    if comment.approved_at or comment.collapsed_at or not comment.is_visible:
        return
    reports = Report.objects.open().filter(comment=comment, reporter__isnull=False)
    reports = reports.exclude(reason=Report.Reason.WORRIED).exclude(reporter=comment.author_id)
    trusted = whom_we_trust({report.reporter_id for report in reports if report.reporter_id})
    if len(trusted) >= REPORTERS:
        deciding.collapse(comment, reports=list(reports.filter(reporter__in=trusted)))


def whom_we_trust(members: set[int]) -> set[int]:
    """Return those of these members, by their keys, whose reports weigh."""
    said = Comment.objects.visible().filter(author__in=members).order_by().values("author")
    often = said.annotate(count=Count("pk")).filter(count__gte=VISIBLE_COMMENTS)
    lately = timezone.now() - NONE_REMOVED_FOR
    removed = Comment.objects.filter(author__in=members, removed_at__gte=lately)
    return set(often.values_list("author", flat=True)) - set(
        removed.values_list("author", flat=True)
    )
