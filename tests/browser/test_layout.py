"""How pages lie on a screen, on paper, and under the fingers."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from tests.browser.places import (
    COMPOSER,
    DESK,
    DISCUSSION,
    EDITOR,
    EVERYWHERE,
    FIRST_PAGE,
    MEMBER,
    OWNING,
    PUBLIC,
    READING,
    Place,
)

pytestmark = pytest.mark.browser

Visitor = Callable[..., Page]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
NARROW = {"viewport": {"width": 320, "height": 640}}
WIDE = {"viewport": {"width": 1280, "height": 900}}

FINGERED = [
    *(Place(path, path) for path in ("/", "/topics/", COMPOSER, "/accounts/signup/")),
    Place("discussion", DISCUSSION, MEMBER),
]

# What is wider than the screen, by the names that the style sheet knows it by: all that makes the
# page scroll sideways, and any control of which a part is cut off.
STICKING_OUT = """() => {
  const { clientWidth: width, scrollWidth } = document.documentElement;
  const all = scrollWidth > width ? "*" : "a, button, input, select, summary, textarea";
  const within = (one, values) => one && (values.includes(getComputedStyle(one).overflowX)
    || within(one.parentElement, values));
  return [...document.body.querySelectorAll(all)]
    .filter(one => one.checkVisibility() && !one.matches(".skip, .skip-to-content-link"))
    .filter(one => one.getBoundingClientRect().right > width + 1)
    .filter(one => !within(one.parentElement, ["auto", "scroll"]))
    .map(one => `${one.tagName}.${one.className} in .${one.parentElement.className}`)
    .slice(0, 8);
}"""
SCROLLING_SIDEWAYS = """() => [...document.body.querySelectorAll("*")]
  .filter(one => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1)
  .filter(one => ["auto", "scroll"].includes(getComputedStyle(one).overflowX))
  .map(one => `${one.tagName}.${one.className}`)"""
TEXT_SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important } p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets.push(sheet);
}"""


def test_the_joined_style_sheet_is_loaded(visitor: Visitor) -> None:
    page = visitor()
    sheets: list[str] = []
    page.on("request", lambda request: sheets.append(request.url))
    page.goto("/")
    sheets = [address for address in sheets if address.endswith(".css")]
    assert len(sheets) == 1
    assert re.search(r"/static/css/site\.[0-9a-f]{12}\.css$", sheets[0])
    assert "Atkinson" in page.evaluate("getComputedStyle(document.body).fontFamily")
    assert page.evaluate("document.fonts.check('1rem Atkinson')")


@pytest.mark.parametrize("place", EVERYWHERE, ids=str)
def test_nothing_sticks_out_on_the_narrowest_screen(visitor: Visitor, place: Place) -> None:
    """WCAG 1.4.10, 1.4.4 and 1.4.12: 320 pixels, letters twice as large, and wider apart."""
    page = visitor(place.who, **NARROW)
    place.visit(page)
    assert page.evaluate(STICKING_OUT) == []
    page.evaluate(TEXT_SPACING)
    assert page.evaluate(STICKING_OUT) == []
    page.set_viewport_size({"width": 640, "height": 640})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(STICKING_OUT) == []


@pytest.mark.parametrize("place", DESK, ids=str)
def test_nothing_at_the_desk_is_scrolled_sideways_on_a_phone(
    visitor: Visitor, place: Place
) -> None:
    page = visitor(place.who, **NARROW)
    place.visit(page)
    assert page.evaluate(SCROLLING_SIDEWAYS) == []


def test_a_list_on_a_phone_says_what_each_value_is(visitor: Visitor) -> None:
    page = visitor(EDITOR, **PHONE)
    page.goto("/admin/comments/comment/")
    row = page.locator("#result_list tbody tr").first
    label = row.locator(".field-state").evaluate(
        "cell => getComputedStyle(cell, '::before').content"
    )
    assert label == '"State: "'
    heading = row.locator("th").evaluate("cell => getComputedStyle(cell, '::before').content")
    assert heading == "none"


@pytest.mark.parametrize("path", [FIRST_PAGE, "/articles/a-long-title-and-a-long-summary/"])
def test_an_article_begins_on_the_first_screen_of_a_phone(visitor: Visitor, path: str) -> None:
    page = visitor(**PHONE)
    page.goto(path)
    top = page.locator(".prose > *").first.evaluate("text => text.getBoundingClientRect().top")
    assert top < 844


