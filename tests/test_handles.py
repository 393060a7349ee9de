"""Public names: what may be one, and when two look alike."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts import handles
from accounts.models import User


@pytest.mark.parametrize(
    "handle",
    [
        "Anna",
        "José",
        "J. Smith",
        "R2-D2",
        "O’Brien",
        "Мария",
        "Μαρία",
        "小明たち",
        "नमस्ते जी",
        "نور الدين",
    ],
)
def test_names_of_all_scripts_are_welcome(handle: str) -> None:
    handles.validate(handle)


@pytest.mark.parametrize(
    "handle",
    [
        "ab",
        "a" * 31,
        "zero\u200bwidth",
        "right\u202eleft",
        "soft\u00adhyphen",
        "\u3164\u3164\u3164",
        "tag\U000e0041",
        "nul\x00nul",
        "lone\ud800surrogate",
        "аnna with a Cyrillic letter",
        "Μario",
        "me@example.org",
        "example.org",
        "www example",
        "https-anna",
        "a\u0315\u0316\u0317b\u0315\u0316\u0317c",
        "smile 😀",
        "--anna--",
        "anna__b",
    ],
)
def test_names_that_hide_something_are_refused(handle: str) -> None:
    with pytest.raises(ValidationError):
        handles.validate(handle)


@pytest.mark.parametrize(
    "handle",
    [
        "Admin",
        "adm1n",
        "Ⓐⓓⓜⓘⓝ",
        "Doctor Smith",
        "DoctorSmith",
        "dr. jones",
        "Nurse-Nora",
        "Bedside",
        "Bedside Team",
        "B e d s i d e",
        "bedslde",
        "Former Member",
        "deleted",
        "The Moderator",
        "rnoderator",
        "help",
    ],
)
def test_nobody_takes_a_name_that_speaks_for_the_site_or_a_profession(handle: str) -> None:
    with pytest.raises(ValidationError):
        handles.validate(handle)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Quiet Heron", "quietheron"),
        ("Quiet Heron", "QUIET_HERON"),
        ("Quiet Heron", "Qu1et Heron"),
        ("corner", "comer"),
        ("Bobo", "B0b0"),
        ("Сорока", "Copoka"),
        ("José", "Jose"),
        ("ﬁnch", "finch"),
        ("Straße", "Strasse"),
    ],
)
def test_names_that_look_alike_have_one_key(one: str, other: str) -> None:
    assert handles.fold(one) == handles.fold(other)


@given(st.text(max_size=40))
def test_any_text_is_answered_and_a_valid_name_fits_its_columns(text: str) -> None:
    try:
        handles.validate(text)
    except ValidationError:
        return
    assert 3 <= len(handles.clean(text)) <= 30
    assert 1 <= len(handles.fold(text)) <= 60
    assert handles.fold(handles.clean(text)) == handles.fold(text)


@pytest.mark.django_db
def test_proposals_are_free_and_valid(make_user: object, monkeypatch: pytest.MonkeyPatch) -> None:
    for _try in range(50):
        handles.validate(handles.propose())
    monkeypatch.setattr(handles, "ADJECTIVES", "Quiet")
    monkeypatch.setattr(handles, "NOUNS", "Heron")
    assert handles.propose() == "Quiet Heron"
    make_user("Quiet Heron")  # type: ignore[operator]
    assert handles.propose().startswith("Quiet Heron ")


def test_a_member_changes_their_name_and_other_apps_hear_it(
    as_member: Client, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(
        apps.get_app_config("accounts"),
        "handle_changed",
        lambda user: heard.append(user.handle),
        raising=False,
    )
    answer = as_member.post("/accounts/handle/", {"handle": "  Sunny   Otter "}, follow=True)
    assert answer.redirect_chain == [("/accounts/", 302)]
    assert "From now on you are Sunny Otter here." in answer.content.decode()
    member.refresh_from_db()
    assert (member.handle, member.handle_key) == ("Sunny Otter", "sunnyotter")
    assert heard == ["Sunny Otter"]


def test_a_name_that_somebody_has_is_refused(
    as_member: Client, member: User, another_member: User
) -> None:
    answer = as_member.post("/accounts/handle/", {"handle": another_member.handle.upper()})
    assert b"Someone has this name already" in answer.content
    member.refresh_from_db()
    assert member.handle == "Quiet Heron"


def test_the_same_name_may_be_written_differently(as_member: Client, member: User) -> None:
    as_member.post("/accounts/handle/", {"handle": "quiet heron"})
    member.refresh_from_db()
    assert member.handle == "quiet heron"


def test_a_signed_out_visitor_is_sent_to_log_in_first(client: Client, db: None) -> None:
    assert client.get("/accounts/handle/").url == "/accounts/login/?next=/accounts/handle/"
