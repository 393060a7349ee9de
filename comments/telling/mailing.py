"""Mail about what members are told: in few mails, each thing once, and nothing that has passed.

What happened left a Notification in its own transaction. The worker writes the mail in one
transaction with the note that it is mailed, so that a kill in between repeats nothing. Until the
mail server takes it, which may need hours, `mail_is_wanted` answers whether it still shall.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import batched
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet
from django.tasks import task
from django.utils import timezone

from accounts.models import Departure, User
from accounts.schedule import scheduled
from accounts.tasks import retrying
from comments.models import Delivery, Notification
from comments.models.notification_choice import NEVER_GATHERED
from comments.telling import notification_mail

# To one address; what comes above that is gathered in a later one, but for corrections: these are
# few, editors write them, and a danger does not wait behind what people say.
MAILS_AN_HOUR = 5
HOUR = timedelta(hours=1)
AT_ONCE = 200  # things told in one mail, and members looked at together


@task
@retrying(times=5, first_pause=timedelta(minutes=1))
def mail_at_once(user_id: int) -> None:
    """Mail what this member wants to hear of at once, unless they had enough mail for now.

    Then `mail_what_waits` comes back to it.
    """
    mail(user_id, [Delivery.INSTANT])


@task
@retrying(times=5, first_pause=timedelta(minutes=1))
def mail_together(user_id: int) -> None:
    """Mail this member's digest, and what else waits."""
    if not mail(user_id, [Delivery.INSTANT, Delivery.DIGEST]):
        mail_together.using(run_after=timezone.now() + HOUR).enqueue(user_id)


@scheduled(every=timedelta(minutes=10))
def mail_what_waits() -> None:
    """Ask for the mails of those who had enough for an hour, or whose task was given up."""
    waiting = Notification.objects.to_mail_now().filter(delivery=Delivery.INSTANT)
    ask_for(mail_at_once, waiting.filter(created_at__lte=timezone.now() - timedelta(minutes=10)))


@scheduled(every=timedelta(days=1))
def mail_digests() -> None:
    ask_for(mail_together, Notification.objects.to_mail_now().filter(delivery=Delivery.DIGEST))


def ask_for(mailing: Any, waiting: QuerySet[Notification]) -> None:
    """Enqueue `mailing` for each member for whom something waits."""
    users = waiting.order_by("user").values_list("user", flat=True).distinct()
    for pks in batched(users, AT_ONCE):
        with transaction.atomic():
            for pk in pks:
                mailing.enqueue(pk)


def mail(user_id: int, deliveries: Sequence[str]) -> bool:
    """Mail what waits for a member; False when they had as many mails as an hour may bring."""
    with transaction.atomic():
        # Two workers at once: the second one finds here what the first one has mailed.
        user = User.objects.select_for_update(no_key=True).get(pk=user_id)
        waiting = Notification.objects.filter(user=user).to_mail_now()
        if not (address := address_of(user)):
            waiting.update(delivery=Delivery.OFF)
            return True
        due = waiting.filter(delivery__in=deliveries).with_what_it_tells().order_by("pk")
        if is_full := mails_lately(user) >= MAILS_AN_HOUR:
            due = due.filter(kind__in=NEVER_GATHERED)
        rows = list(due.select_for_update(of=("self",))[:AT_ONCE])
        true, now = [row for row in rows if row.is_true], timezone.now()
        told = [row for row in true if row.is_wanted]
        note(set(rows) - set(true), dropped_at=now)
        note(set(true) - set(told), delivery=Delivery.OFF)
        note(told, mailed_at=now)
        for together in parted(told):
            notification_mail.send(user, address, together)
        return len(rows) < AT_ONCE and not (is_full and waiting.exists())


def parted(told: list[Notification]) -> list[list[Notification]]:
    """Return what is told in one mail each: a correction is not hidden among other news."""
    urgent = [row for row in told if row.kind in NEVER_GATHERED]
    others = [row for row in told if row.kind not in NEVER_GATHERED]
    return [rows for rows in (urgent, others) if rows]


def address_of(user: User) -> str:
    """Return where mail reaches a member who is here and stays; "" without a confirmed address."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True, email__iexact=user.email)
    if not user.is_active or user.erased_at or not confirmed.exists():
        return ""
    return "" if Departure.objects.of(user) else user.email


def mails_lately(user: User) -> int:
    """Return how many mails the last hour brought: all that one tells is marked with one time."""
    lately = user.notifications.filter(mailed_at__gt=timezone.now() - HOUR)
    return lately.order_by().values("mailed_at").distinct().count()


def note(rows: Iterable[Notification], **what: Any) -> None:
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(**what)


def mail_is_wanted(about: dict[str, Any]) -> bool:
    """Tell whether a mail that waits still shall go: anything of what it tells holds, for a member
    who is here and did not unsubscribe meanwhile.

    Of one that shall not, what a moderator reads again is told in another mail after that.
    """
    if "notifications" not in about:
        return True
    rows = Notification.objects.filter(pk__in=about["notifications"], dropped_at=None)
    told = list(rows.with_what_it_tells())
    if any(address_of(row.user) and row.is_wanted and row.is_true for row in told):
        return True
    rows.held().update(mailed_at=None)
    return False
