"""The worker erases members who leave: step by step, and until nothing of them is left."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from pkgutil import resolve_name
from typing import Any
from unittest import mock

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from accounts import leaving
from accounts.models import (
    AuditAct,
    Consent,
    DataExport,
    Departure,
    Erasure,
    Fate,
    FormerHandle,
    OutgoingMail,
    User,
)
from articles.models import Article, Contributor
from tests.conftest import PASSWORD
from tests.discussing import say
from tests.processes import Processes

pytestmark = pytest.mark.django_db

SIGN_UP = {
    "email": "quletheron@example.org",
    "handle": "Red Fox",
    "password1": PASSWORD,
    "age": "on",
    "public_comments": "on",
}
WORDS = "My hand has been numb for years."


@pytest.fixture(autouse=True)
def ledger(settings: Settings, tmp_path: Path) -> Path:
    settings.ERASURE_LEDGER = tmp_path / "erasures.jsonl"
    return tmp_path / "erasures.jsonl"


def work() -> None:
    call_command("run_worker", "--batch")


def work_after(**time: float) -> None:
    with time_machine.travel(timezone.now() + timedelta(**time)):
        work()


def ask_a_day_ago(member: User, fate: Fate = Fate.KEEP) -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=25)):
        leaving.ask(member, fate)


@pytest.fixture
def queued(settings: Settings) -> None:
    """Django's mail as it is outside of tests: rolled back with what it tells of."""
    settings.MAILERS = {
        "default": {"BACKEND": "accounts.mail.QueueBackend"},
        "delivery": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"},
    }


def test_nothing_is_done_before_the_day_is_over(member: User, as_member: Client) -> None:
    leaving.ask(member, Fate.KEEP)
    work_after(hours=23)
    assert as_member.get("/accounts/").status_code == 200
    work_after(hours=24, seconds=1)
    assert as_member.get("/accounts/").status_code == 302


