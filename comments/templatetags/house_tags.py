"""What the pages about the site tell of the discussion: its rules, and what moderators did."""

from typing import Any

from django import template

from comments.models import Rule
from comments.moderation.figures import figures

register = template.Library()


@register.inclusion_tag("comments/_rules.html")
def house_rules() -> dict[str, Any]:
    """Show the rules in force, each with the address by which decisions name it."""
    return {"rules": Rule.objects.in_force()}


@register.inclusion_tag("comments/_figures.html")
def moderation_figures() -> dict[str, Any]:
    """Show what moderators did, in numbers: the same all day long (moderation/figures.py)."""
    return {"figures": figures()}
