"""Every kind of page, and how one comes there."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from playwright.sync_api import Page

# The people of cast.py
PASSWORD = "correct horse battery staple"
MEMBER = "heron@example.org"
ANOTHER_MEMBER = "kettle@example.org"
EDITOR = "editor@example.org"
MODERATOR = "moderator@example.org"
ANOTHER_MODERATOR = "relief@example.org"
NEWCOMER = "otter@example.org"  # who has said nothing yet
ADVISER = "finch@example.org"  # who has said one thing, as the next one
OBJECTOR = "maple@example.org"
LEAVER = "swift@example.org"

DISCUSSED = "what-to-eat-after-having-your-wisdom-teeth-out"

FIRST_PAGE = "/articles/how-many-acupuncture-sessions-are-needed-to-treat-hemifacial-spasm/"
DISCUSSION = f"/articles/{DISCUSSED}/"
COMPOSER = f"{FIRST_PAGE}comments/new/"
REVIEWED = "/articles/is-it-a-cold-or-flu/"  # and changed since
RESTS_ON_LESS = "what-helps-when-i-cannot-sleep"  # a work that it cites was retracted

LINK = "/sign-off/known-to-these-tests/"  # of a reviewer without an account
ENDED_LINK = "/sign-off/no-longer-good/"

CORRECTED = "is-a-panic-attack-dangerous"
NUMBER = "kept-safe-here-2222"  # of a reader’s message

newcomers = count(1)


@dataclass(frozen=True)
class Place:
    name: str
    path: str
    who: str = ""  # the address of whoever is logged in
    then: Callable[[Page], None] = lambda page: None  # what one does there

    def visit(self, page: Page) -> None:
        page.goto(self.path)
        self.then(page)

    def __str__(self) -> str:
        return self.name


def log_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Fill in the log-in form of the page that is open."""
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("main").get_by_role("button", name="Log in", exact=True).click()


def sign_up(page: Page, email: str, password: str = PASSWORD) -> None:
    """Fill in the sign-up form of the page that is open; the handle stays as it was proposed.

    Without a password it is the form of those who sign up with a passkey.
    """
    page.get_by_label("E-mail address").fill(email)
    if password:
        page.get_by_label("Password").fill(password)
    page.get_by_label("years old or older").check()
    page.get_by_label("I know that comments are public").check()
    page.get_by_role("button", name="Sign up").click()


def type_code(page: Page, code: str) -> None:
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Confirm").click()


def send_empty(page: Page) -> None:
    """Send a form as a browser does that does not check it first."""
    form = page.locator("main form[method=post]").first
    form.evaluate("form => { form.noValidate = true }")
    form.get_by_role("button").first.click()
    page.wait_for_selector(".field__error")


def wait_for_a_code(page: Page) -> None:
    sign_up(page, f"newcomer-{next(newcomers)}@example.org")
    page.wait_for_selector("text=Enter the code")


def follow(name: str) -> Callable[[Page], None]:
    def click(page: Page) -> None:
        page.get_by_role("link", name=name, exact=True).first.click()
        page.wait_for_load_state()

    return click


def prove(page: Page, password: str = PASSWORD) -> None:
    """Type the password once more, if the page asks for it: the log-in may be minutes ago."""
    if page.get_by_label("Password").count():
        page.get_by_label("Password").fill(password)
        page.get_by_role("main").get_by_role("button", name="Go on").click()
        page.wait_for_load_state()


def prove_and_send_empty(page: Page) -> None:
    prove(page)
    send_empty(page)


def approve(page: Page) -> None:
    """Choose a verdict on the page of a personal link, and have the code sent."""
    page.get_by_label("Approve").check()
    page.get_by_role("button", name="Send me the code").click()
    page.wait_for_selector("text=Enter the code")


def sign_without_a_code(page: Page) -> None:
    """Type nothing: the five wrong codes of a link would soon be used up."""
    approve(page)
    page.get_by_label("Code").evaluate("code => { code.form.noValidate = true }")
    page.get_by_role("button", name="Sign", exact=True).click()
    page.wait_for_selector(".field__error")


