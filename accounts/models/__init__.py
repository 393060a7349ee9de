"""People: who they are, what they did, how they are reached."""

from accounts.models.audit import AuditAct
from accounts.models.consent import Consent
from accounts.models.data_export import DataExport
from accounts.models.departure import Departure, Fate
from accounts.models.erasure import Erasure
from accounts.models.former_handle import FormerHandle
from accounts.models.legal_hold import LegalHold
from accounts.models.mail import OutgoingMail
from accounts.models.rates import RateCount
from accounts.models.schedule import Heartbeat, ScheduledJob
from accounts.models.user import User, display_name

__all__ = [
    "AuditAct",
    "Consent",
    "DataExport",
    "Departure",
    "Erasure",
    "Fate",
    "FormerHandle",
    "Heartbeat",
    "LegalHold",
    "OutgoingMail",
    "RateCount",
    "ScheduledJob",
    "User",
    "display_name",
]
