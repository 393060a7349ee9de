"""What was wrong on a page, what is right, and when we said so; and who said it to us."""

import re
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from articles.models.revision import Revision

# Nothing that is misread or misheard for another: no 0 or o, no 1, i or l.
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
GROUPS, GROUP = 4, 4  # 79 bits: nobody finds a message by trying

# So long an address waits to be confirmed by its owner.
UNCONFIRMED_KEPT = timedelta(days=7)


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def public(self) -> Self:
        """Return those that readers see: of articles that are or were out."""
        return self.filter(article__live__isnull=False, article__published_at__lte=timezone.now())

    def to_confirm(self) -> Self:
        return self.filter(confirmed_at=None)

    def for_list(self) -> Self:
        """Fetch what a list shows, and no text of an article."""
        unread = ("text", "plain_text", "contents", "section_html")
        rows = self.select_related("article__live")
        return rows.defer(*(f"article__live__{name}" for name in unread))

    def told(self) -> Self:
        """Return those that are mailed to the readers of the article."""
        return self.filter(kind__in=Correction.TOLD)


class Correction(models.Model):
    """A public entry. It is out at once; a second person confirms its kind afterwards."""

    class Kind(models.TextChoices):
        CLARIFICATION = "clarification", _("clarification")
        UPDATE = "update", _("update")
        CORRECTION = "correction", _("correction")
        SAFETY = "safety", _("safety")

    # Mailed to everyone who may have relied on the error.
    TOLD = (Kind.CORRECTION, Kind.SAFETY)

    article = models.ForeignKey(
        "articles.Article", models.PROTECT, related_name="corrections", verbose_name=_("article")
    )
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    # The section that was wrong: both empty for the article as a whole.
    anchor = models.CharField(max_length=200, blank=True)
    heading = models.CharField(_("section"), max_length=500, blank=True)
    before = models.TextField(
        _("what it said"), validators=[MaxLengthValidator(2_000)], help_text=_("In plain words.")
    )
    after = models.TextField(
        _("what is right"), validators=[MaxLengthValidator(2_000)], help_text=_("In plain words.")
    )
    why = models.TextField(_("why"), blank=True, validators=[MaxLengthValidator(2_000)])
    to_do = models.TextField(
        _("what to do now"),
        blank=True,
        validators=[MaxLengthValidator(2_000)],
        help_text=_("For a reader who acted on what it said. A safety entry needs it."),
    )
    noticed_by = models.CharField(
        _("who noticed"),
        max_length=200,
        blank=True,
        help_text=_("As readers shall see it; ask them first."),
    )
    # The first revision that has it right, when the words were changed.
    revision = models.ForeignKey(
        Revision, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("revision"),
    )  # fmt: skip
    at = models.DateTimeField(_("published"), default=timezone.now, editable=False, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("entered by"),
    )  # fmt: skip
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("confirmed by"),
    )  # fmt: skip
    # When all who commented under the article or follow it were told, once.
    told_at = models.DateTimeField(_("readers told"), null=True, editable=False)
    version = models.PositiveBigIntegerField(default=1, editable=False)

    objects: ClassVar[CorrectionQuerySet] = CorrectionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="safety") | ~Q(to_do=""), name="safety_says_what_to_do"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.article}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            self.version = F("version") + 1
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return an address that names no topic: it leads on to the entry on the article."""
        return reverse("correction", args=[self.pk])

    def clean(self) -> None:
        if self.kind == self.Kind.SAFETY and not self.to_do.strip():
            raise ValidationError(
                {"to_do": _("Say what a reader should do now who acted on what it said.")}
            )

    @property
    def is_pending(self) -> bool:
        """Tell whether a second person has yet to confirm it."""
        return self.confirmed_at is None

    @property
    def is_told(self) -> bool:
        return self.kind in self.TOLD

    @property
    def is_safety(self) -> bool:
        return self.kind == self.Kind.SAFETY


def new_number() -> str:
    """Return a number that nobody guesses, in groups that can be read out."""
    letters = get_random_string(GROUPS * GROUP, LETTERS)
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def as_number(typed: str) -> str:
    """Return a number as it is stored, however somebody typed it; "" for what is none."""
    letters = re.sub(r"[\s-]", "", typed).lower()
    if len(letters) != GROUPS * GROUP or not set(letters) <= set(LETTERS):
        return ""
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


class ReaderMessage(models.Model):
    """ "Something wrong or unclear here?": what a reader wrote to the editors, without an account.

    They follow it by its number, which is long and random: it is the key to it.
    """

    class State(models.TextChoices):
        NEW = "new", _("received")
        LOOKED_AT = "looked_at", _("being looked at")
        CORRECTED = "corrected", _("the article was changed")
        ANSWERED = "answered", _("answered")

    number = models.CharField(
        _("number"), max_length=20, unique=True, default=new_number, editable=False
    )
    article = models.ForeignKey(
        "articles.Article", models.PROTECT, related_name="messages", verbose_name=_("article")
    )
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+")
    anchor = models.CharField(max_length=200, blank=True)
    heading = models.CharField(_("section"), max_length=500, blank=True)
    text = models.TextField(_("message"), validators=[MaxLengthValidator(5_000)])
    at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEW)
    answer = models.TextField(
        _("answer"),
        blank=True,
        validators=[MaxLengthValidator(2_000)],
        help_text=_("Whoever has the number reads it."),
    )
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("answered by"),
    )  # fmt: skip
    correction = models.ForeignKey(
        Correction, models.PROTECT, null=True, blank=True, related_name="messages",
        verbose_name=_("correction"),
    )  # fmt: skip
    version = models.PositiveBigIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("reader’s message")
        verbose_name_plural = _("readers’ messages")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            self.version = F("version") + 1
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("told", args=[self.number])


class CorrectionFollowerQuerySet(models.QuerySet["CorrectionFollower"]):
    def confirmed(self) -> Self:
        return self.exclude(confirmed_at=None)

    def forgotten(self) -> Self:
        """Return those whose owner never said that they want this."""
        return self.filter(confirmed_at=None, asked_at__lte=timezone.now() - UNCONFIRMED_KEPT)


class CorrectionFollower(models.Model):
    """An e-mail address that hears of an article's corrections, once it was confirmed.

    It belongs to no account, and is gone when its owner unsubscribes.
    """

    article = models.ForeignKey(
        "articles.Article", models.CASCADE, related_name="followers", verbose_name=_("article")
    )
    email = models.EmailField(_("e-mail"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)

    objects: ClassVar[CorrectionFollowerQuerySet] = CorrectionFollowerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("follower of corrections")
        verbose_name_plural = _("followers of corrections")
        constraints = [models.UniqueConstraint("article", "email", name="follower_once")]

    def __str__(self) -> str:
        return f"{self.pk}"


class CorrectionMail(models.Model):
    """That a follower was mailed about a correction, or need not be: nobody is mailed twice."""

    correction = models.ForeignKey(Correction, models.CASCADE, related_name="+")
    follower = models.ForeignKey(CorrectionFollower, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("mail about a correction")
        verbose_name_plural = _("mails about corrections")
        constraints = [
            models.UniqueConstraint("correction", "follower", name="correction_mail_once")
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
