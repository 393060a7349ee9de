"""A form that was not taken says so in the title, which a screen reader reads first.

As GOV.UK and the NHS do: https://design-system.service.gov.uk/components/error-summary/
"""

import pytest
from django.test import Client

from accounts.models import User
from articles.models import Article
from tests.conftest import PASSWORD
from tests.discussing import PAGE, say

pytestmark = pytest.mark.django_db

BEGINS = "<title>Error: "


@pytest.mark.parametrize(
    "path",
    [
        f"{PAGE}comments/new/",
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/signup/passkey/",
        "/accounts/password/reset/",
    ],
)
def test_a_form_of_everybody_says_so(client: Client, article: Article, path: str) -> None:
    assert BEGINS not in client.get(path).text
    assert BEGINS in client.post(path, {}).text


@pytest.mark.parametrize(
    "path",
    [
        f"{PAGE}comments/new/",
        "/accounts/handle/",
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/badges/ask/",
        "/accounts/leave/",
    ],
)
def test_a_form_of_members_says_so(as_member: Client, article: Article, path: str) -> None:
    as_member.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert BEGINS not in as_member.get(path).text
    assert BEGINS in as_member.post(path, {"email": "nowhere", "action_add": "on"}).text


@pytest.mark.parametrize("deed", ["edit", "report"])
def test_a_form_about_a_comment_says_so(
    as_member: Client, article: Article, member: User, deed: str
) -> None:
    path = f"/comments/{say(member, article).pk}/{deed}/"
    assert BEGINS not in as_member.get(path).text
    assert BEGINS in as_member.post(path, {"reason": "", "text": ""}).text
