"""What the privacy page tells of how long things are kept."""

from typing import Any

from django import template

from accounts.retention import rules

register = template.Library()


@register.inclusion_tag("accounts/_retention.html")
def retention_table() -> dict[str, Any]:
    """Show every rule that the worker keeps, the shortest time first."""
    return {"rules": rules()}