@pytest.mark.parametrize("screen", [PHONE, WIDE], ids=["phone", "wide"])
@pytest.mark.parametrize("path", [FIRST_PAGE, DISCUSSION])
def test_nothing_jumps_while_an_article_loads(visitor: Visitor, path: str, screen: dict) -> None:
    page = visitor(**screen)
    page.route("**/*.woff2", late)
    page.goto(path)
    page.evaluate("document.fonts.ready")
    shift = page.evaluate(
        """() => new Promise(tell => {
          let all = 0;
          new PerformanceObserver(list => {
            for (const entry of list.getEntries()) all += entry.value;
          }).observe({ type: "layout-shift", buffered: true });
          setTimeout(() => tell(all), 300);
        })"""
    )
    # A tenth of what counts as good: a date may go to the other of the byline's two lines.
    assert shift < 0.01


@pytest.mark.parametrize("place", [*FINGERED, *OWNING], ids=str)
def test_targets_are_as_large_as_a_finger(visitor: Visitor, place: Place) -> None:
    """WCAG 2.5.5: 44 by 44 pixels, but for links within a sentence and what browsers draw."""
    page = visitor(place.who, **PHONE)
    place.visit(page)
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, summary, textarea, .search,"
            + " .field--tick, input:not([type=checkbox], [type=radio], .search *)")]
          .filter(one => one.checkVisibility() && !one.matches(".search button")
            && !one.closest(".prose > p, .sources, .comment__text, .comment__head, .skip, h2, h3,"
              + " p:not(.comment__acts, .order, .now-link, .actions)"))
          .map(one => [one, one.getBoundingClientRect()])
          .filter(([, { height, width }]) => height < 43.5 || width < 24)
          .map(([one, { width, height }]) => `${one.tagName} in ${one.parentElement.className}:`
            + ` ${one.textContent.trim()} ${Math.round(width)}x${Math.round(height)}`)"""
    )
    assert sorted(set(small)) == []


@pytest.mark.parametrize("path", [DISCUSSION, "/articles/wide/"])
def test_paper_carries_the_article_and_nothing_to_press(visitor: Visitor, path: str) -> None:
    page = visitor()
    page.goto(path)
    page.emulate_media(media="print")
    for gone in ("nav >> nth=0", "form >> nth=0", ".account", ".discussion", ".contents", ".skip"):
        assert not page.locator(gone).is_visible(), gone
    for there in ("h1", ".prose", "#sources", ".trust dl"):
        assert page.locator(there).is_visible(), there
    # The addresses of sources are printed after their links.
    printed = page.locator("#sources li a").first.evaluate(
        "link => getComputedStyle(link, '::after').content"
    )
    assert "http" in printed
    assert page.pdf().startswith(b"%PDF")


@pytest.mark.parametrize("place", EVERYWHERE[:8], ids=str)
def test_forced_colours_leave_the_borders_that_say_something(
    visitor: Visitor, place: Place
) -> None:
    page = visitor(place.who, forced_colors="active")
    place.visit(page)
    for shape in (".button", ".care", ".masthead .search", "textarea"):
        for one in page.locator(shape).all():
            width = one.evaluate(
                "one => Math.max(...['Top', 'Left'].map(side => "
                "parseFloat(getComputedStyle(one)[`border${side}Width`])), "
                "...[...one.children].map(c => parseFloat(getComputedStyle(c).borderTopWidth)))"
            )
            assert width >= 1, shape


@pytest.mark.parametrize("place", [*READING[:6], PUBLIC[-8]], ids=str)
def test_nothing_moves_for_those_who_do_not_want_it(visitor: Visitor, place: Place) -> None:
    page = visitor(place.who, reduced_motion="reduce")
    place.visit(page)
    moving = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter(one => {
          const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(one);
          return animationName !== "none" || parseFloat(transitionDuration) > 0.01
            || scrollBehavior === "smooth";
        }).map(one => one.outerHTML.slice(0, 80))"""
    )
    assert moving == []


def test_arabic_runs_from_right_to_left(visitor: Visitor) -> None:
    page = visitor(**PHONE)
    page.goto("/articles/arabic/")
    for part in ("h1", ".summary", ".prose"):
        style = page.locator(part).evaluate(
            "one => [one.lang, getComputedStyle(one).direction, getComputedStyle(one).textAlign]"
        )
        assert style[:2] == ["ar", "rtl"], part
        assert style[2] in {"start", "right"}


def late(route: Route) -> None:
    """Let a font arrive when the page was long painted."""
    route.request.frame.page.wait_for_timeout(400)
    route.continue_()
