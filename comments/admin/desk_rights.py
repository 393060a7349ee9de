"""Who may do what at the moderators' desk.

Moderators see and decide every case. Others see those with a report that is theirs as well
(comments/models/report.py): clinical reviewers what a reader called unsafe medical advice, editors
formal notices. They leave the comment as it is, or answer it by a correction.
"""

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from comments.models import Appeal, Case, Comment, Report
from comments.models.case import CaseQuerySet
from comments.models.comment_query import is_moderator
from comments.models.report import HANDLING, ReportQuerySet
from comments.models.voice import Visitor
from comments.moderation.deciding import why_not_decided_by
from comments.moderation.deed import why_not_theirs

# What they do; all else takes a moderator.
OWNERS_DEEDS = frozenset({"keep", "correct"})


def may_see_cases(user: Visitor) -> bool:
    return is_moderator(user) or (user.is_staff and user.has_perm("comments.view_case"))


def may(user: Visitor, deed: str) -> bool:
    return is_moderator(user) or (may_see_cases(user) and deed in OWNERS_DEEDS)


def cases_of(user: Visitor) -> CaseQuerySet:
    """Return the open cases that wait for `user`.

    What its writer took back the consent for waits until they have chosen; their appeals do not.
    An appeal waits for those alone who may decide on it.
    """
    is_hidden = Q(comment__hidden_at__isnull=False) & ~Q(queue=Case.Queue.APPEALS)
    waiting = Case.objects.open().exclude(is_hidden)
    if isinstance(user, User) and is_moderator(user):
        of_case = {"decision__comment": OuterRef("comment")}
        theirs = Exists(Appeal.objects.decided_by(user).filter(**of_case))
        nobodys = ~Exists(Appeal.objects.open().filter(**of_case))
        return waiting.filter(~Q(queue=Case.Queue.APPEALS) | theirs | nobodys)
    if not may_see_cases(user):
        return waiting.none()
    return waiting.filter(comment__in=reports_for(user).open().values("comment"))


def readable_by(user: Visitor, case: Case) -> bool:
    """Tell whether `user` may open this case, one that is done included."""
    if is_moderator(user):
        return True
    return may_see_cases(user) and reports_for(user).filter(comment=case.comment_id).exists()


def reports_for(user: Visitor) -> ReportQuerySet:
    """Return the reports that a group of this person looks at."""
    groups = set(user.groups.values_list("name", flat=True))
    theirs = [
        reason for reason, handling in HANDLING.items() if groups.intersection(handling.groups)
    ]
    return Report.objects.filter(reason__in=theirs)


def reports_on(comment: Comment, user: Visitor) -> ReportQuerySet:
    """Return what `user` reads of what was reported: who moderates all, others what is theirs."""
    filed = Report.objects.filter(comment=comment)
    return filed if is_moderator(user) else filed & reports_for(user)


def why_not_by(user: User, case: Case) -> str:
    """Say in one sentence why this person should not decide this case; "" when they may."""
    if problem := why_not_theirs(case.comment, user):
        return problem
    if case.queue != Case.Queue.APPEALS:
        return ""
    problems = [why_not_decided_by(appeal, user) for appeal in open_appeals(case)]
    return "" if not all(problems) else next(iter(problems), "")


def open_appeals(case: Case) -> list[Appeal]:
    waiting = Appeal.objects.open().filter(decision__comment=case.comment_id)
    return list(waiting.select_related("decision__rule", "decision__by"))
