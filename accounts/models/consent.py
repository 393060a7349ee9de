"""What somebody agreed to, in which words, and when."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.departure import Fate
from accounts.models.erasure import Erasure
from accounts.models.user import User

# The words of each version. They never change: others are another version, for which
# CONSENT_VERSION in config/settings.py is raised.
WORDS = {
    "2026-11": _(
        "I know that comments are public, and that mine may tell others something about my"
        " health. I agree that this site publishes what I post."
    ),
}
# What the ledger of erasures calls it, so that a restored backup does not publish again.
CONSENT_WITHDRAWN = "consent-withdrawn"


class ConsentQuerySet(models.QuerySet["Consent"]):
    def in_force(self) -> Self:
        return self.filter(withdrawn_at=None)

    def to_publish(self, user: User) -> "Consent | None":
        """Return what `user` last agreed to, or took back, about the comments they write."""
        of_comments = self.filter(user=user, kind=Consent.Kind.PUBLIC_COMMENTS)
        return of_comments.order_by(F("withdrawn_at").desc(nulls_first=True), "-pk").first()

    def agree(self, user: User) -> "Consent":
        """Note that `user` agrees to the words of today, unless they agree already."""
        agreed, _created = self.get_or_create(
            user=user,
            kind=Consent.Kind.PUBLIC_COMMENTS,
            withdrawn_at=None,
            defaults={"version": settings.CONSENT_VERSION},
        )
        return agreed

    def withdraw(self, *, at: datetime | None = None) -> int:
        return self.in_force().update(withdrawn_at=at or timezone.now())


class Consent(models.Model):
    """One agreement (GDPR articles 7 and 9(2)(a)): kept as proof, ended by `withdrawn_at`."""

    class Kind(models.TextChoices):
        PUBLIC_COMMENTS = "public_comments", _("Comments are public")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consents"
    )
    kind = models.CharField(_("to what"), max_length=30, choices=Kind)
    version = models.CharField(_("version of the words"), max_length=20)
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects: ClassVar[ConsentQuerySet] = ConsentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=Q(withdrawn_at=None),
                name="consent_one_in_force_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_withdrawn_after_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.version})"

    @property
    def words(self) -> str:
        """Return what was agreed to, in the reader's language; "" if nobody kept it."""
        return str(WORDS.get(self.version, ""))


def take_back(user: User) -> bool:
    """Take back the consent to publish; False when there is none to take back."""
    with transaction.atomic():
        # What they post at this moment is there before, or is refused after.
        User.objects.select_for_update(no_key=True).values("pk").get(pk=user.pk)
        of_comments = user.consents.filter(kind=Consent.Kind.PUBLIC_COMMENTS)
        if not of_comments.withdraw():
            return False
        note(user, CONSENT_WITHDRAWN)
        return True


def choose(user: User, fate: Fate) -> Erasure:
    """Note what shall become of all that `user` has written until now."""
    return note(user, fate)


def note(user: User, deed: str) -> Erasure:
    return Erasure.objects.create(kind="comments of", subject=str(user.public_id), deed=deed)


def choice_of(user: User) -> Erasure | None:
    """Return what `user` last chose for all their comments, since they last took consent back."""
    taken_back = user.consents.aggregate(at=models.Max("withdrawn_at"))["at"]
    choices = Erasure.objects.filter(
        kind="comments of", subject=str(user.public_id), deed__in=Fate.values
    )
    if taken_back:
        choices = choices.filter(at__gte=taken_back)
    return choices.order_by("at").last()
