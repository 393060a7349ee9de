"""Takes a picture of every kind of page, wide and narrow, light and dark.

    python -m tests.browser.screenshots FOLDER [ADDRESS]

Without an address a trial is started for it. A site at ADDRESS needs the people of cast.py.
"""

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.places import EVERYWHERE, log_in
from tests.browser.trial import Trial

SIZES = {"wide": (1280, 900), "phone": (390, 844)}
SCHEMES = ("light", "dark")


def main(folder: Path, address: str = "") -> None:
    if address:
        return take_all(folder, address)
    with tempfile.TemporaryDirectory() as data:
        trial = Trial(Path(data))
        try:
            trial.start()
            take_all(folder, trial.url)
        finally:
            trial.stop()


def take_all(folder: Path, address: str) -> None:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        take(browser, folder, address)
        browser.close()


def take(browser: Browser, folder: Path, address: str) -> None:
    """Visit each place once, and look at it in every size and scheme."""
    contexts = {}
    for who in sorted({place.who for place in EVERYWHERE}):
        contexts[who] = browser.new_context(base_url=address)
        if who:
            page = contexts[who].new_page()
            page.goto("/accounts/login/")
            log_in(page, who)
            page.wait_for_url(f"{address}/")
    for place in EVERYWHERE:
        page = contexts[place.who].new_page()
        place.visit(page)
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                page.evaluate("document.getAnimations().forEach(change => change.finish())")
                name = re.sub(r"\W+", "-", place.name)
                page.screenshot(path=folder / f"{name}-{size}-{scheme}.png", full_page=True)
        page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])
