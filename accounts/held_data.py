"""What accounts holds about one member: the account, its keys, and what was done with it."""

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.deeds import in_words, thing_of
from accounts.models import (
    AuditAct,
    DataExport,
    Departure,
    Erasure,
    Fate,
    LegalHold,
    OutgoingMail,
    User,
)
from accounts.my_data import Section
from accounts.sessions import shown_address

CHUNK = 500
LOOKED_UP = "voice.looked_up"
# What a line of the ledger of erasures is about, where it is about a member.
ERASED = {"member": gettext_lazy("Your account"), "comments of": gettext_lazy("All your comments")}

Row = dict[str, Any]


def member_data(user: User) -> Iterator[Section]:
    yield account(user)
    yield consents(user)
    yield emails(user)
    yield sessions(user)
    yield keys(user)
    yield former_handles(user)
    yield waiting_mail(user)
    yield exports(user)
    yield departure(user)
    yield legal_holds(user)
    yield lookups(user)
    yield acts_about(user)
    yield erasures(user)
    yield from staff_data(user)


def staff_data(user: User) -> Iterator[Section]:
    """Yield what stands under a staff account; a member's has none of it, unless they once were."""
    own_acts = AuditAct.objects.filter(actor=user.public_id)
    log = LogEntry.objects.filter(user=user)
    holds = LegalHold.objects.filter(set_by=user)
    if user.is_staff or own_acts.exists() or log.exists() or holds.exists():
        yield acts_by(own_acts)
        yield admin_log(log)
        yield holds_set(holds)


def account(user: User) -> Section:
    row = {
        "public_name": user.handle,
        "email": user.email,
        "joined": user.date_joined,
        "last_login": user.last_login,
        "name_changed": user.handle_changed_at,
        "has_password": user.has_usable_password(),
        "active": user.is_active,
        "staff": user.is_staff,
        "superuser": user.is_superuser,
        "groups": [group.name for group in user.groups.order_by("name")],
        "permissions": [str(permission) for permission in user.user_permissions.all()],
        "random_id": str(user.public_id),
    }
    headings = {
        "public_name": _("Public name"),
        "email": _("E-mail address"),
        "joined": _("Joined"),
        "last_login": _("Last log-in"),
        "name_changed": _("Public name last changed"),
        "has_password": _("A password is set"),
        "active": _("May log in"),
        "staff": _("Staff"),
        "superuser": _("May do everything on the desk"),
        "groups": _("Groups of the staff"),
        "permissions": _("Further permissions"),
        "random_id": _("Random id by which the audit trail calls you"),
    }
    note = _("Of your password only a check value is kept, from which nobody can read it.")
    return Section("account", _("Account"), headings, [row], note)


def consents(user: User) -> Section:
    rows = (
        {
            "to_what": consent.get_kind_display(),
            "version": consent.version,
            "given": consent.given_at,
            "withdrawn": consent.withdrawn_at,
        }
        for consent in user.consents.order_by("given_at").iterator(CHUNK)
    )
    headings = {
        "to_what": _("To what"),
        "version": _("Version of the words"),
        "given": _("Given"),
        "withdrawn": _("Withdrawn"),
    }
    return Section("consents", _("What you agreed to"), headings, rows)


def emails(user: User) -> Section:
    found = EmailAddress.objects.filter(user=user).order_by("-primary", "email")
    rows = (
        {"email": row.email, "confirmed": row.verified, "primary": row.primary}
        for row in found.iterator(CHUNK)
    )
    headings = {
        "email": _("E-mail address"),
        "confirmed": _("Confirmed"),
        "primary": _("Used for mail"),
    }
    return Section("emails", _("E-mail addresses"), headings, rows)


def sessions(user: User) -> Section:
    ends = Session.objects.filter(session_key=OuterRef("session_key")).values("expire_date")
    found = UserSession.objects.filter(user=user).annotate(ends=Subquery(ends)).order_by("-pk")
    rows = (
        {
            "browser": session.user_agent,
            "address": shown_address(session.ip),
            "since": session.created_at,
            "last_seen": session.last_seen_at,
            "ends": session.ends,
        }
        for session in found.iterator(CHUNK)
    )
    headings = {
        "browser": _("Browser, as it calls itself"),
        "address": _("Internet address"),
        "since": _("Logged in"),
        "last_seen": _("Last noted"),
        "ends": _("Ends"),
    }
    note = _("The keys of the sessions are not shown: with one, somebody could be you.")
    return Section("sessions", _("Where you are logged in"), headings, rows, note)


def keys(user: User) -> Section:
    found = Authenticator.objects.filter(user=user).order_by("created_at")
    rows = (
        {
            "kind": KINDS[key.type](),
            "name": key.data.get("name", ""),
            "added": key.created_at,
            "last_used": key.last_used_at,
        }
        for key in found.iterator(CHUNK)
    )
    headings = {
        "kind": _("Kind"),
        "name": _("Name"),
        "added": _("Added"),
        "last_used": _("Last used"),
    }
    note = _("Their secrets are not shown: they stay between your device and this site.")
    return Section("keys", _("Passkeys and second factors"), headings, rows, note)


KINDS = {
    Authenticator.Type.WEBAUTHN: lambda: _("Passkey or security key"),
    Authenticator.Type.TOTP: lambda: _("Authenticator app"),
    Authenticator.Type.RECOVERY_CODES: lambda: _("Recovery codes"),
}