def open_choices(page: Page) -> None:
    """Open what the composer offers besides words: another name, a badge."""
    for choice in page.locator("details.choice").all():
        if choice.get_attribute("open") is None:
            choice.locator("summary").click()


def write(words: str) -> Callable[[Page], None]:
    """Type words into the composer, and press its button."""

    def post(page: Page) -> None:
        page.get_by_label("Your comment").fill(words)
        page.locator("main form[method=post]").first.get_by_role("button").first.click()
        page.wait_for_load_state()

    return post


def report_without_a_word(page: Page) -> None:
    follow("Report")(page)
    page.get_by_label("It is against the law").check()
    send_empty(page)


def come_from_a_report(page: Page) -> None:
    """Go where a report leads, without leaving one at each visit."""
    address = page.get_by_role("link", name="Report", exact=True).first.get_attribute("href") or ""
    page.goto(f"{address.removesuffix('report/')}reported/?about=worried")


def remove_the_first(page: Page) -> None:
    page.locator("[name=chosen]:enabled").first.check()
    page.get_by_role("button", name="Remove by a rule…").click()
    page.wait_for_load_state()


def first_case(page: Page) -> None:
    page.locator(".case-row__said").first.click()
    page.wait_for_load_state()
    for more in page.locator("details.more > summary").all():
        more.click()


def first_row(page: Page) -> None:
    """Open what a list of the desk begins with."""
    page.locator("#result_list tbody th a").first.click()
    page.wait_for_load_state()


def beside_an_article(name: str) -> Callable[[Page], None]:
    def go(page: Page) -> None:
        follow("Is it a cold or flu?")(page)
        follow(name)(page)

    return go


def ask_to_sign(page: Page) -> None:
    follow("Is it a cold or flu?")(page)
    follow("Ask somebody to sign")(page)


def publish_a_correction(page: Page) -> None:
    follow("Is it a cold or flu?")(page)
    follow("Publish a correction")(page)


def cut_passages(page: Page) -> None:
    page.get_by_text("Your comments here").click()
    follow("Cut passages")(page)


READING = [
    Place("home", "/"),
    Place("topics", "/topics/"),
    Place("topics from A to Z", "/topics/?view=a-z"),
    Place("topic", "/topics/health/recovery/"),
    Place("article", FIRST_PAGE),
    Place("article with comments", DISCUSSION),
    Place("article with long words", "/articles/wide/"),
    Place("article in Arabic", "/articles/arabic/"),
    Place("history", f"{FIRST_PAGE}history/"),
    Place("contributor", "/people/bedside-starter-articles/"),
    Place("search", "/search/?q=acupuncture"),
    Place("search without results", "/search/?q=zzzzqqqq"),
    Place("corrections", "/corrections/"),
    Place("corrections of a kind", "/corrections/?kind=safety"),
    Place("article that was corrected", f"/articles/{CORRECTED}/"),
    Place("what became of a message", f"/told/{NUMBER}/"),
    Place("help", "/help/"),
    Place("help in another country", "/help/?country=BE"),
    Place("about", "/about/"),
    Place("house rules", "/about/rules/"),
    Place("every wording of the house rules", "/about/rules/history/"),
    Place("moderation", "/about/moderation/"),
    Place("how we review", "/about/review/"),
    Place("privacy", "/about/privacy/"),
    Place("article changed since its review", REVIEWED),
    Place("article that cites a retracted work", f"/articles/{RESTS_ON_LESS}/"),
    Place("signed wording", REVIEWED, then=follow("Read the signed wording")),
    Place("history with a review", f"{REVIEWED}history/"),
    Place("reviewer", "/people/nora-nerve/"),
]

