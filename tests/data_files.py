"""What tests of a member's own data share: proving who one is, and fetching the copy."""

import io
import json
import re
import zipfile
from typing import Any

from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client

from accounts.models import DataExport, User
from tests.conftest import PASSWORD, logged_in

DATA = "/accounts/data/"


def proved(user: User) -> Client:
    """A browser in which `user` has just typed the password again."""
    client = logged_in(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def taken_along(client: Client) -> HttpResponse:
    """Ask for a copy, let the worker make it, and fetch what the page then links to."""
    client.post(DATA)
    call_command("run_worker", "--batch")
    link = re.search(r'href="(/accounts/data/[0-9a-f-]+/)"', client.get(DATA).text)
    assert link
    return client.get(link[1])


def opened(response: HttpResponse) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(response.content))


def told(user: User) -> dict[str, list[dict[str, Any]]]:
    """Return what the JSON of a new copy says."""
    DataExport.objects.filter(user=user).delete()
    return json.loads(opened(taken_along(proved(user))).read("data.json"))  # type: ignore[no-any-return]