def former_handles(user: User) -> Section:
    found = user.former_handles.order_by("given_up_at")
    rows = ({"given_up": former.given_up_at} for former in found.iterator(CHUNK))
    note = _(
        "The names themselves are forgotten. A check value of each is kept for a year, so that"
        " nobody else takes it; you may have it back."
    )
    headings = {"given_up": _("Given up")}
    return Section("former_handles", _("Public names you had"), headings, rows, note)


def waiting_mail(user: User) -> Section:
    headings = {"subject": _("Subject"), "to": _("To"), "written": _("Written")}
    note = _("A mail is emptied as soon as it is sent. What it says is not shown here.")
    rows = (
        {"subject": mail.message.get("subject", ""), "to": address, "written": mail.created_at}
        for mail, address in mail_to(user)
    )
    return Section("mail", _("Mail that waits to be sent to you"), headings, rows, note)


def mail_to(user: User) -> Iterator[tuple[OutgoingMail, str]]:
    """Yield what is not sent yet to one of the member's addresses, with that address."""
    addresses = {*EmailAddress.objects.filter(user=user).values_list("email", flat=True)}
    for address in sorted(addresses | {user.email}):
        unsent = OutgoingMail.objects.filter(sent_at=None, message__to__icontains=address)
        for mail in unsent.order_by("pk").iterator(CHUNK):
            if address.lower() in {to.lower() for to in mail.recipients}:
                yield mail, address


def exports(user: User) -> Section:
    found = DataExport.objects.filter(user=user).defer("content")
    rows = ({"asked": copy.asked_at, "made": copy.made_at} for copy in found.iterator(CHUNK))
    headings = {"asked": _("Asked for"), "made": _("Made")}
    return Section("exports", _("Files made of your data"), headings, rows)


def departure(user: User) -> Section:
    rows = (
        {"choice": leaving.get_fate_display(), "asked": leaving.asked_at, "due": leaving.due_at}
        for leaving in Departure.objects.filter(user=user)
    )
    headings = {"choice": _("What you chose"), "asked": _("Asked for"), "due": _("Will be done")}
    return Section("departure", _("Your wish to leave"), headings, rows)


def legal_holds(user: User) -> Section:
    rows = (
        {"case": hold.case, "set": hold.set_at, "until": hold.until, "ended": hold.ended_at}
        for hold in user.legal_holds.iterator(CHUNK)
    )
    headings = {
        "case": _("Case"),
        "set": _("Set"),
        "until": _("Until"),
        "ended": _("Ended"),
    }
    note = _(
        "While one is in force, what you erase is hidden from all readers at once, and erased when"
        " the hold ends (GDPR, article 17 (3) e)."
    )
    return Section("legal_holds", _("Legal holds"), headings, rows, note)


def lookups(user: User) -> Section:
    found = AuditAct.objects.about(user).filter(deed=LOOKED_UP)
    rows = ({"when": act.at, "why": act.reason} for act in found.iterator(CHUNK))
    headings = {"when": _("When"), "why": _("Why")}
    note = _("Each time, one of the staff saw who is behind a name used in one discussion only.")
    return Section("lookups", _("Looks behind your discussion names"), headings, rows, note)


def acts_about(user: User) -> Section:
    """Return what staff did with the account, by the audit trail and by the admin's own log."""
    found = AuditAct.objects.about(user).exclude(deed=LOOKED_UP)
    audited = (
        {"when": act.at, "what": in_words(act.deed), "why": act.reason}
        for act in found.iterator(CHUNK)
    )
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk)
    )
    logged = (
        {"when": entry.action_time, "what": entry.get_change_message(), "why": ""}
        for entry in entries.iterator(CHUNK)
    )
    headings = {"when": _("When"), "what": _("What"), "why": _("Why")}
    rows = (row for source in (audited, logged) for row in source)
    return Section("acts", _("What was done about you"), headings, rows)


def erasures(user: User) -> Section:
    mine = Q(kind__in=ERASED, subject=str(user.public_id))
    fates = {str(fate): fate.label for fate in Fate}
    rows = (
        {"when": erasure.at, "of": ERASED[erasure.kind], "what": fates.get(erasure.deed, "")}
        for erasure in Erasure.objects.filter(mine).order_by("at").iterator(CHUNK)
    )
    headings = {"when": _("When"), "of": _("Of what"), "what": _("What was done")}
    note = _("They are kept to be done again should an older backup ever be restored.")
    return Section("erasures", _("What was erased as you wished"), headings, rows, note)


# --- What stands under a staff account ------------------------------------------------------------


def acts_by(acts: QuerySet[AuditAct]) -> Section:
    rows = (
        {
            "when": act.at,
            "what": in_words(act.deed),
            "on": thing_of(act),
        }
        for act in acts.iterator(CHUNK)
    )
    headings = {"when": _("When"), "what": _("What"), "on": _("On what")}
    return Section("acts_by_me", _("What you did, by the audit trail"), headings, rows)


def admin_log(log: QuerySet[LogEntry]) -> Section:
    rows = (
        {
            "when": entry.action_time,
            "what": entry.get_change_message(),
            "on": f"{entry.content_type} {entry.object_id}",
        }
        for entry in log.select_related("content_type").iterator(CHUNK)
    )
    headings = {"when": _("When"), "what": _("What"), "on": _("On what")}
    return Section("admin_log", _("What you saved on the desk"), headings, rows)


def holds_set(holds: QuerySet[LegalHold]) -> Section:
    rows = ({"set": hold.set_at, "until": hold.until} for hold in holds.iterator(CHUNK))
    headings = {"set": _("Set"), "until": _("Until")}
    note = _("About whom they are is not yours to take along.")
    return Section("holds_set", _("Legal holds that you set"), headings, rows, note)