WRITING = [
    Place("tell the editors", f"/articles/{CORRECTED}/tell/"),
    Place("tell the editors with an error", f"/articles/{CORRECTED}/tell/", then=send_empty),
    Place("follow corrections", f"/articles/{CORRECTED}/follow-corrections/"),
    Place("corrections followed", f"/articles/{CORRECTED}/follow-corrections/?asked"),
    Place("composer signed out", COMPOSER),
    Place("composer with an error", COMPOSER, then=send_empty),
    Place("help first", COMPOSER, then=write("It never stops. I want to kill myself.")),
    Place("reply signed out", DISCUSSION, then=follow("Reply")),
    Place("report", DISCUSSION, then=follow("Report")),
    Place("report with errors", DISCUSSION, then=report_without_a_word),
    Place("reported", DISCUSSION, then=come_from_a_report),
    Place("log in", "/accounts/login/"),
    Place("log in with errors", "/accounts/login/", then=send_empty),
    Place("sign up", "/accounts/signup/"),
    Place("sign up with errors", "/accounts/signup/", then=send_empty),
    Place("sign up with a passkey", "/accounts/signup/passkey/"),
    Place("code", "/accounts/signup/", then=wait_for_a_code),
    Place("forgotten password", "/accounts/password/reset/"),
    Place("not found", "/articles/nothing-here/"),
]

SIGNING = [
    Place("text to sign", LINK),
    Place("whole text to sign", f"{LINK}?show=all"),
    Place("text to sign with errors", LINK, then=send_empty),
    Place("code to sign with", LINK, then=approve),
    Place("code to sign with missing", LINK, then=sign_without_a_code),
    Place("link that ended", ENDED_LINK),
]

OWNING = [
    Place("article with an ignored name", "/articles/wide/", MEMBER),
    Place("composer with its choices", COMPOSER, MEMBER, open_choices),
    Place("ignore", DISCUSSION, MEMBER, follow("Ignore")),
    Place("own comments", "/accounts/comments/", MEMBER),
    Place("all own comments", "/accounts/comments/all/", MEMBER),
    Place("name off", "/accounts/comments/", MEMBER, follow("Take my name off")),
    Place("inbox", "/accounts/inbox/", MEMBER),
    Place("mail about news", "/accounts/notifications/", MEMBER),
    Place("following", "/accounts/following/", MEMBER),
    Place("follow", "/articles/wide/comments/follow/", MEMBER),
    Place("decisions", "/accounts/decisions/", MEMBER),
    Place("decision", "/accounts/decisions/", MEMBER, follow("Your comment was removed")),
    Place("consent", "/accounts/consent/", MEMBER),
    Place("badges", "/accounts/badges/", MEMBER),
    Place("ask for a badge", "/accounts/badges/ask/", MEMBER),
    Place("ask for a badge with errors", "/accounts/badges/ask/", MEMBER, send_empty),
    Place("give a badge back", "/accounts/badges/", MEMBER, follow("Give the badge back")),
    Place("ignored names", "/accounts/ignored/", MEMBER),
    Place("own data", "/accounts/data/", MEMBER, prove),
    Place("leave", "/accounts/leave/", MEMBER, prove),
    Place("leave with an error", "/accounts/leave/", MEMBER, prove_and_send_empty),
    Place("leaving", "/accounts/leave/", LEAVER),
]

MEMBERS = [
    Place("article as a member", DISCUSSION, MEMBER),
    Place("composer", COMPOSER, MEMBER),
    Place("before posting", COMPOSER, MEMBER, write("Call me on +44 20 7946 0123.")),
    Place("reply", DISCUSSION, MEMBER, follow("Reply")),
    Place("edit", DISCUSSION, MEMBER, follow("Edit")),
    Place("withdraw", DISCUSSION, MEMBER, follow("Withdraw")),
    Place("cut", "/articles/arabic/", MEMBER, cut_passages),
    Place("account", "/accounts/", MEMBER),
    Place("public name", "/accounts/handle/", MEMBER),
    Place("e-mail address", "/accounts/email/", MEMBER),
    Place("password", "/accounts/password/change/", MEMBER),
    Place("second factor", "/accounts/2fa/", MEMBER),
    Place("sessions", "/accounts/sessions/", MEMBER),
    Place("log out", "/accounts/logout/", MEMBER),
]

