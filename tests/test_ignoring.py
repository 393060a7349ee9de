"""A member ignores a name: a quiet line in its place, for them alone."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from articles.models import Article
from articles.previews import preview_url
from comments.models import Ignored, Voice
from tests.discussing import PAGE, disguised, hold, nameless, renamed, say, shown
from tests.test_page_cost import queries_of

pytestmark = pytest.mark.django_db

QUIET = "You ignore <bdi>Blue Kettle</bdi>: show the comment"


# --- ignoring -------------------------------------------------------------------------------------


def test_a_member_ignores_a_name_and_reads_it_again(
    as_member: Client, article: Article, another_member: User
) -> None:
    comment = say(another_member, article, "Loud words.")
    page = as_member.get(PAGE).text
    address = f"/comments/{comment.pk}/ignore/"
    assert f'<a href="{address}">Ignore</a>' in page
    asked = as_member.get(address).text
    assert "Ignore <bdi>Blue Kettle</bdi>?" in asked
    assert not Ignored.objects.exists()

    done = as_member.post(address)

    assert done.status_code == 302
    assert done.headers["Location"] == f"{PAGE}#comment-{comment.pk}"
    page = as_member.get(PAGE).text
    assert QUIET in page
    assert "Loud words." in page.partition("<details class=")[2]  # one press away, no request
    assert f'href="/comments/{comment.pk}/ignore/"' not in page

    back = f"/comments/{comment.pk}/unignore/"
    assert f'href="{back}"' in page
    assert "Stop ignoring <bdi>Blue Kettle</bdi>?" in as_member.get(back).text
    assert Ignored.objects.exists()
    assert as_member.post(back).headers["Location"] == f"{PAGE}#comment-{comment.pk}"
    assert QUIET not in as_member.get(PAGE).text


def test_the_quiet_line_is_where_links_to_the_comment_lead(
    as_member: Client, article: Article, member: User, another_member: User
) -> None:
    """Were the anchor within, a browser would unfold the comment for it."""
    comment = say(another_member, article)
    Ignored.objects.add(member, comment.voice)
    page = as_member.get(PAGE)
    assert shown(page) == [comment.pk]
    assert f'<details class="comment--ignored" id="comment-{comment.pk}">' in page.text


def test_only_the_ignored_name_is_quiet(
    as_member: Client,
    article: Article,
    make_article: Callable[..., Article],
    make_user: Callable[..., User],
    another_member: User,
) -> None:
    top = say(another_member, article, "Top words.")
    reply = say(make_user("Third Person"), article, "Third words.", parent=top)
    second = say(another_member, article, "Second words.", parent=top)
    elsewhere = say(another_member, make_article(slug="elsewhere"), "Other words.")
    as_member.post(f"/comments/{top.pk}/ignore/")

    page = as_member.get(PAGE)

    assert shown(page) == [top.pk, reply.pk, second.pk]
    assert page.text.count(QUIET) == 2
    assert "Comments (3)" in page.text  # counts are the same for everyone
    assert f'<article class="comment" id="comment-{reply.pk}">' in page.text
    assert QUIET in as_member.get(f"/articles/elsewhere/#comment-{elsewhere.pk}").text


def test_a_thread_shown_whole_is_quiet_too(
    as_member: Client, article: Article, another_member: User
) -> None:
    top = say(another_member, article)
    as_member.post(f"/comments/{top.pk}/ignore/")
    assert QUIET in as_member.get(f"{PAGE}?thread={top.pk}").text


def test_nobody_else_sees_a_difference(
    client: Client,
    as_member: Client,
    as_another_member: Client,
    article: Article,
    member: User,
    another_member: User,
) -> None:
    comment = say(another_member, article)
    before = client.get(PAGE)
    as_member.post(f"/comments/{comment.pk}/ignore/")
    as_member.get(PAGE)
    after = client.get(PAGE)
    assert (after.content, after["ETag"]) == (before.content, before["ETag"])
    assert "You ignore" not in as_another_member.get(PAGE).text
    own = say(member, article)
    as_another_member.post(f"/comments/{own.pk}/ignore/")
    theirs = as_another_member.get(PAGE).text
    assert "You ignore <bdi>Quiet Heron</bdi>" in theirs
    assert QUIET not in theirs


def test_a_discussion_name_is_ignored_alone(
    as_member: Client, article: Article, another_member: User, member: User
) -> None:
    """To hide the handle as well would tell whose name it is."""
    under_it = disguised(another_member, article, "Secret words.")
    hidden = under_it.voice
    open_one = say(another_member, article, "Open words.")
    asked = as_member.get(f"/comments/{under_it.pk}/ignore/").text
    assert "This name is used in this discussion only." in asked
    assert "Blue Kettle" not in asked

    as_member.post(f"/comments/{under_it.pk}/ignore/")

    page = as_member.get(PAGE).text
    assert f"You ignore <bdi>{hidden.name}</bdi>" in page
    assert f'<article class="comment" id="comment-{open_one.pk}">' in page
    assert [row.voice for row in Ignored.objects.by(member)] == [hidden]


def test_a_name_taken_off_shows_again(
    as_member: Client, article: Article, another_member: User
) -> None:
    comment = say(another_member, article)
    as_member.post(f"/comments/{comment.pk}/ignore/")
    assert QUIET in as_member.get(PAGE).text
    renamed(comment, Voice.objects.nobody())
    page = as_member.get(PAGE).text
    assert "You ignore" not in page
    assert "former member" in page


def test_a_quiet_line_of_a_removed_comment_stays_as_it_is(
    as_member: Client, article: Article, another_member: User, moderator: User
) -> None:
    comment = say(another_member, article)
    as_member.post(f"/comments/{comment.pk}/ignore/")
    comment.remove(by=moderator, reason="Spam")
    page = as_member.get(PAGE).text
    assert "Removed by a moderator." in page
    assert "You ignore" not in page


# --- who may, and what of -------------------------------------------------------------------------


@pytest.mark.parametrize("deed", ["ignore", "unignore"])
def test_a_signed_out_visitor_logs_in_first(
    client: Client, article: Article, another_member: User, deed: str
) -> None:
    address = f"/comments/{say(another_member, article).pk}/{deed}/"
    for answer in (client.get(address), client.post(address)):
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/accounts/login/?next={address}"
    assert client.get("/accounts/ignored/").status_code == 302
    assert not Ignored.objects.exists()


def test_nobody_ignores_oneself_or_nobody(
    as_member: Client, article: Article, member: User
) -> None:
    mine = say(member, article)
    nobodys = nameless(member, article)
    page = as_member.get(PAGE).text
    assert "/ignore/" not in page
    for comment, sentence in (
        (mine, "This is your own name."),
        (nobodys, "This comment stands under no name any more"),
    ):
        address = f"/comments/{comment.pk}/ignore/"
        assert sentence in as_member.get(address).text
        assert "Ignore this name" not in as_member.get(address).text
        refused = as_member.post(address)
        assert refused.status_code == 400
        assert sentence in refused.text
    assert not Ignored.objects.exists()


@pytest.mark.parametrize("deed", ["ignore", "unignore"])
def test_a_comment_that_is_not_shown_tells_no_name(
    as_member: Client, article: Article, another_member: User, moderator: User, deed: str
) -> None:
    withdrawn, removed, held = (say(another_member, article) for _ in range(3))
    withdrawn.withdraw()
    removed.remove(by=moderator, reason="Spam")
    hold(held)
    for comment, status in ((withdrawn, 410), (removed, 410), (held, 404)):
        address = f"/comments/{comment.pk}/{deed}/"
        for answer in (as_member.get(address), as_member.post(address)):
            assert answer.status_code == status
            assert "Blue Kettle" not in answer.text
    assert not Ignored.objects.exists()
    assert as_member.get(f"/comments/1/{deed}/").status_code == 404


def test_ignoring_twice_is_ignoring(
    as_member: Client, article: Article, another_member: User
) -> None:
    comment = say(another_member, article)
    for deed in ("ignore", "ignore", "unignore", "unignore"):
        assert as_member.post(f"/comments/{comment.pk}/{deed}/").status_code == 302
    assert not Ignored.objects.exists()


def test_a_name_that_went_in_the_same_moment_is_not_ignored(
    article: Article, member: User, another_member: User
) -> None:
    voice = Voice.objects.handle_of(another_member)
    Voice.objects.filter(pk=voice.pk).delete()
    Ignored.objects.add(member, voice)
    assert not Ignored.objects.exists()


# --- the list -------------------------------------------------------------------------------------


def test_a_member_sees_whom_they_ignore_and_stops(
    as_member: Client,
    article: Article,
    another_member: User,
    member: User,
    make_user: Callable[..., User],
) -> None:
    assert "/accounts/ignored/" in as_member.get("/accounts/").text
    assert "You ignore nobody." in as_member.get("/accounts/ignored/").text
    hidden = Voice.objects.in_discussion(make_user("Grey Stone"), article)
    Ignored.objects.add(member, Voice.objects.handle_of(another_member))
    Ignored.objects.add(member, hidden)

    page = as_member.get("/accounts/ignored/")

    assert "no-store" in page["Cache-Control"]
    assert "Blue Kettle" in page.text
    assert hidden.name in page.text
    assert str(article.live.title if article.live else "?") in page.text
    assert "Grey Stone" not in page.text
    stops = re.findall(r'name="stop" value="(\d+)"', page.text)
    assert len(stops) == 2
    answer = as_member.post("/accounts/ignored/", {"stop": stops[0]})
    assert answer.headers["Location"] == "/accounts/ignored/"
    assert [row.voice.name for row in Ignored.objects.by(member)] == ["Blue Kettle"]


def test_somebody_elses_list_is_not_touched(
    as_another_member: Client, article: Article, member: User, another_member: User
) -> None:
    Ignored.objects.add(member, Voice.objects.handle_of(another_member))
    assert "You ignore nobody." in as_another_member.get("/accounts/ignored/").text
    as_another_member.post("/accounts/ignored/", {"stop": Ignored.objects.get().pk})
    assert Ignored.objects.exists()


@pytest.mark.parametrize("stop", ["", "x", "-1", "9" * 30, "9" * 19, "\x00", "1.5", "²"])
def test_odd_words_stop_nothing(
    as_member: Client, article: Article, member: User, another_member: User, stop: str
) -> None:
    Ignored.objects.add(member, Voice.objects.handle_of(another_member))
    assert as_member.post("/accounts/ignored/", {"stop": stop}).status_code == 302
    assert as_member.post("/accounts/ignored/").status_code == 302
    assert Ignored.objects.exists()


def test_a_discussion_that_is_gone_is_named_without_a_link(
    as_member: Client, article: Article, member: User, another_member: User
) -> None:
    Ignored.objects.add(member, Voice.objects.in_discussion(another_member, article))
    assert PAGE in as_member.get("/accounts/ignored/").text
    article.withdraw(reason="Wrong.")
    page = as_member.get("/accounts/ignored/")
    assert PAGE not in page.text
    assert "Hemifacial Spasm" in page.text


def test_a_long_list_costs_no_more_queries_than_a_short_one(
    as_member: Client, member: User, make_article: Callable[..., Article], another_member: User
) -> None:
    Ignored.objects.add(member, Voice.objects.in_discussion(another_member, make_article()))
    few = len(queries_of(as_member, "/accounts/ignored/"))
    for _ in range(10):
        Ignored.objects.add(member, Voice.objects.in_discussion(another_member, make_article()))
    assert len(queries_of(as_member, "/accounts/ignored/")) == few


# --- what it costs, and what never leaves ---------------------------------------------------------


def test_an_empty_list_costs_no_query_and_a_full_one_costs_one(
    as_member: Client,
    article: Article,
    member: User,
    another_member: User,
    make_user: Callable[..., User],
) -> None:
    for number in range(15):
        say(make_user(f"Voice {number}"), article)
        say(another_member, article)
    as_member.get(PAGE)
    without = len(queries_of(as_member, PAGE))
    for voice in Voice.objects.exclude(user=member)[:5]:
        Ignored.objects.add(member, voice)
    assert len(queries_of(as_member, PAGE)) == without + 1
    assert without <= 7


def test_a_page_with_quiet_lines_is_not_stored_anywhere(
    as_member: Client, article: Article, another_member: User
) -> None:
    comment = say(another_member, article)
    as_member.post(f"/comments/{comment.pk}/ignore/")
    page = as_member.get(PAGE)
    assert QUIET in page.text
    assert "no-store" in page["Cache-Control"]
    assert "ETag" not in page


def test_no_boundary_leaves_the_server(
    client: Client,
    as_member: Client,
    as_another_member: Client,
    as_moderator: Client,
    article: Article,
    member: User,
    another_member: User,
) -> None:
    top = say(another_member, article)
    say(member, article, parent=top)
    nameless(member, article)
    disguised(member, article)
    as_member.post(f"/comments/{top.pk}/ignore/")
    addresses = (PAGE, f"{PAGE}?sort=oldest", f"{PAGE}?thread={top.pk}", f"{PAGE}?unknown=1")
    for visitor in (client, as_member, as_another_member, as_moderator):
        for address in (*addresses, *addresses, "/", "/feed/", f"/comments/{top.pk}/"):
            text = visitor.get(address, follow=True).text
            assert "<!--" not in text, address


def test_a_signed_out_page_is_the_same_byte_for_byte(
    client: Client, article: Article, another_member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What members may do with a name adds nothing to the page of a reader without account."""
    top = say(another_member, article)
    say(another_member, article, parent=top)
    nameless(another_member, article)
    with_marks = client.get(f"{PAGE}?unknown=1").content
    monkeypatch.setattr("comments.ignoring.boundary_before", lambda comment: "")
    monkeypatch.setattr("comments.ignoring.boundary_after", lambda comment: "")
    monkeypatch.setattr("comments.ignoring.ACT", "")
    assert client.get(f"{PAGE}?unknown=1").content == with_marks
    assert b"/ignore/" not in with_marks


def test_words_that_look_like_a_boundary_are_words(
    as_member: Client, client: Client, article: Article, another_member: User, member: User
) -> None:
    trick = "<!--/voice--><!--voice 1 2--><!--ignore--><!--fragment-->"
    comment = say(another_member, article, trick)
    Ignored.objects.add(member, comment.voice)
    for visitor in (as_member, client):
        page = visitor.get(PAGE).text
        assert "&lt;!--/voice--&gt;&lt;!--voice 1 2--&gt;" in page
        assert shown(visitor.get(PAGE)) == [comment.pk]


def test_a_session_that_ended_sees_everything(
    as_member: Client, article: Article, member: User, another_member: User
) -> None:
    Ignored.objects.add(member, say(another_member, article).voice)
    assert "You ignore" in as_member.get(PAGE).text
    as_member.post("/accounts/logout/")
    assert "You ignore" not in as_member.get(PAGE).text


def test_a_preview_shows_no_discussion_and_no_boundary(
    client: Client, article: Article, another_member: User
) -> None:
    say(another_member, article, "Loud words.")
    assert article.live
    page = client.get(preview_url(article.live))
    assert page.status_code == 200
    assert "<!--" not in page.text
