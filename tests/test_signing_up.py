"""Signing up: one page, one page for six digits, and back to where one was."""

import re
from html import unescape
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.mail import EmailMessage
from django.db import IntegrityError
from django.test import Client

from accounts import handles
from accounts.models import Consent, User

PASSWORD = "trombone harbour seventeen"
FORM = {
    "email": "new@example.org",
    "handle": "Amber Otter",
    "password1": PASSWORD,
    "age": "on",
    "public_comments": "on",
}
pytestmark = pytest.mark.django_db


def code_in(mail: EmailMessage) -> str:
    return re.findall(r"^\d{6}$", str(mail.body), re.MULTILINE)[0]


def sign_up(client: Client, next_url: str = "", **changes: Any) -> Any:
    return client.post("/accounts/signup/", {**FORM, "next": next_url, **changes})


def test_the_page_has_the_promised_fields_and_proposes_a_name(client: Client) -> None:
    page = client.get("/accounts/signup/").content.decode()
    for name in ("email", "handle", "password1", "age", "public_comments"):
        assert re.search(rf'<input[^>]* name="{name}"', page)
    proposal = re.search(r'name="handle" value="([^"]+)"', page)
    assert proposal
    handles.validate(unescape(proposal[1]))
    assert "Do not use your own name" in page
    assert "I am 16 years old or older." in page


def test_signing_up_takes_two_pages_and_leads_back(client: Client, mailoutbox: list[Any]) -> None:
    answer = sign_up(client, "/articles/sleep/comments/new/")
    assert answer.status_code == 302
    code_page = client.get(answer.url)
    assert b'autocomplete="one-time-code"' in code_page.content
    assert b'inputmode="numeric"' in code_page.content
    answer = client.post("/accounts/confirm-email/", {"code": code_in(mailoutbox[0])})
    assert (answer.status_code, answer.url) == (302, "/articles/sleep/comments/new/")
    member = User.objects.get(handle="Amber Otter")
    assert member.has_confirmed_email
    assert client.session["_auth_user_id"] == str(member.pk)


def test_consent_is_kept_with_its_version_and_its_time(client: Client, settings: Any) -> None:
    sign_up(client)
    consent = Consent.objects.get(user__handle="Amber Otter")
    assert consent.kind == "public_comments"
    assert consent.version == settings.CONSENT_VERSION
    assert consent.given_at
    assert consent.withdrawn_at is None


@pytest.mark.parametrize("tick", ["age", "public_comments"])
def test_nobody_signs_up_without_both_ticks(client: Client, tick: str) -> None:
    answer = client.post("/accounts/signup/", {k: v for k, v in FORM.items() if k != tick})
    assert answer.status_code == 200
    assert f'href="#id_{tick}"' in answer.content.decode()
    assert not User.objects.exists()


def test_an_error_is_tied_to_its_field_and_the_summary_takes_focus(client: Client) -> None:
    page = sign_up(client, password1="short").content.decode()
    field = re.search(r'<input type="password"[^>]*>', page)
    assert field
    assert 'aria-invalid="true"' in field[0]
    assert "id_password1_error" in field[0]
    assert 'id="id_password1_error"' in page
    assert re.search(r'<div class="error-summary" role="alert" tabindex="-1" autofocus>', page)
    assert "Amber Otter" in page


def test_a_code_may_be_pasted_with_spaces_or_in_other_digits(
    client: Client, mailoutbox: list[Any]
) -> None:
    sign_up(client)
    code = code_in(mailoutbox[0])
    arabic = code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    client.post("/accounts/confirm-email/", {"code": f" {arabic[:3]} {arabic[3:]} "})
    assert User.objects.get().has_confirmed_email


def test_the_code_page_waits_while_the_mail_is_read_elsewhere(
    client: Client, mailoutbox: list[Any]
) -> None:
    sign_up(client, "/articles/sleep/")
    elsewhere = Client()
    elsewhere.get("/accounts/login/")
    answer = client.post("/accounts/confirm-email/", {"code": code_in(mailoutbox[0])})
    assert answer.url == "/articles/sleep/"


def test_a_new_code_replaces_the_first(client: Client, mailoutbox: list[Any]) -> None:
    sign_up(client, "/articles/sleep/")
    client.post("/accounts/confirm-email/", {"action": "resend"})
    old, new = map(code_in, mailoutbox)
    if old != new:
        assert client.post("/accounts/confirm-email/", {"code": old}).status_code == 200
    answer = client.post("/accounts/confirm-email/", {"code": new})
    assert answer.url == "/articles/sleep/"


def test_a_lost_session_is_explained_and_logging_in_sends_a_new_code(
    client: Client, mailoutbox: list[Any]
) -> None:
    answer = sign_up(client, "/articles/sleep/")
    client.cookies.clear()
    page = client.get(answer.url)
    assert page.status_code == 410
    assert b"This code has ended" in page.content
    assert b"/accounts/login/?next=%2Farticles%2Fsleep%2F" in page.content
    login = {"login": FORM["email"], "password": PASSWORD, "next": "/articles/sleep/"}
    client.post("/accounts/login/", login)
    answer = client.post("/accounts/confirm-email/", {"code": code_in(mailoutbox[1])})
    assert answer.url == "/articles/sleep/"


def test_three_wrong_codes_end_the_code(client: Client, mailoutbox: list[Any]) -> None:
    sign_up(client)
    wrong = "000000" if code_in(mailoutbox[0]) != "000000" else "111111"
    answers = [client.post("/accounts/confirm-email/", {"code": wrong}) for _try in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 410]


