"""The wording that was signed is one click away, and the history tells who signed what."""

from collections.abc import Callable

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from articles.models import Article, Review
from articles.signing import check_minor, mark_minor
from tests.reviewing import approve, edit, text_of
from tests.test_clinical_review_page import FOUR, IN_MARCH, live, page, words

pytestmark = pytest.mark.django_db

ADDRESS = "/articles/spasm/"


@pytest.fixture
def article(make_article: Callable[..., Article]) -> Article:
    return make_article(slug="spasm", title="Spasm", summary="In short.", text=text_of(*FOUR))


@pytest.fixture
def review(article: Article) -> Review:
    with time_machine.travel(IN_MARCH):
        return approve(live(article), 0, 1, 2, 3, covers_whole=True, scope="Checked the doses")


def address(review: Review, position: int) -> str:
    return f"{ADDRESS}signed/{review.pk}/{position}/"


def test_the_note_leads_to_the_wording_that_was_signed(
    article: Article, review: Review, client: Client
) -> None:
    edit(article, text_of(*FOUR, Two="On the second thing."))
    assert f'href="{address(review, 2)}"' in page(client)
    html = page(client, address(review, 2))
    said = words(html)
    assert "<p>On Two.</p>" in html
    assert "Signed by Nora Nerve, Neurologist" in said
    assert "Signed on 3 March 2026" in said
    assert "Checked the doses" in said
    assert "<del>Two</del>" in html
    assert "<ins>the second thing</ins>" in html
    assert '<meta name="robots" content="noindex">' in html


def test_the_lead_is_shown_with_its_title_and_summary(
    article: Article, review: Review, client: Client
) -> None:
    edit(article, text_of(*FOUR), title="Tic", summary="Longer.")
    html = page(client, address(review, 0))
    for was in ("Spasm", "In short."):
        assert was in html
    assert "<ins>Tic" in html


def test_differences_carry_no_marks_of_markdown(
    article: Article, review: Review, client: Client
) -> None:
    edit(article, text_of(*FOUR, Two="On the second thing.[^a]"))
    for path in (address(review, 2), f"{ADDRESS}history/"):
        html = page(client, path)
        assert "## Two" not in html
        assert "[^a]" not in html
        assert "Two" in html


def test_a_section_that_is_gone_can_still_be_read(
    article: Article, review: Review, client: Client
) -> None:
    edit(article, text_of("One", "Three", "Four"))
    html = page(client, address(review, 2))
    assert "The article no longer has this section." in html
    assert "<p>On Two.</p>" in html
    assert "What is different today" not in html


def test_what_still_reads_so_says_so(article: Article, review: Review, client: Client) -> None:
    assert "The article says the same today." in page(client, address(review, 2))


def test_what_was_not_signed_has_no_such_page(
    article: Article, review: Review, client: Client, make_article: Callable[..., Article]
) -> None:
    make_article(slug="another", text=text_of(*FOUR))
    wrong = approve(live(article), outcome="changes")
    for path in (
        address(review, 4),
        address(review, 99),
        address(wrong, 1),
        f"{ADDRESS}signed/999999/1/",
        f"{ADDRESS}signed/99999999999999999999999999/1/",
        f"{ADDRESS}signed/{review.pk}/99999999999999999999999999/",
        f"/articles/another/signed/{review.pk}/1/",
        f"/articles/nowhere/signed/{review.pk}/1/",
    ):
        assert client.get(path).status_code == 404, path
    assert client.post(address(review, 1)).status_code == 405


def test_a_draft_that_was_signed_is_not_shown_before_it_is_out(
    article: Article, client: Client
) -> None:
    draft = edit(article, text_of(*FOUR, Two="A secret."), publish=False)
    review = approve(draft)
    assert client.get(address(review, 2)).status_code == 404
    assert "Nora Nerve" not in page(client, f"{ADDRESS}history/")
    article.refresh_from_db()
    article.publish(draft)
    assert "A secret." in page(client, address(review, 2))


def test_an_article_taken_back_to_a_draft_takes_its_signed_words_along(
    article: Article, review: Review, client: Client
) -> None:
    article.refresh_from_db()
    article.unpublish()
    assert client.get(address(review, 1)).status_code == 404


def test_an_article_that_moved_leads_to_where_it_is(
    article: Article, review: Review, client: Client
) -> None:
    article.refresh_from_db()
    article.slug = "twitching"
    article.save()
    answer = client.get(address(review, 1))
    assert answer.status_code == 301
    assert answer.headers["Location"] == "/articles/twitching/"


def test_of_a_withdrawn_article_no_wording_is_left(
    article: Article, review: Review, client: Client
) -> None:
    article.refresh_from_db()
    article.withdraw(reason="The dose was wrong.")
    answer = client.get(address(review, 1))
    assert answer.status_code == 410
    assert "The dose was wrong." in answer.content.decode()
    assert "On One." not in answer.content.decode()


def test_a_sign_off_taken_back_says_so_where_its_wording_stands(
    article: Article, review: Review, client: Client
) -> None:
    page(client, address(review, 1))
    review.take_back("A mistake.")
    html = page(client, address(review, 1))
    assert "This sign-off was taken back on" in html
    assert "A mistake." not in html


def test_a_disputed_sign_off_shows_nothing_under_that_name(
    article: Article, review: Review, client: Client
) -> None:
    review.dispute()
    assert client.get(address(review, 1)).status_code == 404
    html = page(client, f"{ADDRESS}history/")
    assert "Sign-off disputed" in html
    assert "Nora Nerve" not in html


def test_the_history_is_one_time_line(
    article: Article, review: Review, client: Client, author: User, editor: User
) -> None:
    before = live(article)
    [mark] = mark_minor(edit(article, text_of(*FOUR, Two="On Two!")), before, by=author)
    check_minor(mark, is_minor=False, by=editor)
    review.take_back()
    said = words(page(client, f"{ADDRESS}history/"))
    told = [
        "Sign-off taken back",
        "Found to be more than a spelling",
        "Marked as corrected spelling, without clinical effect",
        "Revision 2",
        "Signed by Nora Nerve, Neurologist",
        "Revision 1",
    ]
    places = [said.index(words) for words in told]
    assert places == sorted(places)
    assert "Of revision 1. “Checked the doses”" in said
    assert f'href="{address(review, 3)}"' in page(client, f"{ADDRESS}history/")
