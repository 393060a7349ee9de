"""Leaving: a day after a member asked for it, the worker erases them, step by step.

Each step does nothing where it is done, so that a kill between any two is made good by beginning
anew: the wish to leave is deleted together with the last.
"""

import logging
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage, make_msgid
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.tasks import TaskResultStatus, task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from accounts import hooks, ledger, wiping
from accounts.erasing import empty, end_sessions
from accounts.mail import written
from accounts.models import Departure, Erasure, Fate, LegalHold, OutgoingMail, User
from accounts.models.departure import TIME_TO_THINK
from accounts.retention import forgets
from accounts.schedule import scheduled
from accounts.tasks import retrying

logger = logging.getLogger(__name__)

UNCONFIRMED_KEPT = timedelta(days=30)
FAREWELL_KEPT = timedelta(days=1)  # unsent, it is all that still holds the address
# What a farewell is known by in the queue of mails, whoever it goes to.
FAREWELL = "farewell"


def ask(user: User, fate: Fate) -> None:
    """Note the wish to leave, and tell the address: it may be somebody else's wish."""
    with transaction.atomic():
        departure, is_new = Departure.objects.ask(user, fate)
        if is_new:
            tell_of(departure)


@scheduled(every=timedelta(minutes=1))
def begin_due_departures() -> None:
    """Ask the worker for each that is due, and not in its hands yet."""
    waiting = DBTaskResult.objects.filter(
        task_path=leave.module_path,
        status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING],
    )
    in_hand = {user_id for row in waiting for user_id in row.args_kwargs["args"]}
    for user_id in Departure.objects.due().values_list("pk", flat=True):
        if user_id not in in_hand:
            leave.enqueue(user_id)


@task
@retrying(times=5, first_pause=timedelta(minutes=1))
def leave(user_id: int) -> None:
    """Let a member go, if it is time and they still wish it."""
    departure = Departure.objects.due().select_related("user").filter(pk=user_id).first()
    if departure is None or not departure.close_account():
        return
    user = User.objects.get(pk=user_id)
    end_sessions(user)
    if LegalHold.objects.of(user).exists():
        hooks.run("hide_comments", user)
        departure.put_off()
    else:
        erase(user, Fate(departure.fate), tell=True)


def erase(user: User, fate: Fate, *, tell: bool = False, note: Erasure | None = None) -> None:
    """Erase a member whose account is closed; `note` is the ledger's line if it is replayed."""
    hooks.run("settle_comments", user, fate)
    hooks.run("erase_member", user, fate)
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user.pk)
        # A hold may have been set since; then what is left waits for its end.
        if not row.erased_at and not LegalHold.objects.of(row).exists():
            if tell:
                say_farewell(row.email)
            empty(row, fate, note)
    ledger.copy()
    wiping.wipe()


def replay(note: Erasure) -> bool:
    """Erase again a member whom a restored backup brought back; False if it is no member's line.

    ValueError for a line that names no fate.
    """
    if note.kind != "member":
        return False
    fate, public_id = Fate(note.deed), UUID(note.subject)
    user = User.objects.filter(public_id=public_id, erased_at=None).first()
    if user is not None:
        User.objects.filter(pk=user.pk).update(is_active=False)
        # No hold was in force when they were erased, whatever the backup says.
        LegalHold.objects.of(user).filter(set_at__lte=note.at).end()
        erase(user, fate, note=note)
    return True


def ask_again() -> int:
    """After a restore: give a new day to whoever was leaving, as they may stay by now.

    Return how many these are. Whose day has just begun is left alone.
    """
    begun_before = timezone.now() + TIME_TO_THINK - timedelta(hours=1)
    departures = Departure.objects.filter(user__is_active=True, due_at__lt=begun_before)
    count = 0
    for departure in departures.select_related("user"):
        with transaction.atomic():
            departure.put_off()
            tell_of(departure)
        count += 1
    return count


# --- mail -----------------------------------------------------------------------------------------


def tell_of(departure: Departure) -> None:
    send("leaving", departure.user.email, {"departure": departure})


def say_farewell(address: str) -> None:
    domain = urlsplit(settings.SITE_URL).hostname
    send("left", address, {}, {"Message-ID": make_msgid(FAREWELL, domain=domain)})


def send(
    name: str, address: str, context: dict[str, object], headers: dict[str, str] | None = None
) -> None:
    subject = written(f"account/email/{name}_subject.txt", **context)
    body = written(f"account/email/{name}_message.txt", **context)
    EmailMessage(subject, body, None, [address], headers=headers).send()


@scheduled(every=timedelta(hours=1))
def forget_farewells() -> None:
    """Give up a farewell that was parked, or is a day old: nobody is left to be told."""
    unsent = OutgoingMail.objects.filter(sent_at=None, message_id__contains=f".{FAREWELL}@")
    overdue = Q(failed_at__isnull=False) | Q(created_at__lt=timezone.now() - FAREWELL_KEPT)
    unsent.filter(overdue).delete()


# --- accounts that nobody ever entered ------------------------------------------------------------


@forgets(
    _("Accounts whose e-mail address was never confirmed"),
    after=UNCONFIRMED_KEPT,
    every=timedelta(days=1),
)
def forget_unconfirmed_accounts() -> None:
    for user in unconfirmed():
        if close_unconfirmed(user):
            erase(user, Fate.ERASE)


def unconfirmed() -> QuerySet[User]:
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    held = LegalHold.objects.in_force().filter(user=OuterRef("pk"))
    return User.objects.filter(
        ~Exists(confirmed),
        ~Exists(held),
        last_login=None,
        erased_at=None,
        is_staff=False,
        date_joined__lt=timezone.now() - UNCONFIRMED_KEPT,
    )


def close_unconfirmed(user: User) -> bool:
    """Let nobody confirm the address any more; False when somebody just did."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        return bool(unconfirmed().filter(pk=user.pk).update(is_active=False))
