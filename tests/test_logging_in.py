"""Logging in, by every way, and coming back to where one was."""

import re
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.apps import apps
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from accounts.models import User
from tests.conftest import PASSWORD

THERE = "/articles/sleep/comments/new/"
NEW_PASSWORD = "trombone harbour seventeen"
SECRET = "JBSWY3DPEHPK3PXP"
pytestmark = pytest.mark.django_db


def log_in(client: Client, user: User, next_url: str = THERE, password: str = PASSWORD) -> Any:
    form = {"login": user.email, "password": password, "next": next_url}
    return client.post("/accounts/login/", form)


def totp_now() -> str:
    return format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))


def reset_code(mailoutbox: list[Any]) -> str:
    return re.findall(r"^\d{6}$", mailoutbox[-1].body, re.MULTILINE)[0]


def test_logging_in_leads_back(client: Client, member: User) -> None:
    page = client.get("/accounts/login/", {"next": THERE}).content.decode()
    assert f'name="next" value="{THERE}"' in page
    answer = log_in(client, member)
    assert (answer.status_code, answer.url) == (302, THERE)


def test_log_in_sign_up_and_reset_hand_next_to_each_other(client: Client) -> None:
    carried = "?next=%2Farticles%2Fsleep%2Fcomments%2Fnew%2F"
    login = client.get("/accounts/login/", {"next": THERE}).content.decode()
    assert f'href="/accounts/signup/{carried}"' in login
    assert f'href="/accounts/password/reset/{carried}"' in login
    signup = client.get("/accounts/signup/", {"next": THERE}).content.decode()
    assert f'href="/accounts/login/{carried}"' in signup
    reset = client.get("/accounts/password/reset/", {"next": THERE}).content.decode()
    assert f'href="/accounts/login/{carried}"' in reset


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"],
)
def test_next_never_leads_to_another_site(client: Client, member: User, elsewhere: str) -> None:
    assert log_in(client, member, elsewhere).url == "/"


def test_the_address_is_matched_in_any_case(client: Client, member: User) -> None:
    member.email = member.email.upper()
    assert log_in(client, member).url == THERE


def test_a_wrong_password_and_an_unknown_address_sound_alike(client: Client, member: User) -> None:
    wrong = log_in(client, member, password="not it")
    member.email = "nobody@example.org"
    unknown = log_in(client, member)
    sentence = b"The e-mail address or the password is not right."
    assert sentence in wrong.content
    assert sentence in unknown.content


def test_a_known_and_an_unknown_address_cost_one_hash(
    client: Client, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashes.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    log_in(client, member, password="not it")
    assert len(hashes) == 1
    member.email = "nobody@example.org"
    log_in(client, member)
    assert len(hashes) == 2


def test_guessing_at_one_address_is_stopped(client: Client, member: User) -> None:
    for _try in range(5):
        log_in(client, member, password="not it")
    assert b"Too many attempts" in log_in(client, member).content


def test_a_closed_account_is_told_so(client: Client, member: User) -> None:
    User.objects.update(is_active=False)
    assert b"This account is closed" in client.get(log_in(client, member).url).content


def test_logging_in_leaves_no_message_behind(client: Client, member: User) -> None:
    log_in(client, member)
    assert b'class="notice"' not in client.get("/accounts/").content
    assert "messages" not in client.cookies


def test_other_apps_hear_who_came_in(
    client: Client, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[User] = []
    monkeypatch.setattr(
        apps.get_app_config("accounts"),
        "visitor_logged_in",
        lambda request, user: heard.append(user),
        raising=False,
    )
    log_in(client, member)
    assert heard == [member]


def test_a_forgotten_password_is_replaced_by_a_code_and_leads_back(
    client: Client, member: User, mailoutbox: list[Any]
) -> None:
    answer = client.post("/accounts/password/reset/", {"email": member.email, "next": THERE})
    page = client.get(answer.url).content.decode()
    assert f'name="next" value="{THERE}"' in page
    form = {"code": reset_code(mailoutbox), "next": THERE}
    answer = client.post("/accounts/password/reset/confirm/", form)
    page = client.get(answer.url).content.decode()
    assert f'name="next" value="{THERE}"' in page
    form = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD, "next": THERE}
    answer = client.post("/accounts/password/reset/complete/", form)
    assert (answer.status_code, answer.url) == (302, THERE)
    assert client.session["_auth_user_id"] == str(member.pk)
    member.refresh_from_db()
    assert member.check_password(NEW_PASSWORD)


def test_a_new_password_leads_back_through_the_second_factor_too(
    client: Client, member: User, mailoutbox: list[Any]
) -> None:
    TOTP.activate(member, SECRET)
    client.post("/accounts/password/reset/", {"email": member.email, "next": THERE})
    form = {"code": reset_code(mailoutbox), "next": THERE}
    client.post("/accounts/password/reset/confirm/", form)
    form = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD, "next": THERE}
    answer = client.post("/accounts/password/reset/complete/", form)
    assert answer.url == "/accounts/2fa/authenticate/"
    assert client.post(answer.url, {"code": totp_now()}).url == THERE