def test_a_wrong_address_can_be_given_up(client: Client) -> None:
    sign_up(client, "/articles/sleep/")
    page = client.get("/accounts/confirm-email/").content.decode()
    assert "start again" in page
    client.post("/accounts/logout/", {"next": "/accounts/signup/"})
    assert client.get("/accounts/signup/").status_code == 200


def test_a_form_sent_twice_goes_on_as_the_member_it_made(
    client: Client, mailoutbox: list[Any]
) -> None:
    sign_up(Client(), "/articles/sleep/")
    sign_up(client, "/articles/sleep/")
    assert User.objects.count() == 1
    answer = client.post("/accounts/confirm-email/", {"code": code_in(mailoutbox[1])})
    assert answer.url == "/articles/sleep/"


def test_an_address_taken_at_the_same_moment_is_answered_like_a_known_one(
    client: Client, monkeypatch: pytest.MonkeyPatch, member: User
) -> None:
    monkeypatch.setattr(
        "allauth.account.internal.flows.manage_email.email_already_exists",
        iter_of((member.email, False), (member.email, True)),
    )
    answer = sign_up(client, email=member.email)
    assert (answer.status_code, answer.url) == (302, "/accounts/confirm-email/")
    assert User.objects.count() == 1


def iter_of(*answers: Any) -> Any:
    waiting = iter(answers)
    return lambda *args, **kwargs: next(waiting)


def test_a_known_address_gets_the_same_answer_and_another_mail(
    client: Client, member: User, mailoutbox: list[Any]
) -> None:
    known = sign_up(client, email=member.email.upper())
    new = sign_up(Client(), handle="Amber Owl")
    assert (known.status_code, known.url) == (new.status_code, new.url)
    assert User.objects.filter(email=member.email).count() == 1
    told, coded = mailoutbox
    assert "already" in told.body
    assert not re.search(r"\d{6}", told.body)
    assert code_in(coded)


def strip(page: Any, email: str) -> str:
    return re.sub(r'value="[^"]{64}"', "", page.content.decode()).replace(email, "EMAIL")


def test_the_code_pages_of_a_known_and_a_new_address_look_alike(member: User) -> None:
    known, new = Client(), Client()
    sign_up(known, email=member.email, handle="Amber Owl")
    sign_up(new)
    pages = [
        strip(visitor.get("/accounts/confirm-email/"), email)
        for visitor, email in ((known, member.email), (new, FORM["email"]))
    ]
    assert pages[0] == pages[1]
    wrong = [
        strip(visitor.post("/accounts/confirm-email/", {"code": "x"}), email)
        for visitor, email in ((known, member.email), (new, FORM["email"]))
    ]
    assert wrong[0] == wrong[1]


@pytest.mark.parametrize("handle", ["Amber Owl", "Quiet Heron"], ids=["free", "taken"])
def test_a_known_address_costs_as_many_hashes_as_a_new_one(
    member: User, monkeypatch: pytest.MonkeyPatch, handle: str
) -> None:
    hashes: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashes.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    sign_up(Client(), email=member.email, handle=handle)
    known = len(hashes)
    hashes.clear()
    sign_up(Client(), handle=handle)
    assert known == len(hashes) == 1


def test_a_taken_name_is_refused_with_words(client: Client, member: User) -> None:
    page = sign_up(client, handle="QUIET-HERON")
    assert b"Someone has this name already" in page.content
    assert User.objects.count() == 1


def test_a_robot_that_fills_the_honeypot_makes_no_account(client: Client) -> None:
    page = client.get("/accounts/signup/").content.decode()
    assert re.search(r'class="honeypot" aria-hidden="true".*tabindex="-1"', page)
    assert sign_up(client, website="https://buy.example").status_code == 302
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "passwordpassword",
        "qwertyuiopasdfgh",
        "123456789012345",
        "Bedside2026!!!!",
        "y" * 129,
    ],
)
def test_short_common_and_endless_passwords_are_refused(client: Client, password: str) -> None:
    assert sign_up(client, password1=password).status_code == 200
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "Möwen über Ægir 2½",
        "839201746583920",
        "".join(chr(33 + (7 * i * i + 3 * i) % 90) for i in range(128)),
    ],
    ids=["words", "letters of Europe", "digits", "128 characters"],
)
def test_long_passwords_are_accepted_whatever_they_are_made_of(
    client: Client, password: str
) -> None:
    assert sign_up(client, password1=password).status_code == 302
    assert User.objects.get().check_password(password)


def test_a_password_matches_however_its_letters_were_composed(client: Client) -> None:
    sign_up(client, password1="zweiundvierzig Bäume")
    assert User.objects.get().check_password("zweiundvierzig Ba\u0308ume")


def test_other_apps_hear_of_the_sign_up_before_the_code(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[str, str]] = []
    config = apps.get_app_config("accounts")
    for hook in ("member_signed_up", "visitor_logged_in"):
        monkeypatch.setattr(
            config,
            hook,
            lambda request, user, hook=hook: heard.append((hook, user.handle)),
            raising=False,
        )
    sign_up(client)
    assert heard == [("member_signed_up", "Amber Otter")]


def test_an_address_is_unique_in_any_case_in_the_database_too(member: User) -> None:
    twin = User(email=member.email.upper(), handle="Amber Otter")
    with pytest.raises(IntegrityError):
        twin.save()
