"""What of a page differs from visitor to visitor."""

from typing import Any, cast

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.caching import is_for_all

register = template.Library()


@register.simple_tag(takes_context=True)
def personal(context: Context, name: str) -> SafeString:
    """Include the template `name` for this visitor alone.

    In a page that is kept for all, a mark stands in its place until an answer fills it. The
    template then knows the request and what the view gave as `personal`, and nothing else.
    """
    request = context.get("request")
    if is_for_all(request):
        return format_html("<!--personal {}-->", name)
    return render_to_string(name, cast("dict[str, Any]", context.flatten()), request)
