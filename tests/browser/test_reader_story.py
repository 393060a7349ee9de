"""What readers do here, from a search to a conversation."""

import re
from collections.abc import Callable
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests.browser.moderating import approve, comment_with
from tests.browser.places import ANOTHER_MEMBER, MEMBER, MODERATOR, log_in, sign_up, type_code
from tests.browser.trial import Trial

pytestmark = pytest.mark.browser

Visitor = Callable[..., Page]

FIRST_TITLE = "How Many Acupuncture Sessions Are Needed to Treat Hemifacial Spasm?"

numbers = count(1)


def newcomer() -> str:
    return f"newcomer-{next(numbers)}@readers.example"


def search_and_open(page: Page, words: str, title: str) -> None:
    page.goto("/")
    page.get_by_role("searchbox").fill(words)
    page.get_by_role("search").get_by_role("button").click()
    page.get_by_role("main").get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def write(page: Page, words: str) -> None:
    """Go to the composer from an article, and type."""
    page.get_by_role("link", name="Write a comment").click()
    page.get_by_label("Your comment").fill(words)


def words_in(page: Page) -> str:
    return page.get_by_label("Your comment").input_value()


def post(page: Page) -> None:
    page.get_by_role("button", name="Post comment").click()


@pytest.mark.parametrize(
    ("javascript", "words", "title"),
    [
        (
            True,
            "acupuncture",
            "How Many Acupuncture Sessions Are Needed to Treat Hemifacial Spasm?",
        ),
        (False, "antidepressants", "Can I stop taking antidepressants on my own?"),
    ],
    ids=["with scripts", "without scripts"],
)
def test_a_reader_searches_reads_signs_up_and_is_answered(
    trial: Trial, visitor: Visitor, javascript: bool, words: str, title: str
) -> None:
    page, email = visitor(java_script_enabled=javascript), newcomer()
    search_and_open(page, words, title)
    expect(page.get_by_role("heading", name="Comments (0)")).to_be_visible()
    expect(page.locator("#discussion")).to_contain_text("Login is required before commenting.")

    pages: list[str] = []
    page.on("domcontentloaded", lambda shown: pages.append(shown.url))
    write(page, "My grandmother had fourteen of these.\n\nShe was glad of the company.")
    page.get_by_role("button", name="Keep my words and sign up").click()
    handle = page.get_by_label("Public name").input_value()
    assert re.fullmatch(r"\w+ \w+", handle)
    sign_up(page, email)
    type_code(page, trial.code_for(email))
    assert words_in(page).startswith("My grandmother had fourteen")
    assert len(pages) <= 4, pages

    post(page)
    mine = comment_with(page, "My grandmother had fourteen")
    expect(mine).to_contain_text("Only you see this.")
    expect(mine.get_by_role("heading")).to_have_text(handle)
    expect(mine).to_be_in_viewport()

    mine.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Your comment").fill("My grandmother had fifteen of these.")
    page.get_by_role("button", name="Save").click()
    expect(comment_with(page, "fifteen of these")).to_contain_text("Only you see this.")
    approve(visitor(MODERATOR), "My grandmother had fifteen of these.")
    page.reload()
    expect(page.get_by_role("heading", name="Comments (1)")).to_be_visible()
    expect(comment_with(page, "fifteen of these")).to_contain_text("edited")

    another = visitor(ANOTHER_MEMBER, java_script_enabled=javascript)
    another.goto(page.url)
    comment_with(another, "fifteen of these").get_by_role("link", name="Reply").click()
    expect(another.get_by_role("main")).to_contain_text("My grandmother had fifteen")
    another.get_by_label("Your comment").fill("So did mine, and they told each other jokes.")
    post(another)
    expect(another.get_by_role("heading", name="Comments (2)")).to_be_visible()

    page.reload()
    answer = comment_with(page, "they told each other jokes")
    expect(answer).to_contain_text("in reply to")
    permalink = answer.locator("a:has(time)").get_attribute("href")
    assert re.fullmatch(r"/comments/\d+/", permalink or "")
    page.goto(permalink)
    expect(page).to_have_url(re.compile(r"/articles/.+#comment-\d+$"))
    expect(comment_with(page, "they told each other jokes")).to_be_in_viewport()


