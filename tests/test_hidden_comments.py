"""What is left of what is withdrawn, removed or held; and the counts that follow from it."""

import random

import pytest
from django.test import Client

from accounts.models import User
from articles.models import Article
from comments.models import Comment, Discussion
from tests.discussing import PAGE, say, shown

pytestmark = pytest.mark.django_db


def test_a_withdrawn_comment_leaves_a_line_only_while_it_has_replies(
    client: Client, article: Article, member: User, another_member: User
) -> None:
    top, alone = say(member, article, "Top words."), say(member, article, "Lonely words.")
    reply = say(another_member, article, parent=top)
    top.withdraw()
    alone.withdraw()
    page = client.get(PAGE)
    assert shown(page) == [top.pk, reply.pk]
    assert "Withdrawn by its writer." in page.text
    assert "Comments (1)" in page.text
    assert "words." not in page.text
    reply.withdraw()
    assert shown(client.get(PAGE)) == []
    assert "Comments (0)" in client.get(PAGE).text


def test_a_removed_comment_leaves_a_line(
    client: Client, article: Article, member: User, moderator: User
) -> None:
    comment = say(member, article, "Bad words.")
    comment.remove(by=moderator, reason="Advertising")
    page = client.get(PAGE).text
    assert "Removed by a moderator." in page
    assert "Bad words." not in page
    assert "Advertising" not in page
    assert "Comments (0)" in page


def test_a_hidden_comment_that_was_public_is_410(
    client: Client,
    as_another_member: Client,
    as_member: Client,
    as_moderator: Client,
    article: Article,
    member: User,
    moderator: User,
) -> None:
    withdrawn, removed = say(member, article, "Sorry words."), say(member, article, "Bad words.")
    withdrawn.withdraw()
    removed.remove(by=moderator, reason="Advertising")
    for comment in (withdrawn, removed):
        for visitor in (client, as_another_member):
            response = visitor.get(f"/comments/{comment.pk}/")
            assert response.status_code == 410
            assert "words." not in response.text
            assert "Advertising" not in response.text
        for visitor in (as_member, as_moderator):
            response = visitor.get(f"/comments/{comment.pk}/")
            assert response.status_code == 200
            assert comment.text in response.text
    assert "Advertising" in as_member.get(f"/comments/{removed.pk}/").text


@pytest.mark.parametrize("seed", range(5))
def test_counts_stay_right_whatever_happens(
    article: Article, member: User, moderator: User, seed: int
) -> None:
    chance = random.Random(seed)
    comments: list[Comment] = []

    def act() -> None:
        comment = chance.choice(comments)
        deed = chance.choice(["withdraw", "remove", "restore", "publish", "reply"])
        if deed == "reply" and comment.is_visible:
            comments.append(say(member, article, parent=comment))
        elif deed == "remove":
            comment.remove(by=moderator, reason="Spam")
        elif deed in {"withdraw", "restore", "publish"}:
            getattr(comment, deed)()

    for _ in range(60):
        if not comments or chance.random() < 0.3:
            comments.append(say(member, article))
        else:
            act()
        for comment in comments:
            comment.refresh_from_db()
        discussion = Discussion.objects.get()
        assert discussion.comment_count == Comment.objects.visible().count()
        assert discussion.thread_count == Comment.objects.filter(root=None).shown().count()
        for comment in comments:
            below = comment.answers if comment.root else comment.replies
            assert comment.reply_count == below.visible().count()
            assert comment.is_shown == Comment.objects.shown().filter(pk=comment.pk).exists()
