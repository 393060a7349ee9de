"""Nobody is watched: no other server hears of a visit, and readers carry no cookie.

The requests of every page are watched by all the other tests (conftest.py).
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.places import READING

pytestmark = pytest.mark.browser

Visitor = Callable[..., Page]


def test_reading_leaves_nothing_in_the_browser(visitor: Visitor) -> None:
    page = visitor()
    for place in READING:
        place.visit(page)
        assert page.context.cookies() == [], place
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_whatever_a_page_does_wrong_is_heard(visitor: Visitor, complaints: list[str]) -> None:
    """Requests to others, refused content and broken parts fail every other test here."""
    page = visitor()
    page.goto("/")
    page.evaluate("fetch('https://example.org/').catch(() => {})")
    page.evaluate("document.body.setAttribute('onclick', 'alert(1)')")
    page.evaluate("fetch('/static/missing.css').then(() => {})")
    said = "\n".join(complaints)
    assert "Content Security Policy" in said
    assert "404: " in said
    complaints.clear()
