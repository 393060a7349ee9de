"""What was done that somebody may have to answer for."""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User


class AuditActQuerySet(models.QuerySet["AuditAct"]):
    def record(
        self,
        deed: str,
        *,
        by: User | None,
        on: models.Model | None = None,
        about: User | None = None,
        reason: str = "",
        fields: list[str] | None = None,
        hashes: dict[str, str] | None = None,
    ) -> "AuditAct":
        """Write down that `by` (None: the site itself) did `deed` on a row, about a member.

        `deed` reads "voice.looked_up": what it was done to, and a verb. `fields` are names only;
        `hashes` say which wording was meant. Neither holds a name, an address or a text.
        """
        return self.create(
            deed=deed,
            actor=by.public_id if by else None,
            subject=about.public_id if about else None,
            object_type=on._meta.label if on else "",
            object_id=str(on.pk) if on else "",
            reason=reason,
            fields=fields or [],
            hashes=hashes or {},
        )

    def about(self, user: User) -> "AuditActQuerySet":
        return self.filter(subject=user.public_id)


class AuditAct(models.Model):
    """One act. People stand here by their random ids, so that erasing one changes no row."""

    at = models.DateTimeField(_("when"), default=timezone.now, editable=False, db_index=True)
    deed = models.CharField(_("what was done"), max_length=60, editable=False)
    actor = models.UUIDField(_("by"), null=True, editable=False, db_index=True)
    subject = models.UUIDField(_("about"), null=True, editable=False, db_index=True)
    object_type = models.CharField(_("on a"), max_length=60, blank=True, editable=False)
    object_id = models.CharField(_("with the id"), max_length=40, blank=True, editable=False)
    # Staff's own words; emptied when the member they are about is erased.
    reason = models.TextField(_("reason"), blank=True, editable=False)
    fields: Any = models.JSONField(_("fields"), default=list, editable=False)
    hashes: Any = models.JSONField(_("hashes"), default=dict, editable=False)

    objects: ClassVar[AuditActQuerySet] = AuditActQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("audit trail")
        ordering = ["-at", "-pk"]
        indexes = [models.Index("object_type", "object_id", name="audit_of_object")]

    def __str__(self) -> str:
        return self.deed
