"""Moderators learn who wrote a comment by a look-up that is noted, and in no other way."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditAct, User
from articles.models import Article
from comments.models import Comment
from comments.standing import roughly
from tests.conftest import logged_in
from tests.discussing import disguised, hold, nameless, say

pytestmark = pytest.mark.django_db

LIST = "/admin/comments/comment/"
REASON = "They ask others for their addresses."


def look_up(client: Client, comment: Comment, reason: str = REASON) -> Any:
    return client.post(f"{LIST}{comment.pk}/look-up/", {"reason": reason})


def look_ups() -> QuerySet[AuditAct]:
    return AuditAct.objects.filter(deed="voice.looked_up")


# --- looking up -----------------------------------------------------------------------------------


def test_a_moderator_looks_up_who_wrote_a_comment(
    as_moderator: Client, moderator: User, article: Article, member: User
) -> None:
    comment = disguised(member, article)
    page = as_moderator.get(f"{LIST}{comment.pk}/change/")
    assert "Who is behind this name?" in page.text
    assert f'action="{LIST}{comment.pk}/look-up/"' in page.text
    assert "Quiet Heron" not in page.text

    answer = look_up(as_moderator, comment)

    assert answer.status_code == 200
    assert "Written by <bdi>Quiet Heron</bdi>." in answer.text
    assert "no-store" in answer["Cache-Control"]
    act = look_ups().get()
    assert (act.deed, act.reason) == ("voice.looked_up", REASON)
    assert (act.actor, act.subject) == (moderator.public_id, member.public_id)
    assert (act.object_type, act.object_id) == ("comments.Comment", str(comment.pk))


def test_the_name_is_shown_once(as_moderator: Client, article: Article, member: User) -> None:
    comment = disguised(member, article)
    answer = look_up(as_moderator, comment)
    title = re.search(r"<title>(.*?)</title>", answer.text, re.DOTALL)
    assert title
    assert "Heron" not in title[1]  # a browser's history holds titles
    for address in (
        f"{LIST}{comment.pk}/look-up/",
        f"{LIST}{comment.pk}/change/",
        f"{LIST}{comment.pk}/history/",
        LIST,
        "/admin/",
    ):
        assert "Quiet Heron" not in as_moderator.get(address).text
    assert look_ups().count() == 1
    assert "Heron" not in str(dict(as_moderator.session)) + as_moderator.cookies.output()
    assert not LogEntry.objects.filter(object_repr__contains="Heron").exists()


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_a_reason_is_needed(
    as_moderator: Client, article: Article, member: User, reason: str
) -> None:
    comment = disguised(member, article)
    answer = look_up(as_moderator, comment, reason)
    assert answer.status_code == 400
    assert "Quiet Heron" not in answer.text
    assert 'class="errorlist"' in answer.text
    assert reason.strip() in answer.text
    assert not look_ups().exists()


def test_asking_by_get_tells_nothing(as_superuser: Client, article: Article, member: User) -> None:
    comment = disguised(member, article)
    answer = as_superuser.get(f"{LIST}{comment.pk}/look-up/?reason=x")
    assert "Why you need to know" in answer.text
    assert "Quiet Heron" not in answer.text
    assert not look_ups().exists()


def test_the_account_is_linked_for_who_may_see_it_and_leaves_no_trace_in_a_log(
    as_moderator: Client, as_superuser: Client, article: Article, member: User
) -> None:
    """A server's log writes down where a visitor came from, beside where they went."""
    comment = disguised(member, article)
    link = f'href="/admin/accounts/user/{member.pk}/change/"'
    assert link not in look_up(as_moderator, comment).text
    assert f'{link} rel="noreferrer"' in look_up(as_superuser, comment).text
    assert look_ups().count() == 2


def test_a_public_name_is_looked_up_for_the_account_only(
    as_superuser: Client, article: Article, member: User
) -> None:
    answer = look_up(as_superuser, say(member, article))
    assert "The comment shows this name to everyone." in answer.text
    assert look_ups().count() == 1


def test_who_took_their_name_off_can_be_looked_up(
    as_moderator: Client, article: Article, member: User
) -> None:
    comment = nameless(member, article)
    assert "Quiet Heron" not in as_moderator.get(f"{LIST}{comment.pk}/change/").text
    assert "Written by <bdi>Quiet Heron</bdi>." in look_up(as_moderator, comment).text


