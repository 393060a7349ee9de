"""Corrections, official replies and answers: where they stand, and what they say they are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments import answering
from comments.models import Comment, Decision, Ignored, Report
from comments.models.comment_query import Refused
from tests.discussing import PAGE, say, say_often, shown

pytestmark = pytest.mark.django_db


def correct(comment: Comment, by: User, text: str = "Please do not stop it at once.") -> Comment:
    return answering.reply_officially(comment, by=by, text=text, role=Comment.Role.CORRECTION)


def later(comment: Comment, minutes: int) -> Comment:
    """Let a comment have come `minutes` after all that the test makes."""
    Comment.objects.filter(pk=comment.pk).update(
        published_at=timezone.now() + timedelta(minutes=minutes)
    )
    Article.objects.filter(pk=comment.article_id).bump()
    comment.refresh_from_db()
    return comment


def at(address: str, client: Client) -> list[int]:
    return shown(client.get(address))


# --- where they stand -----------------------------------------------------------------------------


def test_a_correction_stands_directly_under_what_it_corrects(
    article: Article, member: User, moderator: User, client: Client
) -> None:
    top = say(member, article)
    first, second = say(member, article, parent=top), say(member, article, parent=top)
    correction = correct(top, moderator)
    assert at(PAGE, client) == [top.pk, correction.pk, first.pk, second.pk]


def test_a_correction_of_a_reply_stands_under_that_reply(
    article: Article, member: User, moderator: User, client: Client
) -> None:
    top = say(member, article)
    first, second = say(member, article, parent=top), say(member, article, parent=top)
    correction = correct(first, moderator)
    assert at(PAGE, client) == [top.pk, first.pk, correction.pk, second.pk]


def test_a_correction_is_shown_in_a_long_thread_though_it_came_last(
    article: Article, member: User, moderator: User, client: Client
) -> None:
    top = say(member, article)
    replies = say_often(member, article, 30, parent=top)
    correction = later(correct(top, moderator), 100)
    under_a_late_one = later(correct(replies[20], moderator, "Nor this."), 101)
    opening = [reply.pk for reply in replies[:5]]
    assert at(PAGE, client) == [top.pk, correction.pk, *opening]
    whole = at(f"{PAGE}?thread={top.pk}", client)
    assert whole[:3] == [top.pk, correction.pk, replies[0].pk]
    assert whole.index(under_a_late_one.pk) == whole.index(replies[20].pk) + 1
    assert len(whole) == len(set(whole)) == 33


def test_a_permalink_leads_to_where_a_correction_stands(
    article: Article, member: User, moderator: User, client: Client
) -> None:
    top = say(member, article)
    replies = say_often(member, article, 30, parent=top)
    for corrected in (top, replies[2], replies[20]):
        correction = later(correct(corrected, moderator, f"Not so: {corrected.pk}"), 100)
        address = client.get(f"/comments/{correction.pk}/").headers["Location"]
        page, _hash, anchor = address.partition("#")
        found = at(page, client)
        assert anchor == f"comment-{correction.pk}"
        assert found.index(correction.pk) == found.index(corrected.pk) + 1


def test_a_long_thread_over_pages_shows_each_reply_once(
    article: Article, member: User, moderator: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comments.threads.REPLIES_A_PAGE", 10)
    top = say(member, article)
    replies = say_often(member, article, 25, parent=top)
    correction = later(correct(replies[3], moderator), 100)
    late = later(correct(replies[13], moderator, "Nor this."), 101)
    pages = [at(f"{PAGE}?thread={top.pk}&page={page}", client)[1:] for page in (1, 2, 3)]
    everything = [pk for page in pages for pk in page]
    assert sorted(everything) == sorted([correction.pk, late.pk, *(reply.pk for reply in replies)])
    assert correction.pk in pages[0]
    assert late.pk in pages[1]
    for pinned in (correction, late):
        address = client.get(f"/comments/{pinned.pk}/").headers["Location"]
        assert pinned.pk in at(address.partition("#")[0], client)


def test_a_removed_correction_is_pinned_no_more(
    article: Article, member: User, moderator: User, client: Client
) -> None:
    top = say(member, article)
    first = say(member, article, parent=top)
    correction = correct(top, moderator)
    correction.remove(by=moderator, reason="Was wrong itself.")
    assert at(PAGE, client) == [top.pk, first.pk, correction.pk]


def test_a_fourth_correction_of_one_comment_is_refused(
    article: Article, member: User, moderator: User
) -> None:
    top = say(member, article)
    for number in range(3):
        correct(top, moderator, f"No. {number}")
    with pytest.raises(Refused, match="3 replies are pinned"):
        correct(top, moderator, "And no.")
    assert top.answers.count() == 3


def test_a_page_with_roles_costs_as_many_queries_as_one_without(
    article: Article, member: User, moderator: User, client: Client
) -> None:
    tops = say_often(member, article, 6)

    def cost() -> int:
        Article.objects.filter(pk=article.pk).bump()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE).status_code == 200
        return len(queries)

    before = cost()
    for top in tops:
        correct(top, moderator, f"Not so: {top.pk}")
        answering.note_change(top, article.live, by=moderator)
    assert cost() == before <= 10


# --- what they say they are -----------------------------------------------------------------------


def test_each_role_is_said_in_words(
    article: Article, member: User, moderator: User, client: Client
) -> None:
    top = say(member, article)
    answering.reply_officially(top, by=moderator, text="We have passed this on.")
    assert "Official reply" in client.get(PAGE).text
    assert ">Correction<" not in client.get(PAGE).text
    correct(top, moderator)
    page = client.get(PAGE).text
    assert ">Correction<" in page
    assert top.text in page


def test_a_correction_settles_the_reports_of_what_it_corrects(
    article: Article, member: User, moderator: User
) -> None:
    top = say(member, article)
    report = Report.objects.create(comment=top, reason=Report.Reason.UNSAFE)
    correction = correct(top, moderator)
    report.refresh_from_db()
    assert report.handled_at
    assert Decision.objects.get(comment=top).kind == Decision.Kind.CORRECT
    assert Comment.objects.get(pk=top.pk).is_visible
    again = answering.reply_officially(
        top, by=moderator, text=correction.text, role=Comment.Role.CORRECTION
    )
    assert again == correction
    assert Decision.objects.filter(comment=top).count() == 1


def test_a_closed_discussion_still_takes_a_correction(
    article: Article, member: User, moderator: User
) -> None:
    top = say(member, article)
    Article.objects.filter(pk=article.pk).update(comments_open=False)
    top.refresh_from_db()
    assert correct(top, moderator).is_visible
    with pytest.raises(Refused):
        say(member, Article.objects.get(pk=article.pk))


def test_a_withdrawn_article_takes_none(article: Article, member: User, moderator: User) -> None:
    top = say(member, article)
    article.withdraw(reason="Superseded.")
    with pytest.raises(Refused, match="withdrawn"):
        correct(Comment.objects.get(pk=top.pk), moderator)


def test_a_member_replies_with_no_role(article: Article, member: User, author: User) -> None:
    top = say(member, article)
    for somebody in (member, author):
        with pytest.raises(Refused, match="may not reply officially"):
            correct(top, somebody)
        with pytest.raises(Refused, match="may not reply officially"):
            answering.reply_officially(top, by=somebody, text="Officially.")
    assert not top.answers.exists()


def test_a_correction_is_read_by_those_who_ignore_its_writer(
    article: Article,
    member: User,
    another_member: User,
    moderator: User,
    as_another_member: Client,
) -> None:
    top = say(member, article)
    spoken = say(moderator, article, "What I think myself.")
    Ignored.objects.add(another_member, spoken.voice)
    correction = correct(top, moderator)
    page = as_another_member.get(PAGE).text
    assert page.count("You ignore") == 1
    assert f'comment--correction" id="comment-{correction.pk}">' in page
    assert f"/comments/{correction.pk}/ignore/" not in page
    refused = as_another_member.post(f"/comments/{correction.pk}/ignore/")
    assert refused.status_code == 400
    assert "cannot be ignored" in refused.text


# --- what a comment led to ------------------------------------------------------------------------


def test_staff_say_that_a_comment_led_to_a_change(
    article: Article, member: User, editor: User, as_editor: Client, client: Client
) -> None:
    top = say(member, article)
    revision = article.revise(title="New", summary="", text="## One\n\nOther words.\n")
    article.publish(revision)
    address = f"/comments/{top.pk}/led-to/"
    assert "Revision" in as_editor.get(address).text
    assert as_editor.post(address, {"revision": "0"}).status_code == 400
    assert as_editor.post(address, {"revision": revision.pk}).status_code == 302
    page = client.get(PAGE).text
    assert f'{PAGE}history/#revision-{revision.number}">This comment led to a change' in page
    assert f'id="revision-{revision.number}"' in client.get(f"{PAGE}history/").text
    assert member.notifications.get().kind == "change"


def test_a_member_cannot_say_so(
    article: Article, member: User, as_member: Client, client: Client
) -> None:
    top = say(member, article)
    address = f"/comments/{top.pk}/led-to/"
    assert as_member.get(address).status_code == 403
    assert as_member.post(address, {"revision": article.live_id}).status_code == 403
    assert client.get(address).status_code == 302
    assert not top.led_to.exists()


def test_a_revision_that_readers_do_not_see_is_not_named(
    article: Article, member: User, editor: User
) -> None:
    top = say(member, article)
    draft = article.revise(title="New", summary="", text="## One\n\nOther words.\n")
    with pytest.raises(Refused):
        answering.note_change(top, draft, by=editor)
