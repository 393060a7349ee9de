"""What the page about clinical review tells in numbers, below what staff wrote there."""

from typing import Any

from django import template

from articles.review_figures import state_of_review

register = template.Library()


@register.inclusion_tag("articles/_review_figures.html")
def review_figures() -> dict[str, Any]:
    """Show how many articles were checked, and how many are overdue (review_figures.py)."""
    return {"found": state_of_review()}
