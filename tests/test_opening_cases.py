"""A moderator opens a case on a comment that nobody has reported."""

import pytest
from django.test import Client

from accounts.models import AuditAct, User
from articles.models import Article
from comments.models import Case, Comment, Notification
from comments.moderation import deciding
from tests.cases import DESK, decide, page_of
from tests.deciding import open_case, work_later
from tests.discussing import say

pytestmark = pytest.mark.django_db

BUTTON = "Open a case about this comment"
WHY = "A moderator wants it to be looked at."


@pytest.fixture
def comment(member: User, article: Article) -> Comment:
    return say(member, article, "Odd words.")


def opened(client: Client, comment: Comment) -> Case:
    answer = client.post(f"{DESK}open/{comment.pk}/")
    case = Case.objects.open().get(comment=comment)
    assert answer.headers["Location"] == page_of(case)
    return case


def at_the_desk(comment: Comment) -> str:
    return f"/admin/comments/comment/{comment.pk}/change/"


def test_one_click_opens_a_case_and_lands_on_it(
    as_moderator: Client, moderator: User, comment: Comment
) -> None:
    page = as_moderator.get(at_the_desk(comment)).text
    assert BUTTON in page
    assert f'action="{DESK}open/{comment.pk}/"' in page
    case = opened(as_moderator, comment)
    assert WHY in as_moderator.get(page_of(case)).text
    assert WHY in as_moderator.get(DESK).text
    assert BUTTON not in as_moderator.get(at_the_desk(comment)).text
    assert opened(as_moderator, comment) == case
    act = AuditAct.objects.get(deed="case.opened")
    assert act.actor == moderator.public_id
    assert not Notification.objects.exists()


def test_it_waits_until_somebody_has_decided(
    as_moderator: Client, comment: Comment, moderator: User
) -> None:
    case = opened(as_moderator, comment)
    comment.edit("Odder words.")
    assert open_case(comment) == case
    page = decide(as_moderator, case, "keep").text
    assert "It stays as it is" in page
    assert not open_case(comment)
    deciding.undo(comment.decisions.get(), by=moderator)
    assert open_case(comment) == case
    decide(as_moderator, case, "keep")
    work_later()
    assert not open_case(comment)
    comment.edit("Odd again.")
    assert not open_case(comment)


def test_what_its_writer_took_back_waits_for_nobody(as_moderator: Client, comment: Comment) -> None:
    opened(as_moderator, comment)
    comment.withdraw()
    assert not open_case(comment)
    assert BUTTON not in as_moderator.get(at_the_desk(comment)).text
    answer = as_moderator.post(f"{DESK}open/{comment.pk}/", follow=True)
    assert "Its writer has taken this comment back meanwhile." in answer.text
    assert not open_case(comment)


def test_it_is_for_moderators(
    as_member: Client, as_reviewer: Client, as_author: Client, client: Client, comment: Comment
) -> None:
    address = f"{DESK}open/{comment.pk}/"
    assert as_reviewer.post(address).status_code == as_author.post(address).status_code == 403
    for visitor in (client, as_member):
        assert visitor.post(address).status_code == 302
    assert as_reviewer.get(address).status_code == 302
    assert not Case.objects.exists()


def test_a_comment_that_is_not_there_is_not_found(as_moderator: Client) -> None:
    assert as_moderator.post(f"{DESK}open/1/").status_code == 404
