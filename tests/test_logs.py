"""No line of a log holds what people said: errors are driven through the handlers that run."""

import io
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.management import call_command
from django.db import IntegrityError
from django.http import Http404
from django.tasks import task
from django.test import Client, RequestFactory
from django_tasks_db.models import DBTaskResult

from accounts.mail import deliver
from accounts.models import OutgoingMail, User
from accounts.schedule import JOBS, Job
from accounts.tracebacks import frames_of
from articles.models import Article
from config.logs import PlainLines, without_words
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

CANARY = "zanzibarwren"
ADDRESS = f"{CANARY}@example.org"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Return what the site's own handler writes."""
    [handler] = [
        handler
        for handler in logging.getLogger().handlers
        if isinstance(handler.formatter, PlainLines)
    ]
    assert isinstance(handler, logging.StreamHandler)
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def home_raises(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    def let(deed: Callable[[], object]) -> None:
        monkeypatch.setattr("articles.views.site_state", deed)

    return let


def raising(error: Exception, cause: Exception | None = None) -> Callable[[], object]:
    def deed() -> object:
        raise error from cause

    return deed


def clean(log: io.StringIO) -> str:
    """Return what was logged, which holds no word of anybody."""
    text = log.getvalue()
    assert text
    assert CANARY not in text
    assert "@" not in text
    return text


def test_an_error_tells_its_class_and_frames_and_not_its_words(
    log: io.StringIO, visitor: Client, home_raises: Callable[..., None]
) -> None:
    home_raises(raising(ValueError(f"{CANARY} wrote"), cause=KeyError(CANARY)))
    assert visitor.get(f"/?q={CANARY}").status_code == 500
    text = clean(log)
    assert "ERROR django.request: Internal Server Error: /\n" in text
    assert "\nKeyError\nwhich led to:\n" in text
    assert text.endswith("\nValueError\n")
    assert 'views.py", line' in text


def test_an_error_of_the_database_quotes_no_row(
    log: io.StringIO, visitor: Client, home_raises: Callable[..., None]
) -> None:
    User.objects.create_user(ADDRESS, handle=CANARY)
    home_raises(lambda: User.objects.create_user(ADDRESS, handle=CANARY))
    visitor.get("/")
    text = clean(log)
    assert "django.db.utils.IntegrityError" in text
    assert "which led to:" in text


@pytest.mark.parametrize(
    ("address", "line"),
    [
        (f"/{CANARY}/?q={CANARY}", "Not Found: /…"),
        (f"/articles/{CANARY}/?sort={CANARY}", "Not Found: /articles/…/"),
        (f"/accounts/welcome/{CANARY}:1x/", "Gone: /accounts/welcome/…/"),
        (f"/search/?q=%00{CANARY}", "BadRequest: /…"),
        (f"/articles/x/preview/{CANARY}/?x={CANARY}", "Not Found: /articles/…/preview/…/"),
    ],
)
def test_an_address_tells_its_pattern(
    log: io.StringIO, visitor: Client, address: str, line: str
) -> None:
    assert visitor.get(address).status_code >= 400
    assert line in clean(log)


def test_a_form_from_elsewhere_is_noted_without_where(log: io.StringIO, member: User) -> None:
    stranger = Client(enforce_csrf_checks=True)
    form = {"login": ADDRESS, "password": CANARY}
    for headers in (
        {"origin": f"https://{CANARY}.example/{CANARY}"},
        {"origin": CANARY},
        {"cookie": f"csrftoken={CANARY}"},
    ):
        answer = stranger.post(f"/accounts/login/?next=/{CANARY}/", form, headers=headers)
        assert answer.status_code == 403
    answer = stranger.post(
        "/accounts/login/", form, headers={"referer": f"https://x.example/{CANARY}"}, secure=True
    )
    assert answer.status_code == 403
    assert clean(log).count("Forbidden (") == 4


def test_a_foreign_host_leaves_no_line(log: io.StringIO, visitor: Client) -> None:
    assert visitor.get(f"/{CANARY}/", headers={"host": f"{CANARY}.example"}).status_code == 400
    assert log.getvalue() == ""


@pytest.mark.parametrize("error", [SuspiciousOperation, BadRequest, PermissionError, Http404])
def test_a_refusal_tells_its_class(
    log: io.StringIO,
    visitor: Client,
    home_raises: Callable[..., None],
    error: type[Exception],
) -> None:
    home_raises(raising(error(f"The field “{CANARY}” of {ADDRESS}\nis forged")))
    assert visitor.get("/").status_code >= 400
    clean(log)


def test_what_is_too_much_is_noted_without_it(log: io.StringIO, visitor: Client) -> None:
    form = {f"{CANARY}{number}": "x" for number in range(1100)}
    assert visitor.post("/accounts/login/", form).status_code == 400
    assert "TooManyFieldsSent" in clean(log)


@task
def fail_with_words() -> None:
    raise IntegrityError(f"Key (email)=({ADDRESS}) already exists.") from ValueError(CANARY)


def test_a_task_that_fails_keeps_no_words_in_the_log_or_the_database(log: io.StringIO) -> None:
    fail_with_words.enqueue()
    call_command("run_worker", "--batch")
    assert "Gave up tests.test_logs.fail_with_words" in clean(log)
    row = DBTaskResult.objects.get()
    assert row.status == "FAILED"
    assert row.exception_class_path == "django.db.utils.IntegrityError"
    assert "fail_with_words" in row.traceback
    assert CANARY not in row.traceback


def test_a_job_that_fails_is_noted_by_its_class(
    log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = JOBS["comments.tasks.forget_expired_drafts"]
    failing = Job(job.every, raising(RuntimeError(f"{CANARY} of {ADDRESS}")))
    monkeypatch.setitem(JOBS, "comments.tasks.forget_expired_drafts", failing)
    call_command("run_worker", "--batch")
    text = clean(log)
    assert "The job comments.tasks.forget_expired_drafts failed\n" in text
    assert text.endswith("RuntimeError\n")


def test_a_mail_server_that_refuses_is_noted_without_to_whom(
    log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = mail.EmailMessage(f"About {CANARY}", CANARY, None, [ADDRESS])
    waiting = OutgoingMail.holding(message, "<1@example.org>")
    monkeypatch.setattr(
        OutgoingMail, "as_message", lambda mail: raising(ConnectionError(ADDRESS))()
    )
    deliver.func(waiting.pk)
    assert f"Mail {waiting.pk}, attempt 1: ConnectionError" in clean(log)


def test_a_member_who_does_what_they_can_leaves_no_words(
    log: io.StringIO, visitor: Client, member: User, article: Article
) -> None:
    logging.getLogger().setLevel(logging.INFO)
    try:
        for _try in range(12):
            visitor.post("/accounts/login/", {"login": ADDRESS, "password": CANARY})
        visitor.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
        visitor.post("/accounts/password/reset/", {"email": ADDRESS})
        visitor.get("/search/", {"q": CANARY})
        visitor.post(f"{article.get_absolute_url()}comments/new/", {"text": CANARY})
        visitor.get("/accounts/nowhere/", {"q": CANARY})
    finally:
        logging.getLogger().setLevel(settings.LOGGING["root"]["level"])
    clean(log)


class Odd:
    def __repr__(self) -> str:
        return CANARY


@pytest.mark.parametrize(
    ("message", "arguments", "line"),
    [
        ("Sent to %s", (ADDRESS,), "Sent to …"),
        (f"Sent to <{ADDRESS}> now", (), "Sent to <…> now"),
        ("Failed: %s", (ValueError(CANARY),), "Failed: ValueError"),
        ("Failed: %s, %s", (Odd(), CANARY.encode()), "Failed: Odd, bytes"),
        ("%(who)s at %(when)s", ({"who": Odd(), "when": 3},), "Odd at 3"),
        ("One %s, and no second: %s", (ADDRESS,), "One %s, and no second: %s"),
        (ValueError(CANARY), (), "ValueError"),
        (f"GET /search/?q={CANARY} from https://x.example/{CANARY}", (), "GET … from …"),
        (f"postgres://me:{CANARY}@db/x is away", (), "… is away"),
        ("Two\nlines", (), "Two lines"),
        ("%d of %.1f at %s", (3, 0.5, datetime(2026, 1, 2, tzinfo=UTC)), "3 of 0.5 at 2026-01-02"),
        ("Did it work?", (), "Did it work?"),
    ],
)
def test_a_library_that_logs_words_is_cut_short(
    message: object, arguments: tuple[object, ...], line: str
) -> None:
    library = logging.getLogger("some.library")
    record = library.makeRecord("x", logging.WARNING, "x.py", 1, message, arguments, None)
    written = io.StringIO(PlainLines().format(record))
    assert f"WARNING x: {line}" in clean(written)


def test_a_group_of_errors_is_told_one_by_one() -> None:
    error = ExceptionGroup(CANARY, [ValueError(CANARY), KeyError(CANARY)])
    text = frames_of(error)
    assert [line for line in text.splitlines() if line.endswith("Error")] == [
        "ValueError",
        "KeyError",
    ]
    assert CANARY not in text


def test_an_error_that_is_its_own_cause_is_told_once() -> None:
    first, second = ValueError(CANARY), KeyError(CANARY)
    first.__context__, second.__context__ = second, first
    assert frames_of(first) == "KeyError\nwhich led to:\nValueError\n"


def test_django_mails_no_errors_and_prints_none_of_its_own() -> None:
    kinds = {
        type(handler).__name__
        for name in ("django", "django.request", "django.security", "django.server")
        for handler in logging.getLogger(name).handlers
    }
    assert kinds <= {"LogCaptureHandler", "_LiveLoggingNullHandler"}
    assert settings.ADMINS == []
    assert settings.MANAGERS == []


def test_the_server_writes_no_log_of_who_asked_for_what() -> None:
    for file in ("bin/run", "deploy/bedside.service"):
        started = (settings.BASE_DIR / file).read_text().replace("\\\n", " ")
        [command] = [line for line in started.splitlines() if "granian" in line and "wsgi:" in line]
        assert "--no-access-log" in command
    nginx = (settings.BASE_DIR / "deploy" / "nginx.conf").read_text()
    written = nginx[nginx.index("log_format") : nginx.index(";", nginx.index("log_format"))]
    for name in ("$remote_addr", "$request_uri", "$request ", "$args", "$http_", "$cookie", "$uri"):
        assert name not in written
    for secret in ("/accounts/", "/comments/", "/sign-off/", "preview/"):
        assert f"{secret} " in nginx[nginx.index("map $uri") : nginx.index("log_format")]


# --- Sentry, for those who use it -----------------------------------------------------------------


def test_sentry_is_told_where_in_the_code_and_nothing_else() -> None:
    request = RequestFactory().get(f"/?q={CANARY}", headers={"cookie": CANARY})
    event: dict[str, Any] = {
        "event_id": "1",
        "level": "error",
        "transaction": f"/{CANARY}/",
        "transaction_info": {"source": "url"},
        "request": {"url": request.build_absolute_uri(), "query_string": CANARY, "cookies": CANARY},
        "user": {"email": ADDRESS},
        "breadcrumbs": {"values": [{"message": CANARY}]},
        "extra": {"sys.argv": [CANARY]},
        "tags": {"handle": CANARY},
        "contexts": {"x": CANARY},
        "exception": {
            "values": [
                {
                    "type": "IntegrityError",
                    "module": "django.db.utils",
                    "value": ADDRESS,
                    "mechanism": {"data": CANARY},
                    "stacktrace": {
                        "frames": [{"function": "save", "lineno": 3, "vars": {"email": ADDRESS}}]
                    },
                }
            ]
        },
    }
    told = without_words(event, {})
    assert told == {
        "event_id": "1",
        "level": "error",
        "exception": {
            "values": [
                {
                    "type": "IntegrityError",
                    "module": "django.db.utils",
                    "stacktrace": {"frames": [{"function": "save", "lineno": 3}]},
                }
            ]
        },
    }


def test_sentry_is_told_of_a_logged_line_without_its_arguments() -> None:
    event = {
        "logger": "accounts.mail",
        "logentry": {"message": "Mail %s to %s", "params": [ADDRESS], "formatted": ADDRESS},
        "transaction": "/articles/{slug}/",
        "transaction_info": {"source": "route"},
    }
    assert without_words(event, {}) == {
        "logger": "accounts.mail",
        "transaction": "/articles/{slug}/",
        "logentry": {"message": "Mail %s to %s"},
    }
