"""A request that began before its member was erased brings nothing of them back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts import leaving
from accounts.models import DataExport, Departure, Fate, User
from comments.models import Badge
from tests.badges import REQUEST
from tests.conftest import PASSWORD
from tests.data_files import proved

pytestmark = pytest.mark.django_db

ANOTHER = "trombone harbour seventeen"


def erase(user: User) -> None:
    Departure.objects.create(user=user, fate=Fate.ERASE, due_at=timezone.now())
    leaving.leave.call(user.pk)


def once(deed: Callable[[], None], original: Callable[..., Any]) -> Callable[..., Any]:
    """Return `original`, before whose first call `deed` is done."""
    waiting = [deed]

    def first_the_deed(*args: Any, **options: Any) -> Any:
        if waiting:
            waiting.pop()()
        return original(*args, **options)

    return first_the_deed


def check_erased(member: User) -> None:
    member = User.objects.get(pk=member.pk)
    assert member.erased_at
    assert not member.is_active
    assert member.handle == ""
    assert member.email.endswith("@erased.invalid")


def test_a_new_password(as_member: Client, member: User, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = once(lambda: erase(member), User.set_password)
    monkeypatch.setattr(User, "set_password", changed)
    form = {"oldpassword": PASSWORD, "password1": ANOTHER, "password2": ANOTHER}
    answer = as_member.post("/accounts/password/change/", form)
    assert answer.status_code == 403
    check_erased(member)


def test_a_new_name(as_member: Client, member: User, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = once(lambda: erase(member), User.change_handle)
    monkeypatch.setattr(User, "change_handle", changed)
    answer = as_member.post("/accounts/handle/", {"handle": "Patient Badger"})
    assert answer.status_code == 403
    check_erased(member)


def test_a_request_for_a_badge(
    as_member: Client, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = once(lambda: erase(member), type(Badge.objects).ask)
    monkeypatch.setattr(type(Badge.objects), "ask", asked)
    answer = as_member.post("/accounts/badges/ask/", REQUEST)
    assert answer.status_code == 409
    assert "This account is closed." in answer.text
    assert not Badge.objects.exists()


def test_a_request_for_ones_data(member: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = proved(member)
    asked = once(lambda: erase(member), type(DataExport.objects).ask)
    monkeypatch.setattr(type(DataExport.objects), "ask", asked)
    answer = client.post("/accounts/data/")
    assert answer.status_code == 403
    assert not DataExport.objects.exists()


def test_rights_given_by_a_superuser(
    as_superuser: Client, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = once(lambda: erase(member), User.save)
    form = {"is_active": "on", "is_staff": "on"}
    monkeypatch.setattr(User, "save", saved)
    answer = as_superuser.post(f"/admin/accounts/user/{member.pk}/change/", form)
    assert answer.status_code == 403
    assert not User.objects.get(pk=member.pk).is_staff  # nor erased: that was in the same request
