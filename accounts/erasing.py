"""What accounts holds of a member, and how it is erased: all but the row itself, then the row."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Model, Q, TextField
from django.db.models.functions import Cast
from django.tasks import TaskResultStatus
from django.utils import timezone
from django.utils.http import int_to_base36
from django_tasks_db.models import DBTaskResult

from accounts import hooks
from accounts.models import (
    AuditAct,
    DataExport,
    Departure,
    Erasure,
    Fate,
    FormerHandle,
    LegalHold,
    OutgoingMail,
    User,
)

CHUNK = 500  # sessions that are read at once; each holds some hundred bytes

# Under these keys a session says whose it is: django.contrib.auth's, and those of allauth for who
# is between two steps of a log-in, a sign-up or a new password.
SESSION_KEYS = {"_auth_user_id", "account_authentication_methods_user", "user_id", "user_pk"}


def erase_ties(user: User) -> None:
    """Delete or empty every row of accounts, and of the packages it brought, that names `user`."""
    addresses = addresses_of(user)
    Authenticator.objects.filter(user=user).delete()
    DataExport.objects.filter(user=user).delete()
    end_sessions(user, addresses)
    delete_mail_to(addresses)
    forget_tasks_that_name([*addresses, *filter(None, [user.handle])])
    AuditAct.objects.about(user).exclude(reason="").update(reason="")
    # That there was a hold stays, like the audit acts; the number of a case may tell whose it was.
    holds = LegalHold.objects.filter(user=user)
    forget_in_admin_log([user, *holds])
    holds.update(case="")
    hooks.run("forget_addresses", confirmed_addresses_of(user))
    # Last: whoever begins anew after a crash finds the addresses here.
    EmailAddress.objects.filter(user=user).delete()


def empty(user: User, fate: Fate, note: Erasure | None = None) -> None:
    """Empty the row itself, and write the line of the ledger; inside a transaction.

    `note` is the line that is being replayed, if there is one.
    """
    assert transaction.get_connection().in_atomic_block
    FormerHandle.objects.filter(user=user).update(user=None)
    # A name under which nobody ever came in is known to nobody, and free at once.
    if user.handle_key and user.last_login:
        FormerHandle.objects.give_up(user.handle_key, None)
    user.email, user.handle = f"erased-{user.public_id}@erased.invalid", ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = user.handle_changed_at = None
    user.set_unusable_password()
    user.erased_at = timezone.now()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()
    (note or Erasure(kind="member", subject=str(user.public_id), deed=fate)).save()
    Departure.objects.filter(user=user).delete()


def addresses_of(user: User) -> list[str]:
    of_allauth = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return sorted({user.email.lower(), *(email.lower() for email in of_allauth)})


def confirmed_addresses_of(user: User) -> list[str]:
    """Return those that are theirs for sure: of who never came in, none is."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True)
    found = {email.lower() for email in confirmed.values_list("email", flat=True)}
    return sorted(found | ({user.email.lower()} if user.last_login else set()))


# --- sessions -------------------------------------------------------------------------------------


def end_sessions(user: User, addresses: Iterable[str] = ()) -> None:
    """Delete the sessions that are theirs, and those that hold one of these addresses."""
    UserSession.objects.filter(user=user).delete()
    ids, named = {str(user.pk), int_to_base36(user.pk)}, naming(addresses)
    for sessions in chunks_of_sessions():
        theirs = [
            session.session_key
            for session in sessions
            if is_about(session.get_decoded(), ids, named)
        ]
        Session.objects.filter(session_key__in=theirs).delete()


def chunks_of_sessions() -> Iterator[list[Session]]:
    last = ""
    while chunk := list(
        Session.objects.filter(session_key__gt=last).order_by("session_key")[:CHUNK]
    ):
        yield chunk
        last = chunk[-1].session_key


def is_about(data: dict[str, Any], ids: set[str], named: re.Pattern[str]) -> bool:
    return any(
        (key in SESSION_KEYS and value in ids) or named.search(value)
        for key, value in words_of(data)
    )


def words_of(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text in a session with the key that it stands under."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from words_of(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from words_of(item, key)
    elif isinstance(value, str | int):
        yield key, str(value)


def naming(addresses: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of the addresses whole: in a text, or in a form's data."""
    spellings = [re.escape(form) for address in addresses for form in (address, quote(address))]
    either = "|".join(spellings) or r"(?!)"
    return re.compile(rf"(?<![\w.+-])(?:{either})(?![\w-]|\.\w)", re.IGNORECASE)


# --- mail, tasks, the admin's log -----------------------------------------------------------------


def delete_mail_to(addresses: Iterable[str]) -> None:
    """Delete what was not sent yet; what was sent holds nothing any more."""
    named = naming(addresses)
    for mail in OutgoingMail.objects.filter(sent_at=None).iterator():
        if named.search(json.dumps(mail.message, ensure_ascii=False)):
            mail.delete()


def forget_tasks_that_name(words: Iterable[str]) -> None:
    """Delete the rows of ended tasks that hold one of these words, and what failed attempts said.

    Tasks take ids alone, but the text of an exception may hold anything.
    """
    rows = DBTaskResult.objects.annotate(args_text=Cast("args_kwargs", TextField()))
    holding = Q(pk=None)
    for word in words:
        for spelling in {word, json.dumps(word)[1:-1]}:
            holding |= Q(args_text__icontains=spelling) | Q(traceback__icontains=spelling)
    ended = [TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED]
    rows.filter(holding, status__in=ended).delete()
    DBTaskResult.objects.filter(pk__in=rows.filter(holding).values("pk")).update(traceback="")


def forget_in_admin_log(rows: Iterable[Model]) -> None:
    """Keep that staff changed these rows, and when; not what they were called."""
    for row in rows:
        kind = ContentType.objects.get_for_model(row)
        LogEntry.objects.filter(content_type=kind, object_id=str(row.pk)).update(
            object_repr="", change_message=""
        )
