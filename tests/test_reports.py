"""Anyone reports a comment; those whose work it is learn of it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.models import Article, HelpLine
from comments.models import Case, Comment, Report
from tests.conftest import logged_in
from tests.discussing import PAGE, hold, say
from tests.test_formal_notices import NOTICE

pytestmark = pytest.mark.django_db


# --- reporting ------------------------------------------------------------------------------------


def test_a_signed_out_reader_reports_a_comment(
    client: Client,
    article: Article,
    member: User,
    reviewer: User,
    settings: Any,
    mailoutbox: list[Any],
) -> None:
    comment = say(member, article, "Drink bleach.")
    address = f"/comments/{comment.pk}/report/"
    page = client.get(address).text
    assert "Drink bleach." in page
    assert 'name="email"' in page

    response = client.post(
        address,
        {"reason": "unsafe", "words": "This is\x00 poison.", "email": "reader@example.org"},
        follow=True,
    )

    assert "The moderators have your report" in response.text
    assert "Usually looked at within 24 hours." in response.text
    report = Report.objects.get()
    assert (report.comment, report.reporter, report.reason) == (comment, None, "unsafe")
    assert (report.words, report.email) == ("This is poison.", "reader@example.org")
    assert "Drink bleach." in client.get(PAGE).text  # nothing hides by itself
    told = {address for mail in mailoutbox for address in mail.to}
    assert told == {settings.CONTACT_EMAIL, reviewer.email}


def test_moderators_are_told_by_a_mail_that_tells_nothing(
    client: Client,
    article: Article,
    member: User,
    moderator: User,
    mailoutbox: list[Any],
    settings: Any,
) -> None:
    comment = say(member, article, "Drink bleach.")
    client.post(f"/comments/{comment.pk}/report/", {"reason": "unsafe", "words": "Poison."})
    assert {mail.to[0] for mail in mailoutbox} == {settings.CONTACT_EMAIL, moderator.email}
    for mail in mailoutbox:
        assert mail.subject == "A comment was reported"
        assert f"/admin/comments/case/{Case.objects.get().pk}/change/" in mail.body
        for word in ("bleach", "Poison", "acupuncture", "spasm", "Heron"):
            assert word.lower() not in (mail.subject + mail.body).lower()


def test_a_member_is_not_asked_for_an_address(
    as_member: Client, article: Article, another_member: User
) -> None:
    comment = say(another_member, article)
    address = f"/comments/{comment.pk}/report/"
    assert 'name="email"' not in as_member.get(address).text
    as_member.post(address, {"reason": "spam", "email": "other@example.org"})
    report = Report.objects.get()
    assert (report.reporter.handle, report.email) == ("Quiet Heron", "")


def test_a_member_has_one_open_report_of_a_comment(
    as_member: Client,
    article: Article,
    another_member: User,
    mailoutbox: list[Any],
    moderator: User,
) -> None:
    comment = say(another_member, article)
    address = f"/comments/{comment.pk}/report/"
    as_member.post(address, {"reason": "spam"})
    mailoutbox.clear()
    as_member.post(address, {"reason": "abuse", "words": "Worse than I thought."})
    assert Report.objects.get().words == "Worse than I thought."
    assert not mailoutbox
    Report.objects.handle(by=moderator)
    as_member.post(address, {"reason": "abuse", "words": "Again."})
    assert Report.objects.count() == 2


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"reason": "zzz", "words": "My words."},
        {"reason": "\x00", "words": "My words."},
        {"words": "My words."},
        {"reason": "spam", "words": "My words." + "y" * 2_000},
        {"reason": "spam", "words": "My words.", "email": "x"},
    ],
)
def test_a_report_that_is_not_complete_comes_back(
    client: Client, article: Article, member: User, fields: dict[str, str]
) -> None:
    comment = say(member, article)
    response = client.post(f"/comments/{comment.pk}/report/", {"sent": "", **fields})
    assert response.status_code == 400
    assert fields.get("words", "") in response.text
    assert not Report.objects.exists()


def test_who_reports_too_much_is_told_to_wait(
    client: Client, article: Article, member: User
) -> None:
    comment = say(member, article)
    for _ in range(20):
        client.post(f"/comments/{comment.pk}/report/", {"reason": "spam"})
    response = client.post(
        f"/comments/{comment.pk}/report/", {"reason": "spam", "words": "My words."}
    )
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "My words." in response.text
    assert Report.objects.count() == 20


def test_what_is_hidden_is_not_reported(
    client: Client, as_member: Client, article: Article, member: User, moderator: User
) -> None:
    withdrawn, removed, held = (say(member, article) for _ in range(3))
    withdrawn.withdraw()
    removed.remove(by=moderator, reason="Spam")
    hold(held)
    for visitor in (client, as_member):
        for comment, status in ((withdrawn, 410), (removed, 410), (held, 404)):
            address = f"/comments/{comment.pk}/report/"
            assert visitor.get(address).status_code == status
            assert visitor.post(address, {"reason": "spam"}).status_code == status
            assert comment.text not in visitor.get(address).text
    assert not Report.objects.exists()


def test_a_report_whose_token_ended_keeps_the_words(article: Article, member: User) -> None:
    comment = say(member, article)
    client = Client(enforce_csrf_checks=True)
    response = client.post(
        f"/comments/{comment.pk}/report/", {"reason": "spam", "words": "My words."}
    )
    assert response.status_code == 403
    assert "My words." in response.text
    assert not Report.objects.exists()


# --- reasons, and how soon somebody looks ---------------------------------------------------------


def test_each_reason_says_what_is_meant_and_how_soon_somebody_looks(
    client: Client, article: Article, member: User, moderator: User
) -> None:
    page = client.get(f"/comments/{say(member, article).pk}/report/").text
    told = re.findall(r'id="id_reason_\d_help">.+ within (\d+) hours\.</p>', page)
    assert " ".join(told) == "24 2 12 12 24 24 48 72 24"
    assert re.findall(r'name="reason" value="(\w+)"', page) == list(Report.Reason)
    for number in range(9):
        assert f'aria-describedby="id_reason_{number}_help"' in page


def test_a_report_opens_the_case_of_its_comment_until_the_time_that_was_told(
    client: Client, article: Article, member: User
) -> None:
    comment = say(member, article)
    address = f"/comments/{comment.pk}/report/"
    client.post(address, {"reason": "other"})
    case, report = Case.objects.get(), Report.objects.get()
    assert (case.comment, case.queue, case.due_at) == (comment, "reported", report.due_at)
    assert report.due_at is not None
    assert abs(report.due_at - timezone.now() - timedelta(hours=72)) < timedelta(minutes=1)

    client.post(address, {"reason": "worried"})
    case.refresh_from_db()
    assert Case.objects.count() == 1
    assert case.queue == "worried"
    assert case.due_at - timezone.now() < timedelta(hours=2)

    client.post(address, {"reason": "spam"})
    case.refresh_from_db()
    assert case.queue == "worried"
    assert case.due_at - timezone.now() < timedelta(hours=2)


def test_who_worries_reads_where_help_is_and_when_moderators_read(
    client: Client, article: Article, member: User, moderator: User, settings: Any
) -> None:
    settings.COUNTRY, settings.READING_HOURS = "GB", (9, 17)
    HelpLine.objects.all().delete()
    HelpLine.objects.create(
        country="GB", kind="emergency", name="All", number="999", checked_on=timezone.localdate()
    )
    address = f"/comments/{say(member, article).pk}/report/"
    page = client.post(address, {"reason": "worried"}, follow=True).text
    assert "What happens now" in page
    assert "999" in page
    assert "between 9:00 and 17:00" in page
    assert "Usually looked at within 2 hours." in page
    settings.READING_HOURS = None
    page = client.post(address, {"reason": "worried"}, follow=True).text
    assert "please do not wait for us" in page
    assert "What happens now" not in client.post(address, {"reason": "spam"}, follow=True).text


@pytest.mark.parametrize("asked", ["about=zzz", "about=", "about=worried&known=", "known"])
def test_the_page_of_thanks_bears_any_address(
    client: Client, article: Article, member: User, asked: str
) -> None:
    page = client.get(f"/comments/{say(member, article).pk}/reported/?{asked}")
    assert page.status_code == 200
    assert "Thank you" in page.text


def test_whose_work_it_is_hears_of_it(
    client: Client,
    article: Article,
    member: User,
    moderator: User,
    reviewer: User,
    editor: User,
    mailoutbox: list[Any],
    settings: Any,
) -> None:
    def told(reason: str, **more: str) -> set[str]:
        mailoutbox.clear()
        client.post(f"/comments/{say(member, article).pk}/report/", {"reason": reason, **more})
        return {mail.to[0] for mail in mailoutbox} - {settings.CONTACT_EMAIL, "r@example.org"}

    assert told("unsafe") == {reviewer.email}
    assert told("spam") == {moderator.email}
    assert told("legal", **NOTICE) == {moderator.email, editor.email}
    legal = Case.objects.latest("pk")
    assert logged_in(editor).get(f"/admin/comments/case/{legal.pk}/change/").status_code == 200
    assert logged_in(reviewer).get(f"/admin/comments/case/{legal.pk}/change/").status_code != 200
    User.objects.filter(pk=reviewer.pk).update(is_active=False)
    assert told("unsafe") == {moderator.email}


def test_others_hear_of_a_comment_when_their_kind_of_report_comes(
    client: Client, article: Article, member: User, moderator: User, mailoutbox: list[Any]
) -> None:
    address = f"/comments/{say(member, article).pk}/report/"
    told = []
    for reason in ("spam", "abuse", "worried", "worried"):
        mailoutbox.clear()
        client.post(address, {"reason": reason})
        told.append(moderator.email in [mail.to[0] for mail in mailoutbox])
    assert told == [True, False, True, False]


# --- approved beats later reports of the same kind ------------------------------------------------


def approved(comment: Comment) -> Comment:
    Comment.objects.filter(pk=comment.pk).update(approved_at=timezone.now())
    comment.refresh_from_db()
    return comment


def test_what_was_looked_at_is_not_opened_again_for_the_same_reason(
    client: Client, article: Article, member: User, moderator: User, mailoutbox: list[Any]
) -> None:
    comment = say(member, article)
    address = f"/comments/{comment.pk}/report/"
    client.post(address, {"reason": "spam"})
    Report.objects.handle(by=moderator)
    Case.objects.open().filter(comment=comment).end()
    approved(comment)
    mailoutbox.clear()

    page = client.post(address, {"reason": "spam", "email": "r@example.org"}, follow=True).text
    assert "A moderator has looked at this comment for the same reason already" in page
    latest = Report.objects.latest("pk")
    assert latest.handled_at
    assert latest.email == ""
    assert not Case.objects.open().exists()
    assert not mailoutbox

    page = client.post(address, {"reason": "unsafe"}, follow=True).text
    assert "The moderators have your report" in page
    assert Case.objects.open().exists()


def test_an_edit_after_the_approval_is_another_text(
    client: Client, article: Article, member: User, moderator: User
) -> None:
    comment = say(member, article)
    address = f"/comments/{comment.pk}/report/"
    client.post(address, {"reason": "spam"})
    Report.objects.handle(by=moderator)
    approved(comment).edit("Buy my cure.")
    client.post(address, {"reason": "spam"})
    assert Report.objects.open().count() == 1


def test_every_formal_notice_is_looked_at(
    client: Client, article: Article, member: User, moderator: User
) -> None:
    comment = say(member, article)
    for _ in range(2):
        client.post(f"/comments/{comment.pk}/report/", {"reason": "legal", **NOTICE})
        assert Report.objects.open().count() == 1
        Report.objects.handle(by=moderator)
        approved(comment)
