"""What becomes of a comment: it waits, is approved, answered, removed, objected to and told of."""

from collections.abc import Callable
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.moderating import QUEUE, comment_with, due_before_all_others
from tests.browser.places import (
    ADVISER,
    ANOTHER_MEMBER,
    ANOTHER_MODERATOR,
    MODERATOR,
    NEWCOMER,
    OBJECTOR,
)
from tests.browser.trial import Trial, wait_until

pytestmark = pytest.mark.browser

Visitor = Callable[..., Page]

ARTICLE = "/articles/is-it-a-cold-or-flu/"


def test_a_first_comment_waits_is_approved_and_announced(trial: Trial, visitor: Visitor) -> None:
    words = "For me the cough went before the tiredness did."
    writer, reader, moderator = visitor(NEWCOMER), visitor(), visitor(MODERATOR)
    post(writer, words)
    expect(comment_with(writer, words)).to_contain_text("Only you see this. Usually read within")
    reader.goto(writer.url)
    expect(reader.get_by_text(words)).to_have_count(0)

    due_before_all_others(trial, words)
    moderator.goto(f"{QUEUE}?queue=held")
    moderator.get_by_role("button", name="Take next").click()
    expect(moderator.get_by_role("article", name="The comment")).to_contain_text(words)
    expect(moderator.get_by_text("This case is yours until")).to_be_visible()
    moderator.get_by_role("button", name="Approve", exact=True).click()
    expect(moderator.locator(".messagelist")).to_contain_text("It is approved.")

    reader.reload()
    expect(comment_with(reader, words)).to_be_visible()
    writer.reload()
    expect(comment_with(writer, words)).not_to_contain_text("Only you see this.")
    assert trial.letters_to(NEWCOMER) == []  # the moderator may still undo it

    trial.half_a_minute_passes()
    wait_until(lambda: trial.letters_to(NEWCOMER))
    [mail] = trial.letters_to(NEWCOMER)
    way_out = mail["List-Unsubscribe"].strip("<>")
    assert way_out.startswith(f"{trial.url}/accounts/unsubscribe/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert way_out in trial.mails_to(NEWCOMER)[0]
    assert "cough" not in mail.as_string()
    writer.reload()
    writer.get_by_role("link", name="Inbox (1)").click()
    expect(news(writer)).to_contain_text("Your comment was read by a moderator, and approved.")
    writer.get_by_role("link", name="approved").click()
    writer.get_by_role("main").get_by_role("link", name="Your comment", exact=True).click()
    expect(comment_with(writer, words)).to_be_in_viewport()


def test_unsafe_advice_is_answered_by_a_correction_of_which_both_sides_hear(
    trial: Trial, visitor: Visitor
) -> None:
    words = "With a fever I take twice as many tablets as the box says."
    answer = "Never take more than the box says: it can harm your liver."
    writer, reporter, moderator = visitor(ADVISER), visitor(ANOTHER_MEMBER), visitor(MODERATOR)
    post(writer, words)
    reporter.goto(writer.url)
    report(reporter, words, "Unsafe medical advice", "Somebody may follow it.")
    expect(reporter.get_by_role("main")).to_contain_text("The moderators have your report")

    moderator.goto(f"{QUEUE}?queue=reported")
    moderator.get_by_role("link", name=words).click()
    expect(moderator.get_by_role("main")).to_contain_text("Somebody may follow it.")
    moderator.get_by_text("Answer it").click()
    moderator.get_by_label("Your answer").fill(answer)
    moderator.get_by_role("button", name="Answer by a correction").click()
    expect(moderator.locator(".messagelist")).to_contain_text("Your correction is pinned under it")

    stranger = visitor()
    stranger.goto(writer.url)
    expect(comment_with(stranger, words)).to_be_visible()
    pinned = stranger.locator(f".thread:has-text('{words}') .replies > li").first
    expect(pinned).to_contain_text("Correction")
    expect(pinned).to_contain_text(answer)

    trial.half_a_minute_passes()
    for who, told in (
        (ADVISER, "The staff answered a comment of yours."),
        (ANOTHER_MEMBER, "A report of yours was looked at."),
    ):
        wait_until(lambda who=who, told=told: any(told in mail for mail in trial.mails_to(who)))
    writer.goto("/accounts/inbox/")
    expect(news(writer)).to_contain_text("who works for this site, answered your comment")
    reporter.goto("/accounts/inbox/")
    expect(news(reporter)).to_contain_text("A comment that you reported was looked at.")
    expect(news(reporter)).to_contain_text("A correction was put under the comment")
    news(reporter).get_by_role("link", name="reported").click()
    expect(comment_with(reporter, words)).to_be_visible()


def test_a_removal_is_explained_objected_to_and_taken_back(trial: Trial, visitor: Visitor) -> None:
    words = "The doctor in the white house at our market has no idea of colds."
    writer, reporter, moderator = visitor(OBJECTOR), visitor(), visitor(MODERATOR)
    post(writer, words)
    address = writer.url
    reporter.goto(address)
    report(reporter, words, "Names a person", "The market has one doctor.")

    moderator.goto(f"{QUEUE}?queue=reported")
    moderator.get_by_role("link", name=words).click()
    rules = moderator.get_by_role("group", name="House rule")
    rule = rules.locator("label").first.inner_text()
    rules.get_by_label(rule).check()
    moderator.get_by_label("Reason, in your words").fill("Everyone there knows who it is.")
    moderator.get_by_role("button", name="Remove", exact=True).click()
    expect(moderator.locator(".messagelist")).to_contain_text("It is removed.")
    reporter.goto(address)
    expect(reporter.get_by_text(words)).to_have_count(0)

    trial.half_a_minute_passes()
    wait_until(lambda: trial.letters_to(OBJECTOR))
    assert "A moderator decided on a comment of yours." in trial.mails_to(OBJECTOR)[-1]
    writer.goto("/accounts/inbox/")
    writer.get_by_role("link", name="removed your comment").click()
    statement = writer.get_by_role("main")
    for part in (rule, "Everyone there knows who it is.", "decided, not a machine", "Wording 1"):
        expect(statement).to_contain_text(part)
    writer.get_by_label("Why the decision is wrong").fill("There is no such house; I made it up.")
    writer.get_by_role("button", name="Send appeal").click()
    expect(statement).to_contain_text("You appealed on")
    decision = writer.url

    moderator.goto(f"{QUEUE}?queue=appeals")
    expect(moderator.get_by_role("heading", level=1)).to_be_visible()
    expect(moderator.get_by_role("link", name=words)).to_have_count(0)  # it is for another one
    another = visitor(ANOTHER_MODERATOR)
    another.goto(f"{QUEUE}?queue=appeals")
    another.get_by_role("button", name="Take next").click()
    expect(another.get_by_role("main")).to_contain_text("There is no such house; I made it up.")
    another.get_by_label("Yes: take the decision back").check()
    another.get_by_label("Your answer").first.fill("Then it names nobody. We are sorry.")
    another.get_by_role("button", name="Decide the appeal").click()
    expect(another.locator(".messagelist")).to_be_visible()

    reporter.reload()
    expect(comment_with(reporter, words)).to_be_visible()
    wait_until(lambda: len(trial.letters_to(OBJECTOR)) == 2)
    writer.goto(decision)
    expect(statement).to_contain_text("Your appeal was granted on")
    expect(statement).to_contain_text("Then it names nobody. We are sorry.")
    writer.goto("/accounts/inbox/")
    expect(news(writer)).to_contain_text("This is the answer to your objection.")


def test_mail_is_ended_by_a_button_or_by_one_click(trial: Trial, visitor: Visitor) -> None:
    member, answerer, stranger = visitor(ADVISER), visitor(MODERATOR), visitor()
    hears_of_answers(member, "at once")
    before = len(trial.letters_to(ADVISER))
    answerer.goto("/articles/arabic/")
    comment_with(answerer, "Keen Finch says good morning").get_by_role("link", name="Reply").click()
    answerer.get_by_label("Your comment").fill("Good morning to you, too.")
    answerer.get_by_role("button", name="Post comment").click()
    wait_until(lambda: len(trial.letters_to(ADVISER)) > before)
    way_out = trial.letters_to(ADVISER)[-1]["List-Unsubscribe"].strip("<>")

    stranger.goto(way_out)  # as a mail scanner does
    heading = stranger.get_by_role("heading", level=1)
    expect(heading).to_have_text("No more mail about this?")
    assert how_answers_are_heard_of(member) == "at once"
    stranger.get_by_role("button", name="No more mail about this", exact=True).click()
    expect(heading).to_have_text("You get no more mail about this")
    assert how_answers_are_heard_of(member) == "not by mail"

    hears_of_answers(member, "at once")
    one_click = Request(way_out, data=b"List-Unsubscribe=One-Click")  # noqa: S310
    with urlopen(one_click) as answer:  # noqa: S310
        assert answer.status == 200
        assert "Set-Cookie" not in answer.headers
    assert how_answers_are_heard_of(member) == "not by mail"


def hears_of_answers(page: Page, how: str) -> None:
    page.goto("/accounts/notifications/")
    answers(page).get_by_label(how).check()
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    assert how_answers_are_heard_of(page) == how


def how_answers_are_heard_of(page: Page) -> str:
    page.goto("/accounts/notifications/")
    return answers(page).locator("label:has(:checked), :checked + label").inner_text().strip()


def answers(page: Page) -> Locator:
    return page.get_by_role("group", name="Somebody answered my comment")


def post(page: Page, words: str, article: str = ARTICLE) -> None:
    page.goto(f"{article}comments/new/")
    page.get_by_label("Your comment").fill(words)
    page.get_by_role("button", name="Post comment").click()
    expect(comment_with(page, words)).to_be_visible()


def report(page: Page, words: str, reason: str, why: str) -> None:
    comment_with(page, words).get_by_role("link", name="Report").click()
    page.get_by_label(reason).check()
    page.get_by_label("In your words").fill(why)
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")


def news(page: Page) -> Locator:
    """Return the newest entry of an inbox."""
    return page.locator(".inbox > li").first
