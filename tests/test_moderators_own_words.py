"""Moderators write comments too: about these somebody else decides, wherever the button stands."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from articles.models import Article
from comments import answering
from comments.models import Comment, Decision, Sanction
from comments.moderation import deciding
from comments.moderation.deciding import CannotDecide
from tests.deciding import report, rule
from tests.discussing import say

pytestmark = pytest.mark.django_db

SOMEBODY_ELSE = "This comment is yours, so somebody else decides about it."


@pytest.fixture
def comment(moderator: User, article: Article, another_member: User) -> Comment:
    comment = say(moderator, article, "Everybody here is wrong.")
    report(comment, another_member)
    return comment


@pytest.fixture
def second(make_user: Callable[..., User]) -> User:
    return make_user("Milo Looks", groups=("Moderators",), is_staff=True)


DEEDS: dict[str, Callable[[Comment, User], object]] = {
    "keep": lambda comment, by: deciding.keep(comment, by=by),
    "approve": lambda comment, by: deciding.approve(comment, by=by),
    "remove": lambda comment, by: deciding.remove(comment, by=by, rule=rule(), reason=""),
    "ask": lambda comment, by: deciding.ask_for_edit(comment, by=by, rule=rule(), reason=""),
    "hide": lambda comment, by: deciding.hide_name(comment, by=by, rule=rule(), reason=""),
    "notice": lambda comment, by: deciding.sanction(
        comment, by=by, kind="notice", rule=rule(), reason=""
    ),
    "correct": lambda comment, by: answering.reply_officially(
        comment, by=by, text="It was me.", role="correction"
    ),
}


@pytest.mark.parametrize("name", DEEDS)
def test_nobody_decides_about_their_own_words_where_others_moderate(
    name: str, comment: Comment, moderator: User, second: User
) -> None:
    with pytest.raises(CannotDecide, match=SOMEBODY_ELSE):
        DEEDS[name](comment, moderator)
    assert not Decision.objects.exists()
    assert Comment.objects.count() == 1
    DEEDS[name](comment, second)
    assert Decision.objects.get().by == second


def test_nobody_ends_a_step_against_themselves(
    comment: Comment, moderator: User, second: User
) -> None:
    step = deciding.sanction(comment, by=second, kind="hold-all", rule=rule(), reason="Slow down.")
    with pytest.raises(CannotDecide, match=SOMEBODY_ELSE):
        deciding.lift(step, by=moderator)
    assert Sanction.objects.in_force().get() == step


def test_the_only_one_who_moderates_decides_about_everything(
    comment: Comment, moderator: User
) -> None:
    deciding.keep(comment, by=moderator)
    assert Decision.objects.get().by == moderator


def test_the_list_of_comments_refuses_it_too(
    comment: Comment, as_moderator: Client, second: User
) -> None:
    chosen = {"action": "remove", "_selected_action": comment.pk, "remove": "yes"}
    sent = {**chosen, "rule": rule().pk, "reason": "Unkind.", "facts": ""}
    page = as_moderator.post("/admin/comments/comment/", sent, follow=True)
    assert SOMEBODY_ELSE in page.text
    assert not Decision.objects.exists()
