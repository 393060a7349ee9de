"""What accounts tells the apps above it, without knowing them.

An AppConfig of any app may define one or more of these methods; accounts calls them on every app
that does, in the order of INSTALLED_APPS, inside the transaction of the deed:

    handle_changed(user)              a member has a new public name
    member_signed_up(request, user)   the sign-up form was accepted; the e-mail is not confirmed yet
    visitor_logged_in(request, user)  the session now belongs to `user`, however they logged in
"""

from typing import Any

from django.apps import apps


def run(hook: str, *args: Any) -> None:
    for config in apps.get_app_configs():
        if listener := getattr(config, hook, None):
            listener(*args)