def test_of_an_erased_member_there_is_nothing_to_tell(
    as_superuser: Client, article: Article, member: User
) -> None:
    comment = nameless(member, article)
    User.objects.filter(pk=member.pk).update(handle="", handle_key=None, erased_at=timezone.now())
    answer = look_up(as_superuser, comment)
    assert "Written by a former member, whose account is erased." in answer.text
    assert "/admin/accounts/user/" not in answer.text


def test_others_look_nobody_up(
    client: Client,
    as_member: Client,
    as_author: Client,
    as_editor: Client,
    make_user: Callable[..., User],
    article: Article,
    member: User,
) -> None:
    comment = disguised(member, article)
    suspended = make_user("Once Here", groups=("Moderators",), is_staff=False)
    for visitor in (client, as_member, as_author, as_editor, logged_in(suspended)):
        for answer in (
            look_up(visitor, comment),
            visitor.get(f"{LIST}{comment.pk}/look-up/"),
        ):
            assert answer.status_code in {302, 403}
            assert "Quiet Heron" not in answer.text.replace("account__handle", "")
    assert not look_ups().exists()


def test_a_session_that_ended_tells_nothing_and_keeps_the_reason(
    client: Client, article: Article, member: User
) -> None:
    comment = disguised(member, article)
    answer = look_up(client, comment)
    assert answer.status_code == 403
    assert REASON in answer.text
    assert "Quiet Heron" not in answer.text


def test_who_looks_up_too_many_is_told_to_wait(
    as_moderator: Client, article: Article, member: User
) -> None:
    comment = disguised(member, article)
    for _ in range(30):
        assert look_up(as_moderator, comment).status_code == 200
    answer = look_up(as_moderator, comment)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert REASON in answer.text
    assert "Quiet Heron" not in answer.text
    assert look_ups().count() == 30


@pytest.mark.parametrize("number", ["1", "9" * 19, "9" * 30])
def test_a_comment_that_is_not_there_is_not_found(as_moderator: Client, number: str) -> None:
    assert as_moderator.get(f"{LIST}{number}/look-up/").status_code == 404


# --- what moderators see of a member --------------------------------------------------------------


def test_names_of_one_member_have_numbers_of_their_own(article: Article, member: User) -> None:
    """The same number beside a handle and beside a discussion name would join the two."""
    by_handle, hidden, also_hidden = (
        say(member, article),
        disguised(member, article),
        disguised(member, article),
    )
    assert hidden.member_number == also_hidden.member_number
    numbers = {
        by_handle.member_number,
        hidden.member_number,
        nameless(member, article).member_number,
    }
    assert len(numbers) == 3


def test_the_standing_of_a_member_counts_on_the_whole_site(
    as_moderator: Client,
    moderator: User,
    article: Article,
    make_article: Callable[..., Article],
    member: User,
    another_member: User,
) -> None:
    comment = disguised(member, article)
    elsewhere = make_article()
    for _ in range(5):
        say(member, elsewhere)
    say(member, elsewhere).remove(by=moderator, reason="Spam")
    say(member, elsewhere).withdraw()
    hold(say(member, elsewhere))
    hold(say(another_member, elsewhere))
    expected = "5–19 approved, 1–2 removed, 1+ held"
    assert expected in as_moderator.get(f"{LIST}{comment.pk}/change/").text
    page = as_moderator.get(LIST).text
    assert page.count(expected) == 9
    assert page.count("0 approved, 0 removed, 1+ held") == 1


@pytest.mark.parametrize(
    ("count", "step"),
    [(0, "0"), (1, "1–4"), (4, "1–4"), (5, "5–19"), (19, "5–19"), (20, "20+"), (137, "20+")],
)
def test_counts_are_too_rough_to_be_a_name(count: int, step: str) -> None:
    assert roughly(count, (1, 5, 20)) == step


def test_the_list_asks_for_all_standings_at_once(
    as_moderator: Client,
    article: Article,
    make_user: Callable[..., User],
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert as_moderator.get(LIST).status_code == 200
        return len(queries)

    say(make_user("Voice 0"), article)
    few = cost()
    for number in range(1, 12):
        say(make_user(f"Voice {number}"), article)
    assert cost() == few
