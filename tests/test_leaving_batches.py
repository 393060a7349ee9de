"""Thousands of comments of one member are hidden, shown or settled in short steps, counts right."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import hooks
from accounts.models import Consent, Erasure, Fate, User
from accounts.models.consent import take_back
from articles.models import Article
from comments import leaving
from comments.leaving import erase_member, hide_comments, settle_comments, show_comments
from comments.models import (
    Appeal,
    Badge,
    Case,
    Comment,
    Decision,
    Discussion,
    Draft,
    EarlierText,
    Ignored,
    Notification,
    Report,
    Voice,
)
from comments.moderation import deciding
from tests.discussing import say, say_often

pytestmark = pytest.mark.django_db

MakeArticle = Callable[..., Article]


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaving.time, "sleep", lambda seconds: None)


def say_held(author: User, article: Article, parent: Comment | None = None) -> Comment:
    """Make a comment that waits for a moderator, and was never counted."""
    return Comment.objects.create(
        article=article,
        author=author,
        voice=Voice.objects.handle_of(author),
        text="Held.",
        held_at=timezone.now(),
        parent=parent,
        root=parent and (parent.root or parent),
    )


def check_counts() -> None:
    """Compare all stored counts with the rows."""
    for discussion in Discussion.objects.all():
        here = Comment.objects.filter(article=discussion.pk)
        assert discussion.comment_count == here.visible().count()
        assert discussion.thread_count == here.filter(root=None).shown().count()
    for comment in Comment.objects.all():
        below = comment.answers if comment.root_id else comment.replies
        assert comment.reply_count == below.visible().count()


# --- the counts -----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_counts_stay_right_whatever_anybody_does(
    make_article: MakeArticle,
    member: User,
    another_member: User,
    moderator: User,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
) -> None:
    monkeypatch.setattr(leaving, "AT_ONCE", 3)
    chance = random.Random(seed)
    articles, members = [make_article(), make_article()], [member, another_member]

    def post() -> None:
        say(chance.choice(members), chance.choice(articles))

    def hold() -> None:
        say_held(chance.choice(members), chance.choice(articles))

    def reply() -> None:
        if visible := list(Comment.objects.visible()):
            parent = chance.choice(visible)
            deed = chance.choice([say, say, say_held])
            deed(chance.choice(members), parent.article, parent=parent)

    def act() -> None:
        if comments := list(Comment.objects.all()):
            deed = chance.choice(
                ["publish", "hold", "withdraw", "erase", "take_name_off", "restore", "remove"]
            )
            arguments: Any = {"by": moderator, "reason": "Spam"} if deed == "remove" else {}
            getattr(chance.choice(comments), deed)(**arguments)

    def hide() -> None:
        hide_comments(chance.choice(members))

    def show() -> None:
        show_comments(chance.choice(members))

    def settle() -> None:
        settle_comments(chance.choice(members), chance.choice(Fate.values))

    deeds = [post, reply, act, hold, hide, show, settle]
    for _number in range(60):
        chance.choices(deeds, [6, 10, 8, 2, 2, 2, 1])[0]()
        check_counts()


def test_a_page_that_loses_a_comment_is_told_so(
    client: Client, article: Article, make_article: MakeArticle, member: User
) -> None:
    other = make_article()
    say(member, article, "Their words.")
    assert "Their words." in client.get(article.get_absolute_url()).text
    before = Article.objects.get(pk=other.pk).version
    settle_comments(member, Fate.ERASE)
    assert "Their words." not in client.get(article.get_absolute_url()).text
    assert Article.objects.get(pk=other.pk).version == before


# --- the steps ------------------------------------------------------------------------------------


def test_one_step_changes_at_most_a_hundred_comments_at_a_bounded_number_of_queries(
    article: Article, member: User, another_member: User
) -> None:
    top = say(another_member, article)
    say_often(member, article, 130)
    say_often(member, article, 130, parent=top)
    steps = []

    def withdraw(batch: Any) -> None:
        steps.append(batch.update(withdrawn_at=timezone.now()))

    with CaptureQueriesContext(connection) as captured:
        leaving.in_batches(Comment.objects.filter(author=member, withdrawn_at=None), withdraw)
    assert steps == [100, 100, 60]
    assert len(captured) <= 2 + 16 * len(steps)
    check_counts()


@pytest.mark.parametrize("fate", Fate.values)
def test_all_is_done_in_steps_and_doing_it_again_changes_nothing(
    article: Article,
    make_article: MakeArticle,
    member: User,
    another_member: User,
    fate: str,
) -> None:
    top = say(another_member, article)
    say_often(member, article, 130)
    say_often(member, article, 120, parent=top)
    for _number in range(3):
        say(member, make_article())
    hide_comments(member)
    check_counts()
    assert Comment.objects.visible().get() == top
    settle_comments(member, fate)
    check_counts()
    visible = Comment.objects.visible().filter(author=member)
    assert visible.count() == (253 if fate == "keep" else 0)
    with CaptureQueriesContext(connection) as captured:
        settle_comments(member, fate)
    assert len(captured) <= 4
    assert not [query for query in captured if query["sql"].startswith("UPDATE")]


def test_who_is_killed_on_the_way_goes_on(
    article: Article, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    say_often(member, article, 250)
    steps = 0

    def killed(seconds: float) -> None:
        nonlocal steps
        if (steps := steps + 1) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(leaving.time, "sleep", killed)
        with pytest.raises(KeyboardInterrupt):
            settle_comments(member, Fate.ERASE)
    check_counts()
    assert Comment.objects.visible().count() == 50
    settle_comments(member, Fate.ERASE)
    assert set(Comment.objects.values_list("text", "html", "interests")) == {("", "", "")}
    check_counts()


def test_what_came_after_the_choice_is_not_touched(article: Article, member: User) -> None:
    old, new = say(member, article), say(member, article)
    hour_ago = timezone.now() - timedelta(hours=1)
    Comment.objects.filter(pk=old.pk).update(created_at=hour_ago)
    settle_comments(member, Fate.ERASE, before=hour_ago)
    assert Comment.objects.visible().get() == new


def test_nobody_elses_comments_are_touched(
    article: Article, member: User, another_member: User
) -> None:
    theirs = say(another_member, article)
    say(member, article, parent=theirs)
    kept = Comment.objects.filter(pk=theirs.pk).values(
        "text", "html", "voice", "withdrawn_at", "nonce"
    )
    before = kept.get()
    settle_comments(member, Fate.ERASE)
    erase_member(member, Fate.ERASE)
    assert kept.get() == before


# --- what each fate leaves ------------------------------------------------------------------------


@pytest.fixture
def said(article: Article, member: User, another_member: User, moderator: User) -> Comment:
    """Make a comment with everything that may be tied to one."""
    comment = say(member, article, "First words.")
    comment.edit("Their words.")
    badge = Badge.objects.create(
        user=member,
        profession="Nurse",
        register="NMC",
        number="77-A",
        jurisdiction="Wales",
        register_url="https://register.example/77-A",
        evidence="Look at my page.",
    )
    Comment.objects.filter(pk=comment.pk).update(
        badge=badge, interests="Shares in a clinic", nonce="6f1f0f66-74bd-4c5e-9f0b-0d3a7e4a2a11"
    )
    Voice.objects.in_discussion(member, article)
    Draft.objects.create(article=article, author=member, text="Not done yet.")
    theirs = say(another_member, article)
    Ignored.objects.create(user=member, voice=theirs.voice)
    Ignored.objects.create(user=another_member, voice=comment.voice)
    Report.objects.create(
        comment=theirs, reporter=member, reason="spam", words="My view.", email="q@example.org"
    )
    comment.remove(by=moderator, reason="Names Quiet Heron")
    return comment


@pytest.mark.parametrize("fate", Fate.values)
def test_a_member_who_left_is_named_nowhere(said: Comment, member: User, fate: str) -> None:
    for _again in range(2):
        hooks.run("settle_comments", member, fate)
        hooks.run("erase_member", member, fate)
    said.refresh_from_db()
    assert said.voice == Voice.objects.nobody()
    assert (said.badge, said.interests, said.nonce) == (None, "", None)
    assert bool(said.text) == (fate != "erase")
    assert bool(said.removed_reason) == (fate != "erase")
    assert said.removed_at
    assert EarlierText.objects.exists() == (fate == "withdraw")
    assert not Voice.objects.filter(user=member).exists()
    assert not Draft.objects.exists()
    assert not Ignored.objects.exists()
    badge = Badge.objects.get()
    told = (badge.profession, badge.register, badge.number, badge.jurisdiction)
    assert {*told, badge.register_url, badge.evidence} == {""}
    assert badge.ended_at
    assert not badge.is_in_force
    report = Report.objects.get()
    assert report.email == ""
    assert report.words == ("" if fate == "erase" else "My view.")


@pytest.mark.parametrize("deed", ["name-off", "withdraw", "erase"])
def test_a_line_of_the_ledger_about_one_comment_is_done_again(
    article: Article, member: User, deed: str
) -> None:
    comment = say(member, article, "Their words.")
    when = timezone.now() - timedelta(days=3)
    line = Erasure.objects.create(kind="comment", subject=str(comment.pk), deed=deed, at=when)
    for _again in range(2):
        assert hooks.ask("replay_erasure", line).count(True) == 1
    comment.refresh_from_db()
    assert comment.has_name == (deed == "withdraw")
    assert bool(comment.text) == (deed != "erase")
    assert comment.withdrawn_at == (None if deed == "name-off" else when)


def test_a_restored_backup_does_not_publish_what_was_taken_back(
    article: Article, member: User
) -> None:
    Consent.objects.agree(member)
    say(member, article, "Their words.")
    assert take_back(member)
    line = Erasure.objects.get()
    # The backup is older: in it, they agree, and everybody reads.
    Consent.objects.update(withdrawn_at=None)
    for _again in range(2):
        assert leaving.replay_erasure(line)
    assert Consent.objects.get().withdrawn_at == line.at
    assert not Comment.objects.visible().exists()


def test_lines_about_what_the_backup_does_not_have_do_no_harm(db: None) -> None:
    for kind, subject in (
        ("comment", "12"),
        ("comment", "x" * 30),
        ("comments of", "x"),
        ("comments of", "0b9d3c52-6d4b-4bb1-9d0d-1f4e0c5a7a11"),
    ):
        line = Erasure.objects.create(kind=kind, subject=subject, deed="erase")
        assert leaving.replay_erasure(line)
    assert not leaving.replay_erasure(Erasure(kind="contributor", subject="1", deed="role"))


def test_reports_of_somebody_whose_address_a_stranger_signed_up_with_stay(
    make_user: Callable[..., User], article: Article, another_member: User
) -> None:
    never_in = make_user("Red Fox", email="ana@example.org")
    comment = say(another_member, article)
    report = Report.objects.create(
        comment=comment, reason="worried", words="Help her.", email="ana@example.org"
    )
    erase_member(never_in, Fate.ERASE)
    report.refresh_from_db()
    assert (report.words, report.email) == ("Help her.", "ana@example.org")


@pytest.mark.parametrize("fate", [Fate.WITHDRAW, Fate.ERASE])
def test_who_reported_what_its_writer_took_along_hears_that_nothing_is_left(
    article: Article, member: User, another_member: User, fate: Fate
) -> None:
    comment = say(member, article, "Their words.")
    report, _first = Report.objects.file(comment=comment, reporter=another_member, reason="spam")
    settle_comments(member, fate)
    report.refresh_from_db()
    assert report.handled_at
    assert not Case.objects.open().exists()
    assert Notification.objects.get(user=another_member).report == report


@pytest.mark.parametrize("fate", list(Fate))
def test_an_appeal_waits_until_its_member_has_left(
    article: Article, member: User, moderator: User, fate: Fate
) -> None:
    comment = say(member, article, "Their words.")
    decision = deciding.remove(comment, by=moderator, rule=None, reason="Advertising")
    Decision.objects.filter(pk=decision.pk).update(told_at=decision.at)
    Appeal.objects.make(decision, words="It sells nothing.")
    settle_comments(member, fate)
    assert Case.objects.open().get().queue == Case.Queue.APPEALS
    erase_member(member, fate)
    assert not Case.objects.open().exists()
    User.objects.filter(pk=member.pk).update(erased_at=timezone.now())
    assert not Appeal.objects.open().exists()
    assert Appeal.objects.get().words == ""
