"""What readers say, one noun a file."""

from comments.models.voice import Voice

__all__ = ["Voice"]
