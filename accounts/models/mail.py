"""How people are reached: mail that waits in the database until a worker has sent it."""

from datetime import timedelta
from email.utils import parseaddr
from typing import Any

from django.core.mail import EmailAlternative, EmailMessage, EmailMultiAlternatives
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.unbroken_headers import WholeMail

# Between attempts: greylisting (RFC 6647) needs some minutes, a broken server up to some days.
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
)
# How long one attempt may take before another worker takes the mail to be abandoned. An SMTP
# dialogue is some ten exchanges of at most MAILERS["delivery"]'s timeout (20 s) each.
LEASE = timedelta(minutes=5)
KEPT = timedelta(days=30)

# The "error" of a mail that was not sent, because what it told of no longer held.
DROPPED = "Dropped"

MESSAGE_FIELDS = (
    "subject",
    "body",
    "content_subtype",
    "alternatives",
    "from_email",
    "to",
    "cc",
    "bcc",
    "reply_to",
    "extra_headers",
)


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def sent(self) -> "OutgoingMailQuerySet":
        return self.filter(sent_at__isnull=False)

    def parked(self) -> "OutgoingMailQuerySet":
        return self.filter(failed_at__isnull=False).exclude(last_error=DROPPED)

    def waiting(self) -> "OutgoingMailQuerySet":
        return self.filter(sent_at__isnull=True, failed_at__isnull=True)

    def due(self) -> "OutgoingMailQuerySet":
        return self.waiting().filter(due_at__lte=timezone.now())

    def claim(self, pk: int) -> "OutgoingMail | None":
        """Return the mail if it is due, and nobody else's for the time of the lease."""
        lease = timezone.now() + LEASE
        claimed = self.due().filter(pk=pk).update(due_at=lease, attempts=F("attempts") + 1)
        return self.get(pk=pk) if claimed else None

    def make_due(self) -> list[int]:
        """Let parked and overdue mail begin anew; return what now needs a `deliver` task."""
        now = timezone.now()
        mails = self.filter(Q(failed_at__isnull=False) | Q(due_at__lte=now), sent_at__isnull=True)
        mails = mails.exclude(last_error=DROPPED)
        with transaction.atomic():
            pks = list(mails.select_for_update().values_list("pk", flat=True))
            self.model.objects.filter(pk__in=pks).update(failed_at=None, due_at=now, attempts=0)
        return pks

    def expired(self) -> "OutgoingMailQuerySet":
        ended_before = timezone.now() - KEPT
        return self.filter(Q(sent_at__lt=ended_before) | Q(failed_at__lt=ended_before))


class OutgoingMail(models.Model):
    """One message, whole, from the moment it was written until it was sent."""

    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    message_id = models.CharField(_("Message-ID"), max_length=255, editable=False)
    # What EmailMessage holds, by the names of its attributes; emptied once it was sent.
    message = models.JSONField(encoder=DjangoJSONEncoder, default=dict, editable=False)
    # What it tells of, for the app that wrote it (`mail_is_wanted` in accounts/hooks.py): a row
    # that is gone, or no longer to be seen, is not told.
    about: Any = models.JSONField(default=dict, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    # The next attempt; while one is being made, when it counts as abandoned.
    due_at = models.DateTimeField(_("next attempt"), default=timezone.now, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    failed_at = models.DateTimeField(_("parked"), null=True, editable=False)
    # The name of an exception's class: its text could tell an address.
    last_error = models.CharField(_("last error"), max_length=100, blank=True, editable=False)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(failed_at__isnull=True),
                name="mail_sent_or_parked",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(sent_at__isnull=True),
                name="mail_not_sent",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @classmethod
    def holding(cls, message: EmailMessage, message_id: str) -> "OutgoingMail":
        """Return a new row that holds all of `message`."""
        # A plain EmailMessage has no `alternatives`.
        held = {field: getattr(message, field, []) for field in MESSAGE_FIELDS}
        about = getattr(message, "about", {})
        return cls.objects.create(message_id=message_id, message=held, about=about)

    def as_message(self) -> EmailMultiAlternatives:
        message = WholeMail()
        for field, value in self.message.items():
            setattr(message, field, value)
        message.alternatives = [EmailAlternative(*part) for part in message.alternatives]
        return message

    @property
    def recipients(self) -> list[str]:
        """The addresses it goes to; none once it was sent."""
        return [to for field in ("to", "cc", "bcc") for to in self.message.get(field, [])]

    @property
    def domains(self) -> list[str]:
        """Where it goes, without saying to whom."""
        return sorted({parseaddr(to)[1].rpartition("@")[2] for to in self.recipients})

    def mark_sent(self) -> None:
        """Keep that it was sent, and nothing of what it said or to whom (GDPR article 5 (1) c)."""
        self.sent_at, self.message, self.about, self.last_error = timezone.now(), {}, {}, ""
        self.save(update_fields=["sent_at", "message", "about", "last_error"])

    def drop(self) -> None:
        """Never send it, and keep nothing of what it said or to whom."""
        self.failed_at, self.message, self.about = timezone.now(), {}, {}
        self.last_error = DROPPED
        self.save(update_fields=["failed_at", "message", "about", "last_error"])

    def put_off(self, error: Exception) -> None:
        """Wait for the next attempt, or park the mail after the last."""
        if self.attempts > len(PAUSES):
            self.park(error)
        else:
            self.due_at = timezone.now() + PAUSES[self.attempts - 1]
            self.last_error = type(error).__name__
            self.save(update_fields=["due_at", "last_error"])

    def park(self, error: Exception) -> None:
        """Make no more attempts until somebody says so."""
        self.failed_at, self.last_error = timezone.now(), type(error).__name__
        self.save(update_fields=["failed_at", "last_error"])
