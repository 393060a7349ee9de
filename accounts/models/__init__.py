"""People: who they are, what they did, how they are reached."""

from accounts.models.user import User, display_name

__all__ = ["User", "display_name"]
