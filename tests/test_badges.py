"""A member's badges: asked for, given back, and shown on the comments they chose."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import AuditAct, User
from articles.models import Article, Category
from articles.models.immutable import ImmutableError
from comments.models import Badge
from comments.models.badge import years_from_now
from tests.badges import ASK, LIST, REQUEST, WORDS, asked, granted, wear
from tests.discussing import say
from tests.test_page_cost import queries_of

pytestmark = pytest.mark.django_db

NOVEMBER = "2026-11-22T10:00:00Z"


# --- the page of one's badges ---------------------------------------------------------------------


def test_the_page_of_badges_is_found_from_the_settings(as_member: Client) -> None:
    assert f'href="{LIST}"' in as_member.get("/accounts/").text
    page = as_member.get(LIST)
    assert "You have none." in page.text
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.parametrize("address", [LIST, f"{LIST}ask/", f"{LIST}{{}}/give-back/"])
def test_a_signed_out_visitor_is_sent_to_log_in(client: Client, member: User, address: str) -> None:
    answer = client.get(address.format(asked(member).pk))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/?next=/accounts/badges/")


def test_the_page_says_how_each_badge_stands(
    as_member: Client, member: User, moderator: User
) -> None:
    with time_machine.travel(NOVEMBER, tick=False) as clock:
        as_member.force_login(member)
        refused = asked(member, profession="surgeon")
        assert "You asked for it on 22 November 2026; nobody" in as_member.get(LIST).text
        refused.refuse(by=moderator, reason="The entry says podiatrist.")
        taken = granted(member, moderator, profession="nurse")
        taken.take_back(by=moderator, reason="The register struck it off.")
        asked(member, profession="dietitian").give_back(by=member)
        granted(member, moderator, profession="optician").give_back(by=member)
        granted(member, moderator, expires_on=years_from_now(1))
        asked(member, profession="midwife").mark_checked(by=moderator)
        page = as_member.get(LIST).text
        for sentence in (
            "It was refused on 22 November 2026: The entry says podiatrist.",
            "It was taken back on 22 November 2026: The register struck it off.",
            "You took the request back on 22 November 2026.",
            "You gave it back on 22 November 2026.",
            "It is granted until 22 November 2027.",
            "somebody has looked at the register, and it waits to be granted.",
        ):
            assert sentence in page
        clock.shift(timedelta(days=366))
        as_member.force_login(member)
        page = as_member.get(LIST).text
        assert "It lapsed after 22 November 2027; you can ask for a new one." in page
        assert "It is granted until" not in page


def test_the_page_shows_nobody_elses_badges(
    as_another_member: Client, member: User, moderator: User
) -> None:
    badge = granted(member, moderator)
    assert "physiotherapist" not in as_another_member.get(LIST).text
    for deed in ("give-back", "number"):
        assert as_another_member.get(f"{LIST}{badge.pk}/{deed}/").status_code == 404
        assert as_another_member.post(f"{LIST}{badge.pk}/{deed}/").status_code == 404
    badge.refresh_from_db()
    assert badge.is_in_force
    assert not badge.shows_number


def test_the_page_costs_the_same_with_many_badges(
    as_member: Client, member: User, moderator: User
) -> None:
    granted(member, moderator)
    few = len(queries_of(as_member, LIST))
    for _number in range(4):
        granted(member, moderator, topics=[Category.objects.at(["Health"])])
    assert len(queries_of(as_member, LIST)) == few


# --- asking ---------------------------------------------------------------------------------------


def test_a_member_asks_for_a_badge(as_member: Client, member: User) -> None:
    assert 'name="evidence"' in as_member.get(ASK).text
    answer = as_member.post(ASK, {**REQUEST, "shows_number": "on"}, follow=True)
    assert "Your request is with the people who check badges." in answer.text
    badge = Badge.objects.get()
    assert (badge.user, badge.number, badge.shows_number) == (member, "PH-77123", True)
    assert badge.is_waiting


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("profession", " \u200b ", "Say which profession you are registered in."),
        ("number", "", "Type your number in that register."),
        ("number", "9" * 61, "at most 60 characters"),
        ("register_url", "javascript:alert(1)", "Enter a valid URL."),
        ("register_url", "ftp://register.example/51", "Enter a valid URL."),
        ("evidence", "x" * 2_001, "at most 2000 can be posted."),
    ],
)
def test_bad_input_is_explained_and_the_words_are_kept(
    as_member: Client, field: str, value: str, sentence: str
) -> None:
    answer = as_member.post(ASK, {**REQUEST, field: value})
    assert answer.status_code == 400
    assert sentence in answer.text
    assert 'value="HCPC"' in answer.text or field == "register"
    assert not Badge.objects.exists()


def test_words_survive_an_ended_session_and_an_ended_token(member: User, client: Client) -> None:
    answer = client.post(ASK, REQUEST)
    assert answer.status_code == 403
    assert "Your words are still here" in answer.text
    assert "Elm Street clinic" in answer.text

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(member)
    answer = strict.post(ASK, REQUEST)
    assert answer.status_code == 403
    assert "Elm Street clinic" in answer.text
    answer = strict.post(ASK, REQUEST, headers={"Sec-Fetch-Site": "cross-site"})
    assert "Elm Street clinic" not in answer.text
    assert not Badge.objects.exists()


def test_one_request_at_a_time(as_member: Client, member: User) -> None:
    asked(member)
    assert as_member.get(ASK).status_code == 302
    answer = as_member.post(ASK, {**REQUEST, "profession": "nurse"})
    assert answer.status_code == 400
    assert "You have asked for a badge already." in answer.text
    assert 'value="nurse"' in answer.text
    assert Badge.objects.count() == 1


def test_three_requests_a_month(as_member: Client, member: User) -> None:
    with time_machine.travel(NOVEMBER, tick=False) as clock:
        as_member.force_login(member)
        for _number in range(3):
            assert as_member.post(ASK, REQUEST).status_code == 302
            Badge.objects.get(ended_at=None).give_back(by=member)
        answer = as_member.post(ASK, REQUEST)
        assert answer.status_code == 429
        assert "Retry-After" in answer.headers
        assert "Elm Street clinic" in answer.text
        clock.shift(timedelta(days=30))
        as_member.force_login(member)
        assert as_member.post(ASK, REQUEST).status_code == 302


def test_an_unconfirmed_address_asks_for_nothing(as_member: Client, member: User) -> None:
    EmailAddress.objects.filter(user=member).update(verified=False)
    assert "Please confirm your e-mail address" in as_member.get(LIST).text
    assert as_member.post(ASK, REQUEST).status_code == 400
    assert not Badge.objects.exists()


# --- giving back ----------------------------------------------------------------------------------


def test_a_badge_is_given_back_after_a_question(
    as_member: Client, member: User, moderator: User, article: Article
) -> None:
    badge = granted(member, moderator)
    comment = wear(badge, say(member, article))
    address = f"{LIST}{badge.pk}/give-back/"
    assert "Give the badge back?" in as_member.get(address).text
    assert Badge.objects.in_force().exists()

    assert "You gave it back on" in as_member.post(address, follow=True).text
    assert not Badge.objects.in_force().exists()
    assert WORDS in as_member.get(comment.get_absolute_url(), follow=True).text
    assert "has ended already" in as_member.post(address, follow=True).text


def test_a_request_is_taken_back(as_member: Client, member: User) -> None:
    badge = asked(member)
    page = as_member.post(f"{LIST}{badge.pk}/give-back/", follow=True)
    assert "You took the request back on" in page.text
    assert not Badge.objects.waiting().exists()


# --- its field, its time, its words ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("topic", "covered"),
    [
        ("Health", True),
        ("Health/Recovery", True),
        ("Health/Recovery/Knees", False),
        ("Heal", False),  # its path is how the other begins
        ("Food", False),
    ],
)
def test_a_badge_covers_its_topics_and_all_below_them(
    member: User, moderator: User, article: Article, topic: str, covered: bool
) -> None:
    badge = granted(member, moderator, topics=[Category.objects.at(topic.split("/"))])
    assert badge.covers(article) is covered


def test_a_badge_without_topics_covers_everything(
    member: User, moderator: User, article: Article
) -> None:
    assert granted(member, moderator).covers(article)


def test_a_badge_lapses_by_itself(member: User, moderator: User) -> None:
    with time_machine.travel(NOVEMBER, tick=False) as clock:
        badge = granted(member, moderator, expires_on=years_from_now(1))
        clock.shift(timedelta(days=365))
        assert badge.is_in_force
        assert Badge.objects.in_force().exists()
        clock.shift(timedelta(days=1))
        assert not badge.is_in_force
        assert not Badge.objects.in_force().exists()
        assert Badge.objects.lapsed().exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("profession", "surgeon"),
        ("register", "GMC"),
        ("number", "1"),
        ("jurisdiction", "France"),
        ("register_url", "https://register.example/entry/52"),
        ("checked_at", None),
        ("expires_on", years_from_now(2)),
        ("user_id", -1),
    ],
)
def test_a_granted_badge_keeps_what_it_says(
    member: User, moderator: User, name: str, value: Any
) -> None:
    badge = granted(member, moderator)
    setattr(badge, name, value)
    with pytest.raises(ImmutableError):
        badge.save()
    with pytest.raises(ImmutableError):
        badge.save(update_fields=[name.removesuffix("_id")])
    with pytest.raises(ImmutableError):
        Badge.objects.filter(pk=badge.pk).update(**{name.removesuffix("_id"): value})
    badge.refresh_from_db()
    badge.save()


def test_what_tells_who_it_was_goes_with_its_holder(
    member: User, another_member: User, moderator: User
) -> None:
    theirs = granted(another_member, moderator)
    granted(member, moderator, shows_number=True, topics=[Category.objects.at(["Health"])])
    asked(member).refuse(by=moderator, reason="Quiet Heron is another one.")
    asked(member)
    Badge.objects.forget(member)
    left = Badge.objects.filter(user=member)
    assert [badge.is_in_force or badge.is_waiting for badge in left] == [False] * 3
    assert not Badge.topics.through.objects.filter(badge__in=left).exists()
    for word in ("physio", "HCPC", "77123", "Kingdom", "register.example", "Elm", "Heron"):
        assert word not in str(list(left.values()))
    theirs.refresh_from_db()
    assert theirs.number


def test_the_acts_hold_no_name_and_no_number(member: User, moderator: User) -> None:
    badge = granted(member, moderator)
    badge.take_back(by=moderator, reason="Quiet Heron is not PH-77123.", was_false=True)
    asked(member).refuse(by=moderator, reason="Quiet Heron again.")
    asked(member).give_back(by=member)
    deeds = [
        *("badge.asked", "badge.checked", "badge.granted", "badge.taken_back"),
        *("badge.asked", "badge.refused", "badge.asked", "badge.given_back"),
    ]
    acts = AuditAct.objects.order_by("pk")
    assert [act.deed for act in acts] == deeds
    assert {act.subject for act in acts} == {member.public_id}
    assert acts[2].actor == moderator.public_id
    kept = str(list(acts.values())).casefold()
    for word in ("heron", "77123", "physio", "hcpc", "elm street"):
        assert word not in kept
