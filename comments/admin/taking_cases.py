"""Who works on which case: taken for a while, so that two people never read the same one."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from comments.admin.desk_rights import cases_of, why_not_by
from comments.models import Case
from comments.models.case import CLAIM

# How many are looked at to find one that this person may decide: of appeals, some wait for others.
LOOKED_AT = 200


def take_next(user: User, queue: str = "", *, but: int | None = None) -> Case | None:
    """Give `user` the case that is due first in `queue` and that nobody else has; None without one.

    What they have in hand comes first, so that nobody holds two by pressing twice. `but` is one
    that they put back a moment ago.
    """
    waiting = cases_of(user).filter(queue=queue) if queue else cases_of(user)
    mine = Q(claimed_by=user, claimed_until__gt=timezone.now())
    for found in (waiting.filter(mine), waiting.free_for(user)):
        in_order = found.order_by("due_at", "pk").select_related("comment")
        for case in in_order[:LOOKED_AT]:
            if case.pk != but and not why_not_by(user, case) and claim(case, user):
                return case
    return None


def claim(case: Case, user: User) -> bool:
    """Take `case` for `user`, or keep it longer; tell whether they have it now.

    It is one statement: of two who press at the same moment, one gets it.
    """
    until = timezone.now() + CLAIM
    free = Case.objects.free_for(user).filter(pk=case.pk)
    if not free.update(claimed_by=user, claimed_until=until):
        return False
    case.claimed_by, case.claimed_until = user, until
    return True


def put_back(pk: int, user: User) -> bool:
    """Let others take the case of this key, if `user` has it in hand."""
    return bool(Case.objects.filter(pk=pk, claimed_by=user).let_go())


def holder_of(case: Case, user: User) -> Any:
    """Return who else has this case now, or None."""
    if case.closed_at or case.claimed_by_id in {None, user.pk}:
        return None
    return case.claimed_by if case.claimed_until and case.claimed_until > timezone.now() else None
