"""The acts of the audit trail in words, for the people they are about."""

from functools import cache

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from accounts import hooks
from accounts.models.audit import AuditAct
from accounts.retention import Words

WORDS: dict[str, Words] = {
    "member.password_set": _("Set another password for an account"),
    "member.rights_changed": _("Changed what somebody may do here"),
    "legal_hold.set": _("Kept data back for a legal claim"),
    "legal_hold.ended": _("Ended keeping data back for a legal claim"),
    "audit_trail.exported": _("Fetched the audit trail as a file"),
}


@cache
def all_words() -> dict[str, Words]:
    """Return what all apps call their acts (`deed_words` in accounts/hooks.py)."""
    return {deed: words for told in hooks.ask("deed_words") for deed, words in told.items()}


def in_words(deed: str) -> str:
    """Say what was done; an act of an older version that nothing knows any more says its code."""
    return str(all_words().get(deed, deed))


def thing_of(act: AuditAct) -> str:
    """Return what an act was done on: its kind in words, and its id."""
    try:
        kind = str(apps.get_model(act.object_type)._meta.verbose_name)
    except (LookupError, ValueError):
        kind = act.object_type
    return f"{kind} {act.object_id}".strip()
