"""The house rules, each in every wording it ever had."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditAct, User
from articles.models import Page
from articles.models.immutable import Immutable, ImmutableQuerySet

STARTERS: Path = settings.BASE_DIR / "content" / "rules.toml"


class NotInForceError(Exception):
    """Somebody else began, reworded or ended the rule meanwhile."""


class RuleQuerySet(ImmutableQuerySet["Rule"]):
    def in_force(self) -> Self:
        return self.filter(ended_at=None)

    @transaction.atomic
    def begin(
        self, *, key: str, title: str, text: str, reason: str, position: int = 0, by: User
    ) -> "Rule":
        """Let a rule be in force from now on, under a key that none in force has.

        Raises NotInForceError when somebody else began one of this key at the same time.
        """
        newest = self.filter(key=key).order_by("-version").first()
        words = {"title": title, "text": text, "reason": reason, "position": position}
        version = newest.version + 1 if newest else 1
        try:
            with transaction.atomic():
                rule = self.create(key=key, version=version, **words)
        except IntegrityError as error:
            raise NotInForceError from error
        _tell("rule.began", rule, by)
        return rule

    def add_starters(self) -> None:
        """Give a site the rules that it begins with, while it has none."""
        if not self.exists():
            self.bulk_create(starters(), ignore_conflicts=True)


class Rule(Immutable):
    """One wording of one house rule. It never changes: a new wording is a new row.

    So a decision that names a rule names the words that were in force (EU DSA article 17 (3) e).
    """

    AUTHORED = ("key", "version", "title", "text", "reason", "since")

    key = models.SlugField(_("key"), max_length=40)
    version = models.PositiveIntegerField(_("version"), default=1)
    title = models.CharField(_("rule"), max_length=120)
    text = models.TextField(_("what it asks"), max_length=1_000)
    # What a moderator's message to the writer begins as, and may be changed.
    reason = models.TextField(_("what the writer is told"), max_length=500)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    since = models.DateTimeField(_("in force since"), default=timezone.now)
    ended_at = models.DateTimeField(_("in force until"), null=True)

    objects: ClassVar[RuleQuerySet] = RuleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("house rule")
        verbose_name_plural = _("house rules")
        ordering = ["position", "key", "-version"]
        constraints = [
            models.UniqueConstraint("key", "version", name="rule_version_once"),
            models.UniqueConstraint("key", condition=Q(ended_at=None), name="rule_one_in_force"),
        ]

    def __str__(self) -> str:
        return self.title

    @transaction.atomic
    def reword(self, *, title: str, text: str, reason: str, position: int, by: User) -> "Rule":
        """Put another wording in this one's place, and return it. Decisions keep this one.

        A rule that only moves stays the row it is. Raises NotInForceError.
        """
        old = self._held()
        if (title, text, reason) == (old.title, old.text, old.reason):
            old.position = position
            old.save(update_fields=["position"])
            _tell("rule.moved", old, by)
            return old
        now = timezone.now()
        old.ended_at = now
        old.save(update_fields=["ended_at"])
        new = Rule.objects.create(
            key=old.key,
            version=old.version + 1,
            title=title,
            text=text,
            reason=reason,
            position=position,
            since=now,
        )
        _tell("rule.reworded", new, by)
        return new

    @transaction.atomic
    def end(self, *, by: User) -> None:
        """Let the rule be in force no longer; it stays on record. Raises NotInForceError."""
        old = self._held()
        old.ended_at = self.ended_at = timezone.now()
        old.save(update_fields=["ended_at"])
        _tell("rule.ended", old, by)

    def _held(self) -> "Rule":
        """Return the row as it is now; nobody else changes it until the transaction ends."""
        found = Rule.objects.select_for_update().in_force().filter(pk=self.pk).first()
        if found is None:
            raise NotInForceError
        return found


def _tell(deed: str, rule: Rule, by: User) -> None:
    AuditAct.objects.record(deed, by=by, on=rule)
    # Last: the stored copies of the page with the rules are old from here on.
    Page.objects.filter(slug=Page.Slug.RULES).bump()


def starters() -> Iterator[Rule]:
    """Yield the rules that a new site begins with, unsaved, in the order of the file."""
    for position, rule in enumerate(tomllib.loads(STARTERS.read_text())["rule"]):
        yield Rule(position=position, **rule)
