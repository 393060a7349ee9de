"""docs/privacy.md, which operators adopt, says what the software does."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import Resolver404, resolve

from accounts.personal_data import ties
from accounts.retention import rules
from tests.test_architecture import ROOT

DOCUMENT = (ROOT / "docs" / "privacy.md").read_text()
PAGES = ROOT / "content" / "pages"


def printed() -> list[str]:
    out = StringIO()
    call_command("data_map", stdout=out)
    return [line for line in out.getvalue().splitlines() if line]


def test_its_tables_are_what_the_software_does() -> None:
    """When this fails: bin/manage data_map, and put what it prints into docs/privacy.md."""
    start, end = DOCUMENT.index("<!-- data map -->"), DOCUMENT.index("<!-- end of data map -->")
    tables = [line for line in DOCUMENT[start:end].splitlines() if line.startswith("|")]
    assert tables == printed()


def test_it_names_every_table_that_is_tied_to_a_person_and_every_job_that_forgets() -> None:
    for name in {tie.model for tie in ties()} | {rule.job for rule in rules()}:
        assert f"`{name}`" in DOCUMENT


def test_it_has_what_the_articles_ask_for_and_marks_what_is_open() -> None:
    headings = re.findall(r"^## (.*)$", DOCUMENT, re.MULTILINE)
    assert {"Data map", "Records of processing", "Draft impact assessment"} <= set(headings)
    for article in (9, 13, 15, 17, 20, 25, 30, 35):
        assert re.search(
            rf"\barticles? [\d(), a-z]*\b{article}\b|\| [\d, ]*\b{article}\b", DOCUMENT
        )
    assert DOCUMENT.lower().count("**fill in") > 15


def test_its_links_lead_somewhere() -> None:
    anchors = {
        re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")
        for heading in re.findall(r"^## (.*)$", DOCUMENT, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([\w-]+)\)", DOCUMENT)) <= anchors
    for document in ("README.md", "docs/running.md"):
        assert "privacy.md)" in (ROOT / document).read_text()


@pytest.mark.parametrize("page", ["privacy", "moderation"])
def test_the_pages_about_the_site_link_to_what_there_is(page: str) -> None:
    for address in re.findall(r"\]\((/[^)]*)\)", (PAGES / f"{page}.md").read_text()):
        try:
            resolve(address)
        except Resolver404:
            pytest.fail(f"{page}.md links to {address}")


@pytest.mark.django_db
def test_the_privacy_page_has_its_marks_and_its_table(client: Client) -> None:
    page = client.get("/about/privacy/").content.decode()
    assert "Fill in:" in page
    assert page.count("<h2") > 8
    assert page.index("What nobody can take back") < page.index("How long we keep it")
