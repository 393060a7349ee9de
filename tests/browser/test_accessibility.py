"""Nothing that a machine can find stands between anybody and a page: axe on every kind of page.

What axe cannot see is in test_layout.py: reflow, sizes of targets, the keyboard.
"""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.places import EVERYWHERE, Place

pytestmark = pytest.mark.browser

Visitor = Callable[..., Page]

# Without `preload`: it would write style sheets into the page, which our policy refuses.
ALL_RULES = {"resultTypes": ["violations"], "preload": False}
CONTRAST = {**ALL_RULES, "runOnly": ["color-contrast", "link-in-text-block"]}


@pytest.mark.parametrize("place", EVERYWHERE, ids=str)
def test_axe_finds_nothing(visitor: Visitor, place: Place) -> None:
    page = visitor(place.who, color_scheme="light")
    place.visit(page)
    assert page.locator("h1:visible").count() == 1
    found = violations(page, ALL_RULES)
    page.emulate_media(color_scheme="dark")
    page.evaluate("document.getAnimations().forEach(change => change.finish())")
    found += violations(page, CONTRAST)
    assert found == []


def violations(page: Page, options: dict) -> list[str]:
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]
