"""What members do with what is theirs: names, a badge, their data, and leaving."""

import json
import re
import zipfile
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.moderating import comment_with, is_known
from tests.browser.places import EDITOR, MODERATOR, PASSWORD, sign_up, type_code
from tests.browser.trial import Trial, wait_until

pytestmark = pytest.mark.browser

Visitor = Callable[..., Page]

ARTICLE = "/articles/is-it-a-cold-or-flu/"
ANOTHER_ARTICLE = "/articles/wide/"
A_THIRD_ARTICLE = "/articles/arabic/"

numbers = count(1)


def join(trial: Trial, visitor: Visitor, **options: object) -> tuple[Page, str, str]:
    """Sign up somebody whose comments do not wait; return their page, address and handle."""
    page, email = visitor(**options), f"joiner-{next(numbers)}@members.example"
    page.goto("/accounts/signup/")
    handle = page.get_by_label("Public name").input_value()
    sign_up(page, email)
    type_code(page, trial.code_for(email))
    page.get_by_role("link", name="Log out").wait_for()
    is_known(trial, email)
    return page, email, handle


def say(page: Page, article: str, words: str, *, only_here: bool = False) -> str:
    """Post a comment; return the name under which it stands."""
    page.goto(f"{article}comments/new/")
    page.get_by_label("Your comment").fill(words)
    if only_here:
        page.get_by_text("change", exact=True).click()
        page.get_by_label("A name used only in this discussion").check()
    page.get_by_role("button", name="Post comment").click()
    return comment_with(page, words).get_by_role("heading").inner_text()


def confirm_identity(page: Page, password: str = PASSWORD) -> None:
    """Type the password again where a page asks for it; it does not right after log-in."""
    if page.get_by_role("button", name="Go on").count():
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Go on").click()


def test_a_reader_signs_up_with_a_passkey_and_comes_back_with_it(
    trial: Trial, visitor: Visitor
) -> None:
    page, email = visitor(), "passkey@members.example"
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    authenticator = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": authenticator})

    page.goto(f"/accounts/signup/?next={ARTICLE}")
    page.get_by_role("link", name="Sign up with a passkey").click()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("years old or older").check()
    page.get_by_label("I know that comments are public").check()
    handle = page.get_by_label("Public name").input_value()
    page.get_by_role("button", name="Sign up").click()
    type_code(page, trial.code_for(email))
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url(f"**{ARTICLE}")
    expect(page.locator("#discussion")).to_contain_text(f"Commenting as {handle}")

    page.goto("/accounts/")
    expect(page.get_by_text(email)).to_be_visible()
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Log out").click()
    page.wait_for_url(f"{trial.url}/")
    page.go_back()
    page.go_back()
    page.wait_for_load_state()
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    expect(page.get_by_text(email)).to_have_count(0)

    page.goto(f"/accounts/login/?next={ARTICLE}")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url(f"**{ARTICLE}")
    expect(page.locator("#discussion")).to_contain_text(f"Commenting as {handle}")


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_a_member_speaks_under_a_name_that_is_used_only_here(
    trial: Trial, visitor: Visitor, javascript: bool
) -> None:
    page, _email, handle = join(trial, visitor, java_script_enabled=javascript)
    words = f"Nobody shall know that this is me, {next(numbers)}."
    name = say(page, ARTICLE, words, only_here=True)
    assert name != handle
    expect(comment_with(page, words)).to_contain_text("name used only here")

    stranger = visitor(java_script_enabled=javascript)
    stranger.goto(page.url)
    expect(comment_with(stranger, words)).to_contain_text(name)
    assert handle not in stranger.content()

    page.goto(f"{ARTICLE}comments/new/")
    expect(page.get_by_label("A name used only in this discussion")).to_be_checked()
    expect(page.get_by_label("A name used only in this discussion")).to_be_visible()
    assert say(page, ANOTHER_ARTICLE, f"Here it may be known, {next(numbers)}.") == handle


def test_a_professional_asks_for_a_badge_and_shows_it(trial: Trial, visitor: Visitor) -> None:
    page, email, handle = join(trial, visitor)
    page.goto("/accounts/badges/")
    page.get_by_role("link", name="Ask for a badge").click()
    page.get_by_label("Profession").fill("physiotherapist")
    page.get_by_label("Register", exact=True).fill("HCPC")
    page.get_by_label("Registration number").fill("PH12345")
    page.get_by_label("Country or state").fill("United Kingdom")
    page.get_by_label("Web address of your entry").fill("https://register.example.org/PH12345")
    page.get_by_label("How we can tell that it is you").fill("Write to my ward’s address.")
    page.get_by_role("button", name="Send request").click()
    expect(page.get_by_role("main")).to_contain_text("nobody has looked at the register yet")

    decide(visitor(MODERATOR), handle, "Check the entry", "The entry is theirs")
    decide(visitor(EDITOR), handle, "Grant this badge", "Grant")
    wait_until(lambda: any("badge" in mail for mail in trial.mails_to(email)))

    words = f"Move it gently, and often, {next(numbers)}."
    page.goto(f"{ARTICLE}comments/new/")
    page.get_by_label("Your comment").fill(words)
    page.get_by_text("More choices").click()
    page.get_by_label(re.compile("Post as physiotherapist, HCPC-registered")).check()
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_role("main")).to_contain_text("Say what interests you have")
    page.get_by_label("Your interests").fill("None")
    page.get_by_role("button", name="Post comment").click()
    shown = comment_with(page, words)
    expect(shown).to_contain_text("posting as physiotherapist, HCPC-registered, checked")
    expect(shown).not_to_contain_text("PH12345")


