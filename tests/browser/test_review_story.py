"""An article is written, signed by mail, published, changed, signed again, and put right."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.moderating import is_known
from tests.browser.places import ANOTHER_MEMBER, EDITOR
from tests.browser.test_discussion_story import post
from tests.browser.trial import Trial, wait_until
from tests.source_files import as_csv, row

pytestmark = pytest.mark.browser

Visitor = Callable[..., Page]

AUTHOR = "anna@example.org"
SECOND_EDITOR = "edda@example.org"
RITA = "rita@example.org"  # who signs, and has no account
TITLE = "What helps a sprained wrist?"
ADDRESS = "/articles/what-helps-a-sprained-wrist/"
TEXT = """Most sprains heal by themselves.

## The first days

Keep the wrist still, and raise it.

## Pain

Take one tablet every two hours.[^trial]
"""
PEOPLE = """
from django.contrib.auth.models import Group
from articles.models import Contributor, Source
from tests.browser import cast
for email, handle, group in (
    ("anna@example.org", "Anna Writes", "Authors"), ("edda@example.org", "Edda Edits", "Editors")
):
    cast.make_member(email, handle, is_staff=True).groups.add(Group.objects.get(name=group))
Contributor.objects.create(name="Rita Reads", profession="Hand therapist")
Source.objects.create(title="Tablets for wrists", doi="10.1000/wrists")
"""


def test_a_text_is_signed_changed_signed_again_and_put_right(
    trial: Trial, visitor: Visitor, tmp_path: Path
) -> None:
    trial.python(PEOPLE)
    author, editor, reviewer, reader = visitor(AUTHOR), visitor(EDITOR), visitor(), visitor()
    write(author)
    ask(editor)
    sign(reviewer, trial, covers_whole=True)
    publish(editor)
    reader.goto(ADDRESS)
    expect(panel(reader)).to_contain_text("Checked by Rita Reads, Hand therapist,")
    expect(notes(reader)).to_have_count(0)

    change(author, "raise it.", "raise it on a cushion.")
    publish(editor)
    reader.reload()
    expect(panel(reader)).to_contain_text("Changed since clinical review on")
    expect(notes(reader)).to_have_count(1)
    expect(below(reader, "The first days")).to_contain_text("Edited since clinical review on")

    ask(editor)
    read_what_changed(reviewer, trial)
    sign(reviewer, trial)
    reader.reload()
    expect(panel(reader)).to_contain_text("Checked by Rita Reads, Hand therapist,")
    expect(notes(reader)).to_have_count(0)

    retract(editor, trial, tmp_path)
    reader.reload()
    expect(reader.locator(".prose .notice")).to_have_count(1)
    expect(below(reader, "Pain")).to_contain_text(
        "A study cited here was retracted on 3 March 2026"
    )

    is_known(trial, ANOTHER_MEMBER)
    post(visitor(ANOTHER_MEMBER), "I took a tablet every two hours, as it says.", ADDRESS)
    make_safe(editor)
    reader.reload()
    entry = reader.get_by_role("region", name="For your safety: this page was wrong")
    expect(entry).to_contain_text("Ask your pharmacist today")
    expect(entry).to_contain_text("Confirmation by a second person pending")
    wait_until(lambda: corrections_to(trial))
    confirm(visitor(SECOND_EDITOR))
    reader.reload()
    expect(entry).to_contain_text("Ask your pharmacist today")
    expect(entry).not_to_contain_text("pending")
    wait_until(lambda: not trial.python(WAITING).strip())
    [mail] = corrections_to(trial)
    assert "wrist" not in mail


# What still has to be done by the worker.
WAITING = """
from accounts.models import OutgoingMail
from django_tasks_db.models import DBTaskResult
from django.utils import timezone
due = DBTaskResult.objects.filter(status__in=["READY", "RUNNING"], task_path__contains="correction")
print("" if not due.exists() and not OutgoingMail.objects.waiting().exists() else "waits")
"""


def write(author: Page) -> None:
    author.goto("/admin/articles/article/add/")
    author.get_by_label("Title").fill(TITLE)
    author.get_by_label("Summary").fill("Rest, and little else.")
    author.locator("#id_text").fill(TEXT)
    author.locator("[name=sources-0-key]").fill("trial")
    author.locator("[name=sources-0-source]").fill("10.1000/wrists")
    author.get_by_label("Category").select_option(label="— Recovery")
    expect(author.get_by_role("button", name="Publish now")).to_have_count(0)
    author.get_by_role("button", name="Save draft").click()
    expect(author.locator(".messagelist")).to_contain_text("Saved as revision 1.")


def change(author: Page, words: str, others: str) -> None:
    """Edit the text, and keep it as a draft."""
    open_article(author)
    text = author.locator("#id_text")
    assert words in text.input_value()
    text.fill(text.input_value().replace(words, others))
    author.get_by_role("button", name="Save draft").click()
    expect(author.locator(".messagelist")).to_contain_text("Saved as revision 2.")


def open_article(staff: Page) -> None:
    staff.goto("/admin/articles/article/")
    staff.get_by_role("link", name=TITLE).click()


def ask(editor: Page) -> None:
    open_article(editor)
    editor.get_by_role("link", name="Ask somebody to sign").click()
    editor.get_by_label("Whom do you ask?").select_option(label="Rita Reads")
    editor.get_by_label("E-mail").fill(RITA)
    editor.get_by_role("button", name="Send the link").click()
    expect(editor.locator(".messagelist")).to_contain_text("The link is on its way.")


def publish(editor: Page) -> None:
    open_article(editor)
    editor.get_by_role("button", name=re.compile("Publish (now|this revision)")).click()
    expect(editor.locator(".messagelist")).to_contain_text("Readers see it now.")


def open_link(reviewer: Page, trial: Trial, *, after: int = 0) -> None:
    """Wait for a personal link by mail, beyond the first `after`, and follow it."""

    def links() -> list[str]:
        found = (re.search(r"http://\S+/sign-off/\S+", mail) for mail in trial.mails_to(RITA))
        return [link[0] for link in found if link and "/receipt/" not in link[0]]

    wait_until(lambda: len(links()) > after)
    reviewer.goto(links()[-1])


def read_what_changed(reviewer: Page, trial: Trial) -> None:
    """See the section that was changed since one signed, and no other."""
    open_link(reviewer, trial, after=1)
    main = reviewer.get_by_role("main")
    expect(main).to_contain_text("This is what changed since.")
    expect(main).to_contain_text("on a cushion")
    expect(main).not_to_contain_text("Take one tablet")


def sign(reviewer: Page, trial: Trial, *, covers_whole: bool = False) -> None:
    if covers_whole:
        open_link(reviewer, trial)
        reviewer.get_by_label("The article as a whole: nothing is missing.").check()
    reviewer.get_by_label("Approve").check()
    reviewer.get_by_label("What did you check?").fill("Checked the advice.")
    before = len(trial.letters_to(RITA))
    reviewer.get_by_role("button", name="Send me the code").click()
    reviewer.get_by_label("Code").fill(trial.code_for(RITA, after=before))
    reviewer.get_by_role("button", name="Sign", exact=True).click()
    expect(reviewer.get_by_role("heading", level=1)).to_have_text("Receipt of your sign-off")


def retract(editor: Page, trial: Trial, folder: Path) -> None:
    """Read a file in which the study is retracted, and confirm that it is this one."""
    path = folder / "retractions.csv"
    path.write_text(as_csv(row(OriginalPaperDOI="10.1000/wrists")))
    trial.manage("check_sources", str(path))
    editor.goto("/admin/articles/sourcetask/")
    match = editor.get_by_role("region", name="Tablets for wrists")
    match.get_by_role("button", name="It is this work: tell readers").click()
    expect(editor.locator(".messagelist")).to_contain_text("readers are told at each section")


def make_safe(editor: Page) -> None:
    """Correct the dose, and say at once what to do."""
    open_article(editor)
    text = editor.locator("#id_text")
    text.fill(text.input_value().replace("every two hours", "every six hours"))
    editor.get_by_role("button", name="Safety edit…").click()
    editor.get_by_label("What it said").fill("One tablet every two hours.")
    editor.get_by_label("What is right").fill("One tablet every six hours.")
    editor.get_by_label("What to do now").fill("Ask your pharmacist today if you took more.")
    editor.get_by_role("button", name="Publish as a safety edit").click()
    expect(editor.locator(".messagelist")).to_be_visible()


def confirm(editor: Page) -> None:
    editor.goto("/admin/articles/correction/")
    editor.get_by_role("link", name=TITLE).first.click()
    editor.get_by_role("button", name=re.compile("Confirm")).first.click()
    expect(editor.locator(".messagelist")).to_be_visible()


def corrections_to(trial: Trial) -> list[str]:
    """Return the mails in which the commenter hears of a correction."""
    mails = trial.mails_to(ANOTHER_MEMBER)
    return [mail for mail in mails if "/corrections/" in mail]


def panel(reader: Page) -> Locator:
    return reader.locator("details.trust > summary")


def notes(reader: Page) -> Locator:
    return reader.locator(".prose .since")


def below(reader: Page, heading: str) -> Locator:
    """Return what stands directly under a heading of the text."""
    return reader.locator(f".prose h2:has-text('{heading}') + p")
