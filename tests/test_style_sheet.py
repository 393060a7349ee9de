"""The style sheets reach the reader as one small file."""

import re
from pathlib import Path

import brotli
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from pytest_django import Settings

from config.static import joined

CSS = Path(__file__).parent.parent / "static/css"


def test_every_sheet_but_admins_is_joined() -> None:
    imported = re.findall(r'@import "([\w-]+\.css)"', (CSS / "site.css").read_text())
    assert sorted(imported) == sorted(
        sheet.name
        for sheet in CSS.glob("*.css")
        if sheet.name != "site.css" and not sheet.name.startswith("admin")
    )


def test_the_joined_sheet_is_whole_and_light() -> None:
    css = joined(CSS / "site.css")
    assert "@import" not in css
    assert "/*" not in css
    assert css.count("{") == css.count("}")
    assert len(brotli.compress(css.encode())) <= 6_000


def test_the_buttons_under_an_article_are_styled_by_a_name_of_their_own() -> None:
    """Cases and badges have deeds as well, and another look."""
    css = "".join(sheet.read_text() for sheet in CSS.glob("admin*.css"))
    assert ".article-deeds {" in css
    assert not re.search(r"\.deeds\b", css)


def test_collected_sheets_are_joined_hashed_and_compressed(
    settings: Settings, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "config.static.JoinedManifestStorage"},
    }
    for _again in range(2):
        call_command("collectstatic", interactive=False, verbosity=0)
        sheet = tmp_path / staticfiles_storage.url("css/site.css").removeprefix("/static/")
        assert re.fullmatch(r"site\.[0-9a-f]{12}\.css", sheet.name)
        assert "@import" not in sheet.read_text()
        assert re.search(r"fonts/[\w-]+\.[0-9a-f]{12}\.woff2", sheet.read_text())
        assert Path(f"{sheet}.br").exists()


def test_no_page_carries_style_or_script_of_its_own() -> None:
    templates = (CSS.parent.parent / "templates").rglob("*.html")
    for template in templates:
        html = template.read_text()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", html), template
        scripts = re.findall(r"<script[^>]*>", html)
        assert all(re.search(r'type="(module|application/(ld\+)?json)"', it) for it in scripts)
