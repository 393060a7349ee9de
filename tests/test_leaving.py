"""Members leave: what they choose, and the day in which they can change their mind."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts import leaving
from accounts.models import Departure, Fate, User
from tests.conftest import PASSWORD, logged_in
from tests.passkey import Passkey, options_on

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ledger(settings: Settings, tmp_path: Path) -> Path:
    settings.ERASURE_LEDGER = tmp_path / "erasures.jsonl"
    return tmp_path / "erasures.jsonl"


@pytest.fixture
def fresh(as_member: Client) -> Client:
    """A member who has just shown once more who they are."""
    as_member.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return as_member


def work() -> None:
    call_command("run_worker", "--batch")


def work_after(**time: float) -> None:
    with time_machine.travel(timezone.now() + timedelta(**time)):
        work()


def ask(member: User, fate: Fate = Fate.KEEP) -> None:
    leaving.ask(member, fate)


def ask_a_day_ago(member: User, fate: Fate = Fate.KEEP) -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=25)):
        leaving.ask(member, fate)


# --- asking, and changing one's mind --------------------------------------------------------------


def test_a_signed_out_visitor_is_sent_to_log_in_and_comes_back(client: Client) -> None:
    answer = client.get("/accounts/leave/")
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/accounts/leave/"


def test_a_member_shows_once_more_who_they_are_before_they_leave(as_member: Client) -> None:
    answer = as_member.get("/accounts/leave/")
    assert answer["Location"] == f"/accounts/reauthenticate/?next={quote('/accounts/leave/', '')}"
    answer = as_member.post(answer["Location"], {"password": PASSWORD})
    assert answer["Location"] == "/accounts/leave/"
    assert as_member.get("/accounts/leave/").status_code == 200


def test_a_choice_is_kept_while_they_show_who_they_are(as_member: Client, member: User) -> None:
    answer = as_member.post("/accounts/leave/", {"fate": "erase"})
    assert not Departure.objects.exists()
    as_member.post(answer["Location"], {"password": PASSWORD})
    assert Departure.objects.get().fate == "erase"


def test_a_member_with_a_passkey_alone_shows_it(member: User) -> None:
    member.set_unusable_password()
    member.save()
    client, passkey = logged_in(member), Passkey()
    credential = json.loads(
        passkey.register({"publicKey": {"user": {"id": ""}, "challenge": "x" * 16}})
    )
    Authenticator.objects.create(user=member, type="webauthn", data={"credential": credential})
    at = client.get("/accounts/leave/")["Location"]
    assert at.startswith("/accounts/2fa/webauthn/reauthenticate/?next=")
    assert options_on(client.get(at).content, "request_options")


def test_three_choices_say_what_others_will_see(fresh: Client) -> None:
    page = fresh.get("/accounts/leave/").content.decode()
    assert page.count('name="fate"') == 3
    assert "checked" not in page
    for words in (
        "Each stands under “former member”",
        "Others no longer see your comments.",
        "Nobody can read them any more",
        "one quiet line stays",
        "keep a random number in your place",
        "Search engines, feed readers and people may hold copies",
    ):
        assert words in page


def test_who_asks_is_told_the_time_on_the_page_and_by_mail(fresh: Client, member: User) -> None:
    with time_machine.travel("2026-11-22 10:00 +0000", tick=False):
        fresh.post("/accounts/reauthenticate/", {"password": PASSWORD})
        answer = fresh.post("/accounts/leave/", {"fate": "withdraw"})
        assert answer["Location"] == "/accounts/leave/"
        page = fresh.get("/accounts/leave/").content.decode()
    assert "23 November 2026, 10:00 UTC" in page
    assert "Withdraw my comments" in page
    [message] = mail.outbox
    assert message.to == ["quletheron@example.org"]
    assert message.subject == "You asked to leave"
    assert "23 November 2026, 10:00 UTC" in message.body
    assert "http://localhost:8000/accounts/leave/" in message.body


@pytest.mark.parametrize("form", [{}, {"fate": ""}, {"fate": "everything"}, {"fate": "\x00"}])
def test_no_choice_is_a_sentence(fresh: Client, form: dict[str, str]) -> None:
    answer = fresh.post("/accounts/leave/", form)
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    assert not Departure.objects.exists()
    assert not mail.outbox


def test_a_form_that_comes_twice_asks_once(fresh: Client) -> None:
    fresh.post("/accounts/leave/", {"fate": "erase"})
    due = Departure.objects.get().due_at
    answer = fresh.post("/accounts/leave/", {"fate": "keep"})
    assert answer["Location"] == "/accounts/leave/"
    assert Departure.objects.get().due_at == due
    assert Departure.objects.get().fate == "erase"
    assert len(mail.outbox) == 1


def test_a_member_changes_their_mind(member: User, as_member: Client) -> None:
    ask(member)
    answer = as_member.post("/accounts/leave/", {"stay": "1"}, follow=True)
    assert "You stay, and nothing of yours was changed." in answer.content.decode()
    work_after(hours=30)
    member.refresh_from_db()
    assert member.is_active
    assert member.handle == "Quiet Heron"
    answer = as_member.post("/accounts/leave/", {"stay": "1"})
    assert answer["Location"] == "/accounts/"


def test_who_logs_in_during_the_day_reads_it_and_can_stay(member: User, client: Client) -> None:
    ask(member)
    form = {"login": "quletheron@example.org", "password": PASSWORD}
    page = client.post("/accounts/login/", form, follow=True).content.decode()
    assert '<a href="/accounts/leave/">You are leaving</a>' in page
    assert "You asked to leave." in client.get("/accounts/").content.decode()
    assert 'name="stay"' in client.get("/accounts/leave/").content.decode()
    client.post("/accounts/leave/", {"stay": "1"})
    assert not Departure.objects.exists()
    assert "You are leaving" not in client.get("/").content.decode()


def test_nobody_sees_that_another_member_leaves(member: User, as_another_member: Client) -> None:
    ask(member)
    as_another_member.post("/accounts/leave/", {"stay": "1"})
    assert Departure.objects.filter(user=member).exists()


def test_the_last_superuser_cannot_leave(as_superuser: Client) -> None:
    as_superuser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    for answer in (
        as_superuser.get("/accounts/leave/"),
        as_superuser.post("/accounts/leave/", {"fate": "keep"}),
    ):
        page = answer.content.decode()
        assert "You are the only one who can manage this site." in page
    assert not Departure.objects.exists()


def test_of_two_superusers_who_leave_one_stays(make_user: Callable[..., User]) -> None:
    one, other = (make_user(name, is_superuser=True, is_staff=True) for name in ("Uno", "Due"))
    ask_a_day_ago(one)
    ask_a_day_ago(other)
    work()
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1
    assert Departure.objects.count() == 1
