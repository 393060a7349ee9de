"""A canary: somebody whose every word is unique uses everything, and is then looked for everywhere.

Nothing that anybody else is shown may join two of their names. After they chose to be erased, no
word of theirs is left, and none comes back with an older backup.

The life is lived once, in a database of its own; each test works on a copy of that.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import timedelta

import pytest
from django.conf import settings
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import Departure
from tests.canary import databases, traces
from tests.canary.joins import chained, records, shared, together
from tests.canary.life import DISCUSSIONS, Life
from tests.canary.visitor import Visitor
from tests.canary.walk import Answer, everywhere, guessed, of_the_desk
from tests.canary.words import Canary
from tests.canary.world import in_mail, running, settle, work

# Their own database stays empty.
pytestmark = pytest.mark.django_db(transaction=True)

STAFF = ("author", "reviewer", "editor", "moderator", "superuser")


@pytest.fixture(scope="module")
def _lived(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Life]:
    folder = tmp_path_factory.mktemp("canary")
    with django_db_blocker.unblock(), running(folder) as world:
        lived = databases.copy(folder, "lived")
        with databases.using(lived):
            databases.count_people_from(7_000_000)
            life = Life(Canary(), settle(DISCUSSIONS), world, lived)
            life.live()
            life.live_on()
        yield life
        databases.drop(lived)


@pytest.fixture
def life(_lived: Life, transactional_db: None) -> Iterator[Life]:
    """The canary after all that it does, and before it leaves; in a copy of that world."""
    with copied(_lived, _lived.database):
        yield _lived


@contextmanager
def copied(life: Life, database: str) -> Iterator[None]:
    cookies = deepcopy(life.member.client.cookies)
    with databases.using(database):
        name = databases.copy(life.world.folder, "copy")
    with databases.using(name):
        yield
    databases.drop(name)
    life.member.client.cookies = cookies


# --- while it is a member -------------------------------------------------------------------------


def test_nothing_that_others_are_shown_joins_two_names(life: Life) -> None:
    names = life.canary.identities() | life.names_of_others()
    own = set(life.canary.identities().values())
    for kind, answers in shown_to_others(life).items():
        found = [record for answer in answers for record in records(answer, names)]
        assert {name for record in found for name in record.names} & own, kind
        assert (kind, together(found, own)) == (kind, [])
        assert (kind, shared(found, own)) == (kind, [])
        assert (kind, chained(found, own)) == (kind, [])
        leaks = {
            f"{answer.path}: {word}"
            for answer in answers
            for word in life.canary.unread_by(kind, answer.path)
            if answer.tells(word)
        }
        assert (kind, leaks) == (kind, set())


def shown_to_others(life: Life) -> dict[str, list[Answer]]:
    """Return all that each kind of visitor gets, wherever they go; staff keep to the desk.

    In front of it only those who moderate are shown more than members.
    """
    names = list(life.canary.searched_names())
    asked, desk = list(guessed(names)), list(of_the_desk(names))
    more = {"moderator": life.pages(), "superuser": life.pages()}
    shown = {"signed out": Visitor(), "reader": life.logged_in("reader")}
    return {who: list(everywhere(visitor, asked)) for who, visitor in shown.items()} | {
        role: list(everywhere(life.logged_in(role), desk + more.get(role, []), onward="/admin/"))
        for role in STAFF
    }


def test_others_get_no_mail_and_logs_no_line_with_a_word_of_theirs(life: Life) -> None:
    own = (life.canary.email, life.canary.new_email)
    assert {address for message in life.mails for address in message.to} > set(own)
    assert traces.found(life.canary.words(), in_mail(life.mails, but_to=own)) == []
    assert "qz" not in "".join(mail.subject for mail in life.mails).lower()
    assert traces.found(life.canary.words(), [("log", life.world.log.getvalue())]) == []


# --- when it leaves -------------------------------------------------------------------------------


def test_after_erasing_nothing_is_left_anywhere_nor_comes_back_with_a_backup(life: Life) -> None:
    words, folder = list(life.canary.words()), life.world.folder
    with databases.copied(folder, "older") as older:
        read_all(life)
        leave(life, "erase")
        assert traces.found(words, kept(life)) == []
        with databases.using(older):
            assert traces.found(words, kept(life)) != []
            replay(life)
            assert traces.found(words, kept(life)) == []
            read_all(life)
            assert traces.found(words, kept(life)) == []


def test_comments_that_are_kept_are_nobodys(life: Life) -> None:
    leave(life, "keep")
    assert traces.found(life.canary.gone_with_the_account(), kept(life)) == []
    page = Visitor().get("/articles/shoulders/").text
    for label in ("shouldershandle", "shouldersvoice"):
        assert life.canary.say(label) in page
    assert page.count("former member") == 2


def test_withdrawn_comments_are_read_by_nobody_and_then_deleted(life: Life) -> None:
    leave(life, "withdraw")
    assert traces.found(life.canary.gone_with_the_account(), kept(life)) == []
    answers = everywhere(Visitor(), life.pages())
    assert [
        (one.path, word) for one in answers for word in life.canary.words() if one.tells(word)
    ] == []
    life.world.clock.shift(timedelta(days=31))
    for _run in range(2):
        work()
        life.world.clock.shift(timedelta(minutes=11))
    assert traces.found(set(life.canary.words()) - life.canary.records(), kept(life)) == []


def leave(life: Life, fate: str) -> None:
    """Ask to leave; a day later a worker has done it, and has emptied the log of writes."""
    life.leave(fate)
    for pause in (timedelta(hours=24, minutes=1), timedelta(minutes=11)):
        life.world.clock.shift(pause)
        work()
    assert not Departure.objects.exists()
    assert life.member.client.get("/accounts/").status_code == 302


def read_all(life: Life) -> None:
    """Let somebody read, so that there are pages to be kept."""
    for path in ("/feed/", "/sitemap.xml", *life.pages()):
        Visitor().client.get(path)


def kept(life: Life) -> Iterator[tuple[str, object]]:
    yield from traces.kept(life.world.data)
    yield "log", life.world.log.getvalue()


def replay(life: Life) -> None:
    command = [sys.executable, "manage.py", "replay_erasures", str(life.world.ledger)]
    ours = {"DATABASE_URL": databases.address(), "TEST_DATA_DIR": str(life.world.data)}
    done = subprocess.run(  # noqa: S603
        command, cwd=settings.BASE_DIR, env=os.environ | ours, check=False, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
