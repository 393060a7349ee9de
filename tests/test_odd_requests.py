"""What no browser sends is answered like everything else: a page that may not be kept."""

from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_started
from django.db import close_old_connections
from django.test import Client, RequestFactory

from articles.models import Article
from config.wsgi import application
from tests.conftest import FIRST_PAGE

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("/", {"Host": "evil.example"}, 400),
        ("/?a=%00", {}, 400),
        ("/", {"Cookie": "sessionid=a\x00b"}, 400),
        ("/", {"Accept": "text/html; " + "a" * 20_000}, 400),
        ("/", {"Host": "127.0.0.1:8000"}, 302),
        ("/nothing/", {}, 404),
        (f"/media/{'a' * 5000}", {}, 404),
        ("/media/../secret-key", {}, 400),
    ],
)
def test_what_is_refused_is_kept_by_nobody_and_under_the_same_policy(
    client: Client, address: str, headers: dict[str, str], status: int
) -> None:
    client.raise_request_exception = False
    response = client.get(address, headers=headers)
    assert response.status_code == status
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_a_failed_precondition_is_no_page_for_others(article: Article, client: Client) -> None:
    response = client.get(f"/articles/{FIRST_PAGE}/", headers={"If-Match": '"another"'})
    assert response.status_code == 412
    assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain; charset=hex",
        "text/plain; charset=idna",
        "text/plain;a=b; Charset = utf-7",
        "text/plain; charset*=utf-8''unicode_escape",
        "text/plain; charset=latin-1; a=b",
        "text/plain; " + "a" * 20_000,
    ],
)
def test_every_address_is_read_as_utf_8_whatever_the_request_says(content_type: str) -> None:
    page = answer("/search/?q=%2B2AA-%5Cud800%C3%BC", CONTENT_TYPE=content_type)
    assert page.startswith("200 ")
    assert 'value="+2AA-\\ud800ü"' in page


def test_every_form_is_read_as_utf_8_whatever_the_request_says() -> None:
    form = RequestFactory().post("/accounts/login/", {"login": "\\ud800ü"}).environ
    form["CONTENT_TYPE"] += "; charset=unicode_escape"
    page = answer("/accounts/login/", **form)
    assert page.startswith(("200 ", "403 "))


def answer(address: str, **environ: Any) -> str:
    """Return status and body of what a server gets from the WSGI application."""
    assert isinstance(application, WSGIHandler)
    said: list[str] = []
    asked = RequestFactory().get(address).environ | {"HTTP_HOST": "localhost:8000"} | environ
    request_started.disconnect(close_old_connections)  # the test's, as Django's own client knows
    try:
        body = application(asked, lambda status, _headers: said.append(status))
    finally:
        request_started.connect(close_old_connections)
    return f"{said[0]} {b''.join(body).decode()}"