def decide(staff: Page, handle: str, deed: str, button: str) -> None:
    """Do one of the deeds on the badge that somebody asked for; two people do one each."""
    staff.goto(f"/admin/comments/badge/?q={handle}")
    staff.locator("#result_list tbody th a").click()
    staff.get_by_role("button", name=deed).click()
    staff.get_by_role("main").get_by_role("button", name=button, exact=True).click()
    expect(staff.locator(".messagelist")).to_be_visible()


def test_a_member_takes_their_data_along(
    trial: Trial, visitor: Visitor, browser: Browser, tmp_path: Path
) -> None:
    page, email, handle = join(trial, visitor)
    words = f"These words come along, {next(numbers)}."
    say(page, ARTICLE, words)
    page.goto("/accounts/data/")
    confirm_identity(page)
    expect(page.get_by_role("main")).to_contain_text(words)
    page.get_by_role("button", name="Make a copy of my data").click()
    wait_until(lambda: any("/accounts/data/" in mail for mail in trial.mails_to(email)))
    page.reload()
    confirm_identity(page)
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Fetch your data").click()
    fetched.value.save_as(tmp_path / "data.zip")

    with zipfile.ZipFile(tmp_path / "data.zip") as archive:
        archive.extractall(tmp_path)
    data = json.loads((tmp_path / "data.json").read_text())
    assert any(words in json.dumps(row) for rows in data.values() for row in rows)
    file = tmp_path / "index.html"
    asked = opened_from_disk(browser, file, words, handle)
    assert asked == {file.as_uri(), (tmp_path / "style.css").as_uri()}


def opened_from_disk(browser: Browser, file: Path, *words: str) -> set[str]:
    """Open a file as its owner does, who reads `words` there; return all that was asked for."""
    with browser.new_context() as context:
        page, asked = context.new_page(), set[str]()
        page.on("request", lambda request: asked.add(request.url))
        page.goto(file.as_uri())
        for text in words:
            expect(page.locator("body")).to_contain_text(text)
    return asked


@pytest.mark.parametrize("fate", ["keep", "withdraw", "erase"])
def test_a_member_leaves(trial: Trial, visitor: Visitor, fate: str) -> None:
    page, email, handle = join(trial, visitor, java_script_enabled=fate != "withdraw")
    words = f"I was here, and it was {fate}, {next(numbers)}."
    say(page, A_THIRD_ARTICLE, words)
    discussion = page.url
    page.goto("/accounts/leave/")
    confirm_identity(page)
    page.locator(f'input[value="{fate}"]').check()
    page.get_by_role("button", name="Leave in 24 hours").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are leaving")
    page.get_by_role("button", name="Stay").click()
    page.goto("/accounts/leave/")
    confirm_identity(page)
    page.locator(f'input[value="{fate}"]').check()
    page.get_by_role("button", name="Leave in 24 hours").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are leaving")

    a_day_passes(trial, email)
    wait_until(lambda: any("closed and emptied, and" in mail for mail in trial.mails_to(email)))
    page.goto(discussion)
    expect(page.get_by_role("link", name="Log in").first).to_be_visible()
    stranger = visitor()
    stranger.goto(discussion)
    expect(stranger.get_by_text(words)).to_have_count(1 if fate == "keep" else 0)
    if fate == "keep":
        expect(comment_with(stranger, words)).to_contain_text("former member")
    assert handle not in stranger.content()
    stranger.goto("/accounts/login/")
    stranger.get_by_label("E-mail address").fill(email)
    stranger.get_by_label("Password").fill(PASSWORD)
    stranger.get_by_role("main").get_by_role("button", name="Log in", exact=True).click()
    expect(stranger.get_by_role("main")).to_contain_text("is not right")


def a_day_passes(trial: Trial, email: str) -> None:
    """Let it be time to leave, and the worker's schedule come round."""
    trial.manage(
        "shell",
        "-v",
        "0",
        "-c",
        "from django.utils import timezone; "
        "from accounts.models import Departure, ScheduledJob; "
        f"Departure.objects.filter(user__email={email!r}).update(due_at=timezone.now()); "
        "ScheduledJob.objects.filter(name__endswith='begin_due_departures')"
        ".update(next_run=timezone.now())",
    )
