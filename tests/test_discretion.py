"""Seen by no one else: what mail, headers and links give away to those who look from outside."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import allauth
import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from articles.models import Article
from tests.badges import granted
from tests.conftest import FIRST_PAGE, PASSWORD
from tests.discussing import say
from tests.test_account_pages import PATHS
from tests.test_architecture import ROOT, SOURCES

pytestmark = pytest.mark.django_db

PAGE = f"/articles/{FIRST_PAGE}/"
TOPIC = ("acupuncture", "spasm", "recovery", "botulinum")

# --- mail -----------------------------------------------------------------------------------------

OURS = ROOT / "templates"
THEIRS = Path(allauth.__file__).parent / "templates"
SUBJECTS = sorted(
    str(path.relative_to(folder))
    for folder, apps in ((OURS, ("*",)), (THEIRS, ("account", "mfa", "usersessions")))
    for app in apps
    for path in folder.glob(f"{app}/email/*_subject.txt")
)


class Anything:
    """Answers whatever a template asks, so that what it shows is found."""

    def __getattr__(self, name: str) -> "Anything":
        return self

    def __str__(self) -> str:
        return "shown"


@pytest.mark.parametrize("template", SUBJECTS)
def test_a_subject_is_the_same_for_everybody(template: str) -> None:
    names = ("user", "email", "article", "comment", "site_name", "current_site", "title", "code")
    with_all = render_to_string(template, dict.fromkeys(names, Anything()))
    assert with_all.strip()
    assert with_all == render_to_string(template, {})
    text = (OURS / template if (OURS / template).exists() else THEIRS / template).read_text()
    assert "{{" not in text


def calls_to_mail() -> Iterator[tuple[str, ast.Call]]:
    for path in SOURCES:
        if path.is_relative_to(ROOT / "tests") or path.is_relative_to(ROOT / "benchmarks"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in {"send_mail", "EmailMessage", "EmailMultiAlternatives", "mail_admins"}:
                    yield str(path.relative_to(ROOT)), node


def test_code_that_sends_mail_gives_it_a_fixed_subject_and_the_sites_sender() -> None:
    """A subject that is put together could name what somebody read or wrote about."""
    wrong = []
    for place, call in calls_to_mail():
        if not call.args:
            continue  # a message that was written before
        subject, sender = call.args[0], call.args[2]
        is_sentence = isinstance(subject, ast.Call) and isinstance(subject.args[0], ast.Constant)
        is_template = isinstance(subject, ast.Name) and place == "accounts/leaving.py"
        if not (is_sentence or is_template) or ast.unparse(sender) != "None":
            wrong.append(f"{place}:{call.lineno}")
    assert wrong == []


@pytest.fixture
def every_mail(
    settings: Settings,
    article: Article,
    member: User,
    moderator: User,
    mailoutbox: list[EmailMessage],
    client: Client,
    as_member: Client,
) -> list[EmailMessage]:
    """Every kind of mail that this site sends by itself, about an article on a condition."""
    settings.SITE_NAME = "Living with spasm"
    comment = say(member, article, "Acupuncture helped me.")
    client.post(f"/comments/{comment.pk}/report/", {"reason": "unsafe", "words": "Spasm."})
    form = {"email": "new@example.org", "handle": "Grey Cup", "password1": PASSWORD}
    client.post("/accounts/signup/", {**form, "age": "on", "public_comments": "on"})
    for address in (member.email, "nobody@example.org"):
        Client().post("/accounts/password/reset/", {"email": address})
    as_member.post("/accounts/reauthenticate/", {"password": PASSWORD})
    as_member.post("/accounts/data/")
    badge = granted(member, moderator)
    badge.take_back(by=moderator, reason="The register struck it off.")
    new = "another horse battery staple"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    as_member.post("/accounts/password/change/", form)
    as_member.post("/accounts/leave/", {"fate": "keep"})
    call_command("run_worker", "--batch")
    return mailoutbox


def test_no_subject_sender_or_list_names_what_it_is_about(every_mail: list[EmailMessage]) -> None:
    assert len({str(mail.subject) for mail in every_mail}) >= 6
    for mail in every_mail:
        seen_on_a_phone = " ".join(
            f"{name}: {value}"
            for name, value in mail.message().items()
            if name not in {"Message-ID", "To"}
        ).lower()
        for word in TOPIC:
            assert word not in seen_on_a_phone
        assert mail.from_email == settings.MAIL_FROM
        assert not {name for name in mail.message() if name.lower().startswith(("list-", "x-"))}


def test_no_mail_quotes_a_comment_or_names_its_article(every_mail: list[EmailMessage]) -> None:
    for mail in every_mail:
        body = str(mail.body).replace("Living with spasm", "").lower()
        for word in (*TOPIC, "helped me"):
            assert word not in body


def test_the_sender_is_a_setting_of_its_own() -> None:
    assert settings.DEFAULT_FROM_EMAIL == settings.SERVER_EMAIL == settings.MAIL_FROM
    for document in (".env.example", "docs/running.md"):
        assert "MAIL_FROM" in (ROOT / document).read_text()


# --- headers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_page_of_an_account_is_kept_or_tells_where_one_came_from(
    client: Client, as_member: Client, path: str, method: str
) -> None:
    for who in (client, as_member):
        answer = getattr(who, method)(path)
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "path", ["/", PAGE, f"{PAGE}comments/new/", "/search/?q=spasm", "/feed/", "/nowhere/", "/help/"]
)
def test_no_page_tells_another_site_what_was_read(
    article: Article, client: Client, path: str
) -> None:
    assert client.get(path).headers["Referrer-Policy"] == "same-origin"


def test_a_link_that_leads_away_asks_for_no_referrer(
    make_article: Callable[..., Article], client: Client
) -> None:
    make_article(slug="knee", text="## One\n\n[Away](https://example.org/knee) from here.\n")
    page = client.get("/articles/knee/").content.decode()
    [link] = re.findall(r'<a[^>]*href="https://example.org/knee"[^>]*>', page)
    assert "referrerpolicy" not in link
    assert "unsafe-url" not in page


def test_back_after_logging_out_finds_nothing(
    as_member: Client, article: Article, member: User
) -> None:
    pages: list[Any] = [as_member.get(path) for path in ("/accounts/", PAGE, "/", "/topics/")]
    for page in pages:
        assert "no-store" in page.headers["Cache-Control"]
        assert not page.has_header("ETag")
    assert "Clear-Site-Data" in as_member.post("/accounts/logout/").headers
    assert member.handle not in as_member.get(PAGE).content.decode()


def test_no_page_holds_a_hash_of_an_address(
    as_member: Client, article: Article, member: User
) -> None:
    """As avatars by e-mail would (RFC 6973, section 6.1.1)."""
    import hashlib

    say(member, article, "Words.")
    for path in (PAGE, "/accounts/"):
        page = as_member.get(path).content.decode()
        for kind in ("md5", "sha1", "sha256"):
            assert hashlib.new(kind, member.email.encode()).hexdigest() not in page
