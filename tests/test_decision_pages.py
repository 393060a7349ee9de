"""What a member reads above and beside one decision about them."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.models import Comment, Decision, Report
from comments.moderation import deciding
from tests.cases import decide, page_of, reported
from tests.deciding import rule
from tests.discussing import say

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(member: User, article: Article) -> Comment:
    return say(member, article, "Buy this oil.")


def title(client: Client, decision: Decision) -> str:
    page: str = client.get(f"/accounts/decisions/{decision.pk}/").text
    return page.partition("<title>")[2].partition("</title>")[0].strip()


def test_each_page_is_titled_by_what_was_decided(
    comment: Comment, moderator: User, as_member: Client
) -> None:
    by_rule = {"by": moderator, "rule": rule(), "reason": "A reason."}
    hiding = deciding.hide_name(comment, **by_rule)
    removal = deciding.remove(comment, **by_rule)
    assert title(as_member, hiding).startswith("The name on your comment was hidden")
    assert title(as_member, removal).startswith("Your comment was removed")
    assert "Acupuncture" not in title(as_member, removal)


def test_an_approval_says_nothing_of_appeals(
    comment: Comment, moderator: User, as_member: Client
) -> None:
    comment.hold("links")
    approval = deciding.approve(comment, by=moderator)
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        page = as_member.get(f"/accounts/decisions/{approval.pk}/").text
    assert "Your comment was approved" in page
    assert "ppeal" not in page.partition("<main")[2]


def test_a_reworded_comment_says_why_it_waits_now(
    as_moderator: Client, comment: Comment, moderator: User
) -> None:
    comment.hold("links", "crisis")
    deciding.ask_for_edit(comment, by=moderator, rule=rule(), reason="Without the shop.")
    comment.edit("Buy that oil.", ["watched"])
    assert comment.held_for == ["asked", "watched", "crisis"]
    page = as_moderator.get("/admin/comments/case/").text
    assert "A moderator asked for an edit, and here it is." in page
    assert "Its links are many" not in page


def test_words_that_are_mended_before_anybody_read_them_are_not_blamed_any_more(
    comment: Comment,
) -> None:
    comment.hold("links")
    comment.edit("Rest a little.")
    assert comment.is_held
    assert comment.held_for == []


def test_a_step_about_a_writer_follows_what_waits_or_was_decided_against_them(
    as_moderator: Client, article: Article, member: User
) -> None:
    case = reported(member, article, "Fine words.")
    step = "A step about its writer"
    assert step in as_moderator.get(page_of(case)).text
    decide(as_moderator, case, "keep")
    assert step not in as_moderator.get(page_of(case)).text
    kind = {"kind": "notice", "rule": rule().pk}
    pressed = decide(as_moderator, case, "sanction", **kind)
    assert "Nothing that was decided about this comment is against it." in pressed.text

    removed = reported(member, article, "Foul words.")
    decide(as_moderator, removed, "remove", rule=rule().pk)
    assert step in as_moderator.get(page_of(removed)).text
    deciding.restore(removed.comment, by=User.objects.get(handle="Mona Reads"))
    assert step not in as_moderator.get(page_of(removed)).text
    assert Report.objects.open().count() == 0
