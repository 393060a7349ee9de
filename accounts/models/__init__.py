"""People: who they are, what they did, how they are reached."""

from accounts.models.consent import Consent
from accounts.models.user import User, display_name

__all__ = ["Consent", "User", "display_name"]
