"""The addresses of cited sources are asked whether they still answer, and none but public ones."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from articles.link_checking import asking, guarded
from articles.models import Article
from tests.source_files import a_source, citing

ASKED: list[tuple[str, str, str]] = []


class Site(BaseHTTPRequestHandler):
    """Answers with the status that the address names, or leads where it names."""

    def do_HEAD(self) -> None:
        ASKED.append((self.command, self.path, self.headers["User-Agent"]))
        _empty, kind, *rest = self.path.split("/", 2)
        if kind == "to":
            self.send_response(302)
            self.send_header("Location", rest[0])
        elif kind == "only-get":
            self.send_response(200 if self.command == "GET" else 405)
        elif kind == "hang-up":
            self.connection.close()
            return
        else:
            self.send_response(int(kind))
        self.end_headers()

    do_GET = do_HEAD

    def log_message(self, *said: Any) -> None:
        """Keep quiet."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A site on this machine, which counts as public in this test alone."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setattr(guarded, "is_public", lambda address: address == "127.0.0.1")
    monkeypatch.setattr(asking, "PAUSE", 0)
    ASKED.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def on(settings) -> None:
    settings.CHECK_LINKS = True


def run() -> list[str]:
    said = StringIO()
    call_command("check_links", stdout=said)
    return said.getvalue().splitlines()


def test_it_is_off_unless_asked_for_and_says_so_in_a_line(site: str, db: None) -> None:
    with pytest.raises(CommandError, match="CHECK_LINKS is off: no other site is asked"):
        call_command("check_links")
    assert not ASKED


def test_what_does_not_answer_is_printed(
    on: None, site: str, make_article: Callable[..., Article]
) -> None:
    citing(
        make_article,
        a_source(doi=None, url=f"{site}/200"),
        a_source(doi=None, url=f"{site}/404", title="Gone"),
    )
    a_source(doi=None, url=f"{site}/500", title="Cited by nobody")
    assert run() == [
        f"gone    {site}/404  404",
        "2 addresses asked: 1 ok, 0 moved, 0 refused, 1 gone, 0 failed.",
    ]
    assert not [path for _method, path, _agent in ASKED if path == "/500"]


def test_it_says_who_asks(on: None, site: str) -> None:
    assert asking.ask(f"{site}/200").outcome == "ok"
    assert ASKED == [("HEAD", "/200", "Bedside link check (+http://localhost:8000)")]


@pytest.mark.parametrize(
    ("path", "outcome", "detail"),
    [
        ("/200", "ok", ""),
        ("/only-get", "ok", ""),
        ("/to//200", "ok", ""),
        ("/403", "refused", "403"),
        ("/429", "refused", "429"),
        ("/410", "gone", "410"),
        ("/503", "failed", "503"),
        ("/to//to//to//to//to//to//to//200", "failed", "302"),
        ("/to/file:///etc/passwd", "failed", "302"),
        ("/to/ftp://127.0.0.1/x", "failed", "no answer (URLError)"),
        ("/hang-up", "failed", "no answer (RemoteDisconnected)"),
    ],
)
def test_each_answer_has_its_outcome(site: str, path: str, outcome: str, detail: str) -> None:
    answer = asking.ask(site + path)
    assert (answer.outcome, answer.detail) == (outcome, detail)


def test_a_page_that_is_elsewhere_now_is_told(site: str) -> None:
    there = site.replace("127.0.0.1", "localhost") + "/200"
    assert asking.ask(f"{site}/to/{there}") == asking.Answer(f"{site}/to/{there}", "moved", there)


def test_no_redirect_leads_into_a_private_network(site: str) -> None:
    answer = asking.ask(site + "/to/" + site.replace("127.0.0.1", "127.0.0.2") + "/200")
    assert (answer.outcome, answer.detail) == ("failed", "it leads into a private network")
    assert [path for _method, path, _agent in ASKED if path == "/200"] == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/",
        "http://localhost:1/",
        "https://localhost:1/",
        "http://127.1:1/",
        "http://2130706433:1/",
        "http://0.0.0.0:1/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://172.16.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://[::1]:1/",
        "http://[::ffff:127.0.0.1]:1/",
        "http://[fd00::1]/",
        "http://[fe80::1]/",
        "http://[2002:7f00:1::]/",
    ],
)
def test_no_private_address_is_asked(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: Any) -> None:
        raise AssertionError("It was asked.")

    monkeypatch.setattr(guarded.socket.socket, "connect", refuse)
    assert asking.ask(url).outcome == "failed"


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_public_addresses_are_public(address: str) -> None:
    assert guarded.is_public(address)


@pytest.mark.parametrize(
    "url", ["", "x", "file:///etc/passwd", "http://", "http://[", "http://a b/"]
)
def test_what_is_no_address_fails_and_stops_nothing(url: str) -> None:
    assert asking.ask(url).outcome == "failed"


def test_a_site_is_asked_one_request_after_the_other(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(asking.time, "sleep", pauses.append)
    found = list(asking.ask_all([f"{site}/200", f"{site}/404", f"{site}/200"]))
    assert [answer.outcome for answer in found] == ["ok", "gone"]
    assert len(pauses) == 1
