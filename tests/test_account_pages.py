"""The account pages as a whole: they all answer, wear the site's dress, and tell nobody."""

import json
import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import URLPattern, get_resolver

from accounts.models import User
from accounts.passwords import Argon2Hasher
from tests.conftest import PASSWORD
from tests.passkey import Passkey, options_on

pytestmark = pytest.mark.django_db


def account_paths() -> list[str]:
    """Return every address under /accounts/, from the resolver itself."""
    found = []

    def walk(patterns: Any, prefix: str) -> None:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLPattern):
                found.append("/" + route)
            elif "accounts/".startswith(route[:9]):
                walk(pattern.url_patterns, route)

    walk(get_resolver().url_patterns, "")
    paths = {path for path in found if path.startswith("/accounts/")}
    return sorted(re.sub(r"<\w+:\w+>", "1001", path) for path in paths)


PATHS = account_paths()


@pytest.fixture
def as_secured(member: User) -> Client:
    """A member with an app, recovery codes and a key, who has just proved who they are."""
    TOTP.activate(member, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(member)
    options = {"publicKey": {"user": {"id": ""}, "challenge": "x" * 16}}
    credential = json.loads(Passkey().register(options))
    Authenticator.objects.create(
        pk=1001, user=member, type="webauthn", data={"name": "Blue key", "credential": credential}
    )
    client = Client()
    client.force_login(member)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.fixture
def as_reauthenticated(as_member: Client) -> Client:
    as_member.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return as_member


def test_the_walk_finds_the_pages() -> None:
    assert len(PATHS) > 25
    assert "/accounts/2fa/webauthn/keys/1001/remove/" in PATHS


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("who", ["client", "as_member", "as_reauthenticated", "as_secured"])
def test_every_page_answers_in_the_sites_dress(
    who: str, path: str, request: pytest.FixtureRequest
) -> None:
    answer = request.getfixturevalue(who).get(path)
    assert answer.status_code in {200, 302, 404, 405, 410}, path
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
        page = answer.content.decode()
        assert 'href="/static/css/site.css"' in page
        assert page.count("<h1") == 1
        assert not re.search(r"\sstyle=|<style|\son\w+=", page)
        for script in re.findall(r"<script([^>]*)>", page):
            assert "src=" in script or 'type="application/json"' in script
        assert "placeholder" not in re.sub(r'<form class="search".*?</form>', "", page)
        assert "Sign In" not in page


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("who", ["client", "as_reauthenticated", "as_secured"])
def test_no_hostile_form_breaks_a_page(who: str, path: str, request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue(who)
    names = "email handle password1 password2 oldpassword login password code credential next name"
    for nasty in ("\x00", "a" * 100_000, '{"id": []}', "[1]", "٣"):
        form = dict.fromkeys(names.split(), nasty) | {"action_add": "1"}
        assert client.post(path, form).status_code < 500, (path, nasty[:20])
    for body in (b"%ff%fe=%80", b"code=%ED%A0%80&login=%ED%A0%80&handle=%ED%A0%80", b"\xff\x00"):
        answer = client.post(path, body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code < 500, (path, body)


def test_a_form_of_many_megabytes_is_refused(client: Client) -> None:
    assert client.post("/accounts/login/", {"login": "a" * 3_000_000}).status_code in {400, 413}


def test_no_hostile_cookie_breaks_a_page(client: Client) -> None:
    for name in ("sessionid", "csrftoken"):
        for value in ("\x00" * 32, '"\\000\\000aaaaaaaaaaaa"', "é" * 40, "x" * 5_000):
            client.cookies.clear()
            answer = client.get("/accounts/", headers={"cookie": f"{name}={value}"})
            assert answer.status_code < 500, (name, value[:20])


def test_settings_lead_to_everything(as_member: Client, member: User) -> None:
    page = as_member.get("/accounts/").content.decode()
    assert member.handle in page
    assert member.email in page
    for path in ("handle", "email", "password/change", "2fa", "sessions", "logout"):
        assert f'"/accounts/{path}/"' in page


def test_settings_ask_a_visitor_to_log_in(client: Client) -> None:
    assert client.get("/accounts/").url == "/accounts/login/?next=/accounts/"


def test_an_address_is_changed_by_a_code_to_the_new_one(
    as_reauthenticated: Client, member: User, mailoutbox: list[EmailMessage]
) -> None:
    form = {"email": "New@example.org", "action_add": "1"}
    answer = as_reauthenticated.post("/accounts/email/", form)
    assert answer.url == "/accounts/confirm-email/"
    assert mailoutbox[-1].to == ["new@example.org"]
    code = re.findall(r"^\d{6}$", str(mailoutbox[-1].body), re.MULTILINE)[0]
    answer = as_reauthenticated.post(answer.url, {"code": code}, follow=True)
    assert answer.redirect_chain == [("/accounts/email/", 302)]
    member.refresh_from_db()
    assert member.email == "new@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [(member.email, True)]


def test_a_password_is_changed_and_the_member_told_by_mail(
    as_member: Client, member: User, mailoutbox: list[EmailMessage]
) -> None:
    new = "trombone harbour seventeen"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    answer = as_member.post("/accounts/password/change/", form)
    assert answer.url == "/accounts/"
    member.refresh_from_db()
    assert member.check_password(new)
    assert mailoutbox[-1].subject == "Your password was changed"


def test_a_passkey_is_added_opens_the_account_and_is_removed(
    as_reauthenticated: Client, client: Client, mailoutbox: list[EmailMessage]
) -> None:
    passkey = Passkey()
    page = as_reauthenticated.get("/accounts/2fa/webauthn/add/").content
    form = {
        "name": "Blue key",
        "passwordless": "on",
        "credential": passkey.register(options_on(page, "creation_options")),
    }
    answer = as_reauthenticated.post("/accounts/2fa/webauthn/add/", form)
    assert answer.url == "/accounts/2fa/recovery-codes/"
    assert b"Blue key" in as_reauthenticated.get("/accounts/2fa/webauthn/").content
    assert mailoutbox[0].subject == "A passkey was added"

    asked = client.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"})
    form = {"credential": passkey.sign(asked.json()["request_options"]), "next": "/articles/sleep/"}
    assert client.post("/accounts/2fa/webauthn/login/", form).url == "/articles/sleep/"
    assert client.get("/accounts/").status_code == 200

    key = Authenticator.objects.get(type="webauthn")
    as_reauthenticated.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")
    assert not Authenticator.objects.exists()


def test_an_app_is_set_up_by_its_code(as_reauthenticated: Client, member: User) -> None:
    page = as_reauthenticated.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.findall(r'<code dir="ltr">(\w+)</code>', page)[0]
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    answer = as_reauthenticated.post(
        "/accounts/2fa/totp/activate/", {"code": f"{code[:3]} {code[3:]}"}
    )
    assert answer.url == "/accounts/2fa/recovery-codes/"
    assert Authenticator.objects.filter(user=member, type="totp").exists()
    assert as_reauthenticated.get(answer.url).content.count(b"<li><code") == 10


def test_other_sessions_can_be_ended(client: Client, member: User) -> None:
    elsewhere = Client()
    for visitor in (elsewhere, client):
        visitor.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    page = client.get("/accounts/sessions/").content.decode()
    assert "This browser" in page
    assert "Another browser" in page
    client.post("/accounts/sessions/")
    assert client.get("/accounts/").status_code == 200
    assert elsewhere.get("/accounts/").status_code == 302


def test_mail_says_what_it_must_and_no_subject_a_code_or_the_site(
    as_secured: Client, client: Client, member: User, mailoutbox: list[EmailMessage]
) -> None:
    client.post("/accounts/password/reset/", {"email": member.email})
    client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    as_secured.post("/accounts/2fa/totp/deactivate/")
    assert len(mailoutbox) == 3
    for mail in mailoutbox:
        assert not re.search(r"\d{6}", str(mail.subject))
        assert settings.SITE_NAME not in str(mail.subject)
        assert settings.SITE_NAME in str(mail.body)
        assert "testserver" not in str(mail.body)
        assert "&#" not in str(mail.body)
        assert not re.search(r"\n{3,}", str(mail.body))


def test_staff_find_members_by_name_or_by_a_whole_address_only(
    as_superuser: Client, member: User
) -> None:
    listed = f"/admin/accounts/user/{member.pk}/change/".encode()
    for words in ("quiet", member.email.upper()):
        assert listed in as_superuser.get("/admin/accounts/user/", {"q": words}).content
    for words in ("example.org", "@example.org", member.email[:-1]):
        assert listed not in as_superuser.get("/admin/accounts/user/", {"q": words}).content
    assert member.email not in as_superuser.get("/admin/accounts/user/").content.decode()


def test_a_superuser_makes_a_member_staff_and_deletes_nobody(
    as_superuser: Client, member: User
) -> None:
    address = f"/admin/accounts/user/{member.pk}"
    assert as_superuser.get(f"{address}/change/").status_code == 200
    as_superuser.post(f"{address}/change/", {"is_active": "on", "is_staff": "on", "groups": []})
    member.refresh_from_db()
    assert member.is_staff
    assert not member.is_superuser
    assert as_superuser.get(f"{address}/delete/").status_code == 403
    assert as_superuser.get("/admin/accounts/user/add/").status_code == 403
    assert as_superuser.get(f"{address}/password/").status_code == 200


def test_groups_are_boxes_to_tick(as_superuser: Client, member: User) -> None:
    """Between two lists, a keyboard moved nothing, and Enter saved the member without a group."""
    address = f"/admin/accounts/user/{member.pk}/change/"
    moderators = Group.objects.get(name="Moderators")
    page = as_superuser.get(address).text
    assert f'<input type="checkbox" name="groups" value="{moderators.pk}"' in page
    as_superuser.post(address, {"is_active": "on", "is_staff": "on", "groups": [moderators.pk]})
    assert list(member.groups.all()) == [moderators]


def test_staff_who_are_not_superusers_change_nobody(as_editor: Client, member: User) -> None:
    address = f"/admin/accounts/user/{member.pk}"
    for page in ("change", "password", "delete"):
        answer = as_editor.post(f"{address}/{page}/", {"is_superuser": "on"})
        assert answer.status_code == 403


def test_the_admin_lists_no_addresses_keys_or_sessions(as_superuser: Client) -> None:
    index = as_superuser.get("/admin/").content.decode()
    assert "/admin/accounts/user/" in index
    for table in ("account/emailaddress", "mfa/authenticator", "usersessions/usersession"):
        assert table not in index


def test_a_password_is_kept_as_argon2_at_a_cost_that_twenty_at_once_can_pay() -> None:
    kept = make_password("trombone harbour seventeen", hasher=Argon2Hasher())
    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
