"""docs/standards.md promises nothing that is not there."""

import re

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.test import Client
from django.urls import Resolver404, resolve

from articles.models import Article, Contributor, ReviewRound
from tests.test_architecture import ROOT

DOCUMENT = (ROOT / "docs" / "standards.md").read_text()
CODE = set(re.findall(r"(?<!`)`([^`\n]+)`(?!`)", DOCUMENT))
ADDRESSES = sorted(code for code in CODE if code.startswith("/"))
NAMES = sorted(CODE - set(ADDRESSES) - {"code"})
# How many points each standard has, as its owner counts them.
COUNTED = {"PIF TICK": 10, "JAMA": 4, "DISCERN": 16, "HONcode": 8}


def test_it_names_addresses_and_commands() -> None:
    assert len(ADDRESSES) > 10
    assert {"audit_article", "check_sources", "count_readers"} <= set(NAMES)


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_address_it_names_exists(address: str) -> None:
    try:
        resolve(address.replace("<slug>", "stroke"))
    except Resolver404:
        pytest.fail(f"docs/standards.md names {address}")


@pytest.mark.django_db
def test_each_page_for_readers_that_it_names_answers(client: Client, article: Article) -> None:
    person = article.ordered_authors()[0]
    for address in ADDRESSES:
        slug = person.slug if address.startswith("/people/") else article.slug
        expected = 302 if address.startswith("/admin/") else 200
        assert client.get(address.replace("<slug>", slug)).status_code == expected, address


@pytest.mark.parametrize("name", NAMES)
def test_each_command_setting_and_field_it_names_exists(name: str) -> None:
    setting = name.partition("=")[0]
    fields = {f.name for m in (Article, Contributor, ReviewRound) for f in m._meta.get_fields()}
    assert name in get_commands() or name in fields or hasattr(settings, setting)


def test_it_has_each_point_of_each_standard() -> None:
    parts = re.split(r"^## ", DOCUMENT, flags=re.MULTILINE)
    for standard, count in COUNTED.items():
        [part] = [part for part in parts if part.startswith(standard)]
        rows = [line for line in part.splitlines() if line.startswith("|")][2:]
        assert len(rows) == count
        assert all(row.count("|") == 4 for row in rows)


def test_its_links_lead_somewhere_and_the_readme_leads_to_it() -> None:
    for target in re.findall(r"\]\(([\w./-]+)(?:#[\w-]+)?\)", DOCUMENT):
        assert (ROOT / "docs" / target).exists()
    headings = re.findall(r"^## (.*)$", DOCUMENT, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in headings}
    assert set(re.findall(r"\]\(#([\w-]+)\)", DOCUMENT)) <= anchors
    assert "## For a complaint or an assessor" in (ROOT / "docs" / "running.md").read_text()
    assert "docs/standards.md)" in (ROOT / "README.md").read_text()