def test_the_code_is_typed_where_the_form_waits_and_the_words_are_on_other_devices_too(
    trial: Trial, visitor: Visitor
) -> None:
    phone, laptop, email = visitor(), visitor(), newcomer()
    phone.goto("/articles/is-it-a-cold-or-flu/")
    write(phone, "Typed on the phone.")
    phone.get_by_role("button", name="Keep my words and sign up").click()
    sign_up(phone, email)
    code = trial.code_for(email)  # the mail is read elsewhere, and the digits typed in two groups
    type_code(phone, f"{code[:3]} {code[3:]}")
    assert words_in(phone) == "Typed on the phone."

    laptop.goto("/accounts/login/")
    log_in(laptop, email)
    laptop.goto("/topics/")
    laptop.get_by_role("link", name="You have an unfinished comment").click()
    assert words_in(laptop) == "Typed on the phone."
    post(laptop)
    expect(comment_with(laptop, "Typed on the phone.")).to_be_visible()
    expect(laptop.get_by_role("link", name="You have an unfinished comment")).to_have_count(0)

    post(phone)  # the same form, sent again from the other device
    expect(comment_with(phone, "Typed on the phone.")).to_have_count(1)


def test_a_member_confirms_on_another_device_while_the_first_one_waits(
    trial: Trial, visitor: Visitor
) -> None:
    phone, laptop, email = visitor(), visitor(), newcomer()
    phone.goto("/articles/when-is-a-headache-an-emergency/")
    write(phone, "Mine went away by itself.")
    phone.get_by_role("button", name="Keep my words and sign up").click()
    sign_up(phone, email)
    first_code = trial.code_for(email)

    laptop.goto("/accounts/login/")
    log_in(laptop, email)
    type_code(laptop, trial.code_for(email, after=1))
    laptop.get_by_role("link", name="You have an unfinished comment").click()
    assert words_in(laptop) == "Mine went away by itself."

    type_code(phone, first_code)
    expect(phone.get_by_role("heading", level=1)).to_have_text("This code has ended")
    phone.get_by_role("main").get_by_role("link").click()
    log_in(phone, email)
    assert words_in(phone) == "Mine went away by itself."


def test_a_member_who_was_logged_out_finds_the_words_after_log_in(visitor: Visitor) -> None:
    page = visitor()
    page.goto("/articles/what-helps-when-i-cannot-sleep/")
    write(page, "Counting trams.")
    page.get_by_role("button", name="Keep my words and log in").click()
    log_in(page, MEMBER)
    assert words_in(page) == "Counting trams."
    post(page)
    expect(comment_with(page, "Counting trams.")).to_be_in_viewport()


def test_a_session_that_ends_while_writing_loses_no_word(visitor: Visitor) -> None:
    page = visitor()
    page.goto("/accounts/login/?next=/articles/what-helps-when-i-cannot-sleep/")
    log_in(page, MEMBER)
    write(page, "Counting ferries.")
    log_out_in_another_tab(page)
    post(page)
    log_in(page, MEMBER)
    assert words_in(page) == "Counting ferries."
    post(page)
    expect(comment_with(page, "Counting ferries.")).to_be_in_viewport()


def test_a_session_that_ends_while_editing_loses_no_word(visitor: Visitor) -> None:
    page = visitor()
    page.goto("/accounts/login/?next=/articles/what-are-the-signs-of-a-stroke/")
    log_in(page, ANOTHER_MEMBER)
    write(page, "It began in the hand.")
    post(page)
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Your comment").fill("It began in the left hand.")
    log_out_in_another_tab(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are no longer logged in")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Log in on another tab").click()
    log_in(opened.value, ANOTHER_MEMBER)
    opened.value.get_by_role("link", name="Log out").wait_for()
    page.get_by_role("button", name="Save").click()
    # Logging in gave out a new token, and this form has the old one.
    expect(page.get_by_role("alert")).to_contain_text("please send them once more")
    page.get_by_role("button", name="Save").click()
    expect(comment_with(page, "It began in the left hand.")).to_be_visible()


def test_a_form_whose_token_has_ended_comes_back_with_the_words(visitor: Visitor) -> None:
    page = visitor(MEMBER)
    page.goto("/articles/is-a-panic-attack-dangerous/")
    write(page, "It felt like an hour and was ten minutes.")
    page.context.clear_cookies(name="csrftoken")
    post(page)
    expect(page.get_by_role("alert")).to_contain_text("Your words are still here")
    assert words_in(page) == "It felt like an hour and was ten minutes."
    post(page)
    expect(comment_with(page, "It felt like an hour")).to_be_in_viewport()


def log_out_in_another_tab(page: Page) -> None:
    tab = page.context.new_page()
    tab.goto("/accounts/logout/")
    tab.get_by_role("main").get_by_role("button", name="Log out").click()
    tab.get_by_role("link", name="Log in").first.wait_for()
    tab.close()
