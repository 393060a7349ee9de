"""/help/: a number to call stands there first, always, and one that nobody checked does not."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from articles.models import HelpLine, Page
from tests.desk import filled

pytestmark = pytest.mark.django_db

LINES = "/admin/articles/helpline/"


@pytest.fixture(autouse=True)
def _checked_lately() -> None:
    """The starters bear the day on which they were written; these tests are run for longer."""
    HelpLine.objects.update(checked_on=timezone.localdate())


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def numbers(page: str) -> list[str]:
    """Return what the page can dial, in its order."""
    return re.findall(r'href="tel:([^"]+)"', page)


def line(**fields: object) -> HelpLine:
    usual = {"country": "GB", "kind": "crisis", "name": "Night Line", "number": "0800 999 111"}
    return HelpLine.objects.create(**{**usual, "checked_on": timezone.localdate(), **fields})


# --- what readers see ---------------------------------------------------------------------------


def test_the_number_of_the_sites_country_comes_first(client: Client, settings: Settings) -> None:
    settings.COUNTRY = "GB"
    page = text_of(client, "/help/")
    main = page[page.index("<main") :]
    assert numbers(main)[:2] == ["999", "116123"]
    assert main.index("tel:999") < main.index("cannot be woken")
    assert "United Kingdom" in main


def test_without_a_country_it_says_what_to_dial_in_most_places(
    client: Client, settings: Settings
) -> None:
    settings.COUNTRY = ""
    assert numbers(text_of(client, "/help/"))[:2] == ["112", "911"]


def test_a_country_without_an_emergency_number_gets_the_same(
    client: Client, settings: Settings
) -> None:
    settings.COUNTRY = "KE"
    line(country="KE", number="1190")
    assert numbers(text_of(client, "/help/"))[:3] == ["112", "911", "1190"]


def test_it_is_not_empty_when_there_is_no_line_at_all(client: Client, settings: Settings) -> None:
    settings.COUNTRY = "GB"
    HelpLine.objects.all().delete()
    page = text_of(client, "/help/")
    assert numbers(page)[:2] == ["112", "911"]
    assert "<select" not in page


def test_somebody_chooses_another_country_without_javascript(
    client: Client, settings: Settings
) -> None:
    settings.COUNTRY = "GB"
    page = text_of(client, "/help/")
    assert re.search(r'<form[^>]* action="/help/"', page)
    assert '<option value="ES">' in page
    chosen = text_of(client, "/help/?country=ES")
    assert numbers(chosen)[:2] == ["112", "024"]
    assert '<option value="ES" selected>' in chosen
    assert numbers(text_of(client, "/help/"))[0] == "999"


def test_no_country_is_offered_as_if_somebody_had_chosen_it(
    client: Client, settings: Settings
) -> None:
    settings.COUNTRY = ""
    for address in ("/help/", "/help/?country="):
        page = text_of(client, address)
        assert '<option value="">Choose a country</option>' in page
        assert numbers(page)[:2] == ["112", "911"]
        assert "We have no numbers" not in page


@pytest.mark.parametrize("asked", ["XX", "Atlantis", "<script>", "%F0%9F%92%A9"])
def test_a_country_we_do_not_know_still_gets_numbers(
    client: Client, settings: Settings, asked: str
) -> None:
    settings.COUNTRY = "GB"
    page = text_of(client, f"/help/?country={asked}")
    assert numbers(page)[0] == "999"
    assert "We have no numbers for the country you chose." in page
    assert "<script>" not in page


def test_small_letters_name_a_country_as_well(client: Client) -> None:
    assert numbers(text_of(client, "/help/?country=nz"))[:2] == ["111", "1737"]


def test_only_addresses_that_the_chooser_makes_are_kept(client: Client) -> None:
    for asked in ("country=XX", "country=gb", "country=GB&country=ES", "a=1", "country=GB&a=1"):
        client.get(f"/help/?{asked}")
    assert not caches["pages"]._cache  # type: ignore[attr-defined]
    client.get("/help/?country=GB")
    assert len(caches["pages"]._cache) == 1  # type: ignore[attr-defined]


def test_a_number_is_only_dialled_when_a_telephone_can(client: Client) -> None:
    line(country="KE", number="text HOME to 741741", name="Text Line")
    line(country="KE", number="+254 (722) 178-177", name="By Telephone", url="https://ke.example/")
    page = text_of(client, "/help/?country=KE")
    assert "text HOME to 741741" in page
    assert numbers(page)[2:] == ["+254722178177"]
    assert 'href="https://ke.example/"' in page


def test_what_staff_write_of_a_line_is_shown_as_text(client: Client) -> None:
    line(country="KE", name="<b>Bold</b>", hours="<i>", note="javascript:x", number="javascript:1")
    page = text_of(client, "/help/?country=KE")
    assert "<b>Bold" not in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize(
    "address", ["/", "/topics/", "/search/", "/about/rules/", "/accounts/login/"]
)
def test_every_page_leads_there(client: Client, address: str) -> None:
    assert 'href="/help/"' in text_of(client, address)


# --- a year later -------------------------------------------------------------------------------


def test_a_line_that_nobody_checked_for_a_year_hides_by_itself(client: Client) -> None:
    line(country="KE", number="1190")
    page = client.get("/help/?country=KE")
    assert "1190" in page.content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=364)):
        assert "1190" in text_of(client, "/help/?country=KE")
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        later = client.get("/help/?country=KE", headers={"If-None-Match": page.headers["ETag"]})
        assert later.status_code == 200
        assert "1190" not in later.content.decode()


def test_when_all_are_old_the_page_says_what_to_dial_in_most_places(
    client: Client, settings: Settings
) -> None:
    settings.COUNTRY = "GB"
    HelpLine.objects.update(checked_on=timezone.localdate() - timedelta(days=365))
    assert numbers(text_of(client, "/help/"))[:2] == ["112", "911"]


def test_staff_are_asked_to_check_it_again(as_editor: Client, as_moderator: Client) -> None:
    HelpLine.objects.update(checked_on=timezone.localdate())
    assert "Helplines to check again" not in text_of(as_editor, "/admin/")
    old = line(checked_on=timezone.localdate() - timedelta(days=365))
    for desk in (as_editor, as_moderator):
        page = text_of(desk, "/admin/")
        assert "Helplines to check again" in page
        assert "1 line is not shown" in page
    listed = text_of(as_editor, f"{LINES}?state=to_recheck")
    assert listed.count('class="field-number') == 1
    assert old.number in listed


def test_a_line_that_was_called_is_shown_for_another_year(
    as_moderator: Client, client: Client
) -> None:
    old = line(country="KE", number="1190", checked_on=timezone.localdate() - timedelta(days=400))
    before = client.get("/help/?country=KE").headers["ETag"]
    as_moderator.post(LINES, {"action": "checked_today", "_selected_action": [old.pk]})
    again = client.get("/help/?country=KE", headers={"If-None-Match": before})
    assert "1190" in again.content.decode()
    assert "Helplines to check again" not in text_of(as_moderator, "/admin/")


# --- keeping them -------------------------------------------------------------------------------


def test_a_new_number_is_on_the_page_at_once(as_moderator: Client, client: Client) -> None:
    client.get("/help/?country=GB")
    changed = HelpLine.objects.get(country="GB", name="Samaritans")
    address = f"{LINES}{changed.pk}/change/"
    as_moderator.post(address, filled(as_moderator.get(address), "helpline_form", number="116 124"))
    assert "116124" in numbers(text_of(client, "/help/?country=GB"))


def test_two_people_do_not_overwrite_each_other(as_editor: Client, as_moderator: Client) -> None:
    changed = HelpLine.objects.get(country="GB", name="Samaritans")
    address = f"{LINES}{changed.pk}/change/"
    slow = filled(as_moderator.get(address), "helpline_form", note="Slow.")
    as_editor.post(address, filled(as_editor.get(address), "helpline_form", note="Fast."))
    answer = as_moderator.post(address, slow)
    assert "Nothing was saved" in answer.content.decode()
    changed.refresh_from_db()
    assert changed.note == "Fast."


@pytest.mark.parametrize(
    ("field", "value"), [("country", "G1"), ("country", "Ω1"), ("checked_on", "2999-01-01")]
)
def test_what_cannot_be_is_refused(as_editor: Client, field: str, value: str) -> None:
    sent = filled(
        as_editor.get(f"{LINES}add/"), "helpline_form", name="N", number="1", country="gb"
    )
    sent |= {"kind": "crisis", "checked_on": "2026-11-01", field: value}
    with time_machine.travel("2026-11-22"):
        assert as_editor.post(f"{LINES}add/", sent).status_code == 200
    assert not HelpLine.objects.filter(name="N").exists()


def test_who_does_not_keep_them_sees_none(as_author: Client, as_member: Client) -> None:
    assert as_author.get(LINES).status_code == 403
    assert as_member.get(LINES).status_code == 302


def test_a_moderator_deletes_none(as_moderator: Client, as_editor: Client) -> None:
    pk = HelpLine.objects.values_list("pk", flat=True)[0]
    assert as_moderator.get(f"{LINES}{pk}/delete/").status_code == 403
    assert as_editor.get(f"{LINES}{pk}/delete/").status_code == 200


# --- starters -----------------------------------------------------------------------------------


def test_a_new_site_has_numbers_and_keeps_what_staff_took_away() -> None:
    assert HelpLine.objects.countries().count("GB") == 1
    assert len(HelpLine.objects.countries()) >= 20
    HelpLine.objects.exclude(country="GB").delete()
    call_command("migrate", verbosity=0)
    assert set(HelpLine.objects.values_list("country", flat=True)) == {"GB"}
    HelpLine.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert HelpLine.objects.count() > 100


def test_every_country_that_comes_along_has_an_emergency_number_and_a_name() -> None:
    from articles.countries import NAMES

    for country in set(HelpLine.objects.values_list("country", flat=True)):
        kinds = HelpLine.objects.of_country(country).values_list("kind", flat=True)
        assert kinds[0] == "emergency", country
        assert country in NAMES
    for one in HelpLine.objects.all():
        one.full_clean()
        assert one.tel, one


def test_the_page_is_found_whatever_became_of_its_text(client: Client) -> None:
    Page.objects.filter(slug="help").update(text="", summary="")
    assert numbers(text_of(client, "/help/"))
