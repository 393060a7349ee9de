"""A formal notice that a comment is against the law (EU DSA article 16)."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from articles.models import Article
from comments.models import Report
from tests.discussing import say

pytestmark = pytest.mark.django_db

NOTICE = {
    "words": "It calls my clinic a fraud.",
    "place": "The second sentence.",
    "name": "Rita Writes",
    "email": "r@example.org",
    "good_faith": "on",
}


def test_a_formal_notice_is_taken_and_confirmed(
    client: Client, article: Article, member: User, mailoutbox: list[Any]
) -> None:
    comment = say(member, article, "Their clinic is a fraud.")
    client.post(f"/comments/{comment.pk}/report/", {"reason": "legal", **NOTICE})
    report = Report.objects.get()
    for name, value in NOTICE.items():
        assert getattr(report, name) == (True if value == "on" else value)
    assert not report.shows_child_abuse
    [confirmation] = [mail for mail in mailoutbox if mail.to == ["r@example.org"]]
    assert confirmation.subject == "We have your notice"
    assert f"/comments/{comment.pk}/" in confirmation.body
    assert "Usually looked at within 24 hours." in confirmation.body
    for word in ("fraud", "Rita", "acupuncture", "Heron"):
        assert word not in confirmation.body


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("words", "Say why this is against the law."),
        ("place", "Say which words you mean."),
        ("name", "Give your name, unless it shows the abuse of a child."),
        ("email", "Give your e-mail address, unless it shows the abuse of a child."),
        ("good_faith", "Tick that you believe your notice to be right and complete."),
    ],
)
def test_a_formal_notice_lacks_nothing_that_the_law_asks(
    client: Client, article: Article, member: User, missing: str, sentence: str
) -> None:
    fields = {name: value for name, value in NOTICE.items() if name != missing}
    response = client.post(
        f"/comments/{say(member, article).pk}/report/", {"reason": "legal", **fields}
    )
    assert response.status_code == 400
    assert sentence in response.text
    assert f'href="#id_{missing}"' in response.text
    for value in fields.values():
        assert value == "on" or value in response.text
    assert not Report.objects.exists()


def test_nobody_names_themselves_to_report_the_abuse_of_a_child(
    client: Client, article: Article, member: User
) -> None:
    fields = {"words": "A picture.", "place": "The link.", "good_faith": "on"}
    client.post(
        f"/comments/{say(member, article).pk}/report/",
        {"reason": "legal", "shows_child_abuse": "on", **fields},
    )
    report = Report.objects.get()
    assert (report.shows_child_abuse, report.name, report.email) == (True, "", "")


def test_a_member_names_themselves_in_a_formal_notice_and_is_answered_at_their_account(
    as_member: Client, article: Article, another_member: User, mailoutbox: list[Any]
) -> None:
    address = f"/comments/{say(another_member, article).pk}/report/"
    fields = {name: value for name, value in NOTICE.items() if name != "name"}
    assert as_member.post(address, {"reason": "legal", **fields}).status_code == 400
    as_member.post(address, {"reason": "legal", **NOTICE})
    report = Report.objects.get()
    assert (report.name, report.email) == ("Rita Writes", "")
    assert [another_member.email] not in [mail.to for mail in mailoutbox]
    assert [report.reporter.email] in [mail.to for mail in mailoutbox]


def test_other_reports_keep_nothing_of_a_notice(
    client: Client, article: Article, member: User
) -> None:
    client.post(
        f"/comments/{say(member, article).pk}/report/",
        {"reason": "spam", **NOTICE, "email": "", "shows_child_abuse": "on"},
    )
    report = Report.objects.get()
    assert (report.name, report.place) == ("", "")
    assert not report.good_faith
    assert not report.shows_child_abuse
