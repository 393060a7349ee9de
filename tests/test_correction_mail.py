"""A correction reaches those who read the error: each once, at once, and with the reason."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from articles import correction_news
from articles.correcting import confirm
from articles.models import Article, Correction, CorrectionMail
from comments.models import Follow, Notification, NotificationChoice
from comments.telling import mailing
from comments.telling.correction_news import concerned
from tests.correcting import corrected, work
from tests.discussing import hold, say
from tests.test_discretion import TOPIC
from tests.test_following_corrections import follower

pytestmark = pytest.mark.django_db


def told(user: User) -> list[Notification]:
    return list(Notification.objects.of(user).filter(kind="correction"))


def to(mails: list[EmailMessage]) -> list[str]:
    return sorted(address for mail in mails for address in mail.to)


@pytest.mark.parametrize("kind", ["correction", "safety"])
def test_who_commented_and_who_follows_are_mailed_once(
    article: Article,
    member: User,
    another_member: User,
    mailoutbox: list[EmailMessage],
    kind: str,
) -> None:
    say(member, article)
    say(member, article)
    Follow.objects.put(another_member, article, is_muted=False)
    follower(article, "ana@example.org")
    entry = corrected(article, kind)
    work()
    work()
    assert to(mailoutbox) == ["ana@example.org", another_member.email, member.email]
    assert all(f"http://localhost:8000/corrections/{entry.pk}/" in mail.body for mail in mailoutbox)
    entry.refresh_from_db()
    assert entry.told_at


@pytest.mark.parametrize("kind", ["clarification", "update"])
def test_what_was_not_wrong_is_mailed_to_nobody(
    article: Article, member: User, mailoutbox: list[EmailMessage], kind: str
) -> None:
    say(member, article)
    follower(article)
    entry = corrected(article, kind)
    work()
    assert mailoutbox == []
    entry.refresh_from_db()
    assert entry.told_at is None


def test_no_mail_names_the_topic_and_each_gives_the_reason_and_a_way_out(
    article: Article, member: User, mailoutbox: list[EmailMessage]
) -> None:
    say(member, article, "Hm.")
    follower(article, "ana@example.org")
    corrected(article, "safety")
    work()
    by_mail, as_member = sorted(mailoutbox, key=lambda mail: mail.to)
    for mail in (by_mail, as_member):
        whole = mail.message().as_string().lower()
        assert not [word for word in (*TOPIC, "tablets", "poison") if word in whole]
        assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in mail.message().as_string()
        assert "in a way that can do harm" in mail.body
    assert "you confirmed that you want to hear" in by_mail.body
    assert "on which you commented, or whose discussion you follow" in as_member.body


def test_the_inbox_leads_to_the_correction(
    article: Article, member: User, as_member: Client
) -> None:
    say(member, article)
    entry = corrected(article)
    work()
    page = as_member.get("/accounts/inbox/").text
    assert f'<a href="/corrections/{entry.pk}/">An article was corrected</a>' in page


def test_who_gathers_mail_is_told_at_once_all_the_same(
    article: Article, member: User, mailoutbox: list[EmailMessage]
) -> None:
    NotificationChoice.objects.create(user=member, kind="correction", delivery="digest")
    say(member, article)
    corrected(article)
    work()
    assert to(mailoutbox) == [member.email]


def test_who_turned_it_off_finds_it_in_the_inbox_alone(
    article: Article, member: User, mailoutbox: list[EmailMessage]
) -> None:
    NotificationChoice.objects.choose(member, {"correction": "off"})
    say(member, article)
    corrected(article, "safety")
    work()
    assert mailoutbox == []
    assert len(told(member)) == 1


def test_the_settings_offer_no_daily_mail_of_corrections(as_member: Client) -> None:
    field = as_member.get("/accounts/notifications/").context["form"].fields["correction"]
    assert [value for value, _label in field.choices] == ["instant", "off"]


@pytest.mark.parametrize(("kind", "hears"), [("safety", 1), ("correction", 0)])
def test_who_muted_the_discussion_hears_of_a_danger_alone(
    article: Article, member: User, mailoutbox: list[EmailMessage], kind: str, hears: int
) -> None:
    say(member, article)
    Follow.objects.put(member, article, is_muted=True)
    corrected(article, kind)
    work()
    assert len(told(member)) == len(mailoutbox) == hears


def test_no_limit_of_mails_holds_a_correction_back(
    article: Article, member: User, another_member: User, mailoutbox: list[EmailMessage]
) -> None:
    NotificationChoice.objects.choose(member, {"reply": "instant"})
    comment = say(member, article)
    for _number in range(mailing.MAILS_AN_HOUR + 1):
        say(another_member, article, parent=comment)
        work()
    assert len(to(mailoutbox)) == mailing.MAILS_AN_HOUR
    corrected(article)
    work()
    mine = [mail for mail in mailoutbox if mail.to == [member.email]]
    assert len(mine) == mailing.MAILS_AN_HOUR + 1
    assert "was corrected" in mine[-1].body
    assert "answered" not in mine[-1].body


def test_a_correction_is_not_hidden_among_other_news(
    article: Article, member: User, another_member: User, mailoutbox: list[EmailMessage]
) -> None:
    NotificationChoice.objects.choose(member, {"reply": "instant"})
    say(another_member, article, parent=say(member, article))
    corrected(article)
    work()
    mine = [mail.body for mail in mailoutbox if mail.to == [member.email]]
    assert sorted("was corrected" in body for body in mine) == [False, True]


def test_one_address_gets_one_mail_even_if_it_is_both(
    article: Article, member: User, mailoutbox: list[EmailMessage]
) -> None:
    say(member, article)
    follower(article, member.email.lower())
    corrected(article)
    work()
    assert to(mailoutbox) == [member.email]


def test_who_turned_the_mail_to_members_off_and_follows_by_mail_gets_that_one(
    article: Article, member: User, mailoutbox: list[EmailMessage]
) -> None:
    NotificationChoice.objects.choose(member, {"correction": "off"})
    say(member, article)
    follower(article, member.email)
    corrected(article)
    work()
    [mail] = mailoutbox
    assert "you confirmed that you want to hear" in mail.body


def test_who_came_after_it_was_put_right_or_is_not_seen_is_not_told(
    article: Article, make_user: Callable[..., User], mailoutbox: list[EmailMessage]
) -> None:
    held, withdrew, editor, late = map(make_user, ("Held", "Withdrew", "Editor", "Late"))
    hold(say(held, article))
    say(withdrew, article).withdraw()
    say(editor, article)
    corrected(article, by=editor)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        say(late, article)
        follower(article, "late@example.org")
        work()
    assert mailoutbox == []


def test_a_kind_that_becomes_serious_is_mailed_then(
    article: Article, member: User, editor: User, mailoutbox: list[EmailMessage]
) -> None:
    say(member, article)
    follower(article)
    entry = corrected(article, "clarification")
    work()
    confirm(entry, by=editor, kind="correction")
    work()
    assert len(mailoutbox) == 2


def test_a_correction_that_becomes_one_of_safety_reaches_those_it_had_not(
    article: Article,
    member: User,
    another_member: User,
    editor: User,
    mailoutbox: list[EmailMessage],
) -> None:
    for user in (member, another_member):
        say(user, article)
    Follow.objects.put(another_member, article, is_muted=True)
    follower(article, "ana@example.org")
    entry = corrected(article)
    work()
    assert to(mailoutbox) == ["ana@example.org", member.email]
    confirm(entry, by=editor, kind="safety", to_do="Stop.")
    work()
    assert to(mailoutbox) == ["ana@example.org", another_member.email, member.email]


def test_who_unsubscribes_while_the_mail_waits_gets_none(
    article: Article, mailoutbox: list[EmailMessage], settings: Settings
) -> None:
    settings.MAILERS = {
        "default": {"BACKEND": "accounts.mail.QueueBackend"},
        "delivery": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"},
    }
    known = follower(article)
    entry = corrected(article)
    correction_news.mail_followers(entry)
    known.delete()
    work()
    assert mailoutbox == []


def test_what_is_taken_back_to_a_draft_is_told_nobody(
    article: Article, member: User, mailoutbox: list[EmailMessage]
) -> None:
    say(member, article)
    follower(article)
    corrected(article)
    article.unpublish()
    work()
    assert mailoutbox == []


def test_of_a_withdrawn_article_they_hear_all_the_same(
    article: Article, member: User, mailoutbox: list[EmailMessage]
) -> None:
    say(member, article)
    follower(article)
    corrected(article, "safety")
    article.withdraw(reason="All of it is wrong.")
    work()
    assert len(mailoutbox) == 2


def test_a_worker_that_fails_on_the_way_goes_on_where_it_was(
    article: Article, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        follower(article, f"a{number}@example.org")
    entry = corrected(article)
    monkeypatch.setattr(correction_news, "AT_ONCE", 2)
    mail_some = correction_news._mail
    sent: list[int] = []

    def dies(correction: Correction, followers: list[object]) -> None:
        if sent:
            raise KeyboardInterrupt
        sent.append(len(followers))
        mail_some(correction, followers)  # type: ignore[arg-type]

    monkeypatch.setattr(correction_news, "_mail", dies)
    with pytest.raises(KeyboardInterrupt):
        correction_news.tell_readers.call(entry.pk)
    monkeypatch.setattr(correction_news, "_mail", mail_some)
    entry.refresh_from_db()
    assert entry.told_at is None
    assert CorrectionMail.objects.count() == 2
    correction_news.tell_readers.call(entry.pk)
    work()
    assert to(mailoutbox) == [f"a{number}@example.org" for number in range(5)]


def test_members_are_found_in_few_queries(
    article: Article,
    make_user: Callable[..., User],
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    for number in range(6):
        say(make_user(f"Member {number}"), article)
    entry = corrected(article)
    with django_assert_max_num_queries(3):  # type: ignore[attr-defined]
        assert len(concerned(entry)) == 6


def test_the_follow_page_says_what_a_muted_discussion_still_tells(
    article: Article, as_member: Client
) -> None:
    page = as_member.get(f"{article.get_absolute_url()}comments/follow/").text
    assert re.search(r"what in the article was a danger, you hear of all the same", page)
