"""Credentials of members that staff have checked, and that they may show on a comment."""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxLengthValidator, URLValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditAct, User
from articles.models import Article, Category
from articles.models.immutable import ImmutableError
from comments.models.badge_query import (
    FIXED,
    BadgeQuerySet,
    NotDone,
    badge_checkers,
    may_grant_badges,
)
from comments.models.voice import Visitor, Voice

LONGEST_EVIDENCE = 2_000
LONGEST_REASON = 300
# Registers ask their professionals to renew every year or two; so do we.
USUAL_YEARS, MOST_YEARS = 1, 2


def years_from_now(years: int) -> date:
    today = timezone.localdate()
    try:
        return today.replace(year=today.year + years)
    except ValueError:  # the 29th of February
        return today.replace(year=today.year + years, day=28)


class Badge(models.Model):
    """A professional's entry in a public register: asked for, checked, granted, ended.

    What it says never changes once it is granted; a renewal is a new badge. So a comment that
    names a badge keeps what was true when it was written.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="badges",
        verbose_name=_("member"),
    )
    profession = models.CharField(_("profession"), max_length=80)
    register = models.CharField(_("register"), max_length=80)
    number = models.CharField(_("registration number"), max_length=60)
    jurisdiction = models.CharField(_("country or state"), max_length=80)
    register_url = models.URLField(
        _("entry in the public register"),
        max_length=500,
        validators=[URLValidator(schemes=["http", "https"])],
    )
    evidence = models.TextField(
        _("how we can tell that it is you"), validators=[MaxLengthValidator(LONGEST_EVIDENCE)]
    )
    # Its holder's wish, which they may change: the number and the entry tell their real name.
    shows_number = models.BooleanField(_("show my number and my entry"), default=False)
    # Where it may be shown: below these topics, or everywhere when there are none.
    topics = models.ManyToManyField(
        "articles.Category", blank=True, related_name="+", verbose_name=_("topics")
    )
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now, editable=False)
    # Who looked at the register first; where there are two people, another one grants.
    checked_at = models.DateTimeField(_("checked"), null=True, editable=False)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("checked by"),
    )
    granted_at = models.DateTimeField(_("granted"), null=True, editable=False)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("granted by"),
    )
    expires_on = models.DateField(_("expires"), null=True, blank=True)
    # Refused, taken back by staff, or given back by its holder (then `ended_by` is the holder).
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("ended by"),
    )
    ended_reason = models.CharField(
        _("why it ended"), max_length=LONGEST_REASON, blank=True, editable=False
    )
    # It never was true: then comments do not keep it either.
    was_false = models.BooleanField(default=False, editable=False)

    objects: ClassVar[BadgeQuerySet] = BadgeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("badge")
        verbose_name_plural = _("badges")
        ordering = ["asked_at"]
        permissions = [("grant_badge", _("Can check, grant and take back badges"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(granted_at=None)
                | Q(checked_at__isnull=False, expires_on__isnull=False),
                name="badge_granted_was_checked",
            ),
        ]
        indexes = [models.Index("user", name="badge_of_member")]

    def __str__(self) -> str:
        return f"{self.profession}, {self.register}"

    def save(self, *, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        """Save, but never over what a granted badge says."""
        changing = FIXED if update_fields is None else [*{*FIXED} & {*update_fields}]
        if changing and not self._state.adding:
            granted = Badge.objects.filter(pk=self.pk).exclude(granted_at=None)
            stored = granted.values(*changing).first() or {}
            for name, value in stored.items():
                if self.serializable_value(name) != value:
                    raise ImmutableError(f"A granted badge keeps its {name}.")
        super().save(update_fields=update_fields, **options)

    # --- what it is ---------------------------------------------------------------------------

    @property
    def is_waiting(self) -> bool:
        return not self.granted_at and not self.ended_at

    @property
    def is_granted(self) -> bool:
        return self.granted_at is not None

    @property
    def is_in_force(self) -> bool:
        return self.is_granted and not self.ended_at and not self.has_lapsed

    @property
    def has_lapsed(self) -> bool:
        return self.expires_on is not None and self.expires_on < timezone.localdate()

    @property
    def was_given_back(self) -> bool:
        """Tell whether its holder ended it, be it a badge or only a request."""
        return bool(self.ended_at) and self.ended_by_id == self.user_id

    @property
    def was_refused(self) -> bool:
        return bool(self.ended_at) and not self.is_granted and not self.was_given_back

    @property
    def was_taken_back(self) -> bool:
        return bool(self.ended_at) and self.is_granted and not self.was_given_back

    @property
    def checked_on(self) -> date | None:
        return self.checked_at and timezone.localdate(self.checked_at)

    def covers(self, article: Article) -> bool:
        """Tell whether `article` lies in the badge's field."""
        topics = list(self.topics.all())
        path = f"{article.category.path}/"
        return not topics or any(path.startswith(f"{topic.path}/") for topic in topics)

    def has_checker_besides(self, user: Visitor) -> bool:
        """Tell whether somebody else than `user`, and than who asked for it, may decide on it."""
        return badge_checkers().exclude(pk__in=[self.user_id, user.pk]).exists()

    # --- who may do what: each says why not in one sentence, and "" when they may ---------------

    def why_not_checking(self, user: Visitor) -> str:
        if problem := self._why_not_deciding(user):
            return problem
        return _t("Somebody has looked at the register already.") if self.checked_at else ""

    def why_not_granting(self, user: Visitor) -> str:
        if problem := self._why_not_deciding(user):
            return problem
        if not self.checked_at:
            return _t("Somebody has to look at the register first.")
        if self.checked_by_id == user.pk and self.has_checker_besides(user):
            return _t("You looked at the register, so somebody else grants this badge.")
        return ""

    def why_not_refusing(self, user: Visitor) -> str:
        return self._why_not_deciding(user)

    def why_not_taking_back(self, user: Visitor) -> str:
        """A badge that has ended can still turn out never to have been true."""
        if problem := self._why_not_judging(user):
            return problem
        if not self.is_granted:
            return _t("This badge was never granted.")
        return _t("This was found out already.") if self.was_false else ""

    def why_not_giving_back(self, user: Visitor) -> str:
        if self.user_id != user.pk:
            return _t("This is not your badge.")
        if self.ended_at or self.has_lapsed:
            return _t("This badge has ended already.")
        return ""

    def _why_not_deciding(self, user: Visitor) -> str:
        if problem := self._why_not_judging(user):
            return problem
        if self.was_given_back:
            return _t("The member has taken this request back.")
        return "" if self.is_waiting else _t("Somebody has decided on this request already.")

    def _why_not_judging(self, user: Visitor) -> str:
        if not may_grant_badges(user):
            return _t("You may not decide on badges.")
        if self.user_id == user.pk:
            return _t("You asked for this badge yourself, so somebody else decides on it.")
        return ""

    # --- what happens to it; raises NotDone -----------------------------------------------------

    def mark_checked(self, *, by: User) -> None:
        """Note that `by` found the entry in the register, and that it is the member's."""
        with self._held():
            self._allow(self.why_not_checking(by))
            self.checked_at, self.checked_by = timezone.now(), by
            self.save(update_fields=["checked_at", "checked_by"])
            self._record("badge.checked", by)

    def grant(self, *, by: User, expires_on: date, topics: Iterable[Category] = ()) -> None:
        """Let the member show it until `expires_on`, below `topics`, or everywhere without any."""
        with self._held():
            self._allow(self.why_not_granting(by))
            if not timezone.localdate() < expires_on <= years_from_now(MOST_YEARS):
                raise NotDone(_t("A badge ends after today, and within two years."))
            self.granted_at, self.granted_by, self.expires_on = timezone.now(), by, expires_on
            self.save(update_fields=["granted_at", "granted_by", "expires_on"])
            self.topics.set(topics)
            self._record("badge.granted", by)

    def refuse(self, *, by: User, reason: str) -> None:
        with self._held():
            self._allow(self.why_not_refusing(by))
            self._end(by, reason)
            self._record("badge.refused", by)

    def take_back(self, *, by: User, reason: str, was_false: bool = False) -> None:
        """End it for the future; when it never was true, no comment shows it any more either."""
        with self._held():
            self._allow(self.why_not_taking_back(by))
            if self.ended_at and not was_false:
                raise NotDone(_t("This badge has ended already."))
            self._end(by, reason)
            self._record("badge.taken_back", by, fields=["was_false"] if was_false else [])
            if was_false:
                self.was_false = True
                self.save(update_fields=["was_false"])
                self._bump(Article.objects.filter(comments__badge=self))

    def give_back(self, *, by: User) -> None:
        """End it by its holder's wish, or take the request back."""
        with self._held():
            self._allow(self.why_not_giving_back(by))
            self._end(by, "")
            self._record("badge.given_back", by)

    def show_number(self, shown: bool) -> None:
        """Let readers see the number and the entry, or hide them, on all comments with the badge.

        They tell the holder's real name, so they never stand beside a discussion name; and a page
        where the member spoke under one must not grow old at the same moment.
        """
        with self._held():
            self.shows_number = shown
            self.save(update_fields=["shows_number"])
            handle = Voice.Kind.HANDLE
            self._bump(Article.objects.filter(comments__badge=self, comments__voice__kind=handle))

    def _end(self, by: User, reason: str) -> None:
        self.ended_at, self.ended_by, self.ended_reason = timezone.now(), by, reason
        self.save(update_fields=["ended_at", "ended_by", "ended_reason"])

    def _allow(self, problem: str) -> None:
        if problem:
            raise NotDone(problem)

    def _record(self, deed: str, by: User, fields: list[str] | None = None) -> None:
        """Keep the act without its reason: staff could have named the member there."""
        AuditAct.objects.record(deed, by=by, on=self, about=self.user, fields=fields)

    def _bump(self, articles: models.QuerySet[Article]) -> None:
        """Make the pages of these articles old, in one order for all: nobody waits in a circle.

        Whoever posts with this badge holds its row until they are done, and so does `_held`: a
        comment that comes at the same moment is either found here, or sees what changed.
        """
        pks = list(
            Article.objects.select_for_update(no_key=True)
            .filter(pk__in=articles.values("pk"))
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        Article.objects.filter(pk__in=pks).bump()

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Look again at the row, and keep others from it until the deed is done."""
        with transaction.atomic():
            self.refresh_from_db(from_queryset=Badge.objects.select_for_update())
            yield
