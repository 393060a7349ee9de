"""What a writer meets between their words and a comment, in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.moderating import comment_with
from tests.browser.places import ADVISER, COMPOSER, FIRST_PAGE, MEMBER, OBJECTOR, log_in

pytestmark = pytest.mark.browser

CRISIS = "It never stops. I want to kill myself."

by_scripts = pytest.mark.parametrize(
    "javascript", [True, False], ids=["with scripts", "without scripts"]
)


@by_scripts
def test_a_phone_number_is_asked_about_edited_and_posted(
    visitor: Callable[..., Page], javascript: bool
) -> None:
    page, words = visitor(ADVISER, java_script_enabled=javascript), "Nine sessions helped me."
    if not javascript:
        words = "Eight sessions helped my aunt."
    page.goto(COMPOSER)
    page.get_by_label("Your comment").fill("Ask for me on +44 20 7946 0123, it helped.")
    page.get_by_role("button", name="Post comment").click()
    expect(page.locator("mark")).to_have_text("+44 20 7946 0123")
    page.get_by_role("button", name="Edit").click()
    expect(page.get_by_label("Your comment")).to_have_value(re.compile("7946 0123"))
    page.get_by_label("Your comment").fill(words)
    page.get_by_role("button", name="Post comment").click()
    expect(comment_with(page, words)).to_be_visible()
    stranger = visitor()
    stranger.goto(FIRST_PAGE)
    expect(comment_with(stranger, words)).to_be_visible()


def test_what_is_marked_is_taken_out_or_posted_as_it_is_without_scripts(
    visitor: Callable[..., Page],
) -> None:
    page = visitor(OBJECTOR, java_script_enabled=False)
    ask_about(page, "The clinic has 020 7946 0123 as its number.")
    page.get_by_role("button", name="Remove what is marked").click()
    expect(page.get_by_label("Your comment")).to_have_value("The clinic has […] as its number.")
    page.get_by_role("button", name="Post comment").click()
    expect(comment_with(page, "The clinic has […] as its number.")).to_be_visible()

    ask_about(page, "My surgery has 020 7946 0999 as its number.")
    page.get_by_role("button", name="Post as it is").click()
    held = page.locator(".comment--held", has_text="My surgery has 020 7946 0999")
    expect(held).to_contain_text("Only you see this.")


def ask_about(page: Page, words: str) -> None:
    page.goto(COMPOSER)
    page.get_by_label("Your comment").fill(words)
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Before you post")


def test_words_of_crisis_are_kept_or_discarded_without_scripts(
    visitor: Callable[..., Page],
) -> None:
    page = visitor(OBJECTOR, java_script_enabled=False)
    for choice, kept in (("Not now", CRISIS), ("Discard", "")):
        page.goto(COMPOSER)
        page.get_by_label("Your comment").fill(CRISIS)
        page.get_by_role("button", name="Post comment").click()
        expect(page.get_by_role("heading", name="Help comes first")).to_be_visible()
        page.get_by_role("button", name=choice).click()
        expect(page).to_have_url(re.compile(f"{FIRST_PAGE}#discussion"))
        page.goto(COMPOSER)
        expect(page.get_by_label("Your comment")).to_have_value(kept)


@by_scripts
def test_words_of_crisis_typed_signed_out_show_help_before_any_log_in(
    visitor: Callable[..., Page], javascript: bool
) -> None:
    page = visitor(java_script_enabled=javascript)
    page.goto(COMPOSER)
    page.get_by_label("Your comment").fill(CRISIS)
    page.get_by_role("button", name="Keep my words and log in").click()
    expect(page.get_by_role("heading", name="Help comes first")).to_be_visible()
    expect(page.get_by_text("are not an emergency service")).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Show numbers in a new tab").click()
    expect(opened.value).to_have_url(re.compile("/help/"))
    expect(page.get_by_label("Your comment")).to_have_value(CRISIS)
    page.get_by_role("button", name="Post for support").click()
    log_in(page, MEMBER if javascript else OBJECTOR)
    expect(page.get_by_label("Your comment")).to_have_value(CRISIS)
    page.get_by_role("button", name="Post comment").click()
    held = page.locator(".comment--held", has_text=CRISIS)
    expect(held).to_contain_text("Only you see this. Usually read within")
