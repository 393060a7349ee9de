"""The ledger of erasures: what must be erased again after an older backup was restored."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def uncopied(self) -> Self:
        """Return what does not stand in the ledger's file yet, oldest first."""
        return self.filter(copied_at=None).order_by("at", "pk")


class Erasure(models.Model):
    """One line of the ledger: ids only. Written in the transaction of its deed.

    A restored backup lacks the latest rows, so the worker copies each to a file outside of the
    database (accounts/ledger.py).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=timezone.now)
    # What it was done to: "member", "comments of", "comment", "contributor". Whoever can do it
    # again knows the word (`replay_erasure` in accounts/hooks.py).
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=40)  # a public id of a member, or a primary key
    deed = models.CharField(max_length=20)
    copied_at = models.DateTimeField(null=True)

    objects: ClassVar[ErasureQuerySet] = ErasureQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("ledger of erasures")
        indexes = [models.Index("at", condition=models.Q(copied_at=None), name="erasure_uncopied")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}: {self.deed}"