def everything_about(member: User) -> None:
    """Let rows of each kind name the member."""
    staff = User.objects.create_superuser("olga@example.org", handle="Olga Operates")
    UserSession.objects.create(user=member, session_key="x" * 32, ip="203.0.113.7")
    Authenticator.objects.create(user=member, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    EmailAddress.objects.create(user=member, email="Second@Example.net", verified=False)
    DataExport.objects.create(user=member, content=b"quletheron@example.org")
    Consent.objects.create(user=member, kind="public_comments", version="2026-11")
    FormerHandle.objects.give_up("earlier", member)
    member.groups.add(Group.objects.create(name="Walkers"))
    AuditAct.objects.record("voice.looked_up", by=staff, about=member, reason="Quiet Heron?")
    LogEntry.objects.create(
        user=staff,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(member.pk),
        object_repr="Quiet Heron",
        change_message="Quiet Heron was suspended",
        action_flag=CHANGE,
    )
    DBTaskResult.objects.create(
        status="FAILED", args_kwargs={"args": [], "kwargs": {}}, backend_name="default",
        run_after=timezone.now(), task_path="x", traceback="KeyError: 'quletheron@example.org'",
    )  # fmt: skip
    for message in (
        EmailMessage("Code", "123456", to=["Quiet <quletheron@example.org>"]),
        EmailMessage("Other", "Hello", to=["notquletheron@example.org"]),
    ):
        OutgoingMail.holding(message, "<1@x>")


def test_an_erased_member_leaves_an_empty_row(member: User) -> None:
    member.last_login = timezone.now()
    member.save()
    everything_about(member)
    ask_a_day_ago(member, Fate.ERASE)
    work()
    gone = User.objects.get(pk=member.pk)
    assert gone.email == f"erased-{member.public_id}@erased.invalid"
    assert (gone.handle, gone.handle_key, gone.last_login) == ("", None, None)
    assert not gone.is_active
    assert not gone.has_usable_password()
    assert gone.erased_at
    assert not gone.groups.exists()
    assert Consent.objects.filter(user=gone).exists()
    assert not Departure.objects.exists()
    assert not FormerHandle.objects.filter(user=member).exists()
    for model in (UserSession, Authenticator, DataExport):
        assert not model._default_manager.filter(user=gone).exists()
    assert AuditAct.objects.get(deed="voice.looked_up").subject == member.public_id
    assert [row.to for row in map(OutgoingMail.as_message, OutgoingMail.objects.all())] == [
        ["notquletheron@example.org"]
    ]


@pytest.mark.parametrize("word", ["quletheron@example.org", "Quiet Heron", "quletheron", "Second@"])
def test_no_table_holds_a_word_of_an_erased_member(
    member: User, word: str, as_member: Client
) -> None:
    everything_about(member)
    ask_a_day_ago(member, Fate.ERASE)
    work()
    OutgoingMail.objects.filter(message_id="<1@x>").delete()  # to somebody of a similar address
    found = [
        f"{table}.{column.name}"
        for table in connection.introspection.table_names()
        for column in columns_of(table)
        if holds(table, column.name, word)
    ]
    assert found == []


def columns_of(table: str) -> list[Any]:
    with connection.cursor() as cursor:
        return list(connection.introspection.get_table_description(cursor, table))


def holds(table: str, column: str, word: str) -> bool:
    with connection.cursor() as cursor:
        name = connection.ops.quote_name
        cursor.execute(
            f"SELECT count(*) FROM {name(table)}"  # noqa: S608 - names that the database gave
            f" WHERE lower(CAST({name(column)} AS text)) LIKE %s",
            [f"%{word.lower()}%"],
        )
        return bool(cursor.fetchone()[0])


def test_their_sessions_end_also_those_between_two_steps(
    member: User, as_member: Client, as_another_member: Client
) -> None:
    resetting, typing = Client(), Client()
    resetting.post("/accounts/password/reset/", {"email": "QuietHeron@example.org"})
    typing.post("/accounts/signup/", SIGN_UP)
    near = Client()
    near.post("/accounts/password/reset/", {"email": "notquletheron@example.org"})
    assert Session.objects.count() >= 4
    ask_a_day_ago(member)
    work()
    left = [session.get_decoded() for session in Session.objects.all()]
    assert not any("quletheron@example.org" in str(data).lower().split("'") for data in left)
    assert as_another_member.get("/accounts/").status_code == 200
    assert near.session.session_key in Session.objects.values_list("pk", flat=True)
    assert as_member.get("/accounts/").status_code == 302


def test_who_has_left_cannot_log_in(member: User, client: Client) -> None:
    ask_a_day_ago(member)
    work()
    form = {"login": "quletheron@example.org", "password": PASSWORD}
    page = client.post("/accounts/login/", form).content.decode()
    assert "The e-mail address or the password is not right." in page


def test_nobody_logs_in_from_the_moment_it_begins(member: User, client: Client) -> None:
    ask_a_day_ago(member)
    with mock.patch("accounts.leaving.hooks.run", side_effect=Killed), pytest.raises(Killed):
        leaving.leave.func(member.pk)
    form = {"login": "quletheron@example.org", "password": PASSWORD}
    client.post("/accounts/login/", form)
    assert "_auth_user_id" not in client.session
    assert not Departure.objects.call_off(member)


def test_the_last_mail_says_that_it_is_done(member: User) -> None:
    ask_a_day_ago(member)
    work()
    assert [message.subject for message in mail.outbox] == ["You asked to leave", "You have left"]
    assert mail.outbox[-1].to == ["quletheron@example.org"]


def test_their_name_stays_reserved_for_a_year(member: User, as_member: Client) -> None:
    ask_a_day_ago(member)
    work()
    assert FormerHandle.objects.among(["quletheron"]) == {"quletheron"}
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        assert not FormerHandle.objects.among(["quletheron"])


def test_the_address_may_sign_up_anew(member: User, client: Client) -> None:
    ask_a_day_ago(member)
    work()
    client.post("/accounts/signup/", SIGN_UP)
    assert User.objects.filter(email="quletheron@example.org").exists()


def test_a_published_name_is_not_tied_to_the_account(
    make_user: Callable[..., User], author: User
) -> None:
    Contributor.objects.create(name="Anna Author", user=author)
    ask_a_day_ago(author)
    work()
    contributor = Contributor.objects.get(name="Anna Author")
    assert contributor.user is None


class Killed(BaseException):
    """What kill -9 looks like from inside."""


STEPS = [
    "accounts.models.Departure.close_account",
    "accounts.leaving.end_sessions",
    "comments.leaving.settle_comments",
    "accounts.erasing.end_sessions",
    "accounts.erasing.delete_mail_to",
    "accounts.erasing.forget_tasks_that_name",
    "accounts.erasing.forget_in_admin_log",
    "articles.leaving.untie_contributor",
    "comments.leaving.erase_member",
    "accounts.leaving.say_farewell",
    "accounts.leaving.empty",
    "accounts.leaving.ledger.copy",
    "accounts.leaving.wiping.wipe",
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_a_kill_around_any_step_is_made_good(
    step: str, after: bool, member: User, article: Article, ledger: Path, queued: None
) -> None:
    comment = say(member, article, WORDS)
    ask_a_day_ago(member, Fate.ERASE)
    real = resolve_name(step)

    def killed(*args: Any, **options: Any) -> None:
        if after:
            real(*args, **options)
        raise Killed

    with mock.patch(step, killed), pytest.raises(Killed):
        leaving.leave.func(member.pk)
    leaving.leave.func(member.pk)
    work()
    gone = User.objects.get(pk=member.pk)
    assert gone.erased_at
    assert not gone.handle
    comment.refresh_from_db()
    assert comment.text == ""
    assert [message.subject for message in mail.outbox].count("You have left") == 1
    assert Erasure.objects.filter(kind="member").count() == 1
    assert str(member.public_id) in ledger.read_text()


def test_a_step_that_fails_is_tried_again_by_the_worker(member: User) -> None:
    ask_a_day_ago(member)
    with mock.patch("accounts.leaving.hooks.run", side_effect=TimeoutError):
        work()
    assert not User.objects.get(pk=member.pk).erased_at
    work()
    assert not User.objects.get(pk=member.pk).erased_at
    work_after(minutes=2)
    assert User.objects.get(pk=member.pk).erased_at
    assert DBTaskResult.objects.filter(task_path="accounts.leaving.leave").count() == 1


@pytest.mark.parametrize("fate", list(Fate))
def test_each_choice_does_what_it_says(
    fate: Fate, member: User, article: Article, client: Client
) -> None:
    say(member, article, WORDS)
    ask_a_day_ago(member, fate)
    work()
    page = client.get(f"/articles/{article.slug}/").content.decode()
    assert (WORDS in page) is (fate == Fate.KEEP)
    assert ("former member" in page) is (fate == Fate.KEEP)
    assert "Quiet Heron" not in page


def test_a_farewell_that_cannot_be_sent_is_given_up_within_a_day(
    member: User, queued: None
) -> None:
    ask_a_day_ago(member)
    OutgoingMail.objects.all().delete()
    leaving.leave.func(member.pk)
    farewell = OutgoingMail.objects.get()
    assert farewell.recipients == ["quletheron@example.org"]
    leaving.forget_farewells()
    assert OutgoingMail.objects.exists()
    farewell.park(ValueError())
    leaving.forget_farewells()
    assert not OutgoingMail.objects.exists()


# --- accounts that were never confirmed -----------------------------------------------------------


def test_an_account_that_was_never_confirmed_is_erased_after_thirty_days(client: Client) -> None:
    client.post("/accounts/signup/", SIGN_UP | {"email": "ana@example.org"})
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        leaving.forget_unconfirmed_accounts()
    assert User.objects.filter(handle="Red Fox").exists()
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        leaving.forget_unconfirmed_accounts()
    assert User.objects.get().erased_at
    assert not FormerHandle.objects.among(["redfox"])
    assert not FormerHandle.objects.exists()
    assert Erasure.objects.get().kind == "member"


def test_an_account_that_was_confirmed_stays(member: User, author: User) -> None:
    EmailAddress.objects.filter(user=author).delete()  # staff by a link
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        leaving.forget_unconfirmed_accounts()
    assert not User.objects.exclude(erased_at=None).exists()


# --- the database's own file ----------------------------------------------------------------------


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps no such file")
@pytest.mark.django_db(transaction=True)
def test_the_file_of_sqlite_holds_no_word_of_an_erased_member(
    member: User, article: Article, tmp_path: Path
) -> None:
    for number in range(40):
        say(member, article, f"Zebrafinch {number} " + "tells of a tremor. " * number)
    ask_a_day_ago(member, Fate.ERASE)
    processes = Processes(tmp_path)
    file = tmp_path / "bedside.sqlite3"
    assert b"Zebrafinch" in file.read_bytes()
    assert b"quletheron@example.org" in file.read_bytes()
    # As the site has it: with another process, the last to close does not tidy up.
    with closing(sqlite3.connect(file)) as site:
        site.execute("PRAGMA journal_mode=WAL")
        assert site.execute("SELECT count(*) FROM comments_comment").fetchone() == (40,)
        processes.run("run_worker", "--batch")
        # The last mail is sent after the rest was done, and the next job wipes what held it.
        processes.run("shell", "-v", "0", "-c", "from accounts.wiping import wipe; assert wipe()")
        for part in tmp_path.glob("bedside.sqlite3*"):
            for word in (b"Zebrafinch", b"quletheron", b"Quiet Heron"):
                assert word not in part.read_bytes(), part
        assert site.execute("SELECT count(*) FROM comments_comment").fetchone() == (40,)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no such setting")
def test_sqlite_overwrites_what_is_deleted() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete")
        assert cursor.fetchone() == (1,)
