"""A member's public name: changed now and then, and nobody else's for a year after."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client

from accounts.models import FormerHandle, User
from accounts.views import SignupView
from articles.models import Article
from comments.models import Voice
from tests.conftest import logged_in
from tests.discussing import PAGE, say
from tests.processes import Processes
from tests.test_signing_up import sign_up

pytestmark = pytest.mark.django_db

NOVEMBER = "2026-11-22T10:00:00Z"
HANDLE = "/accounts/handle/"
TAKEN = "Someone has this name already. Please choose another one."


def change(member: User, handle: str) -> Any:
    return logged_in(member).post(HANDLE, {"handle": handle})


# --- every 30 days --------------------------------------------------------------------------------


def test_the_first_change_is_free_and_the_next_waits_30_days(member: User) -> None:
    with time_machine.travel(NOVEMBER, tick=False) as clock:
        assert change(member, "Loud Heron").status_code == 302

        refused = change(member, "Calm Heron")
        assert "You can change it again on 22 December 2026." in refused.text
        assert 'value="Calm Heron"' in refused.text

        clock.shift(timedelta(days=29, hours=13))
        change(member, "Calm Heron")
        member.refresh_from_db()
        assert member.handle == "Loud Heron"

        clock.shift(timedelta(hours=1))
        assert change(member, "Calm Heron").status_code == 302
    member.refresh_from_db()
    assert member.handle == "Calm Heron"


def test_the_page_says_from_when_the_name_may_be_changed(
    as_member: Client, member: User, client: Client
) -> None:
    with time_machine.travel(NOVEMBER, tick=False):
        as_member.force_login(member)
        assert "You can change your name every 30 days." in as_member.get(HANDLE).text
        as_member.post(HANDLE, {"handle": "Loud Heron"})
        page = as_member.get(HANDLE).text
    assert "You can change your name again on 22 December 2026." in page
    assert 'name="handle"' not in page


def test_a_change_of_capitals_counts_and_reserves_nothing(member: User) -> None:
    change(member, "quiet-heron")
    assert not FormerHandle.objects.exists()
    assert "You can change it again on" in change(member, "Loud Heron").text


def test_the_same_name_is_no_change(member: User) -> None:
    change(member, "Quiet Heron")
    assert change(member, "Loud Heron").status_code == 302


def test_of_two_changes_at_once_the_second_is_refused_with_words(
    member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other tab's change comes between the check of the form and the deed."""
    deed = User.change_handle

    def after_another_tab(user: User, handle: str) -> None:
        deed(User.objects.get(pk=user.pk), "Loud Heron")
        deed(user, handle)

    monkeypatch.setattr(User, "change_handle", after_another_tab)
    answer = change(member, "Calm Heron")
    member.refresh_from_db()
    assert answer.status_code == 200
    assert "You can change it again on" in answer.text
    assert member.handle == "Loud Heron"


@pytest.mark.django_db(transaction=True)
def test_changes_from_eight_devices_at_once_make_one(member: User, tmp_path: Path) -> None:
    said = Processes(tmp_path).run("shell", "-v", "0", "-c", PARALLEL_CHANGES)
    assert sorted(said.split()) == [*["HandleChangedLately"] * 7, "None"]


# --- reserved for a year --------------------------------------------------------------------------


def test_nobody_else_gets_an_old_name_for_a_year(
    member: User, another_member: User, client: Client
) -> None:
    with time_machine.travel(NOVEMBER, tick=False) as clock:
        change(member, "Loud Heron")
        assert TAKEN in change(another_member, "Qu1et Heron").text
        assert TAKEN in sign_up(client, handle="quiet-heron").text
        assert User.objects.count() == 2

        clock.shift(timedelta(days=364))
        assert TAKEN in change(another_member, "Quiet Heron").text
        clock.shift(timedelta(days=1))
        assert change(another_member, "Quiet Heron").status_code == 302


def test_its_last_bearer_may_have_it_back(member: User) -> None:
    with time_machine.travel(NOVEMBER, tick=False) as clock:
        change(member, "Loud Heron")
        clock.shift(timedelta(days=30))
        assert change(member, "Quiet Heron").status_code == 302
    member.refresh_from_db()
    assert member.handle == "Quiet Heron"


def test_an_old_name_is_kept_as_a_keyed_hash_only(member: User) -> None:
    change(member, "Loud Heron")
    kept = str(list(FormerHandle.objects.values()))
    assert "heron" not in kept.casefold()


