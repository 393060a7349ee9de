"""What the list of sessions tells of each."""

from django import template

from accounts import sessions

register = template.Library()
register.filter("shown_address", sessions.shown_address)
