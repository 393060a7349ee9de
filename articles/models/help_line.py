"""Numbers to call: what /help/ and the page for words of crisis show."""

import re
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# A number that nobody has called for a year may ring at somebody else's.
RECHECK = timedelta(days=365)

STARTERS: Path = settings.BASE_DIR / "content" / "help_lines.toml"

# What a telephone can dial (RFC 3966): others are read, as "text HOME to 741741".
DIALLED = re.compile(r"\+?[0-9][0-9 ().\-]*", re.ASCII)


class HelpLineQuerySet(models.QuerySet["HelpLine"]):
    def shown(self) -> Self:
        """Return those that were rechecked within a year."""
        return self.filter(checked_on__gt=timezone.localdate() - RECHECK)

    def to_recheck(self) -> Self:
        return self.exclude(pk__in=self.model._default_manager.shown().values("pk"))

    def of_country(self, code: str) -> Self:
        return self.filter(country=code.upper())

    def countries(self) -> list[str]:
        """Return the codes of the countries that have something to show."""
        return sorted(set(self.shown().order_by().values_list("country", flat=True).distinct()))

    def state(self) -> tuple[object, ...]:
        """Return what pages with these lines are made of; it differs when one of them would."""
        # The last key, because one that is deleted and a new one have the same number and sum.
        counted = models.Count("pk"), models.Max("pk"), models.Sum("version")
        return tuple(self.aggregate(*counted).values())

    def check_again(self) -> int:
        """Note that somebody called these today, and that they are right."""
        return self.update(checked_on=timezone.localdate(), version=F("version") + 1)

    def add_starters(self) -> None:
        """Give a site the lines that we know, while it has none; runs after each migration."""
        if not self.exists():
            self.bulk_create(starters(), ignore_conflicts=True)


class HelpLine(models.Model):
    """One line of one country."""

    class Kind(models.TextChoices):
        """In the order in which they are shown."""

        EMERGENCY = "emergency", _("Emergency")
        CRISIS = "crisis", _("When you think of ending your life")
        CHILDREN = "children", _("For children and young people")
        VIOLENCE = "violence", _("When somebody hurts you")
        POISON = "poison", _("Poisons")
        URGENT = "urgent", _("Urgent, but no emergency")

    country = models.CharField(
        _("country"), max_length=2, help_text=_("Two letters: GB, ES, CN (ISO 3166-1).")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    number = models.CharField(_("number"), max_length=60)
    hours = models.CharField(_("hours"), max_length=120, blank=True)
    url = models.URLField(_("page of its own"), blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    checked_on = models.DateField(
        _("last checked"), help_text=_("A year after it the line is no longer shown.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    version = models.PositiveBigIntegerField(default=1, editable=False)

    objects: ClassVar[HelpLineQuerySet] = HelpLineQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("helpline")
        verbose_name_plural = _("helplines")
        ordering = ["country", "position", "pk"]
        constraints = [models.UniqueConstraint("country", "kind", "number", name="help_line_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.country})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            self.version = F("version") + 1
        super().save(*args, **kwargs)

    @property
    def is_shown(self) -> bool:
        return self.checked_on > timezone.localdate() - RECHECK

    @property
    def tel(self) -> str:
        """Return the number as a `tel:` address takes it; "" when it is not one to dial."""
        return re.sub(r"[^+0-9]", "", self.number) if DIALLED.fullmatch(self.number) else ""


def starters() -> Iterator[HelpLine]:
    """Yield the lines that a new site begins with, unsaved, in the order of the file."""
    known = tomllib.loads(STARTERS.read_text())
    checked_on = known.pop("checked_on")
    for country, listed in known.items():
        for position, line in enumerate(listed["lines"]):
            yield HelpLine(country=country, position=position, checked_on=checked_on, **line)
