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

DISCUSSED = "what-to-eat-after-having-your-wisdom-teeth-out"

FIRST_PAGE = "/articles/how-many-acupuncture-sessions-are-needed-to-treat-hemifacial-spasm/"
DISCUSSION = f"/articles/{DISCUSSED}/"
COMPOSER = f"{FIRST_PAGE}comments/new/"

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
    """Fill in the sign-up form of the page that is open; the handle stays as it was proposed."""
    page.get_by_label("E-mail address").fill(email)
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
    Place("help", "/help/"),
    Place("about", "/about/"),
    Place("house rules", "/about/rules/"),
    Place("privacy", "/about/privacy/"),
]

WRITING = [
    Place("composer signed out", COMPOSER),
    Place("composer with an error", COMPOSER, then=send_empty),
    Place("reply signed out", DISCUSSION, then=follow("Reply")),
    Place("report", DISCUSSION, then=follow("Report")),
    Place("log in", "/accounts/login/"),
    Place("log in with errors", "/accounts/login/", then=send_empty),
    Place("sign up", "/accounts/signup/"),
    Place("sign up with errors", "/accounts/signup/", then=send_empty),
    Place("code", "/accounts/signup/", then=wait_for_a_code),
    Place("forgotten password", "/accounts/password/reset/"),
    Place("not found", "/articles/nothing-here/"),
]

MEMBERS = [
    Place("article as a member", DISCUSSION, MEMBER),
    Place("composer", COMPOSER, MEMBER),
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
    Place("desk categories", "/admin/articles/category/", EDITOR),
    Place("desk sources", "/admin/articles/source/", EDITOR),
    Place("desk new image", "/admin/articles/image/add/", EDITOR),
    Place("desk comments", "/admin/comments/comment/", EDITOR),
    Place("desk reports", "/admin/comments/report/", EDITOR),
]

PUBLIC = [*READING, *WRITING, *MEMBERS]
EVERYWHERE = [*PUBLIC, *DESK]