def test_a_name_reserved_meanwhile_is_refused_by_the_deed(
    member: User, another_member: User
) -> None:
    member.change_handle("Loud Heron")
    with pytest.raises(IntegrityError):
        another_member.change_handle("Quiet Heron")
    with pytest.raises(IntegrityError):
        another_member.change_handle("loud heron")


def test_a_name_taken_while_signing_up_is_refused_with_words(
    client: Client, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is given up, and so reserved, between the check of the form and the account."""
    checked = SignupView.form_valid

    def after_a_change(view: SignupView, form: Any) -> Any:
        FormerHandle.objects.give_up("amberotter", member)
        return checked(view, form)

    monkeypatch.setattr(SignupView, "form_valid", after_a_change)
    assert TAKEN in sign_up(client).text
    assert User.objects.count() == 1


# --- where the new name shows, and where nothing may change ---------------------------------------


def test_a_new_name_shows_where_the_old_one_did(
    client: Client, article: Article, member: User
) -> None:
    say(member, article)
    before = client.get(PAGE).headers["ETag"]
    change(member, "Loud Heron")
    page = client.get(PAGE, headers={"if-none-match": before})
    assert page.status_code == 200
    assert "Loud Heron" in page.text
    assert "Quiet Heron" not in page.text


def test_a_page_where_one_has_a_discussion_name_does_not_grow_old_by_it(
    client: Client, article: Article, make_article: Callable[..., Article], member: User
) -> None:
    """Pages that change at one moment would tell whose names stand on them."""
    say(member, make_article())
    say(member, article, kind=Voice.Kind.DISCUSSION)
    before = client.get(PAGE).headers["ETag"]
    version = article_version(article)

    change(member, "Loud Heron")

    assert client.get(PAGE, headers={"if-none-match": before}).status_code == 304
    assert article_version(article) == version


def article_version(article: Article) -> int:
    return Article.objects.values_list("version", flat=True).get(pk=article.pk)


# --- never a discussion name ----------------------------------------------------------------------


def test_nobody_takes_a_name_that_is_one_discussions(
    client: Client, article: Article, member: User, another_member: User
) -> None:
    name = say(member, article, kind=Voice.Kind.DISCUSSION).voice.name
    assert TAKEN in sign_up(client, handle=name.upper()).text
    assert TAKEN in change(another_member, name.replace(" ", "-")).text
    assert TAKEN in change(member, name).text


@pytest.mark.django_db(transaction=True)
def test_a_handle_and_a_discussion_name_taken_at_once_are_two_names(
    article: Article, member: User, another_member: User, tmp_path: Path
) -> None:
    """Neither would see the other's row before it is committed: they take turns."""
    said = Processes(tmp_path).run("shell", "-v", "0", "-c", NAME_TAKEN_AT_ONCE)
    assert said.strip() == "apart"


PARALLEL_CHANGES = """
from concurrent.futures import ThreadPoolExecutor
from django.db import connection

def change(number):
    try:
        tabs[number].change_handle(f"Loud Heron {number}")
    except Exception as error:
        return type(error).__name__
    finally:
        connection.close()

tabs = [User.objects.get(handle="Quiet Heron") for _ in range(8)]
with ThreadPoolExecutor(8) as pool:
    print(*pool.map(change, range(8)))
"""

NAME_TAKEN_AT_ONCE = """
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from unittest.mock import patch
from django.db import connection
from accounts import handles
from articles.models import Article
from comments.models import Comment, Voice

article, about_to_save, commented = Article.objects.get(), Event(), Event()
member, other = User.objects.get(handle="Quiet Heron"), User.objects.get(handle="Blue Kettle")
name = Voice.objects.discussion_name(member, article)

def rename(user):
    about_to_save.set()  # the name was found free, and is not stored yet
    commented.wait(1)

def take():
    with patch("accounts.hooks.run", lambda hook, user: rename(user)):
        other.change_handle(name)
    connection.close()

def speak():
    about_to_save.wait()
    Comment.objects.post(author=member, article=article, text="x", kind=Voice.Kind.DISCUSSION)
    commented.set()
    connection.close()

with ThreadPoolExecutor(2) as pool:
    [done.result() for done in (pool.submit(take), pool.submit(speak))]
given = Voice.objects.get(kind=Voice.Kind.DISCUSSION)
other.refresh_from_db()
print("the same" if given.key == other.handle_key else "apart")
"""
