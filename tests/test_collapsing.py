"""What reports do by themselves: fold what trusted members report, hold what describes a method."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditAct, User
from articles.models import Article
from comments import screening
from comments.models import Case, Comment, Decision, Report
from comments.moderation import deciding
from tests.conftest import logged_in
from tests.discussing import say, say_often

pytestmark = pytest.mark.django_db

METHOD = "this way of dying"


@pytest.fixture
def trusted(
    make_user: Callable[..., User], make_article: Callable[..., Article]
) -> Callable[..., User]:
    """Make a member who was read 20 times, or as often as is said."""

    def make(handle: str, comments: int = 20) -> User:
        user = make_user(handle)
        say_often(user, make_article(), comments)
        return user

    return make


def reports(user: User, comment: Comment, reason: str = "abuse") -> Comment:
    logged_in(user).post(f"/comments/{comment.pk}/report/", {"reason": reason})
    comment.refresh_from_db()
    return comment


def test_three_trusted_members_fold_what_nobody_has_approved(
    client: Client, article: Article, member: User, trusted: Callable[..., User]
) -> None:
    comment = say(member, article, "Drink bleach.")
    for handle in ("First Reader", "Second Reader"):
        assert not reports(trusted(handle), comment).collapsed_at
    comment = reports(trusted("Third Reader"), comment, "unsafe")
    assert comment.collapsed_at
    assert comment.is_visible
    assert client.get(f"/comments/{comment.pk}/").status_code == 302  # and not 410
    decision = Decision.objects.get()
    assert (decision.kind, decision.automated, decision.by) == ("collapse", True, None)
    assert decision.subject == member
    assert "Abuse or hate" in decision.facts
    assert "Reader" not in decision.facts  # nor who reported
    assert Report.objects.open().count() == 3
    assert Case.objects.open().get().comment == comment
    assert AuditAct.objects.filter(deed="comment.folded").count() == 1


def test_it_is_folded_once(article: Article, member: User, trusted: Callable[..., User]) -> None:
    comment = say(member, article)
    for handle in ("First Reader", "Second Reader", "Third Reader", "Fourth Reader"):
        reports(trusted(handle), comment)
    assert Decision.objects.count() == 1


def test_the_same_member_counts_once(
    article: Article, member: User, trusted: Callable[..., User]
) -> None:
    comment, reader = say(member, article), trusted("First Reader")
    for reason in ("spam", "abuse", "unsafe"):
        assert not reports(reader, comment, reason).collapsed_at
    assert Report.objects.count() == 1


def test_who_is_new_who_was_removed_and_who_is_signed_out_do_not_count(
    client: Client, article: Article, member: User, moderator: User, trusted: Callable[..., User]
) -> None:
    comment = say(member, article)
    for handle in ("First Reader", "Second Reader"):
        reports(trusted(handle), comment)
    reports(trusted("New Reader", 19), comment)
    removed = trusted("Removed Reader", 21)
    deciding.remove(
        Comment.objects.mine(removed).latest("published_at"), by=moderator, rule=None, reason="Spam"
    )
    reports(removed, comment)
    for _ in range(3):
        client.post(f"/comments/{comment.pk}/report/", {"reason": "abuse"})
    comment.refresh_from_db()
    assert not comment.collapsed_at


def test_a_removal_is_forgotten_after_90_days(
    article: Article, member: User, moderator: User, trusted: Callable[..., User]
) -> None:
    comment, reader = say(member, article), trusted("Third Reader", 21)
    removed = Comment.objects.mine(reader).latest("published_at")
    removed.remove(by=moderator, reason="Spam")
    for handle in ("First Reader", "Second Reader"):
        reports(trusted(handle), comment)

    def removed_days_ago(days: int) -> None:
        when = timezone.now() - timedelta(days=days)
        Comment.objects.filter(pk=removed.pk).update(removed_at=when)

    removed_days_ago(89)
    assert not reports(reader, comment).collapsed_at
    removed_days_ago(91)
    assert reports(reader, comment).collapsed_at


def test_what_a_moderator_approved_is_not_folded(
    article: Article, member: User, moderator: User, trusted: Callable[..., User]
) -> None:
    comment = say(member, article)
    first, *others = (trusted(f"{nth} Reader") for nth in ("First", "Second", "Third", "Fourth"))
    reports(first, comment, "spam")
    deciding.keep(comment, by=moderator)
    for reader in others:
        assert not reports(reader, comment, "unsafe").collapsed_at
    assert Case.objects.open().exists()


def test_worry_about_its_writer_folds_nothing(
    article: Article, member: User, trusted: Callable[..., User]
) -> None:
    comment = say(member, article, "I cannot go on.")
    for handle in ("First Reader", "Second Reader", "Third Reader"):
        assert not reports(trusted(handle), comment, "worried").collapsed_at
    assert Case.objects.get().queue == "worried"


def test_a_moderator_unfolds_by_leaving_it(
    article: Article, member: User, moderator: User, trusted: Callable[..., User]
) -> None:
    comment = say(member, article)
    for handle in ("First Reader", "Second Reader", "Third Reader"):
        reports(trusted(handle), comment)
    deciding.keep(comment, by=moderator)
    comment.refresh_from_db()
    assert not comment.collapsed_at
    assert not Report.objects.open().exists()
    assert not Case.objects.open().exists()


# --- texts that describe a method -----------------------------------------------------------------


@pytest.fixture
def describing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the lists of phrases, which staff edit, find METHOD and nothing else."""
    for module in ("comments.moderation.filing", "comments.screening"):
        monkeypatch.setattr(f"{module}.describes_method", lambda text: METHOD in text)


def test_one_report_holds_a_text_that_describes_a_method(
    describing: None,
    client: Client,
    as_member: Client,
    article: Article,
    member: User,
    moderator: User,
) -> None:
    comment, harmless = say(member, article, f"There is {METHOD}."), say(member, article)
    for reported in (comment, harmless):
        page = client.post(f"/comments/{reported.pk}/report/", {"reason": "spam"}, follow=True)
        assert "The moderators have your report" in page.text
        reported.refresh_from_db()
    assert comment.is_held
    assert not harmless.is_held
    assert comment.held_for == ["method", "reported"]
    assert client.get(f"/comments/{comment.pk}/").status_code == 410
    assert METHOD in as_member.get(f"/comments/{comment.pk}/").text
    assert Case.objects.get(comment=comment).queue == "worried"
    decision = Decision.objects.get()
    assert (decision.kind, decision.automated) == ("hold", True)
    assert METHOD not in decision.facts

    deciding.approve(comment, by=moderator)
    client.post(f"/comments/{comment.pk}/report/", {"reason": "abuse"})
    comment.refresh_from_db()
    assert comment.is_visible


def test_the_lists_themselves_find_a_method_and_no_talk_about_one() -> None:
    assert not screening.describes_method("My brother died by suicide, and I miss him.")
    assert not screening.describes_method("How I take my tablets: 20 mg twice a day.")
