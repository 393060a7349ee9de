"""Moderators look at comments and reports in lists; they remove, and restore."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from articles.models import Article
from comments.models import Comment, Report, Rule
from tests.discussing import PAGE, hold, say

pytestmark = pytest.mark.django_db


def remove(moderator: Client, *comments: Comment, reason: str = "Advertising") -> Any:
    chosen = {"_selected_action": [comment.pk for comment in comments], "action": "remove"}
    asked = moderator.post("/admin/comments/comment/", chosen)
    assert "The writer reads it." in asked.text
    rule = Rule.objects.in_force().first()
    fields = {"rule": rule.pk if rule else "", "reason": reason, "remove": "Remove"}
    return moderator.post("/admin/comments/comment/", chosen | fields)


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


def test_who_removed_is_named_without_the_number_of_their_account(
    as_moderator: Client, article: Article, member: User, moderator: User
) -> None:
    """The same number on the pages of two comments would join the names of these."""
    comment = say(member, article, "Buy pills.")
    report, _first = Report.objects.file(comment=comment, reporter=moderator, reason="spam")
    remove(as_moderator, comment)
    for page in (f"comment/{comment.pk}", f"report/{report.pk}"):
        text = as_moderator.get(f"/admin/comments/{page}/change/").text
        assert f"<bdi>{moderator}</bdi>" in text
        assert "/admin/accounts/" not in text


def test_a_rule_or_a_reason_is_needed(as_moderator: Client, article: Article, member: User) -> None:
    comment = say(member, article)
    chosen = {"_selected_action": [comment.pk], "action": "remove"}
    as_moderator.post("/admin/comments/comment/", {**chosen, "reason": " ", "remove": "Remove"})
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
    assert "The writer reads it." in asked.text


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
