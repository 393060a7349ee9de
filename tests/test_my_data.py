"""Members see all that the site holds about them, and take it along."""

import io
import json
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import packing
from accounts.models import AuditAct, DataExport, FormerHandle, LegalHold, OutgoingMail, User
from accounts.my_data import sections_of
from articles.models import Article
from comments.models import Badge, Comment, Draft, Ignored, Report, Voice
from tests.conftest import PASSWORD, logged_in
from tests.data_files import DATA, opened, proved, taken_along, told
from tests.discussing import say, say_often
from tests.passkey import Passkey, options_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_home(member: User) -> Client:
    return proved(member)


# --- who may see it -------------------------------------------------------------------------------


def test_settings_lead_to_my_data(as_member: Client) -> None:
    assert f'"{DATA}"' in as_member.get("/accounts/").text


def test_a_visitor_is_asked_to_log_in(client: Client) -> None:
    for address in (DATA, f"{DATA}{uuid.uuid4()}/"):
        assert client.get(address).url == f"/accounts/login/?next={address}"
        assert client.post(DATA).url == f"/accounts/login/?next={DATA}"


def test_a_member_proves_again_who_they_are(as_member: Client) -> None:
    answer = as_member.get(DATA)
    assert answer.url == "/accounts/reauthenticate/?next=%2Faccounts%2Fdata%2F"
    form = {"password": PASSWORD, "next": DATA}
    assert as_member.post("/accounts/reauthenticate/", form, follow=True).status_code == 200
    assert "Your data" in as_member.get(DATA).text


def test_an_hour_later_they_prove_it_again(at_home: Client) -> None:
    assert at_home.get(DATA).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert at_home.get(DATA).url.startswith("/accounts/reauthenticate/")
        assert at_home.post(DATA).url.startswith("/accounts/reauthenticate/")
    assert not DataExport.objects.exists()


def test_who_asks_for_a_copy_too_late_proves_it_and_has_asked(
    as_member: Client, member: User
) -> None:
    assert as_member.post(DATA).url.startswith("/accounts/reauthenticate/")
    form = {"password": PASSWORD, "next": DATA}
    assert as_member.post("/accounts/reauthenticate/", form, follow=True).status_code == 200
    assert member.data_exports.count() == 1


def test_a_member_who_has_a_passkey_alone_gets_in(at_home: Client, member: User) -> None:
    page = at_home.get("/accounts/2fa/webauthn/add/").content
    key = Passkey()
    credential = key.register(options_on(page, "creation_options"))
    form = {"name": "Blue key", "credential": credential, "passwordless": "on"}
    at_home.post("/accounts/2fa/webauthn/add/", form)
    member.set_unusable_password()
    member.save(update_fields=["password"])
    client = logged_in(member)
    way = "/accounts/2fa/webauthn/reauthenticate/"
    assert way in client.get(DATA, follow=True).text
    signed = key.sign(options_on(client.get(way).content, "request_options"))
    answer = client.post(way, {"credential": signed, "next": DATA})
    assert answer.url == DATA
    assert "Blue key" in client.get(DATA).text


def test_nobody_keeps_the_pages(at_home: Client) -> None:
    for answer in (at_home.get(DATA), at_home.post(DATA), at_home.get(f"{DATA}{uuid.uuid4()}/")):
        assert "no-store" in answer["Cache-Control"]
    assert "no-store" in taken_along(at_home)["Cache-Control"]


# --- what stands there ----------------------------------------------------------------------------


def test_the_page_shows_what_is_held(
    at_home: Client, member: User, another_member: User, article: Article, moderator: User
) -> None:
    first = say(member, article, "My own words.")
    first.edit("My better words.")
    first.remove(by=moderator, reason="It named a neighbour.")
    theirs = say(another_member, article, "Words of another.")
    Report.objects.file(comment=theirs, reporter=member, reason="spam", words="It sells.")
    Draft.objects.create(article=article, author=member, text="Half a")
    Ignored.objects.create(user=member, voice=theirs.voice)
    FormerHandle.objects.give_up("oldname", member)
    LegalHold.objects.create(
        user=member, case="Court of Zug, 7/2026", until=date(2027, 1, 1), set_by=moderator
    )
    Badge.objects.create(user=member, profession="Physiotherapist", register="HCPC", number="PH1")
    member.consents.create(kind="public_comments", version="2026-11")
    AuditAct.objects.record(
        "voice.looked_up", by=moderator, about=member, on=theirs, reason="A threat."
    )
    page = at_home.get(DATA).text
    for shown in (
        *(member.handle, member.email, str(member.public_id), "Comments are public", "2026-11"),
        *("My own words.", "My better words.", "It named a neighbour.", "Removed by a moderator"),
        *("It sells.", "It waits for a moderator.", "Half a", another_member.handle),
        *("Court of Zug, 7/2026", "Physiotherapist", "HCPC", "PH1", "A threat."),
    ):
        assert shown in page, shown


