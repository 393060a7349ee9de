"""The consent to publish: what was agreed to, taking it back, and what becomes of the comments."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from accounts.models import Consent, Departure, Erasure, Fate, LegalHold, User
from accounts.models.consent import WORDS
from articles.models import Article
from comments.models import Comment, Discussion, Draft
from comments.tasks import settle_what_a_hold_kept
from tests.conftest import PASSWORD
from tests.discussing import COMPOSER, PAGE, say, shown

pytestmark = pytest.mark.django_db

CONSENT = "/accounts/consent/"
ALL = "/accounts/comments/all/"
TODAYS_WORDS = str(escape(WORDS[settings.CONSENT_VERSION]))


@pytest.fixture
def agreed(member: User) -> Consent:
    return Consent.objects.agree(member)


def work() -> None:
    call_command("run_worker", "--batch")


def take_back(member: Client) -> Any:
    response = member.post(CONSENT, {"take_back": "1"}, follow=True)
    work()
    return response


def choose(member: Client, fate: str) -> Any:
    response = member.post(ALL, {"fate": fate}, follow=True)
    work()
    return response


# --- what I agreed to -----------------------------------------------------------------------------


def test_a_member_sees_what_they_agreed_to_and_when(as_member: Client, agreed: Consent) -> None:
    Consent.objects.update(given_at=timezone.now().replace(year=2025, month=3, day=7))
    response = as_member.get(CONSENT)
    assert TODAYS_WORDS in response.text
    assert f"Version {settings.CONSENT_VERSION}" in response.text
    assert "7 March 2025" in response.text
    assert "Take back my consent" in response.text
    assert "no-store" in response.headers["Cache-Control"]
    assert 'href="/accounts/consent/"' in as_member.get("/accounts/").text


def test_sign_up_stores_the_words_that_the_page_shows_later(client: Client) -> None:
    assert TODAYS_WORDS in client.get("/accounts/signup/").text
    client.post(
        "/accounts/signup/",
        {
            "email": "new@example.org",
            "handle": "Amber Otter",
            "password1": "trombone harbour seventeen",
            "age": "on",
            "public_comments": "on",
        },
    )
    assert Consent.objects.get().words in TODAYS_WORDS


def test_the_words_of_an_older_version_are_shown_as_they_were(
    as_member: Client, agreed: Consent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(WORDS, "2031-01", "New words that nobody has agreed to yet.")
    monkeypatch.setattr(settings, "CONSENT_VERSION", "2031-01")
    page = as_member.get(CONSENT).text
    assert TODAYS_WORDS in page
    assert "New words" not in page
    as_member.post(CONSENT, {"take_back": "1"})
    assert "New words" in as_member.get(CONSENT).text
    as_member.post(CONSENT, {"agree": "1"})
    assert "New words" in as_member.get(CONSENT).text
    assert Consent.objects.in_force().get().version == "2031-01"


def test_words_that_nobody_kept_are_not_invented(as_member: Client, agreed: Consent) -> None:
    Consent.objects.update(version="1999-01")
    page = as_member.get(CONSENT).text
    assert "Version 1999-01" in page
    assert TODAYS_WORDS not in page


def test_somebody_who_was_never_asked_is_told_so_and_may_agree(as_member: Client) -> None:
    page = as_member.get(CONSENT).text
    assert "You were never asked" in page
    assert "Take back my consent" not in page
    as_member.post(CONSENT, {"take_back": "1"})
    assert not Consent.objects.exists()
    assert not Erasure.objects.exists()
    as_member.post(CONSENT, {"agree": "1"})
    as_member.post(CONSENT, {"agree": "1"})
    assert Consent.objects.get().version == settings.CONSENT_VERSION


# --- taking it back -------------------------------------------------------------------------------


def test_one_button_takes_it_back_and_hides_all_comments(
    as_member: Client,
    client: Client,
    article: Article,
    member: User,
    another_member: User,
    agreed: Consent,
) -> None:
    comment, alone = say(member, article, "Their words."), say(member, article)
    reply = say(another_member, article, "An answer.", parent=comment)
    page = take_back(as_member).text
    agreed.refresh_from_db()
    assert agreed.withdrawn_at
    for choice in Fate.labels:
        assert str(choice) in page
    response = client.get(PAGE)
    assert shown(response) == [comment.pk, reply.pk]
    assert "Their words." not in response.text
    assert "Quiet Heron" not in response.text
    assert "in reply to a withdrawn comment" in response.text
    assert Discussion.objects.get().comment_count == 1
    assert client.get(f"/comments/{alone.pk}/").status_code == 410
    assert "Its writer took it back." in client.get(f"/comments/{alone.pk}/").text
    own = as_member.get(f"/comments/{comment.pk}/").text
    assert "Their words." in own
    assert "the consent to publish it was taken back" in own
    as_member.post(CONSENT, {"take_back": "1"})
    assert Consent.objects.get().withdrawn_at == agreed.withdrawn_at


def test_without_consent_nothing_is_posted_and_the_gate_says_why(
    as_member: Client, article: Article, agreed: Consent
) -> None:
    take_back(as_member)
    gate = as_member.get(PAGE).text
    assert "You have taken back your consent" in gate
    assert 'href="/accounts/consent/"' in gate
    response = as_member.post(COMPOSER, {"text": "My words."})
    assert response.status_code == 403
    assert "My words." in response.text
    assert 'href="/accounts/consent/"' in response.text
    assert not Comment.objects.exists()
    assert Draft.objects.get().text == "My words."


def test_who_agrees_again_is_read_again(
    as_member: Client, client: Client, article: Article, member: User, agreed: Consent
) -> None:
    comment, withdrawn = say(member, article, "Their words."), say(member, article)
    withdrawn.withdraw()
    take_back(as_member)
    page = as_member.post(CONSENT, {"agree": "1"}, follow=True).text
    work()
    assert "Take back my consent" in page
    assert Consent.objects.count() == 2
    assert shown(client.get(PAGE)) == [comment.pk]
    assert "Quiet Heron" in client.get(PAGE).text
    assert as_member.post(COMPOSER, {"text": "More words."}).status_code == 302


def test_a_slow_worker_does_what_was_decided_last(
    as_member: Client, client: Client, article: Article, member: User, agreed: Consent
) -> None:
    comment = say(member, article)
    for deed in ("take_back", "agree", "take_back", "agree"):
        as_member.post(CONSENT, {deed: "1"})
    work()
    assert shown(client.get(PAGE)) == [comment.pk]


# --- the three choices ----------------------------------------------------------------------------


@pytest.mark.parametrize("fate", Fate.values)
def test_the_choice_is_explained_and_asked_once_more(
    as_member: Client, article: Article, member: User, agreed: Consent, fate: str
) -> None:
    comment = say(member, article, "Their words.")
    take_back(as_member)
    before = Comment.objects.values().get()
    page = as_member.get(ALL, {"fate": fate}).text
    assert f"<h1>{Fate(fate).label}?</h1>" in page
    assert "This cannot be undone." in page
    assert Comment.objects.values().get() == before

    page = choose(as_member, fate).text

    assert "It has begun." in page
    assert str(Fate(fate).label) in as_member.get(CONSENT).text
    assert "Readers do not see your comments any more, until" not in as_member.get(CONSENT).text
    comment.refresh_from_db()
    assert comment.hidden_at is None
    erasure = Erasure.objects.get(deed=fate)
    assert (erasure.kind, erasure.subject) == ("comments of", str(member.public_id))


def test_keeping_shows_the_text_under_no_name(
    as_member: Client, client: Client, article: Article, member: User, agreed: Consent
) -> None:
    comment = say(member, article, "First words.")
    comment.edit("Better words.")
    take_back(as_member)
    choose(as_member, "keep")
    page = client.get(PAGE)
    assert shown(page) == [comment.pk]
    assert "Better words." in page.text
    assert "former member" in page.text
    assert "Quiet Heron" not in page.text
    assert not comment.earlier_texts.exists()


def test_withdrawing_keeps_the_text_for_moderators_and_erasing_does_not(
    as_member: Client,
    as_moderator: Client,
    client: Client,
    article: Article,
    member: User,
    agreed: Consent,
) -> None:
    comment = say(member, article, "Their words.")
    take_back(as_member)
    choose(as_member, "withdraw")
    assert shown(client.get(PAGE)) == []
    assert "Their words." in as_moderator.get(f"/comments/{comment.pk}/").text
    choose(as_member, "erase")
    assert "Their words." not in as_moderator.get(f"/comments/{comment.pk}/").text
    comment.refresh_from_db()
    assert (comment.text, comment.html) == ("", "")


def test_the_account_lives_on_after_a_choice(
    as_member: Client, client: Client, article: Article, member: User, agreed: Consent
) -> None:
    say(member, article, "Old words.")
    take_back(as_member)
    choose(as_member, "erase")
    as_member.post(CONSENT, {"agree": "1"})
    work()
    as_member.post(COMPOSER, {"text": "New words."})
    page = client.get(PAGE).text
    assert "New words." in page
    assert "Old words." not in page
    # The choice was about what was written until then, however often it is carried out.
    settle_what_a_hold_kept()
    work()
    assert "New words." in client.get(PAGE).text


def test_an_old_choice_is_not_taken_for_a_new_one(
    as_member: Client, client: Client, article: Article, member: User, agreed: Consent
) -> None:
    old = say(member, article, "Old words.")
    take_back(as_member)
    choose(as_member, "keep")
    as_member.post(CONSENT, {"agree": "1"})
    work()
    as_member.post(COMPOSER, {"text": "New words."})
    page = take_back(as_member).text
    assert "Choose what shall become of them" in page
    assert shown(client.get(PAGE)) == []
    choose(as_member, "keep")
    assert shown(client.get(PAGE))[-1] == old.pk
    assert "Quiet Heron" not in client.get(PAGE).text


def test_who_agrees_again_after_a_choice_does_not_undo_it(
    as_member: Client, client: Client, article: Article, member: User, agreed: Consent
) -> None:
    say(member, article, "Their words.")
    as_member.post(CONSENT, {"take_back": "1"})
    as_member.post(ALL, {"fate": "withdraw"})
    as_member.post(CONSENT, {"agree": "1"})
    work()
    assert shown(client.get(PAGE)) == []


def test_all_comments_can_be_taken_back_without_the_consent(
    as_member: Client,
    client: Client,
    make_article: Callable[..., Article],
    article: Article,
    member: User,
    another_member: User,
    agreed: Consent,
) -> None:
    other = make_article()
    for where in (article, other):
        say(member, where, "Their words.")
        say(another_member, where, "Somebody else’s words.")
    assert f'href="{ALL}"' in as_member.get("/accounts/comments/").text
    page = as_member.get(ALL).text
    for explanation in ("under “former member”", "for 30 days", "Nobody can read them any more"):
        assert explanation in page
    choose(as_member, "withdraw")
    for where in (article, other):
        page = client.get(where.get_absolute_url()).text
        assert "Their words." not in page
        assert "Somebody else’s words." in page
    assert Consent.objects.in_force().exists()
    assert as_member.post(COMPOSER, {"text": "New words."}).status_code == 302


def test_a_choice_that_is_none_is_refused_in_words(as_member: Client, agreed: Consent) -> None:
    for answer in (as_member.post(ALL, {"fate": "burn"}), as_member.get(ALL, {"fate": ""})):
        assert answer.status_code == 400
        assert "There is a problem" in answer.text
    assert as_member.post(ALL, {}).status_code == 200
    assert not Erasure.objects.exists()


def test_these_pages_are_the_members_own(client: Client, member: User) -> None:
    for address in (CONSENT, ALL):
        door = client.get(address).headers["Location"]
        assert door == f"/accounts/login/?next={address}"
        assert client.post(address, {"fate": "erase"}).status_code == 302
        response = client.post(door, {"login": member.email, "password": PASSWORD})
        assert response.headers["Location"] == address
        assert client.get(address).status_code == 200
        client.logout()
    assert not Erasure.objects.exists()


@pytest.mark.parametrize("address", [CONSENT, ALL, f"{ALL}?fate=erase"])
def test_looking_changes_nothing(
    as_member: Client,
    article: Article,
    member: User,
    agreed: Consent,
    address: str,
    django_assert_max_num_queries: Any,
) -> None:
    say(member, article)
    before = Comment.objects.values().get(), Consent.objects.values().get()
    with django_assert_max_num_queries(9):
        as_member.get(address)
    work()
    assert (Comment.objects.values().get(), Consent.objects.values().get()) == before
    assert not Erasure.objects.exists()


# --- a legal hold, and leaving --------------------------------------------------------------------


def test_under_a_legal_hold_all_is_hidden_and_settled_when_it_ends(
    as_member: Client, client: Client, article: Article, member: User, agreed: Consent
) -> None:
    comment = say(member, article, "Their words.")
    LegalHold.objects.create(
        user=member, case="7 O 3/26", until=timezone.localdate(), set_by=member
    )
    take_back(as_member)
    assert "7 O 3/26" in as_member.get(ALL).text
    choose(as_member, "erase")
    comment.refresh_from_db()
    assert comment.text == "Their words."
    assert comment.hidden_at
    settle_what_a_hold_kept()
    comment.refresh_from_db()
    assert comment.text == "Their words."
    LegalHold.objects.update(ended_at=timezone.now())
    settle_what_a_hold_kept()
    comment.refresh_from_db()
    assert comment.text == ""


def test_a_member_who_leaves_is_settled_by_leaving_alone(
    as_member: Client, article: Article, member: User, agreed: Consent
) -> None:
    comment = say(member, article, "Their words.")
    as_member.post(ALL, {"fate": "keep"})
    tomorrow = timezone.now() + timedelta(days=1)  # put off, by a legal hold
    Departure.objects.create(user=member, fate="erase", due_at=tomorrow)
    User.objects.update(is_active=False)
    Comment.objects.update(hidden_at=timezone.now())
    work()
    settle_what_a_hold_kept()
    comment.refresh_from_db()
    assert comment.hidden_at
