"""The desk: what waits for whom, the list of articles, and what no page there does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from articles.models import Article, Category, Page
from comments.models import Phrase
from tests.cases import due, held, reported
from tests.desk import filled

LIST = "/admin/articles/article/"


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# --- the index ----------------------------------------------------------------------------------


def test_the_index_shows_an_author_their_drafts(
    as_author: Client, author: User, editor: User, make_article: Callable[..., Article]
) -> None:
    mine = make_article(title="Mine", published=None)
    mine.revise(title="Mine, again", summary="", text="More.", by=author)
    theirs = make_article(title="Theirs", published=None)
    theirs.revise(title="Theirs, again", summary="", text="More.", by=editor)

    page = text_of(as_author, "/admin/")
    assert "Mine, again" in page
    assert "Theirs, again" not in page


def test_the_index_shows_an_editor_what_can_go_out(
    as_editor: Client, make_article: Callable[..., Article]
) -> None:
    changed = make_article(title="Old words")
    changed.revise(title="New words", summary="", text="More.")
    make_article(title="Tomorrow", published=timezone.now() + timedelta(days=1))
    make_article(title="In a year", published=timezone.now() + timedelta(days=365))

    page = text_of(as_editor, "/admin/")
    assert "New words" in page
    assert "Tomorrow" in page
    assert "In a year" not in page
    assert "places to fill in" in page


def test_the_index_is_for_staff(as_member: Client, client: Client) -> None:
    assert client.get("/admin/").status_code == 302
    assert as_member.get("/admin/").status_code == 302


def test_the_index_shows_no_address_of_its_reader(as_author: Client, author: User) -> None:
    page = text_of(as_author, "/admin/")
    assert author.handle in page
    assert author.email not in page


def test_the_first_steps_tick_themselves(as_superuser: Client, moderator: User) -> None:
    assert text_of(as_superuser, "/admin/").count("data-done") == 2  # a second person, a moderator

    fields = filled(as_superuser.get("/admin/articles/article/add/"), title="Ours", text="Words.")
    category = Category.objects.at(["Health"])
    as_superuser.post(
        "/admin/articles/article/add/", {**fields, "category": category.pk, "_publish": "1"}
    )
    Page.objects.update(text="All filled in.")
    page = text_of(as_superuser, "/admin/")
    assert page.count("data-done") == 4
    assert "places to fill in" not in page


def test_the_steps_for_those_in_danger_tick_themselves(
    as_superuser: Client, moderator: User, settings: Settings
) -> None:
    page = text_of(as_superuser, "/admin/")
    assert "COUNTRY and READING_HOURS" in page
    assert "/admin/comments/phrase/?approved=no" in page
    settings.COUNTRY, settings.READING_HOURS = "GB", (9, 17)
    assert text_of(as_superuser, "/admin/").count("data-done") == 3
    Phrase.objects.update(approved_at=timezone.now())
    assert text_of(as_superuser, "/admin/").count("data-done") == 4


def test_the_first_steps_are_for_those_who_publish(as_author: Client, as_editor: Client) -> None:
    assert "First steps" not in text_of(as_author, "/admin/")
    assert "First steps" in text_of(as_editor, "/admin/")


def test_the_index_costs_the_same_with_many_articles(
    as_editor: Client, make_article: Callable[..., Article], editor: User
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            as_editor.get("/admin/")
        return len(queries)

    for _ in range(2):
        make_article(published=None)
    few = cost()
    for _ in range(10):
        make_article(published=None).revise(title="x", summary="", text="y", by=editor)
    assert cost() <= few
    assert few <= 35


# --- the list of articles -----------------------------------------------------------------------


def test_the_list_shows_state_and_revisions(
    as_editor: Client, make_article: Callable[..., Article]
) -> None:
    make_article(title="Out").revise(title="Out, changed", summary="", text="x")
    make_article(title="Kept", published=None)
    make_article(title="Gone").withdraw(reason="Wrong.")

    page = text_of(as_editor, LIST)
    assert "Out, changed" in page
    assert "newer draft" in page
    assert "1 / 2" in page
    for state in ("draft", "published", "withdrawn"):
        assert f'data-state="{state}"' in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=draft", {"Kept"}),
        ("state=scheduled", {"Soon"}),
        ("state=published", {"Out", "Changed"}),
        ("state=withdrawn", {"Gone"}),
        ("state=waiting", {"Changed"}),
        ("q=kept", {"Kept"}),
        ("q=the-slug", {"Soon"}),
        ("risk_class__exact=dose", {"Out"}),
    ],
)
def test_the_list_is_narrowed(
    as_editor: Client, make_article: Callable[..., Article], query: str, found: set[str]
) -> None:
    make_article(title="Out", risk_class="dose")
    make_article(title="First wording").revise(title="Changed", summary="", text="x")
    make_article(title="Kept", published=None)
    make_article(title="Soon", slug="the-slug", published=timezone.now() + timedelta(days=1))
    make_article(title="Gone").withdraw(reason="Wrong.")

    page = text_of(as_editor, f"{LIST}?{query}").partition('<table id="result_list">')[2]
    titles = {"Out", "Changed", "Kept", "Soon", "Gone"}
    assert {title for title in titles if f">{title}</a>" in page} == found


def test_a_category_takes_in_all_below_it(
    as_editor: Client, make_article: Callable[..., Article]
) -> None:
    make_article(title="Deep", category="Health/Recovery")
    make_article(title="Elsewhere", category="Food")
    health = Category.objects.get(path="health")

    page = text_of(as_editor, f"{LIST}?category={health.pk}")
    assert ">Deep</a>" in page
    assert ">Elsewhere</a>" not in page


def test_the_list_costs_the_same_with_many_articles(
    as_editor: Client, make_article: Callable[..., Article]
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            as_editor.get(LIST)
        return len(queries)

    make_article()
    few = cost()
    for _ in range(12):
        make_article(published=None)
    assert cost() == few
    assert few <= 16


# --- everywhere ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "/admin/",
        "/admin/articles/article/",
        "/admin/articles/article/add/",
        "/admin/articles/category/",
        "/admin/articles/category/add/",
        "/admin/articles/contributor/",
        "/admin/articles/contributor/add/",
        "/admin/articles/image/",
        "/admin/articles/image/add/",
        "/admin/articles/page/",
        "/admin/articles/source/",
        "/admin/articles/source/add/",
    ],
)
def test_no_page_of_the_desk_carries_anything_inline(as_editor: Client, address: str) -> None:
    page = text_of(as_editor, address)
    assert " style=" not in page
    assert "<style" not in page
    assert " onclick=" not in page
    assert "<script>" not in page


def test_a_reviewer_reads_and_changes_nothing(
    client: Client, reviewer: User, article: Article
) -> None:
    client.force_login(reviewer)
    address = f"/admin/articles/article/{article.pk}/change/"
    page = text_of(client, address)
    assert "Some people are offered acupuncture" in page
    assert 'name="_draft"' not in page
    assert client.post(address, {"title": "x"}).status_code == 403


def test_revisions_and_citations_are_edited_nowhere(as_superuser: Client) -> None:
    for name in ("revision", "citation", "section"):
        assert as_superuser.get(f"/admin/articles/{name}/").status_code == 404


def test_what_readers_say_waits_for_a_moderator(
    article: Article, member: User, as_moderator: Client, as_author: Client, as_reviewer: Client
) -> None:
    held(member, article, "", "crisis")
    due(held(member, article), hours=1)
    held(member, article)
    reported(member, article, reason="unsafe")
    page = text_of(as_moderator, "/admin/")
    for words, queue in (
        ("Worried about", "worried"),
        ("Reported comments", "reported"),
        ("Held comments", "held"),
    ):
        assert f'<a href="/admin/comments/case/?queue={queue}">{words}</a>' in page
    assert page.index("Worried about") < page.index("Held comments")
    assert "2 comments, 1 overdue" in page
    assert "Appeals" not in page
    assert "Held comments" not in text_of(as_author, "/admin/")
    theirs = text_of(as_reviewer, "/admin/")
    assert "Reported comments" in theirs
    assert "Held comments" not in theirs
