"""Anyone reports a comment; moderators learn of it, remove, and restore."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from articles.models import Article
from comments.models import Comment, Report
from tests.discussing import PAGE, hold, say

pytestmark = pytest.mark.django_db


# --- reporting ------------------------------------------------------------------------------------


def test_a_signed_out_reader_reports_a_comment(
    client: Client, article: Article, member: User, settings: Any, mailoutbox: list[Any]
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
    report = Report.objects.get()
    assert (report.comment, report.reporter, report.reason) == (comment, None, "unsafe")
    assert (report.words, report.email) == ("This is poison.", "reader@example.org")
    assert "Drink bleach." in client.get(PAGE).text  # nothing hides by itself
    assert [mail.to for mail in mailoutbox] == [[settings.CONTACT_EMAIL]]


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
        assert f"/admin/comments/report/{Report.objects.get().pk}/change/" in mail.body
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


# --- the moderators' desk -------------------------------------------------------------------------


def remove(moderator: Client, *comments: Comment, reason: str = "Advertising") -> Any:
    chosen = {"_selected_action": [comment.pk for comment in comments], "action": "remove"}
    asked = moderator.post("/admin/comments/comment/", chosen)
    assert "The writer of the comment reads it." in asked.text
    return moderator.post(
        "/admin/comments/comment/", {**chosen, "reason": reason, "remove": "Remove"}
    )


def test_a_moderator_removes_with_a_reason_and_restores(
    as_moderator: Client,
    as_member: Client,
    client: Client,
    article: Article,
    member: User,
    moderator: User,
) -> None:
    comment, _stays = say(member, article, "Buy pills."), say(member, article)
    report, _first = Report.objects.file(comment=comment, reporter=moderator, reason="spam")

    remove(as_moderator, comment)

    assert "Buy pills." not in client.get(PAGE).text
    assert "Comments (1)" in client.get(PAGE).text
    assert "Advertising" in as_member.get(f"/comments/{comment.pk}/").text
    comment.refresh_from_db()
    report.refresh_from_db()
    assert comment.removed_by == report.handled_by == moderator

    as_moderator.post(
        "/admin/comments/comment/", {"_selected_action": [comment.pk], "action": "restore"}
    )

    assert "Buy pills." in client.get(PAGE).text
    assert "Comments (2)" in client.get(PAGE).text


def test_a_reason_is_needed(as_moderator: Client, article: Article, member: User) -> None:
    comment = say(member, article)
    remove(as_moderator, comment, reason=" ")
    comment.refresh_from_db()
    assert comment.is_visible


def test_a_moderator_acts_from_the_page_of_a_comment(
    as_moderator: Client, article: Article, member: User
) -> None:
    comment = say(member, article)
    address = f"/admin/comments/comment/{comment.pk}/change/"
    page = as_moderator.get(address)
    assert 'value="remove"' in page.text
    asked = as_moderator.post(
        address, {"_selected_action": [comment.pk], "CHANGE_FORM-action": "remove"}
    )
    assert "The writer of the comment reads it." in asked.text


def test_the_desk_shows_a_name_and_a_number_and_no_address(
    as_moderator: Client,
    article: Article,
    make_article: Callable[..., Article],
    member: User,
    another_member: User,
) -> None:
    first, second = say(member, article), say(member, article)
    other, elsewhere = say(another_member, article), say(member, make_article())
    first.edit("Changed words.")
    numbers = {comment.member_number for comment in (first, second)}
    assert len(numbers) == 1
    assert not numbers & {other.member_number, elsewhere.member_number}
    pages = [
        as_moderator.get(address).text
        for address in (
            "/admin/comments/comment/",
            "/admin/comments/comment/?q=Changed",
            f"/admin/comments/comment/{first.pk}/change/",
        )
    ]
    for page in pages:
        assert "Quiet Heron" in page
        assert first.member_number in page
        assert "example.org" not in page
    assert "Comment " in pages[2]  # the earlier text


def test_an_address_is_not_searched(as_moderator: Client, article: Article, member: User) -> None:
    say(member, article)
    page = as_moderator.get(f"/admin/comments/comment/?q={member.email}").text
    assert "0 comments" in page


@pytest.mark.parametrize("state", ["held", "visible", "removed", "withdrawn"])
def test_the_list_is_filtered_by_state(
    as_moderator: Client, article: Article, member: User, moderator: User, state: str
) -> None:
    comments = {name: say(member, article) for name in ("held", "visible", "removed", "withdrawn")}
    hold(comments["held"])
    comments["removed"].remove(by=moderator, reason="Spam")
    comments["withdrawn"].withdraw()
    page = as_moderator.get(f"/admin/comments/comment/?state={state}").text
    assert re.findall(r"/admin/comments/comment/(\d+)/change/", page) == [str(comments[state].pk)]


def test_open_reports_come_first_and_are_handled(
    as_moderator: Client, article: Article, member: User, moderator: User
) -> None:
    comments = [say(member, article) for _ in range(3)]
    reports = [
        Report.objects.file(comment=comment, reporter=moderator, reason="spam")[0]
        for comment in comments
    ]
    as_moderator.post(
        "/admin/comments/report/", {"_selected_action": [reports[0].pk], "action": "handled"}
    )
    page = as_moderator.get("/admin/comments/report/").text
    keys = re.findall(r"/admin/comments/report/(\d+)/change/", page)
    assert keys == [str(report.pk) for report in (reports[1], reports[2], reports[0])]
    assert comments[1].text in as_moderator.get(f"/admin/comments/report/{keys[0]}/change/").text
    only = as_moderator.get("/admin/comments/comment/?reports=open").text
    assert str(comments[0].pk) not in only
    assert str(comments[1].pk) in only


def test_nobody_types_into_a_comment(
    as_moderator: Client, as_superuser: Client, article: Article, member: User
) -> None:
    comment = say(member, article, "As it was.")
    for staff in (as_moderator, as_superuser):
        for address in (
            f"/admin/comments/comment/{comment.pk}/change/",
            f"/admin/comments/comment/{comment.pk}/delete/",
            "/admin/comments/comment/add/",
        ):
            assert staff.post(address, {"text": "Changed.", "post": "yes"}).status_code == 403
    comment.refresh_from_db()
    assert comment.text == "As it was."


def test_others_have_no_desk(
    client: Client, as_member: Client, as_author: Client, article: Article, member: User
) -> None:
    comment = say(member, article)
    for visitor in (client, as_member, as_author):
        for address in ("/admin/comments/comment/", "/admin/comments/report/"):
            response = visitor.post(
                address,
                {
                    "_selected_action": [comment.pk],
                    "action": "remove",
                    "reason": "x",
                    "remove": "1",
                },
            )
            assert response.status_code in {302, 403}
    comment.refresh_from_db()
    assert comment.is_visible


def test_a_long_list_costs_no_more_queries_than_a_short_one(
    as_moderator: Client,
    article: Article,
    member: User,
    moderator: User,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(30):
        comment = say(member, article)
        Report.objects.file(comment=comment, reporter=moderator, reason="spam")
    for address in ("/admin/comments/comment/", "/admin/comments/report/"):
        with django_assert_max_num_queries(10):
            as_moderator.get(address)


def test_a_moderator_reads_what_a_comment_said_before(
    article: Article, member: User, as_moderator: Client
) -> None:
    comment = say(member, article, "Buy my cure.")
    comment.edit("I feel better.")
    page = as_moderator.get(f"/admin/comments/comment/{comment.pk}/change/").content.decode()
    assert "Buy my cure." in page
