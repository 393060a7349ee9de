"""People: who they are, what they did, how they are reached."""

from accounts.models.consent import Consent
from accounts.models.mail import OutgoingMail
from accounts.models.rates import RateCount
from accounts.models.schedule import Heartbeat, ScheduledJob
from accounts.models.user import User, display_name

__all__ = [
    "Consent",
    "Heartbeat",
    "OutgoingMail",
    "RateCount",
    "ScheduledJob",
    "User",
    "display_name",
]
