"""Everything can be done, and seen to be done, without a mouse."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.places import COMPOSER, DISCUSSION, FIRST_PAGE, MEMBER, OWNING, Place

pytestmark = pytest.mark.browser

Visitor = Callable[..., Page]

PATHS = ("/", DISCUSSION, COMPOSER, "/accounts/signup/", "/search/?q=a")
FOR_ALL = [Place(path, path) for path in PATHS]
FOR_MEMBERS = [
    place
    for place in OWNING
    if place.name in {"composer with its choices", "own comments", "ask for a badge", "leave"}
]


def test_the_first_stop_of_the_keyboard_is_the_way_to_the_text(visitor: Visitor) -> None:
    page = visitor()
    page.goto(FIRST_PAGE)
    skip = page.get_by_role("link", name="Skip to content")
    assert not is_seen(page, ".skip")
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    assert is_seen(page, ".skip")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("forced", ["none", "active"], ids=["own colours", "forced colours"])
@pytest.mark.parametrize("place", [*FOR_ALL, *FOR_MEMBERS], ids=str)
def test_the_keyboard_goes_through_a_page_in_order_and_is_seen(
    visitor: Visitor, place: Place, forced: str
) -> None:
    page = visitor(place.who, forced_colors=forced)
    place.visit(page)
    stops = []
    for _ in range(40):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => {
              const one = document.activeElement;
              if (one === document.body) return null;
              const drawn = [one, one.parentElement].some(box => {
                const { outlineStyle, outlineWidth } = getComputedStyle(box);
                return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
              });
              const regions = ["skip", "masthead", "main", "foot"];
              const within = regions.findIndex(name => one.closest(`.${name}, ${name}`));
              return [within, drawn, `${one.tagName} ${one.textContent.trim().slice(0, 40)}`];
            }"""
        )
        if stop is None:
            break
        stops.append(stop)
    assert len(stops) > 5
    assert [stop[2] for stop in stops if not stop[1]] == []
    assert [stop[0] for stop in stops] == sorted(stop[0] for stop in stops)


def test_a_comment_is_written_by_the_keyboard_alone(visitor: Visitor) -> None:
    page = visitor(MEMBER)
    page.goto("/articles/what-should-a-child-with-diarrhoea-and-vomiting-drink/")
    tab_to(page, "Write a comment")
    page.keyboard.press("Enter")
    page.wait_for_url("**/comments/new/")
    tab_to(page, "")
    page.keyboard.type("Little sips, from a spoon.")
    tab_to(page, "Post comment")
    page.keyboard.press("Enter")
    comment = page.get_by_role("article").filter(has_text="Little sips, from a spoon.")
    expect(comment).to_be_in_viewport()


def is_seen(page: Page, selector: str) -> bool:
    return page.locator(selector).evaluate(
        "one => { const box = one.getBoundingClientRect();"
        " return box.bottom > 0 && box.right > 0 && box.width > 1 && box.height > 1 }"
    )


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the link or button with these words has the focus, or a text field."""
    for _ in range(80):
        page.keyboard.press("Tab")
        tag, text = page.evaluate(
            "[document.activeElement.tagName, document.activeElement.textContent.trim()]"
        )
        if (words and text == words) or (not words and tag == "TEXTAREA"):
            return
    raise AssertionError(f"The keyboard does not come to “{words or 'the text'}”.")
