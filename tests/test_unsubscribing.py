"""The way out of mail: without logging in, by a button or a provider's one click (RFC 8058)."""

import re

import pytest
from django.core import signing
from django.test import Client

from accounts.models import User
from comments.models import NotificationChoice
from comments.telling import unsubscribing

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def way_out(user: User, *kinds: str) -> str:
    address = unsubscribing.address(user, kinds)
    return address.removeprefix("http://localhost:8000")


def off(user: User) -> set[str]:
    chosen = NotificationChoice.objects.of(user)
    return {kind for kind, delivery in chosen.items() if delivery == "off"}


@pytest.fixture
def strict() -> Client:
    """A client without cookies whose requests are checked as in production."""
    return Client(enforce_csrf_checks=True)


def test_following_the_link_changes_nothing(member: User, strict: Client) -> None:
    for _time in range(2):
        page = strict.get(way_out(member, "reply"))
        assert page.status_code == 200
    assert "Somebody answered my comment" in page.text
    assert off(member) == set()
    assert not strict.cookies


def test_a_mail_provider_ends_it_by_one_click(member: User, strict: Client) -> None:
    answer = strict.post(way_out(member, "reply"), ONE_CLICK)
    assert answer.status_code == 200  # a redirect would not do: RFC 8058, section 3.1
    assert off(member) == {"reply"}
    assert not strict.cookies


def test_one_click_ends_all_kinds_that_the_mail_told(member: User, strict: Client) -> None:
    strict.post(way_out(member, "reply", "followed"), ONE_CLICK)
    assert off(member) == {"reply", "followed"}


def test_the_page_offers_to_end_all_mail_about_news(member: User, strict: Client) -> None:
    page = strict.get(way_out(member, "reply")).text
    assert re.findall(r'name="what" value="(\w+)"', page) == ["kind", "all"]
    strict.post(way_out(member, "reply"), {"what": "all"})
    assert len(off(member)) == 9


def test_pressing_again_shows_the_same_page_and_nothing_else_happens(
    member: User, strict: Client
) -> None:
    first = strict.post(way_out(member, "reply"), ONE_CLICK).text
    assert strict.post(way_out(member, "reply"), ONE_CLICK).text == first
    assert off(member) == {"reply"}


def test_the_link_ends_nobody_elses_mail(
    member: User, another_member: User, as_another_member: Client
) -> None:
    as_another_member.post(way_out(member, "reply"), ONE_CLICK)
    assert off(another_member) == set()
    assert off(member) == {"reply"}


def test_the_page_says_nothing_of_whose_mail_it_is(member: User, client: Client) -> None:
    page = client.get(way_out(member, "reply")).text
    assert member.handle not in page
    assert member.email not in page
    assert str(member.pk) not in way_out(member, "reply").partition(".")[0].split("/")


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_we_did_not_sign_is_not_found(
    member: User, another_member: User, strict: Client, method: str
) -> None:
    real = way_out(member, "reply")
    theirs = real.replace(member.public_id.hex, another_member.public_id.hex)
    more = real.replace(".reply", ".reply.decision")
    other_salt = signing.Signer(salt="other").sign(f"{member.public_id.hex}.reply")
    forged = [real[:-3] + "/", theirs, more, f"/accounts/unsubscribe/{other_salt}/"]
    for path in (*forged, "/accounts/unsubscribe/x/", "/accounts/unsubscribe/::/"):
        answer = getattr(strict, method)(path)
        assert answer.status_code == 404
    assert off(member) == off(another_member) == set()


def test_the_link_of_somebody_who_left_shows_the_same_page(member: User, strict: Client) -> None:
    path = way_out(member, "reply")
    before = strict.post(path, ONE_CLICK).text
    User.objects.filter(pk=member.pk).update(is_active=False, erased_at="2026-01-01T00:00Z")
    NotificationChoice.objects.all().delete()
    assert strict.post(path, ONE_CLICK).text == before
    assert not NotificationChoice.objects.exists()


def test_the_page_is_kept_nowhere_and_found_by_nobody(member: User, client: Client) -> None:
    answer = client.get(way_out(member, "reply"))
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert client.put(way_out(member, "reply")).status_code == 405


# --- the page of choices --------------------------------------------------------------------------

CHOICES = "/accounts/notifications/"


def filled(client: Client) -> dict[str, str]:
    return dict(client.get(CHOICES).context["form"].initial)


def test_a_member_chooses_for_each_kind(as_member: Client, member: User) -> None:
    form = filled(as_member)
    assert form["reply"] == "digest"
    answer = as_member.post(CHOICES, {**form, "reply": "instant", "official": "off"}, follow=True)
    assert "Your choices are saved." in answer.text
    assert NotificationChoice.objects.of(member) == {**form, "reply": "instant", "official": "off"}
    assert "asked" not in answer.context["form"].fields


@pytest.mark.parametrize("change", [{"reply": "hourly"}, {"reply": ""}])
def test_a_choice_that_is_none_is_not_saved(
    as_member: Client, member: User, change: dict[str, str]
) -> None:
    answer = as_member.post(CHOICES, {**filled(as_member), "official": "off", **change})
    assert answer.status_code == 400
    assert off(member) == set()


def test_a_signed_out_visitor_logs_in_before_choosing(client: Client) -> None:
    for answer in (client.get(CHOICES), client.post(CHOICES, {"reply": "off"})):
        assert answer.headers["Location"] == f"/accounts/login/?next={CHOICES}"


def test_the_account_links_the_choices(as_member: Client) -> None:
    assert f'href="{CHOICES}"' in as_member.get("/accounts/").text
