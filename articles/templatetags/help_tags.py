"""Numbers to call, for any page where somebody may need them."""

from typing import Any

from django import template
from django.conf import settings

from articles.helping import by_name, country_at
from articles.models import HelpLine

register = template.Library()


@register.inclusion_tag("articles/_help_lines.html")
def help_lines(code: str | None = None) -> dict[str, Any]:
    """Show the lines of a country, its emergency number first and large; of the site's by default.

    Where no emergency number is known it says what to dial in most places: it is never empty.
    """
    return {"country": country_at(settings.COUNTRY if code is None else code)}


@register.inclusion_tag("articles/_emergency.html")
def emergency_line() -> dict[str, Any]:
    """Show one line with the emergency number of the site's country, above a form that waits."""
    return {"country": country_at(settings.COUNTRY)}


@register.inclusion_tag("articles/_help_countries.html")
def help_countries(chosen: str = "", *, here: bool = False) -> dict[str, Any]:
    """Show the chooser of other countries, a form that leads to /help/.

    It opens a new tab, so that words somebody is writing stay where they are. `here`: it does not,
    because the page is /help/ itself.
    """
    countries = by_name(HelpLine.objects.countries())
    return {"countries": countries, "chosen": chosen, "here": here}