def test_what_is_others_is_not_shown(
    at_home: Client, member: User, another_member: User, article: Article, moderator: User
) -> None:
    mine = say(member, article, "Mine.")
    say(another_member, article, "An answer of another.", parent=mine)
    theirs = Report.objects.file(
        comment=mine, reporter=another_member, reason="abuse", words="I know this person."
    )
    assert theirs
    AuditAct.objects.record("voice.looked_up", by=moderator, about=member, reason="A threat.")
    mine.remove(by=moderator, reason="Rude.")
    page, file = at_home.get(DATA).text, opened(taken_along(at_home))
    for text in (page, file.read("data.json").decode(), file.read("index.html").decode()):
        assert "A threat." in text
        assert "Abuse or hate" in text
        for of_another in (
            *(moderator.handle, str(moderator.public_id), another_member.handle),
            *("An answer of another.", "I know this person."),
        ):
            assert of_another not in text


def test_no_secret_is_shown(at_home: Client, client: Client, member: User) -> None:
    client.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    TOTP.activate(member, "JBSWY3DPEHPK3PXP")
    keys = {session.session_key for session in UserSession.objects.all()}
    page, data = at_home.get(DATA).text, json.dumps(told(member))
    assert keys
    for secret in ("JBSWY3DPEHPK3PXP", member.password, *keys):
        assert secret not in page
        assert secret not in data
    assert "Authenticator app" in page


def test_sessions_and_keys_say_when(client: Client, member: User) -> None:
    client.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    Authenticator.objects.create(user=member, type="webauthn", data={"name": "Blue key"})
    data = told(member)
    assert data["keys"][0]["name"] == "Blue key"
    assert {"browser", "address", "since", "last_seen", "ends"} == set(data["sessions"][0])
    assert data["sessions"][0]["ends"]


def test_mail_that_waits_is_named_and_not_read_out(at_home: Client, member: User) -> None:
    for subject, text, to in (
        ("Your code", "123456", member.email),
        ("Not yours", "654321", f"x{member.email}"),
    ):
        OutgoingMail.holding(mail.EmailMessage(subject, text, to=[to]), "<1@localhost>")
    page = at_home.get(DATA).text
    assert "Your code" in page
    assert "Not yours" not in page
    assert "123456" not in page


def test_staff_see_what_stands_under_their_account(
    as_superuser: Client, editor: User, moderator: User, article: Article, member: User
) -> None:
    article.revise(title="New", summary="", text="Text.", by=editor, note="For the flu.")
    say(member, article).remove(by=moderator, reason="Rude.")
    assert told(editor)["revisions"][0]["note"] == "For the flu."
    assert told(moderator)["moderation"][0]["what"] == "Removed a comment"
    assert not {"revisions", "moderation", "admin_log"} & set(told(member))


def test_the_newest_fifty_stand_on_the_screen_and_all_in_the_file(
    at_home: Client, member: User, article: Article
) -> None:
    say_often(member, article, 60)
    page = at_home.get(DATA).text
    assert "Here stand the newest 50; the ZIP file holds all." in page
    assert page.count("Number ") <= 50 + 1
    assert len(told(member)["comments"]) == 60


def test_many_comments_cost_no_more_queries(
    member: User, another_member: User, article: Article
) -> None:
    def queries(user: User) -> int:
        with CaptureQueriesContext(connection) as captured:
            packing.pack(io.BytesIO(), sections_of(user), title="")
        return len(captured)

    say(member, article).edit("Other words.")
    for comment in say_often(another_member, article, 200):
        comment.earlier_texts.create(text="Before.")
    assert queries(another_member) == queries(member)


def test_rows_are_read_a_few_at_a_time(member: User, article: Article) -> None:
    say_often(member, article, packing.AT_ONCE * 2 + 1)
    rendered: list[int] = []
    real = packing.rendered

    def counting(section: Any, rows: Any) -> str:
        rendered.append(len(rows))
        return real(section, rows)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "rendered", counting)
        packing.pack(io.BytesIO(), sections_of(member), title="")
    assert max(rendered) == packing.AT_ONCE
    assert rendered.count(packing.AT_ONCE) == 2


def test_names_used_in_one_discussion_stand_among_mine_alone(
    member: User, article: Article, another_member: User
) -> None:
    voice = Voice.objects.in_discussion(member, article)
    Comment.objects.filter(pk=say(member, article).pk).update(voice=voice)
    Ignored.objects.create(user=another_member, voice=voice)
    assert {row["name"] for row in told(member)["names"]} == {voice.name, member.handle}
    theirs = json.dumps(told(another_member))
    assert voice.name in theirs
    assert member.handle not in theirs