DESK = [
    Place("desk", "/admin/", EDITOR),
    Place("desk articles", "/admin/articles/article/", EDITOR),
    Place("desk new article", "/admin/articles/article/add/", EDITOR),
    Place("desk article", "/admin/articles/article/", EDITOR, follow("Is it a cold or flu?")),
    Place("desk ask to sign", "/admin/articles/article/", EDITOR, ask_to_sign),
    Place("desk notes", "/admin/articles/article/", EDITOR, beside_an_article("Notes")),
    Place("desk review", "/admin/articles/article/", EDITOR, beside_an_article("Review")),
    Place("desk withdrawal", "/admin/articles/article/", EDITOR, beside_an_article("Withdraw")),
    Place("desk reviews", "/admin/articles/review/", EDITOR),
    Place("desk review as signed", "/admin/articles/review/", EDITOR, first_row),
    Place("desk edits to look at", "/admin/articles/minoredit/", EDITOR),
    Place("desk corrections", "/admin/articles/correction/", EDITOR),
    Place("desk correction", "/admin/articles/correction/", EDITOR, first_row),
    Place("desk new correction", "/admin/articles/article/", EDITOR, publish_a_correction),
    Place("desk messages", "/admin/articles/readermessage/", EDITOR),
    Place("desk message", "/admin/articles/readermessage/", EDITOR, first_row),
    Place("desk categories", "/admin/articles/category/", EDITOR),
    Place("desk reviews due", "/admin/articles/reviewround/?state=soon", EDITOR),
    Place("desk reviews finished", "/admin/articles/reviewround/?state=finished", EDITOR),
    Place("desk figures", "/admin/articles/reviewround/figures/", EDITOR),
    Place("desk sources", "/admin/articles/source/", EDITOR),
    Place("desk new source", "/admin/articles/source/add/", EDITOR),
    Place("desk sources to look at", "/admin/articles/sourcetask/", EDITOR),
    Place("desk sections", "/admin/articles/sourcetask/?state=to_deal_with", EDITOR),
    Place("desk helplines", "/admin/articles/helpline/", EDITOR),
    Place("desk helpline", "/admin/articles/helpline/", EDITOR, first_row),
    Place("desk house rules", "/admin/comments/rule/", EDITOR),
    Place("desk house rule", "/admin/comments/rule/", EDITOR, first_row),
    Place("desk new image", "/admin/articles/image/add/", EDITOR),
    Place("desk of moderators", "/admin/comments/case/", MODERATOR),
    Place("desk case", "/admin/comments/case/", MODERATOR, first_case),
    Place("desk case reported", "/admin/comments/case/?queue=reported", MODERATOR, first_case),
    Place("desk case held", "/admin/comments/case/?queue=held", MODERATOR, first_case),
    Place("desk removal of several", "/admin/comments/case/", MODERATOR, remove_the_first),
    Place("desk appeals", "/admin/comments/case/?queue=appeals", MODERATOR),
    Place("desk questions", "/admin/comments/question/", EDITOR),
    Place("answer", "/admin/comments/question/", EDITOR, follow("Answer")),
    Place("led to", "/admin/comments/question/", EDITOR, follow("It led to a change…")),
    Place("desk ask", "/admin/comments/question/", EDITOR, follow("Ask a contributor…")),
    Place("desk phrases", "/admin/comments/phrase/", EDITOR),
    Place("desk phrase", "/admin/comments/phrase/", EDITOR, first_row),
    Place("desk choices", "/admin/comments/case/choices/", MODERATOR),
    Place("desk comments", "/admin/comments/comment/", EDITOR),
    Place("desk comment", "/admin/comments/comment/", EDITOR, first_row),
    Place("desk reports", "/admin/comments/report/", EDITOR),
    Place("desk badges", "/admin/comments/badge/", EDITOR),
    Place("desk badge", "/admin/comments/badge/", EDITOR, first_row),
    Place("desk audit trail", "/admin/accounts/auditact/", EDITOR),
    Place("desk legal hold", "/admin/accounts/legalhold/add/", EDITOR),
]

PUBLIC = [*READING, *WRITING, *SIGNING, *OWNING, *MEMBERS]
EVERYWHERE = [*PUBLIC, *DESK]
