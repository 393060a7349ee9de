"""The words that screening looks for: data, which staff edit."""

import secrets
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditAct

# One file a language: `[kind]` tables with `phrases`, a list.
STARTERS: Path = settings.BASE_DIR / "content" / "screening"
# Every screened text asks; Django takes six times as long to put it into words as a database to
# answer it.
STATE = "SELECT COUNT(*), MAX(id), SUM(version) FROM comments_phrase"


# Acts after which a wording is no longer in the lists; they bear its mark.
PARTED = ("phrase.changed", "phrase.deleted")


def new_version() -> int:
    """Return a number that no row had before: sums of counters can meet by chance."""
    return secrets.randbits(40)


class PhraseQuerySet(models.QuerySet["Phrase"]):
    def state(self) -> tuple[object, ...]:
        """Return what the lists are made of; it differs when one of them does."""
        with connection.cursor() as cursor:
            cursor.execute(STATE)
            return tuple(cursor.fetchone())

    def add_starters(self) -> None:
        """Make the lists that a new site begins with; runs after each migration.

        Only a list without any row is filled: what staff deleted from one does not come back.
        """
        known = set(self.order_by().values_list("kind", "language").distinct())
        new = [each for each in starters() if (each.kind, each.language) not in known]
        self.bulk_create(new, ignore_conflicts=True)

    def add_new_starters(self) -> "list[Phrase]":
        """Add what came with Bedside since these lists were made, and return it.

        What staff deleted or reworded stays as they left it: the audit trail knows its mark, for
        as long as acts are kept.
        """
        parted = AuditAct.objects.filter(deed__in=PARTED).values_list("hashes", flat=True)
        known = {hashes.get("phrase") for hashes in parted} | {phrase.mark for phrase in self}
        new = [each for each in starters() if each.mark not in known]
        self.bulk_create(new, ignore_conflicts=True)
        return new

    def in_use(self) -> Self:
        return self.filter(is_on=True)

    def to_approve(self) -> Self:
        """Return what is in use although no clinician has looked at it."""
        return self.in_use().filter(kind__in=Phrase.CLINICAL, approved_at=None)


class Phrase(models.Model):
    """A phrase, a domain or a number that a check of `comments/screening/` knows."""

    class Kind(models.TextChoices):
        CRISIS = "crisis", _("words of crisis: show help first")
        METHOD = "method", _("describes a method of self-harm: hold")
        HOLD = "hold", _("watched: hold for a moderator")
        ASK = "ask", _("watched: ask the writer to look again")
        DOMAIN = "domain", _("domain of links: hold")
        SHORTENER = "shortener", _("shortener of links: hold")
        NUMBER = "number", _("number that may always be posted, as of a helpline")

    # What a clinician has to approve; it works from the start all the same.
    CLINICAL = (Kind.CRISIS, Kind.METHOD)

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    # Empty: in every language.
    language = models.CharField(
        _("language"),
        max_length=15,
        blank=True,
        help_text=_("A code such as en, es or zh-hans. Empty: any language."),
    )
    text = models.CharField(
        _("phrase"),
        max_length=120,
        help_text=_(
            "Whole words, in any case, with or without accents. Spaced and lookalike letters are"
            " seen through. After a ~ stand longer phrases in which it is harmless, with commas"
            " between them: I could die ~ I could die of shame."
        ),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    is_on = models.BooleanField(_("in use"), default=True)
    is_starter = models.BooleanField(_("came with Bedside"), default=False, editable=False)
    approved_at = models.DateTimeField(_("approved by a clinician"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("approved by"),
    )  # fmt: skip
    version = models.PositiveBigIntegerField(default=new_version, editable=False)

    objects: ClassVar[PhraseQuerySet] = PhraseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("watched phrase")
        verbose_name_plural = _("watched phrases")
        ordering = ["kind", "language", "text"]
        constraints = [
            models.UniqueConstraint("kind", "language", "text", name="phrase_once"),
        ]

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a changed row counts as another, so that all processes read the lists anew."""
        if not self._state.adding:
            self.version = new_version()
        super().save(*args, **kwargs)

    @property
    def mark(self) -> str:
        return mark_of(self.kind, self.language, self.text)


def mark_of(kind: str, language: str, text: str) -> str:
    """Return what stands for a phrase where its words do not belong."""
    return sha256("\n".join((kind, language, text)).encode()).hexdigest()


def starters() -> list[Phrase]:
    """Return the phrases that come with Bedside, unsaved."""
    return [
        Phrase(kind=kind, language=table.get("language", ""), text=text, is_starter=True)
        for path in sorted(STARTERS.glob("*.toml"))
        for kind, table in tomllib.loads(path.read_text(encoding="utf-8")).items()
        for text in table["phrases"]
    ]
