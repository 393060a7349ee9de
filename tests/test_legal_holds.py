"""Legal holds: the one exception to erasing, set by name, until a day, and seen by its member."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts import leaving
from accounts.models import AuditAct, Departure, Fate, LegalHold, User
from articles.models import Article
from tests.conftest import PASSWORD
from tests.discussing import say

pytestmark = pytest.mark.django_db

ADD = "/admin/accounts/legalhold/add/"
LIST = "/admin/accounts/legalhold/"
CASE = "County court, 12 C 3/26"


@pytest.fixture(autouse=True)
def _ledger(settings: Settings, tmp_path: Path) -> None:
    settings.ERASURE_LEDGER = tmp_path / "erasures.jsonl"


@pytest.fixture
def hold(member: User, make_user: Callable[..., User]) -> LegalHold:
    return LegalHold.objects.create(
        user=member, case=CASE, until=in_days(30), set_by=make_user("Ola Operates")
    )


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def leave_a_day_ago(member: User, fate: Fate = Fate.ERASE) -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=25)):
        leaving.ask(member, fate)
    call_command("run_worker", "--batch")


@pytest.mark.parametrize("by", ["name", "id"])
def test_a_superuser_sets_a_hold(as_superuser: Client, member: User, by: str) -> None:
    named = {"name": " quiet  HERON", "id": str(member.public_id)}[by]
    as_superuser.post(ADD, {"member": named, "case": CASE, "until": in_days(30)})
    hold = LegalHold.objects.get()
    assert hold.user == member
    assert str(hold.set_by) == "Olga Operates"
    act = AuditAct.objects.about(member).get()
    assert (act.deed, act.object_id, act.reason) == ("legal_hold.set", str(hold.pk), CASE)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"member": "Nobody Here"}, "No member has this name or id."),
        ({"member": "--"}, "No member has this name or id."),
        ({"member": "\x00"}, "Null characters are not allowed."),
        ({"until": "2020-01-01"}, "Name a day that is still to come."),
        ({"until": "soon"}, "Enter a valid date."),
        ({"case": ""}, "This field is required."),
    ],
)
def test_a_mistake_is_a_sentence(
    as_superuser: Client, member: User, changes: dict[str, str], said: str
) -> None:
    form = {"member": "Quiet Heron", "case": CASE, "until": str(in_days(3))} | changes
    answer = as_superuser.post(ADD, form)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not LegalHold.objects.exists()


def test_only_superusers_see_or_set_holds(
    as_moderator: Client, as_editor: Client, as_member: Client, client: Client
) -> None:
    for who in (as_moderator, as_editor):
        assert who.get(LIST).status_code == who.get(ADD).status_code == 403
    for who in (as_member, client):
        assert who.get(ADD).status_code in {302, 403}


def test_a_hold_is_not_changed_or_deleted(as_superuser: Client, hold: LegalHold) -> None:
    page = as_superuser.get(f"{LIST}{hold.pk}/change/")
    assert page.status_code == 200
    as_superuser.post(f"{LIST}{hold.pk}/change/", {"case": "Another"})
    assert as_superuser.post(f"{LIST}{hold.pk}/delete/", {"post": "yes"}).status_code == 403
    assert LegalHold.objects.get().case == CASE


def test_a_superuser_ends_a_hold(as_superuser: Client, hold: LegalHold) -> None:
    for _twice in range(2):
        as_superuser.post(LIST, {"action": "end", "_selected_action": [hold.pk]})
    hold.refresh_from_db()
    assert hold.ended_at
    assert (
        AuditAct.objects.filter(deed="legal_hold.ended", subject=hold.user.public_id).count() == 1
    )


def test_who_is_held_is_told_so_before_they_leave(as_member: Client, hold: LegalHold) -> None:
    as_member.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = as_member.get("/accounts/leave/").content.decode()
    assert CASE in page
    assert "nobody reads your comments any more" in page


@pytest.mark.parametrize("fate", list(Fate))
def test_a_held_member_who_leaves_is_hidden_at_once_and_kept(
    hold: LegalHold, member: User, article: Article, client: Client, fate: Fate
) -> None:
    comment = say(member, article, "My hand is numb.")
    leave_a_day_ago(member, fate)
    member.refresh_from_db()
    comment.refresh_from_db()
    assert not member.is_active
    assert not member.has_usable_password()
    assert not member.erased_at
    assert comment.text == "My hand is numb."
    assert "My hand is numb." not in client.get(f"/articles/{article.slug}/").content.decode()
    assert Departure.objects.exists()


def test_what_was_kept_is_erased_when_the_hold_ends(
    hold: LegalHold, member: User, article: Article, as_superuser: Client
) -> None:
    comment = say(member, article, "My hand is numb.")
    leave_a_day_ago(member)
    as_superuser.post(LIST, {"action": "end", "_selected_action": [hold.pk]})
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        call_command("run_worker", "--batch")
    member.refresh_from_db()
    comment.refresh_from_db()
    hold.refresh_from_db()
    assert member.erased_at
    assert comment.text == hold.case == ""
    assert not AuditAct.objects.filter(subject=member.public_id).exclude(reason="").exists()


def test_what_was_kept_is_erased_when_its_day_is_over(hold: LegalHold, member: User) -> None:
    leave_a_day_ago(member)
    # On its last day, at whatever hour of the day this runs.
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        call_command("run_worker", "--batch")
    member.refresh_from_db()
    assert not member.erased_at
    with time_machine.travel(timezone.now() + timedelta(days=32)):
        call_command("run_worker", "--batch")
    member.refresh_from_db()
    assert member.erased_at


def test_comments_kept_without_a_name_come_back_after_the_hold(
    hold: LegalHold, member: User, article: Article, client: Client
) -> None:
    say(member, article, "My hand is numb.")
    leave_a_day_ago(member, Fate.KEEP)
    LegalHold.objects.all().end()
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        call_command("run_worker", "--batch")
    page = client.get(f"/articles/{article.slug}/").content.decode()
    assert "My hand is numb." in page
    assert "Quiet Heron" not in page


def test_a_hold_set_while_somebody_is_erased_keeps_the_rest(
    member: User, make_user: Callable[..., User], monkeypatch: pytest.MonkeyPatch
) -> None:
    operator = make_user("Ola Operates")

    def set_meanwhile(hook: str, *args: object) -> None:
        LegalHold.objects.get_or_create(
            user=member, defaults={"case": CASE, "until": in_days(9), "set_by": operator}
        )

    monkeypatch.setattr("accounts.leaving.hooks.run", set_meanwhile)
    leave_a_day_ago(member)
    member.refresh_from_db()
    assert not member.erased_at
    assert Departure.objects.exists()
