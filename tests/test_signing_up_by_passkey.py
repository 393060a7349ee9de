"""Signing up without a password: the form, six digits, and a passkey."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.passkey import Passkey, options_on
from tests.test_signing_up import FORM, code_in

pytestmark = pytest.mark.django_db

ADDRESS = "/accounts/signup/passkey/"
BY_PASSKEY = {name: value for name, value in FORM.items() if name != "password1"}


def come_to_the_passkey(client: Client, mails: list[Any], next_url: str = "") -> Any:
    """Fill in the form and type the code; return the page that asks for the passkey."""
    answer = client.post(ADDRESS, {**BY_PASSKEY, "next": next_url})
    assert answer.status_code == 302
    return client.post("/accounts/confirm-email/", {"code": code_in(mails[-1])}, follow=True)


def test_the_pages_of_signing_up_lead_to_each_other(client: Client) -> None:
    page = client.get("/accounts/signup/?next=/articles/sleep/").text
    assert 'href="/accounts/signup/passkey/?next=/articles/sleep/"' in page.replace("%2F", "/")
    page = client.get(ADDRESS).text
    assert 'href="/accounts/signup/"' in page
    assert 'name="password1"' not in page


def test_a_passkey_is_made_instead_of_a_password_and_leads_back(
    client: Client, mailoutbox: list[Any]
) -> None:
    page = come_to_the_passkey(client, mailoutbox, "/articles/sleep/comments/new/")
    assert "Make your passkey" in page.text
    assert "_auth_user_id" not in client.session
    passkey = Passkey()
    credential = passkey.register(options_on(page.content, "creation_options"))
    answer = client.post("/accounts/2fa/webauthn/signup/", {"name": "", "credential": credential})
    assert (answer.status_code, answer.url) == (302, "/articles/sleep/comments/new/")
    member = User.objects.get(handle="Amber Otter")
    assert client.session["_auth_user_id"] == str(member.pk)
    assert not member.has_usable_password()
    assert member.consents.in_force().exists()

    client.post("/accounts/logout/")
    options = client.get(
        "/accounts/2fa/webauthn/login/", headers={"accept": "application/json"}
    ).json()["request_options"]
    client.post("/accounts/2fa/webauthn/login/", {"credential": passkey.sign(options)})
    assert client.session["_auth_user_id"] == str(member.pk)


@pytest.mark.parametrize("nonsense", ["", "{}", "[]", '{"id": 5}', "no JSON", '"\\u0000"'])
def test_a_passkey_that_is_none_is_refused(
    client: Client, mailoutbox: list[Any], nonsense: str
) -> None:
    come_to_the_passkey(client, mailoutbox)
    answer = client.post("/accounts/2fa/webauthn/signup/", {"credential": nonsense})
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_whoever_cannot_make_a_passkey_chooses_a_password(
    client: Client, mailoutbox: list[Any]
) -> None:
    page = come_to_the_passkey(client, mailoutbox)
    assert 'href="/accounts/password/reset/"' in page.text
    assert client.get("/accounts/password/reset/").status_code == 200
    client.post("/accounts/password/reset/", {"email": FORM["email"]})
    answer = client.post(
        "/accounts/password/reset/confirm/", {"code": code_in(mailoutbox[-1])}, follow=True
    )
    assert "Choose a password" in answer.text or 'name="password1"' in answer.text


def test_a_form_sent_twice_makes_one_account(client: Client, mailoutbox: list[Any]) -> None:
    other_tab = Client()
    for browser in (client, other_tab):
        answer = browser.post(ADDRESS, BY_PASSKEY)
        assert (answer.status_code, answer.url) == (302, "/accounts/confirm-email/")
    assert User.objects.count() == 1


def test_another_name_does_not_lead_to_the_account_that_waits(client: Client) -> None:
    client.post(ADDRESS, BY_PASSKEY)
    answer = Client().post(ADDRESS, {**BY_PASSKEY, "email": "else@example.org"})
    assert "Someone has this name already." in answer.text
    assert User.objects.count() == 1


def test_an_account_with_a_password_is_not_entered_by_this_form(
    client: Client, mailoutbox: list[Any]
) -> None:
    client.post("/accounts/signup/", FORM)
    stranger = Client()
    answer = stranger.post(ADDRESS, BY_PASSKEY)
    assert "Someone has this name already." in answer.text
