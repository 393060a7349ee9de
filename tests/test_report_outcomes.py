"""What becomes of a report: told once, at an address that is forgotten then, or on the site."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from articles.models import Article
from comments.models import Case, Comment, Notification, Report
from comments.moderation import deciding, sanctions
from tests.conftest import logged_in
from tests.deciding import rule, work_later
from tests.discussing import say

pytestmark = pytest.mark.django_db


def report(client: Client, comment: Comment, **fields: str) -> Report:
    client.post(f"/comments/{comment.pk}/report/", {"reason": "unsafe", **fields})
    return Report.objects.latest("pk")


def correct(comment: Comment, by: User) -> None:
    reply = say(by, comment.article, "That is not so.", parent=comment)
    deciding.corrected(comment, by=by, reply=reply)


def remove(comment: Comment, by: User) -> None:
    deciding.remove(comment, by=by, rule=rule(), reason="It hurts people.")


def remove_and_restore(comment: Comment, by: User) -> None:
    remove(comment, by)
    deciding.restore(comment, by=by)


@pytest.mark.parametrize(
    ("deed", "sentence"),
    [
        (lambda comment, by: None, "It waits for a moderator."),
        (remove, "The comment was removed."),
        (remove_and_restore, "The comment was removed, and after a second look it is back."),
        (
            lambda comment, by: deciding.ask_for_edit(comment, by=by, rule=rule(), reason="No."),
            "The writer was asked to change the comment.",
        ),
        (correct, "A correction was put under the comment, which stays."),
        (
            lambda comment, by: deciding.keep(comment, by=by),
            "A moderator looked at it; the comment was not removed.",
        ),
        (
            lambda comment, by: deciding.hide_name(comment, by=by, rule=rule(), reason="No."),
            "The name above the comment was hidden.",
        ),
        (lambda comment, by: comment.withdraw(), "Its writer took the comment back."),
    ],
)
def test_a_reporter_reads_what_became_of_it(
    client: Client,
    article: Article,
    member: User,
    moderator: User,
    deed: Callable[[Comment, User], object],
    sentence: str,
) -> None:
    comment = say(member, article)
    sent = report(client, comment)
    deed(comment, moderator)
    assert Report.objects.get(pk=sent.pk).outcome == sentence


def test_a_visitor_is_answered_once_and_the_address_is_forgotten(
    client: Client, article: Article, member: User, moderator: User, mailoutbox: list[Any]
) -> None:
    comment = say(member, article, "Drink bleach.")
    sent = report(client, comment, words="Poison.", email="reader@example.org")
    remove(comment, moderator)

    def answers() -> list[Any]:
        return [mail for mail in mailoutbox if mail.to == ["reader@example.org"]]

    assert not answers()  # it could still be undone
    work_later()
    sent.refresh_from_db()
    assert sent.email == ""
    assert sent.told_at
    [answer] = answers()
    assert answer.subject == "What became of your report"
    assert "The comment was removed." in answer.body
    assert f"/comments/{comment.pk}/" in answer.body
    for word in ("bleach", "Poison", "acupuncture", "spasm", "Heron", "hurts", "Mona"):
        assert word.lower() not in (answer.subject + answer.body).lower()
    deciding.restore(comment, by=moderator)
    work_later()
    assert len(answers()) == 1


def test_nobody_is_told_what_was_undone(
    client: Client, article: Article, member: User, moderator: User, mailoutbox: list[Any]
) -> None:
    comment = say(member, article)
    sent = report(client, comment, email="reader@example.org")
    decision = deciding.remove(comment, by=moderator, rule=rule(), reason="No.")
    deciding.undo(decision, by=moderator)
    work_later()
    assert not [mail for mail in mailoutbox if mail.to == ["reader@example.org"]]
    sent.refresh_from_db()
    assert (sent.handled_at, sent.email) == (None, "reader@example.org")


def test_a_visitor_hears_that_the_writer_took_it_back(
    client: Client, article: Article, member: User, mailoutbox: list[Any]
) -> None:
    comment = say(member, article)
    sent = report(client, comment, email="reader@example.org")
    comment.withdraw()
    sent.refresh_from_db()
    assert (sent.email, sent.handled_by) == ("", None)
    [answer] = [mail for mail in mailoutbox if mail.to == ["reader@example.org"]]
    assert "Its writer took the comment back." in answer.body
    assert not Case.objects.open().exists()


def test_a_member_is_told_on_the_site(
    as_another_member: Client, another_member: User, article: Article, member: User, moderator: User
) -> None:
    comment = say(member, article)
    sent = report(as_another_member, comment)
    deciding.keep(comment, by=moderator)
    work_later()
    told = Notification.objects.get(user=another_member)
    assert (told.kind, told.report) == ("outcome", sent)


def test_a_withdrawn_comment_is_reported_no_more(
    client: Client, article: Article, member: User
) -> None:
    comment = say(member, article)
    comment.withdraw()
    page = client.post(f"/comments/{comment.pk}/report/", {"reason": "spam"})
    assert page.status_code == 410
    assert "Its writer took it back." in page.text
    assert "your report was not sent" in page.text


def test_a_held_comment_is_not_said_to_be_taken_back(
    client: Client, article: Article, member: User
) -> None:
    comment = say(member, article)
    comment.hold("reported")
    page = client.get(f"/comments/{comment.pk}/report/")
    assert page.status_code == 410
    assert "A moderator reads it before it is shown again." in page.text
    assert "took it back" not in page.text
    assert "not sent" not in page.text


# --- suspended ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["suspend", "ban"])
def test_a_suspended_member_cannot_report_and_reads_what_is_open_to_everybody(
    article: Article, member: User, another_member: User, moderator: User, kind: str
) -> None:
    until = sanctions.ends_after("1-week") if kind == "suspend" else None
    offence = say(another_member, article)
    deciding.sanction(offence, by=moderator, kind=kind, until=until, rule=rule(), reason="No.")
    comment = say(member, article)
    suspended = logged_in(another_member)
    for reason in ("spam", "worried", "legal"):
        page = suspended.post(
            f"/comments/{comment.pk}/report/", {"reason": reason, "words": "My words."}
        )
        assert page.status_code == 403
        assert "A moderator has" in page.text
        assert "My words." in page.text
        assert "/accounts/logout/" in page.text
        assert "/help/" in page.text
    assert suspended.get(f"/comments/{comment.pk}/report/").status_code == 403
    assert not Report.objects.exists()


@pytest.mark.parametrize("kind", ["notice", "hold-all"])
def test_a_milder_sanction_leaves_reporting_open(
    article: Article, member: User, another_member: User, moderator: User, kind: str
) -> None:
    deciding.sanction(
        say(another_member, article), by=moderator, kind=kind, rule=rule(), reason="No."
    )
    report(logged_in(another_member), say(member, article))
    assert Report.objects.get().reporter == another_member
