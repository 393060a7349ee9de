"""The moderators' desk without a mouse: single keys act for those who want them, and no others."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.moderating import QUEUE, wait_at_the_desk
from tests.browser.places import ADVISER, ANOTHER_MODERATOR
from tests.browser.test_keyboard import tab_to
from tests.browser.trial import Trial

pytestmark = pytest.mark.browser

YOURS = "This case is yours until"


def test_the_desk_is_worked_by_keyboard_and_single_keys_act_by_choice(
    trial: Trial, visitor: Callable[..., Page]
) -> None:
    """WCAG 2.1.1 and 2.1.4: all is done by Tab and Enter; single keys are off, and remappable."""
    words = "A leaflet about noses is at https://example.org/noses."
    wait_at_the_desk(trial, ADVISER, words)
    page = visitor(ANOTHER_MODERATOR)
    page.goto(QUEUE)
    press_in_vain(page, "n")
    tab_to(page, "Take next")
    page.keyboard.press("Enter")
    expect(page.get_by_text(YOURS)).to_be_visible()
    expect(page.get_by_role("article", name="The comment")).to_contain_text(words)
    press_in_vain(page, "a")
    tab_to(page, "Put it back")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("Others can take it.")

    choose(page, {"id_shortcuts": "Space", "id_key_approve": "y"})
    press(page, "n")
    expect(page.get_by_text(YOURS)).to_be_visible()
    press_in_vain(page, "a")  # what Approve was before
    press_in_vain(page, "Control+y")
    tab_to_id(page, "id_reason")
    press_in_vain(page, "y")
    expect(page.get_by_label("Reason, in your words")).to_have_value("y")
    tab_to(page, "Remove")
    press(page, "y")
    expect(page.locator(".messagelist")).to_contain_text("It is approved.")
    press(page, "u")
    expect(page.locator(".messagelist")).to_contain_text("It is as it was before.")

    choose(page, {"id_shortcuts": "Space"})
    press_in_vain(page, "n")


def press(page: Page, key: str) -> None:
    page.wait_for_load_state()  # what the keys do is a script
    page.keyboard.press(key)


def press_in_vain(page: Page, key: str) -> None:
    """Press a key that must do nothing: no other page is asked for."""
    page.wait_for_load_state()
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.is_navigation_request():
            asked.append(request.url)

    page.on("request", note)
    page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert asked == []


def choose(page: Page, pressed: dict[str, str]) -> None:
    """Press a key in each of these fields of the moderator's choices, and save them by Enter."""
    page.goto(f"{QUEUE}choices/")
    for field, key in pressed.items():
        tab_to_id(page, field)
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("The desk works this way for you")


def tab_to_id(page: Page, field: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == field:
            return
    raise AssertionError(f"The keyboard does not come to {field}.")
