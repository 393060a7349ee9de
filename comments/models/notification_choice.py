"""What members may be told of, and how they want to hear of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class Delivery(models.TextChoices):
    INSTANT = "instant", _("at once")
    DIGEST = "digest", _("once a day, together")
    OFF = "off", _("not by mail")


class Kind(models.TextChoices):
    REPLY = "reply", _("Somebody answered my comment")
    OFFICIAL = "official", _("The staff answered my comment")
    ANSWERED = "answered", _("My question was answered")
    DECISION = "decision", _("A moderator decided on my comment")
    OUTCOME = "outcome", _("What became of my report")
    FOLLOWED = "followed", _("A new comment in a discussion that I follow")
    CORRECTION = "correction", _("A correction to an article that I follow")
    CHANGE = "change", _("My comment led to a change in an article")
    ASKED = "asked", _("I am asked to answer a question")


# Whatever a moderator decides is told at once (EU DSA article 17); the rest a member may turn off.
DEFAULTS = {
    Kind.REPLY: Delivery.DIGEST,
    Kind.OFFICIAL: Delivery.INSTANT,
    Kind.ANSWERED: Delivery.INSTANT,
    Kind.DECISION: Delivery.INSTANT,
    Kind.OUTCOME: Delivery.INSTANT,
    Kind.FOLLOWED: Delivery.DIGEST,
    Kind.CORRECTION: Delivery.INSTANT,
    Kind.CHANGE: Delivery.INSTANT,
    Kind.ASKED: Delivery.INSTANT,
}

# What may matter today is never gathered for a daily mail.
NEVER_GATHERED = {Kind.CORRECTION}


def delivery_of(kind: str, chosen: str | None) -> str:
    """Return how a member hears of a kind, by what they chose, if they did."""
    delivery = chosen or DEFAULTS[Kind(kind)]
    if delivery == Delivery.DIGEST and kind in NEVER_GATHERED:
        return Delivery.INSTANT
    return delivery


class NotificationChoiceQuerySet(models.QuerySet["NotificationChoice"]):
    def of(self, user: User) -> dict[str, str]:
        """Return how `user` hears of each kind."""
        chosen = dict(self.filter(user=user).values_list("kind", "delivery"))
        return {kind.value: delivery_of(kind, chosen.get(kind)) for kind in DEFAULTS}

    def choose(self, user: User, chosen: dict[str, str]) -> None:
        """Let `user` hear of these kinds so from now on, and of what waits for a mail too."""
        chosen = {kind: delivery_of(kind, delivery) for kind, delivery in chosen.items()}
        rows = [NotificationChoice(user=user, kind=kind, delivery=chosen[kind]) for kind in chosen]
        with transaction.atomic():
            # In the order in which the worker locks what it mails (comments/telling/mailing.py).
            User.objects.select_for_update(no_key=True).values("pk").get(pk=user.pk)
            self.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["user", "kind"],
                update_fields=["delivery"],
            )
            for kind, delivery in chosen.items():
                user.notifications.to_mail().filter(kind=kind).update(delivery=delivery)


class NotificationChoice(models.Model):
    """How a member wants to hear of one kind of thing, if not as everybody does at first."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    delivery = models.CharField(_("by mail"), max_length=10, choices=Delivery)

    objects: ClassVar[NotificationChoiceQuerySet] = NotificationChoiceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("choice of notifications")
        verbose_name_plural = _("choices of notifications")
        constraints = [models.UniqueConstraint("user", "kind", name="notification_choice_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.delivery}"
