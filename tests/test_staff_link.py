"""The link on which somebody of the staff sets a password: once, within an hour."""

from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from time_machine import travel

from accounts.models import User

PASSWORD = "trombone harbour seventeen"
pytestmark = pytest.mark.django_db


def staff_link(*args: str) -> str:
    out = StringIO()
    call_command("staff_link", *args, stdout=out)
    return out.getvalue().strip()


def path_of(link: str) -> str:
    return urlsplit(link).path


def test_the_first_link_makes_an_editor_who_sets_a_password_and_is_in(client: Client) -> None:
    link = staff_link()
    assert link.startswith("http://localhost:8000/accounts/welcome/")
    editor = User.objects.get(email="editor@localhost")
    assert (editor.handle, editor.is_superuser, editor.has_confirmed_email) == (
        "Editor",
        True,
        True,
    )
    assert b"editor@localhost" in client.get(path_of(link)).content
    answer = client.post(path_of(link), {"password1": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/admin/")
    assert client.get("/admin/").status_code == 200


def test_looking_at_the_form_does_not_use_the_link_up(client: Client) -> None:
    path = path_of(staff_link())
    client.get(path)
    assert client.get(path).status_code == 200


def test_a_used_link_says_how_to_make_another(client: Client) -> None:
    path = path_of(staff_link())
    client.post(path, {"password1": PASSWORD})
    page = Client().get(path)
    assert page.status_code == 410
    assert b"bin/staff-link" in page.content


def test_a_link_lasts_one_hour(client: Client) -> None:
    with travel("2026-03-01 12:00Z", tick=False):
        path = path_of(staff_link())
    with travel("2026-03-01 12:59Z", tick=False):
        assert client.get(path).status_code == 200
    with travel("2026-03-01 13:01Z", tick=False):
        assert client.get(path).status_code == 410


def test_a_later_link_opens_the_same_account(client: Client) -> None:
    client.post(path_of(staff_link()), {"password1": PASSWORD})
    assert Client().get(path_of(staff_link())).status_code == 200
    assert User.objects.count() == 1


def test_a_short_password_is_refused_on_the_page(client: Client) -> None:
    page = client.post(path_of(staff_link()), {"password1": "short"})
    assert b"Use at least 15 characters" in page.content
    assert not User.objects.get().has_usable_password()


def test_the_link_does_not_step_around_a_second_factor(client: Client) -> None:
    from allauth.mfa.totp.internal.auth import TOTP

    path = path_of(staff_link())
    TOTP.activate(User.objects.get(), "JBSWY3DPEHPK3PXP")
    answer = client.post(path, {"password1": PASSWORD})
    assert answer.url == "/accounts/2fa/authenticate/"


@pytest.mark.parametrize("token", ["x", "WzEsICJ4Il0:1:abc", "%00", "a" * 5000])
def test_a_made_up_link_is_refused(client: Client, token: str) -> None:
    assert client.get(f"/accounts/welcome/{token}/").status_code in {400, 410}


def test_a_member_does_not_become_staff_by_mistake(member: User) -> None:
    with pytest.raises(CommandError, match="without staff rights"):
        staff_link("--email", member.email)


def test_what_is_no_address_is_named() -> None:
    with pytest.raises(CommandError, match="is not an e-mail address"):
        staff_link("--email", "somebody")


def test_another_editor_is_made_beside_the_first(settings: Any) -> None:
    staff_link()
    staff_link("--email", "Second@Example.org")
    second = User.objects.get(email="second@example.org")
    assert second.handle == "Editor 2"
