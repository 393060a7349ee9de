"""What is not shown as it was written: folded, without its name, or waiting after an edit."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.models import Comment, Ignored
from tests.discussing import PAGE, disguised, say, shown

pytestmark = pytest.mark.django_db

SUMMARY = "<summary>Reported by members, being looked at: show the comment</summary>"


def marked(comment: Comment, **fields: object) -> Comment:
    """Note on a comment what a moderator, or the site, does to it (tests/test_deciding.py)."""
    Comment.objects.filter(pk=comment.pk).update(**fields)
    Article.objects.filter(pk=comment.article_id).bump()
    comment.refresh_from_db()
    return comment


def folded(comment: Comment) -> Comment:
    return marked(comment, collapsed_at=timezone.now())


# --- folded ---------------------------------------------------------------------------------------


def test_a_folded_comment_is_opened_by_one_click(
    article: Article, member: User, client: Client
) -> None:
    comment = folded(say(member, article, "Take ten of them."))
    other = say(member, article)
    page = client.get(PAGE).text
    assert page.count(SUMMARY) == 1
    before, _summary, after = page.partition(SUMMARY)
    assert f'<details class="comment--folded" id="comment-{comment.pk}">' in before
    inside, _end, _outside = after.partition("</details>")
    assert "Take ten of them." in inside
    assert f"/comments/{comment.pk}/report/" in inside
    assert other.text not in inside
    assert sorted(shown(client.get(PAGE))) == sorted([comment.pk, other.pk])


def test_a_link_to_a_folded_comment_leads_to_its_line(
    article: Article, member: User, client: Client
) -> None:
    comment = folded(say(member, article))
    address = client.get(f"/comments/{comment.pk}/").headers["Location"]
    assert address == f"{PAGE}#comment-{comment.pk}"


def test_an_approved_comment_is_not_folded(article: Article, member: User, client: Client) -> None:
    comment = folded(say(member, article))
    marked(comment, approved_at=timezone.now())
    assert SUMMARY not in client.get(PAGE).text


def test_replies_to_a_folded_comment_stand_as_they_are(
    article: Article, member: User, another_member: User, client: Client
) -> None:
    top = folded(say(member, article))
    reply = say(another_member, article, "No, one.", parent=top)
    page = client.get(PAGE).text
    assert "No, one." in page.partition("</details>")[2]
    assert shown(client.get(PAGE)) == [top.pk, reply.pk]


def test_a_folded_comment_of_an_ignored_name_is_two_clicks_away(
    article: Article, member: User, another_member: User, as_another_member: Client
) -> None:
    comment = folded(say(member, article, "Take ten of them."))
    Ignored.objects.add(another_member, comment.voice)
    page = as_another_member.get(PAGE).text
    assert page.count(f'id="comment-{comment.pk}"') == 1
    ignored, _summary, inside = page.partition(SUMMARY)
    assert "You ignore" in ignored
    assert "Take ten of them." in inside


# --- without its name -----------------------------------------------------------------------------


def test_a_hidden_name_is_told_nowhere(
    article: Article, member: User, another_member: User, client: Client, as_another_member: Client
) -> None:
    top = marked(say(member, article), name_hidden_at=timezone.now())
    say(another_member, article, "I see.", parent=top)
    say(another_member, article, "And I.", parent=top)
    for address in (PAGE, f"{PAGE}?thread={top.pk}", f"{PAGE}comments/new/?parent={top.pk}"):
        page = client.get(address).text
        assert member.handle not in page
        assert "name hidden" in page
    page = client.get(PAGE).text
    assert "in reply to a comment whose name is hidden" in page
    assert f'in reply to <a href="#comment-{top.pk}">a comment whose name is hidden</a>' in page
    assert member.handle not in client.get(f"/comments/{top.pk}/report/").text
    for act in ("ignore", "unignore"):
        seen = as_another_member.get(f"/comments/{top.pk}/{act}/", follow=True).text
        assert member.handle not in seen


def test_whoever_ignores_a_name_is_not_told_where_it_is_hidden(
    article: Article, member: User, another_member: User, as_another_member: Client
) -> None:
    comment = say(member, article, "What I say.")
    Ignored.objects.add(another_member, comment.voice)
    assert "You ignore" in as_another_member.get(PAGE).text
    marked(comment, name_hidden_at=timezone.now())
    page = as_another_member.get(PAGE).text
    assert "What I say." in page
    assert "You ignore" not in page
    assert member.handle not in page
    assert f"/comments/{comment.pk}/ignore/" not in page
    assert "<!--" not in page.partition('id="discussion"')[2].partition("</section>")[0]


def test_a_hidden_discussion_name_is_not_said_to_be_one(
    article: Article, member: User, client: Client
) -> None:
    comment = marked(disguised(member, article), name_hidden_at=timezone.now())
    page = client.get(PAGE).text
    assert "name used only here" not in page
    assert comment.voice.name not in page


# --- waiting after an edit ------------------------------------------------------------------------


def test_a_comment_held_after_an_edit_leaves_a_line_over_its_replies(
    article: Article, member: User, another_member: User, client: Client
) -> None:
    top = say(member, article, "What I say.")
    first = say(another_member, article, "I see.", parent=top)
    say(another_member, article, "And I.", parent=top)
    top.hold("links")
    page = client.get(PAGE).text
    assert "What I say." not in page
    assert "Waits for a moderator." in page
    assert "Withdrawn by its writer." not in page
    assert "in reply to a comment that waits for a moderator" in page
    assert shown(client.get(PAGE))[:2] == [top.pk, first.pk]
    top.publish()
    assert "What I say." in client.get(PAGE).text


def test_a_comment_held_after_an_edit_without_replies_leaves_nothing(
    article: Article, member: User, client: Client
) -> None:
    top = say(member, article, "What I say.")
    top.hold("links")
    assert shown(client.get(PAGE)) == []
    assert "Waits for a moderator." not in client.get(PAGE).text