def test_a_reset_for_an_unknown_address_looks_the_same(
    client: Client, member: User, mailoutbox: list[Any]
) -> None:
    pages = []
    for email in (member.email, "nobody@example.org"):
        visitor = Client()
        answer = visitor.post("/accounts/password/reset/", {"email": email})
        page = visitor.get(answer.url).content.decode().replace(email, "EMAIL")
        pages.append((answer.status_code, answer.url, re.sub(r'value="[^"]{64}"', "", page)))
    assert pages[0] == pages[1]
    assert not re.search(r"\d{6}", mailoutbox[1].body)


def test_a_reset_that_waits_too_long_says_what_to_do(client: Client) -> None:
    page = client.get("/accounts/password/reset/confirm/", {"next": THERE})
    assert page.status_code == 410
    assert b"/accounts/password/reset/?next=%2Farticles" in page.content


def test_the_second_factor_leads_back(client: Client, member: User) -> None:
    TOTP.activate(member, SECRET)
    answer = log_in(client, member)
    assert answer.url == "/accounts/2fa/authenticate/"
    assert b"inputmode" in client.get(answer.url).content
    assert client.post(answer.url, {"code": totp_now()}).url == THERE


def test_a_recovery_code_opens_the_account_once(client: Client, member: User) -> None:
    TOTP.activate(member, SECRET)
    code = RecoveryCodes.activate(member).get_unused_codes()[0]
    log_in(client, member)
    assert client.post("/accounts/2fa/authenticate/", {"code": code}).url == THERE
    again = Client()
    log_in(again, member)
    assert again.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200


def test_proving_again_who_one_is_leads_back(as_member: Client, member: User) -> None:
    answer = as_member.get("/accounts/2fa/totp/activate/")
    assert answer.url == "/accounts/reauthenticate/?next=%2Faccounts%2F2fa%2Ftotp%2Factivate%2F"
    form = {"password": PASSWORD, "next": "/accounts/2fa/totp/activate/"}
    assert as_member.post("/accounts/reauthenticate/", form).url == form["next"]
    assert b"Set up an authenticator app" in as_member.get(form["next"]).content


def test_a_browser_without_javascript_is_told_that_passkeys_need_it(client: Client) -> None:
    page = client.get("/accounts/login/").text
    assert "<noscript><p>Passkeys need JavaScript" in page
    assert "This functionality" not in page


def test_a_passkey_challenge_is_given_to_anyone(client: Client) -> None:
    answer = client.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"})
    assert answer.json()["request_options"]["publicKey"]["rpId"] == "localhost"


def test_logging_out_asks_first_and_clears_what_the_browser_kept(as_member: Client) -> None:
    assert b"Log out" in as_member.get("/accounts/logout/").content
    assert "_auth_user_id" in as_member.session
    answer = as_member.post("/accounts/logout/")
    assert (answer.status_code, answer.url) == (302, "/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert "_auth_user_id" not in as_member.session


def test_the_admin_opens_by_the_same_door(client: Client, editor: User) -> None:
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1] == ("/accounts/login/?next=%2Fadmin%2F", 302)
    assert log_in(client, editor, "/admin/").url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_member_without_rights_is_told_so_at_the_admin(as_member: Client) -> None:
    answer = as_member.get("/admin/", follow=True)
    assert answer.status_code == 403
    assert len(answer.redirect_chain) == 1
