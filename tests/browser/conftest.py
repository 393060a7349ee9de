"""A trial that runs while these tests do, and visitors whose browsers complain aloud.

`bin/test --browser` runs them; they need pytest-playwright, which is off without that switch.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState

from tests.browser.places import log_in
from tests.browser.trial import Trial

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
OFFLINE = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return True if not config.pluginmanager.has_plugin("playwright") else None


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if not chromium:
        pytest.skip("There is no Chromium.")
    return {**browser_type_launch_args, "executable_path": chromium, "args": OFFLINE}


@pytest.fixture(scope="session")
def trial(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    trial = Trial(tmp_path_factory.mktemp("trial"))
    try:
        trial.start()
        yield trial
    finally:
        trial.stop()


@pytest.fixture(scope="session")
def base_url(trial: Trial) -> str:
    return trial.url


@pytest.fixture
def complaints(base_url: str) -> Iterator[list[str]]:
    """What browsers found wrong while the test ran; a test fails if there is anything left."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def new_context(
    new_context: Callable[..., BrowserContext], complaints: list[str], base_url: str
) -> Callable[..., BrowserContext]:
    """Open a browser of its own for somebody, with an ear on all that goes wrong in it."""

    def new(**options: object) -> BrowserContext:
        context = new_context(**options)
        context.set_default_timeout(15_000)
        listen(context, complaints, base_url)
        return context

    return new


@pytest.fixture(scope="session")
def sessions() -> dict[str, StorageState]:
    """Where each of the cast has logged in once; nobody logs out of these."""
    return {}


@pytest.fixture
def visitor(
    new_context: Callable[..., BrowserContext], sessions: dict[str, StorageState]
) -> Callable[..., Page]:
    """Open a browser for whoever has this address, logged in; for a stranger without one."""

    def open_browser(who: str = "", **options: object) -> Page:
        if who and who not in sessions:
            page = new_context().new_page()
            page.goto("/accounts/login/")
            log_in(page, who)
            page.get_by_role("link", name="Log out").wait_for()
            sessions[who] = page.context.storage_state()
        return new_context(storage_state=sessions.get(who), **options).new_page()

    return open_browser


def listen(context: BrowserContext, complaints: list[str], base_url: str) -> None:
    """Note requests to others, broken parts of pages, scripts that fail, and refused content."""

    def on_request(request: object) -> None:
        if not request.url.startswith((f"{base_url}/", "data:", "blob:")):
            complaints.append(f"asked another server: {request.url}")

    def on_response(response: object) -> None:
        is_page = response.request.is_navigation_request()
        if response.status >= (500 if is_page else 400):
            complaints.append(f"{response.status}: {response.url}")

    def on_console(message: object) -> None:
        # That a page itself was a 404 is for the test to judge.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            complaints.append(f"console of {message.page.url}: {message.text}")

    context.on("request", on_request)
    context.on("response", on_response)
    context.on("console", on_console)
    context.on("weberror", lambda failure: complaints.append(str(failure.error)))
