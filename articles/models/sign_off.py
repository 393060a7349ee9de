"""Personal links by which a reviewer without an account signs."""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.contributor import Contributor
from articles.models.review import Review
from articles.models.revision import Revision

LASTS = timedelta(days=14)
CODE_LASTS = timedelta(minutes=15)
TRIES = 5  # wrong codes, after which a new one is needed


def expiry() -> Any:
    return timezone.now() + LASTS


class SignOffLinkQuerySet(models.QuerySet["SignOffLink"]):
    def usable(self) -> Self:
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now())

    def forget_addresses(self) -> None:
        """Let them do nothing any more, and forget where they went."""
        self.usable().update(revoked_at=timezone.now())
        self.update(email="", code_hash="")


class SignOffLink(models.Model):
    """An invitation to sign one revision, for one person, once (articles/sign_off_links.py).

    What the link and the code are is known to the mail alone: here are their hashes.
    """

    class State(models.TextChoices):
        WAITS = "waits", _("waits for them")
        USED = "used", _("answered")
        REVOKED = "revoked", _("taken back")
        ENDED = "ended", _("ended unused")

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="sign_off_links")
    contributor = models.ForeignKey(Contributor, models.PROTECT, related_name="sign_off_links")
    # Where the link and the code go; emptied some time after the link ended.
    email = models.EmailField(_("e-mail"), blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    message = models.TextField(_("message to the reviewer"), blank=True)
    # The positions of the sections that they are asked for; all when empty.
    asked_positions: Any = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(_("sent"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("sent by"),
    )  # fmt: skip
    expires_at = models.DateTimeField(_("ends"), default=expiry)
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    used_at = models.DateTimeField(_("used"), null=True)
    review = models.OneToOneField(Review, models.PROTECT, null=True, related_name="link")

    code_hash = models.CharField(max_length=64, blank=True)
    code_sent_at = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[SignOffLinkQuerySet] = SignOffLinkQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("sign-off link")
        verbose_name_plural = _("sign-off links")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.contributor}, {self.created_at:%Y-%m-%d}"

    @property
    def is_usable(self) -> bool:
        return not self.used_at and not self.revoked_at and self.expires_at > timezone.now()

    @property
    def state(self) -> "SignOffLink.State":
        if self.used_at:
            return self.State.USED
        if self.revoked_at:
            return self.State.REVOKED
        return self.State.WAITS if self.is_usable else self.State.ENDED
