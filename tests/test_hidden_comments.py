"""What is left of what is withdrawn, removed or held; and the counts that follow from it."""

import random
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from accounts.models import User
from articles.models import Article
from comments.models import Case, Comment, Discussion, Report
from comments.models.report import CommentGone
from comments.moderation import deciding
from comments.moderation.deciding import CannotDecide
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
def test_counts_and_cases_stay_right_whatever_happens(
    article: Article, member: User, moderator: User, seed: int
) -> None:
    chance = random.Random(seed)
    comments: list[Comment] = []

    def undo(comment: Comment) -> None:
        if decision := comment.decisions.standing().filter(automated=False).first():
            deciding.undo(decision, by=moderator)

    def reply(comment: Comment) -> None:
        if comment.is_visible:
            comments.append(say(member, article, parent=comment))

    def report(comment: Comment) -> None:
        Report.objects.file(
            comment=comment, reporter=AnonymousUser(), reason=chance.choice(["spam", "abuse"])
        )

    deeds: list[Callable[[Comment], object]] = [
        reply,
        reply,
        report,
        undo,
        undo,
        lambda comment: comment.withdraw(at_once=chance.random() < 0.3),
        lambda comment: comment.hold("reported"),
        lambda comment: comment.edit(f"{chance.random()}", chance.choice([[], ["links"]])),
        lambda comment: deciding.approve(comment, by=moderator),
        lambda comment: deciding.keep(comment, by=moderator),
        lambda comment: deciding.remove(comment, by=moderator, rule=None, reason="Spam"),
        lambda comment: deciding.restore(comment, by=moderator),
        lambda comment: deciding.ask_for_edit(comment, by=moderator, rule=None, reason="Unkind"),
        lambda comment: deciding.collapse(comment),
    ]
    for _ in range(60):
        if not comments or chance.random() < 0.2:
            text, checks = f"Top {len(comments)}.", chance.choice([[], ["first"]])
            comment, _new = Comment.objects.post(
                author=member, article=article, text=text, held_for=checks
            )
            comments.append(comment)
        else:
            with suppress(CannotDecide, CommentGone):
                chance.choice(deeds)(chance.choice(comments))
        assert_counts_are_right(comments)
        assert_what_waits_has_a_case(comments)


def assert_counts_are_right(comments: list[Comment]) -> None:
    discussion = Discussion.objects.get()
    assert discussion.comment_count == Comment.objects.visible().count()
    assert discussion.thread_count == Comment.objects.filter(root=None).shown().count()
    for comment in comments:
        comment.refresh_from_db()
        below = comment.answers if comment.root else comment.replies
        assert comment.reply_count == below.visible().count()
        assert comment.is_shown == Comment.objects.shown().filter(pk=comment.pk).exists()


def assert_what_waits_has_a_case(comments: list[Comment]) -> None:
    for comment in comments:
        is_held = comment.is_held and not comment.edit_asked_at
        is_reported = comment.is_visible and comment.reports.open().exists()
        waits = Case.objects.open().filter(comment=comment).count()
        assert waits == (1 if is_held or is_reported else 0)
