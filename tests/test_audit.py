"""The audit trail: who did what that somebody may have to answer for, without a member's name."""

from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import AuditAct, User
from accounts.welcome import make_first_editor

pytestmark = pytest.mark.django_db

LIST = "/admin/accounts/auditact/"


@pytest.fixture
def act(member: User, moderator: User) -> AuditAct:
    return AuditAct.objects.record(
        "voice.looked_up", by=moderator, on=member, about=member, reason="A threat"
    )


def rights(**changes: object) -> dict[str, object]:
    """Return the form of a member in admin, with these fields changed."""
    return {"is_active": "on"} | {name: value for name, value in changes.items() if value}


def test_superusers_read_the_trail(as_superuser: Client, act: AuditAct, member: User) -> None:
    AuditAct.objects.record("member.rights_changed", by=None, about=member)
    page = as_superuser.get(LIST).content.decode()
    assert "voice.looked_up" in page
    assert page.count(str(member.public_id)) == 1
    page = as_superuser.get(f"{LIST}{act.pk}/change/").content.decode()
    assert "A threat" in page


def test_staff_are_named_while_they_are_staff_and_members_never(
    as_superuser: Client, act: AuditAct, moderator: User
) -> None:
    page = as_superuser.get(LIST).content.decode()
    assert "Mona Reads" in page
    assert "Quiet Heron" not in page
    User.objects.filter(pk=moderator.pk).update(is_staff=False)
    page = as_superuser.get(LIST).content.decode()
    assert "Mona Reads" not in page
    assert str(moderator.public_id) in page


def test_what_the_site_did_itself_says_so(as_superuser: Client) -> None:
    AuditAct.objects.record("page.rendered", by=None)
    assert "the site itself" in as_superuser.get(LIST).content.decode()


def test_the_list_is_narrowed_by_deed(as_superuser: Client, act: AuditAct, member: User) -> None:
    other = AuditAct.objects.record("page.rendered", by=None, about=member)
    page = as_superuser.get(f"{LIST}?deed=page.rendered").content.decode()
    assert page.count("field-deed") == 1
    assert as_superuser.get(f"{LIST}?q={other.subject}").content.decode().count("field-deed") == 1
    assert as_superuser.get(f"{LIST}?q=%00&deed=%00").status_code < 500


def test_nobody_else_reads_it_and_nobody_changes_it(
    as_superuser: Client, as_moderator: Client, as_editor: Client, act: AuditAct
) -> None:
    for who in (as_moderator, as_editor):
        assert who.get(LIST).status_code == 403
        assert who.get(f"{LIST}{act.pk}/change/").status_code == 403
    assert as_superuser.get(f"{LIST}add/").status_code == 403
    assert as_superuser.post(f"{LIST}{act.pk}/change/", {"reason": "x"}).status_code == 403
    assert as_superuser.post(f"{LIST}{act.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_list_asks_no_more_for_more_acts(
    as_superuser: Client, act: AuditAct, member: User, django_assert_max_num_queries: Callable
) -> None:
    for _number in range(30):
        AuditAct.objects.record("voice.looked_up", by=member, about=member)
    with django_assert_max_num_queries(14):
        as_superuser.get(LIST)


@pytest.mark.parametrize("right", ["is_staff", "is_superuser", "groups"])
def test_giving_rights_is_an_act(as_superuser: Client, member: User, right: str) -> None:
    group = Group.objects.get(name="Moderators")
    value = [group.pk] if right == "groups" else "on"
    as_superuser.post(f"/admin/accounts/user/{member.pk}/change/", rights(**{right: value}))
    act = AuditAct.objects.get(deed="member.rights_changed")
    assert act.fields == [right]
    assert act.subject == member.public_id
    assert act.actor == User.objects.get(handle="Olga Operates").public_id


def test_closing_an_account_is_an_act(as_superuser: Client, member: User) -> None:
    as_superuser.post(f"/admin/accounts/user/{member.pk}/change/", {})
    assert AuditAct.objects.get().fields == ["is_active"]


def test_saving_without_a_change_is_none(as_superuser: Client, member: User) -> None:
    as_superuser.post(f"/admin/accounts/user/{member.pk}/change/", rights())
    assert not AuditAct.objects.exists()


def test_the_first_editors_rights_are_an_act() -> None:
    editor = make_first_editor("olga@example.org")
    assert AuditAct.objects.get().subject == editor.public_id


def test_the_admins_log_does_not_keep_a_members_name(as_superuser: Client, member: User) -> None:
    as_superuser.post(f"/admin/accounts/user/{member.pk}/change/", rights(is_staff="on"))
    entry = LogEntry.objects.get()
    assert entry.object_repr == str(member.public_id)
    assert "Heron" not in entry.change_message
