"""Which badges there are, who may decide on them, and how one is asked for."""

from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.backends import ModelBackend
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuditAct, User
from articles.models.immutable import ImmutableError
from comments.models.voice import Visitor

if TYPE_CHECKING:
    from comments.models.badge import Badge

# What was typed about its holder, by them and by staff.
SAID = (
    *("profession", "register", "number", "jurisdiction", "register_url", "evidence"),
    "ended_reason",
)
# What readers are told by a badge, and what its standing rests on: fixed once it is granted.
FIXED = (
    *("user", "profession", "register", "number", "jurisdiction", "register_url"),
    *("checked_at", "checked_by", "granted_at", "granted_by", "expires_on"),
)


class NotDone(Exception):
    """A deed on a badge was not done; the message says why in one sentence."""


class BadgeQuerySet(models.QuerySet["Badge"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user).order_by("-asked_at")

    def waiting(self) -> Self:
        """Return what staff have not decided on."""
        return self.filter(granted_at=None, ended_at=None)

    def to_check(self) -> Self:
        """Return requests whose entry in the register nobody has looked at."""
        return self.waiting().filter(checked_at=None)

    def to_confirm(self) -> Self:
        """Return requests whose entry was looked at, and that wait for somebody to grant them."""
        return self.waiting().filter(checked_at__isnull=False)

    def to_confirm_by(self, user: User) -> Self:
        """Return those of them that `user` may grant: somebody else's, and checked by another.

        What `user` checked comes back to them where nobody else is left who may grant it.
        """
        others = badge_checkers().exclude(pk=user.pk).values_list("pk", flat=True)[:2]
        may = ~Q(checked_by=user)
        if len(others) < 2:
            may |= Q(user__in=list(others)) if others else Q(checked_by=user)
        return self.to_confirm().exclude(user=user).filter(may)

    def in_force(self) -> Self:
        """Return what may be shown today; a badge lapses by itself."""
        return self.filter(
            granted_at__isnull=False, ended_at=None, expires_on__gte=timezone.localdate()
        )

    def lapsed(self) -> Self:
        return self.filter(
            granted_at__isnull=False, ended_at=None, expires_on__lt=timezone.localdate()
        )

    def ended(self) -> Self:
        """Return what was refused, taken back or given back."""
        return self.filter(ended_at__isnull=False)

    def ask(self, user: User, **details: Any) -> "Badge":
        """Keep a request of `user`, in the words of a form that has checked them.

        Raises NotDone for one who may not ask now: of two requests at once, the second.
        """
        with transaction.atomic():
            user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
            if problem := why_not_asking(user):
                raise NotDone(problem)
            badge = self.create(user=user, **details)
            AuditAct.objects.record("badge.asked", by=user, on=badge, about=user)
        return badge

    def update(self, **changes: Any) -> int:
        """Change these rows, but for what a granted badge says."""
        if not set(FIXED).isdisjoint(changes) and self.exclude(granted_at=None).exists():
            raise ImmutableError("A granted badge keeps what it says.")
        return super().update(**changes)

    def forget(self, user: User) -> None:
        """Keep that `user` had badges, which the audit trail speaks of, and nothing they said.

        Called when every trace of somebody goes, and no comment names their badges any more.
        """
        with transaction.atomic():
            mine = self.filter(user=user)
            mine.filter(ended_at=None).update(ended_at=timezone.now(), ended_by=user)
            self.model.topics.through.objects.filter(badge__user=user).delete()
            # Past the rule of our own `update`, which protects readers of comments.
            models.QuerySet.update(mine, **dict.fromkeys(SAID, ""), shows_number=False)


def why_not_asking(user: User) -> str:
    """Say in one sentence why `user` may not ask for a badge now; "" when they may."""
    from comments.models.badge import Badge

    if not user.is_active:
        return _("This account is closed.")
    if not user.has_confirmed_email:
        return _("Please confirm your e-mail address before you ask for a badge.")
    if Badge.objects.waiting().filter(user=user).exists():
        return _("You have asked for a badge already. Nobody has decided on it yet.")
    return ""


def may_grant_badges(user: Visitor) -> bool:
    return user.is_staff and user.has_perm("comments.grant_badge")


def badge_checkers() -> models.QuerySet[Any]:
    """Return those who may decide on badges: all for whom `may_grant_badges` is true."""
    return ModelBackend().with_perm("comments.grant_badge").filter(is_staff=True)
