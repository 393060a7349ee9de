"""What a writer sees of their own: held comments in their place, and what the composer says."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from accounts.models import User
from articles.models import Article
from comments.models import Comment, Draft, Rule
from comments.moderation import deciding
from comments.moderation.sanctions import ends_after
from tests.badges import WORDS as BADGE
from tests.badges import granted, wear
from tests.conftest import PASSWORD
from tests.discussing import COMPOSER, PAGE, disguised, form, hold, say, say_often, shown

pytestmark = pytest.mark.django_db

CRISIS = "It never stops. I want to kill myself."

# --- a held comment in its place ------------------------------------------------------------------


def test_a_first_comment_waits_and_its_writer_sees_it_in_its_place(
    as_member: Client,
    as_another_member: Client,
    client: Client,
    article: Article,
    another_member: User,
    moderator: User,
    settings: Settings,
) -> None:
    earlier = say(another_member, article, "Earlier words.")
    settings.HOLD_FIRST_COMMENTS, settings.READ_WITHIN_HOURS = None, 12
    assert "A moderator reads your comment first" in as_member.get(COMPOSER).text

    page = as_member.post(COMPOSER, {"text": "My first words."}, follow=True)

    comment = Comment.objects.get(text="My first words.")
    assert comment.held_for == ["first"]
    assert page.redirect_chain[-1][0] == f"{PAGE}#comment-{comment.pk}"
    assert shown(page) == [comment.pk, earlier.pk]
    assert "Only you see this. Usually read within 12 hours." in page.text
    assert shown(as_member.get(f"{PAGE}?sort=oldest")) == [earlier.pk, comment.pk]
    for other in (client, as_another_member):
        assert "My first words." not in other.get(PAGE).text
        assert str(comment.pk) not in other.get(PAGE).text
        assert "<!--held" not in other.get(PAGE).text
    comment.publish()
    assert "Only you see this" not in as_member.get(PAGE).text
    assert "Everyone can read your comment at once." in as_member.get(COMPOSER).text


def test_a_held_reply_stands_in_its_thread(
    as_member: Client, client: Client, article: Article, member: User, another_member: User
) -> None:
    top, other = say(another_member, article), say(another_member, article)
    first = say(another_member, article, parent=top)
    reply = hold(say(member, article, "My reply.", parent=first))
    Article.objects.filter(pk=article.pk).bump()
    page = as_member.get(PAGE)
    assert shown(page) == [other.pk, top.pk, first.pk, reply.pk]
    assert "in reply to <bdi>Blue Kettle</bdi>" in page.text
    assert shown(client.get(PAGE)) == [other.pk, top.pk, first.pk]
    assert shown(as_member.get(f"{PAGE}?thread={top.pk}")) == [top.pk, first.pk, reply.pk]


def test_a_held_comment_says_that_its_name_is_used_only_here(
    as_member: Client, article: Article, member: User
) -> None:
    hold(disguised(member, article, "Nobody shall know me."))
    Article.objects.filter(pk=article.pk).bump()
    page = as_member.get(PAGE)
    assert "<span>name used only here</span>" in page.text.partition("comment--held")[2]


def test_a_comment_held_by_an_edit_takes_the_place_of_its_quiet_line(
    as_member: Client, client: Client, article: Article, member: User, another_member: User
) -> None:
    top = say(member, article, "First words.")
    reply = say(another_member, article, parent=top)
    top.edit("Changed words.", ["links"])
    page = as_member.get(PAGE)
    assert shown(page) == [top.pk, reply.pk]
    assert "Changed words." in page.text
    assert "Only you see this." in page.text
    assert shown(client.get(PAGE)) == [top.pk, reply.pk]
    assert "Changed words." not in client.get(PAGE).text


def test_the_first_comment_of_all_is_shown_in_an_empty_discussion(
    as_member: Client, article: Article, member: User
) -> None:
    comment = hold(say(member, article, "All alone."))
    assert shown(as_member.get(PAGE)) == [comment.pk]


def test_seeing_what_one_has_waiting_costs_no_query(
    as_member: Client, article: Article, member: User, django_assert_num_queries: Any
) -> None:
    comment = say(member, article)
    as_member.get(PAGE)
    with CaptureQueriesContext(connection) as before:
        as_member.get(PAGE)
    hold(comment)
    with django_assert_num_queries(len(before)):
        assert "Only you see this" in as_member.get(PAGE).text


def test_what_a_held_comment_says_is_no_markup(
    as_member: Client, article: Article, member: User
) -> None:
    hold(say(member, article, "<script>1</script><!--held in 0-->"))
    page = as_member.get(PAGE).text
    assert "<script>1" not in page
    assert page.count("Only you see this") == 2  # in its place, and in the list of one's own


# --- what the composer says -----------------------------------------------------------------------


def test_a_switch_makes_the_composer_say_so(as_member: Client, article: Article) -> None:
    assert "Everyone can read your comment at once." in as_member.get(COMPOSER).text
    Article.objects.filter(pk=article.pk).update(comments_held=True)
    assert "A moderator reads your comment first" in as_member.get(COMPOSER).text
    as_member.post(COMPOSER, {"text": "Hello there."})
    assert Comment.objects.get().held_for == ["switch"]


def test_a_top_level_comment_may_be_a_question(
    as_member: Client, article: Article, another_member: User
) -> None:
    comment = say(another_member, article)
    assert "This is a question" in as_member.get(COMPOSER).text
    assert "This is a question" not in as_member.get(f"{COMPOSER}?parent={comment.pk}").text
    as_member.post(COMPOSER, {"text": "How long?", "question": "on"})
    assert Comment.objects.get(text="How long?").is_question
    as_member.post(COMPOSER, {"text": "Why?", "question": "on", "parent": comment.pk})
    assert not Comment.objects.get(text="Why?").is_question


def test_a_question_is_still_one_after_log_in(
    client: Client, article: Article, member: User
) -> None:
    client.post(COMPOSER, {"text": "How long?", "question": "on"})
    client.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    page = client.get(COMPOSER)
    assert re.search(r'<input type="checkbox" name="question"[^>]* checked', page.text)


def test_the_composer_says_where_side_effects_are_reported(
    as_member: Client, client: Client, article: Article, settings: Settings
) -> None:
    assert "side effect" not in as_member.get(COMPOSER).text
    settings.SIDE_EFFECTS_URL = "https://yellowcard.example/"
    for visitor in (as_member, client):
        assert 'href="https://yellowcard.example/"' in visitor.get(COMPOSER).text


def test_a_parent_held_while_a_reply_is_written_leaves_a_choice(
    as_member: Client, article: Article, another_member: User
) -> None:
    parent = say(another_member, article)
    fields = form(as_member.get(f"{COMPOSER}?parent={parent.pk}"))
    parent.hold("reported")
    response = as_member.post(COMPOSER, {**fields, "text": "My reply."})
    assert response.status_code == 400
    assert "You can post your words as a comment of their own." in response.text
    assert "My reply." in response.text
    as_member.post(COMPOSER, {**form(response), "text": "My reply."})
    assert Comment.objects.get(text="My reply.").parent is None


# --- what moderators decided before ---------------------------------------------------------------


@pytest.fixture
def rule(db: None) -> Rule:
    return Rule.objects.in_force().first() or Rule.objects.create(
        key="kind", title="Be kind", text="Be kind.", reason="Please be kind."
    )


def test_a_notice_is_read_before_the_next_comment_and_the_words_wait(
    as_member: Client, article: Article, member: User, moderator: User, rule: Rule
) -> None:
    comment = say(member, article, "Earlier words.")
    deciding.sanction(comment, by=moderator, kind="notice", rule=rule, reason="Be kind.")
    sent = as_member.post(COMPOSER, {"text": "My next words.", "question": "on"})
    assert re.fullmatch(r"/accounts/decisions/\d+/", sent.headers["Location"])
    told = as_member.post(COMPOSER, {"text": "By a script."}, content_type="application/json")
    assert (told.status_code, told.json()["url"]) == (403, sent.headers["Location"])
    assert not Comment.objects.exclude(pk=comment.pk).exists()
    assert as_member.get(sent.headers["Location"]).status_code == 200
    composer = as_member.get(COMPOSER)
    assert f'href="{sent.headers["Location"]}">Read it</a>' in composer.text
    assert "My next words." in composer.text
    assert composer.context["form"].choices["question"] == "True"


def test_once_a_notice_is_read_the_words_can_be_posted(
    as_member: Client, article: Article, member: User, moderator: User, rule: Rule
) -> None:
    comment = say(member, article, "Earlier words.")
    deciding.sanction(comment, by=moderator, kind="notice", rule=rule, reason="Be kind.")
    notice = as_member.post(COMPOSER, {"text": "My next words."}).headers["Location"]
    as_member.post(notice, {"read": "1"})
    page = as_member.get(COMPOSER)
    assert "A moderator has a notice for you" not in page.text
    as_member.post(COMPOSER, {**form(page), "text": "My next words."})
    assert Comment.objects.get(text="My next words.").is_visible
    assert not Draft.objects.exists()


def test_of_whom_all_is_held_the_next_comment_and_edit_are(
    as_member: Client, article: Article, member: User, moderator: User, rule: Rule
) -> None:
    comment = say(member, article, "Earlier words.")
    deciding.sanction(comment, by=moderator, kind="hold-all", rule=rule, reason="Look.")
    assert "A moderator reads your comment first" in as_member.get(COMPOSER).text
    as_member.post(COMPOSER, {"text": "My next words."})
    assert Comment.objects.get(text="My next words.").held_for == ["record"]
    as_member.post(f"/comments/{comment.pk}/edit/", {"text": "Changed words."})
    assert Comment.objects.get(text="Changed words.").held_for == ["record"]


def test_a_suspended_member_is_told_so_and_keeps_their_words(
    as_member: Client, article: Article, member: User, moderator: User, rule: Rule
) -> None:
    comment = say(member, article, "Earlier words.")
    deciding.sanction(
        comment,
        by=moderator,
        kind="suspend",
        until=ends_after("1-week"),
        rule=rule,
        reason="Look.",
    )
    response = as_member.post(COMPOSER, {"text": "My next words."})
    assert response.status_code == 403
    assert "A moderator has suspended you" in response.text
    assert 'href="/accounts/decisions/"' in response.text
    assert "My next words." in as_member.get(COMPOSER).text
    edited = as_member.post(f"/comments/{comment.pk}/edit/", {"text": "Changed words."})
    assert edited.status_code == 403
    assert "Changed words.</textarea>" in edited.text
    assert not Comment.objects.filter(text="Changed words.").exists()


def test_help_comes_first_for_a_suspended_member_too(
    as_member: Client, article: Article, member: User, moderator: User, rule: Rule
) -> None:
    comment = say(member, article, "Earlier words.")
    deciding.sanction(comment, by=moderator, kind="ban", rule=rule, reason="Look.")
    assert "Help comes first" in as_member.post(COMPOSER, {"text": CRISIS}).text


def test_an_edit_that_a_moderator_asked_for_is_made_and_waits(
    as_member: Client, article: Article, member: User, moderator: User, rule: Rule
) -> None:
    comment = say(member, article, "Ask Dr Example in Leeds.")
    deciding.ask_for_edit(comment, by=moderator, rule=rule, reason="Please name nobody.")
    asked = "A moderator asks you to change it: Please name nobody."
    for address in (PAGE, f"/comments/{comment.pk}/", "/accounts/comments/"):
        page = as_member.get(address).text
        assert asked in page
        assert f"/comments/{comment.pk}/edit/" in page
    edit = as_member.get(f"/comments/{comment.pk}/edit/").text
    assert "A moderator asks you to change this: Please name nobody." in edit
    page = as_member.post(f"/comments/{comment.pk}/edit/", {"text": "Ask a doctor."}, follow=True)
    comment.refresh_from_db()
    assert (comment.is_held, comment.text) == (True, "Ask a doctor.")
    assert asked not in page.text
    assert "Only you see this. Usually read within" in page.text


# --- what does not stand among the newest ---------------------------------------------------------


def test_an_older_comment_that_waits_is_reached_from_the_discussion(
    as_member: Client, article: Article, member: User
) -> None:
    waiting = hold(say(member, article, "It still waits."))
    say_often(member, article, 9)
    link = '<a href="/accounts/comments/?state=held">'
    assert link not in as_member.get(PAGE).text
    Comment.objects.filter(pk=waiting.pk).update(created_at=F("created_at") - timedelta(hours=1))
    say(member, article, "The tenth that everyone can read.")
    assert link in as_member.get(PAGE).text

    mine = as_member.get("/accounts/comments/?state=held").text

    assert "It still waits." in mine
    assert "Your comments that wait for a moderator" in mine
    assert "The tenth that everyone can read." not in mine
    waiting.refresh_from_db()
    waiting.withdraw()
    assert link not in as_member.get(PAGE).text
    assert "None of your comments waits" in as_member.get("/accounts/comments/?state=held").text


def test_more_that_wait_than_a_page_holds_are_all_in_the_list(
    as_member: Client, article: Article, member: User
) -> None:
    say_often(member, article, 51)
    Comment.objects.update(published_at=None, held_at=F("created_at"))
    page = as_member.get("/accounts/comments/?state=held").text
    assert "?state=held&amp;page=2" in page


def test_its_writer_sees_the_badge_of_a_comment_that_waits(
    as_member: Client, article: Article, member: User, moderator: User, editor: User
) -> None:
    badge = granted(member, editor, moderator)
    comment = hold(wear(badge, say(member, article), "A grant of the town."))
    for path in (PAGE, f"/comments/{comment.pk}/"):
        page = as_member.get(path, follow=True).text
        assert BADGE in page
        assert "A grant of the town." in page
