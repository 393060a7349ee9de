"""Finishing a review: a short list to tick, an outcome, and the next date that follows from it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import AuditAct, User
from articles.models import Article, ReviewRound
from articles.review_rounds import CHECKS, CannotFinish, finish
from tests.desk import filled
from tests.reviewing import edit

pytestmark = pytest.mark.django_db

TODAY = datetime(2026, 3, 10, 12, tzinfo=UTC)
DONE = {
    "evidence_searched_on": "2026-03-09",
    "evidence_searched_in": "Cochrane, NICE: hemifacial spasm",
    **dict.fromkeys(CHECKS, "on"),
    "outcome": "unchanged",
}


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(TODAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(make_article: Callable[..., Article]) -> Article:
    return make_article(title="Knees", published=datetime(2023, 3, 10, tzinfo=UTC))


def at(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/finish-review/"


def send(client: Client, article: Article, **changes: Any) -> Any:
    page = client.get(at(article))
    fields = filled(page, "finish_form", **{**DONE, **changes})
    sent = {name: value for name, value in fields.items() if value is not None}
    return client.post(at(article), sent, follow=True)


def text(answer: Any) -> str:
    words: str = answer.content.decode()
    return words


@pytest.mark.parametrize("outcome", ["unchanged", "updated"])
def test_an_editor_finishes_a_review_and_the_next_one_gets_a_date(
    as_editor: Client, editor: User, article: Article, outcome: str
) -> None:
    version = article.version
    answer = send(as_editor, article, outcome=outcome)
    assert "The next one is due on 10 March 2028" in text(answer)
    done = ReviewRound.objects.get()
    assert (done.outcome, done.finished_by, done.revision) == (outcome, editor, article.live)
    article.refresh_from_db()
    assert article.next_due == date(2028, 3, 10)
    assert article.version > version
    act = AuditAct.objects.get(deed="review_round.finished")
    assert article.live
    assert act.hashes == {"revision 1": article.live.sha256}
    assert "Cochrane" not in str(act.__dict__)


def test_the_page_says_what_to_go_through(
    as_editor: Client, editor: User, article: Article
) -> None:
    page = text(as_editor.get(at(article)))
    assert "It was due on 10 March 2025" in page
    desk = text(as_editor.get(f"/admin/articles/article/{article.pk}/change/"))
    assert f'href="{at(article)}"' in desk
    assert "24 months after you finish" in page
    assert "No review of it was finished here before" in page
    assert "Not yet checked by a clinician" in page
    send(as_editor, article, note="See the new guideline in May.")
    page = text(as_editor.get(at(article)))
    assert "Last reviewed on 10 March 2026" in page
    assert "See the new guideline in May." in page


@pytest.mark.parametrize("missing", CHECKS)
@pytest.mark.parametrize("outcome", ["unchanged", "updated"])
def test_each_box_has_to_be_ticked(
    as_editor: Client, article: Article, missing: str, outcome: str
) -> None:
    answer = send(as_editor, article, outcome=outcome, **{missing: None})
    assert answer.status_code == 400
    assert "Everything on the list has to be done" in text(answer)
    assert "Cochrane, NICE" in text(answer)
    assert not ReviewRound.objects.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"evidence_searched_on": "2026-03-11"}, "is in the future"),
        ({"evidence_searched_on": ""}, "Say when and where"),
        ({"evidence_searched_on": "yesterday"}, "Enter a valid date"),
        ({"evidence_searched_in": "  "}, "Say when and where"),
        ({"evidence_searched_in": "x" * 501}, "at most 500"),
        ({"outcome": None}, "This field is required"),
        ({"outcome": "perfect"}, "Select a valid choice"),
        ({"revision": "7"}, "The article was changed while you had this open"),
        ({"revision": None}, "The article was changed while you had this open"),
        ({"after": "12"}, "Somebody finished a review of this article meanwhile"),
    ],
)
def test_what_does_not_hold_is_refused_and_stays_typed(
    as_editor: Client, article: Article, change: dict[str, Any], sentence: str
) -> None:
    before = article.next_due
    answer = send(as_editor, article, **change)
    assert answer.status_code == 400
    assert sentence in text(answer)
    assert not ReviewRound.objects.exists()
    article.refresh_from_db()
    assert article.next_due == before


def test_a_form_sent_twice_finishes_one_review(as_editor: Client, article: Article) -> None:
    fields = filled(as_editor.get(at(article)), "finish_form", **DONE)
    assert as_editor.post(at(article), fields).status_code == 302
    again = as_editor.post(at(article), fields)
    assert again.status_code == 400
    assert "Somebody finished a review of this article meanwhile" in text(again)
    assert ReviewRound.objects.count() == 1


def test_updated_means_that_readers_see_the_update(as_editor: Client, article: Article) -> None:
    revision = edit(article, "## One\n\nNewer words.\n", publish=False)
    answer = send(as_editor, article, outcome="updated")
    assert "Publish the updated text first" in text(answer)
    article.publish(revision)
    send(as_editor, article, outcome="updated")
    assert ReviewRound.objects.get().revision == revision


def test_what_is_to_be_withdrawn_leads_to_the_page_where_that_is_done(
    as_editor: Client, article: Article
) -> None:
    before = article.next_due
    nothing = dict.fromkeys(CHECKS)
    answer = send(
        as_editor, article, outcome="withdraw", evidence_searched_in="", note="Wrong.", **nothing
    )
    assert answer.redirect_chain[-1][0] == f"/admin/articles/article/{article.pk}/withdraw/"
    article.refresh_from_db()
    assert article.next_due == before
    assert "to be withdrawn" not in text(as_editor.get(f"{article.get_absolute_url()}history/"))


def test_readers_see_in_the_history_that_a_review_was_finished(
    as_editor: Client, client: Client, article: Article
) -> None:
    send(as_editor, article)
    page = text(client.get(f"{article.get_absolute_url()}history/"))
    assert "Review finished: unchanged" in page
    assert "Cochrane, NICE" in page
    assert "Next review due" in text(client.get(article.get_absolute_url()))


def test_only_what_readers_see_is_reviewed_again(
    as_editor: Client, editor: User, make_article: Callable[..., Article], article: Article
) -> None:
    article.withdraw(reason="Wrong.")
    for one in (make_article(published=None), article):
        answer = as_editor.get(at(one), follow=True)
        assert "Only what readers see is reviewed again" in text(answer)
        with pytest.raises(CannotFinish):
            finish(one, outcome="unchanged", by=editor)
    assert as_editor.get("/admin/articles/article/999999/finish-review/").status_code == 404


def test_finishing_is_for_editors(
    client: Client, as_member: Client, as_author: Client, as_reviewer: Client, article: Article
) -> None:
    assert client.get(at(article)).status_code == 302
    assert as_member.get(at(article)).status_code == 302
    for somebody in (as_author, as_reviewer):
        assert somebody.get(at(article)).status_code == 403
        assert somebody.post(at(article), DONE).status_code == 403
    assert not ReviewRound.objects.exists()


def test_a_finished_review_ends_the_notice(
    as_editor: Client, client: Client, article: Article
) -> None:
    assert "was due for review" in text(client.get(article.get_absolute_url()))
    send(as_editor, article)
    assert "was due for review" not in text(client.get(article.get_absolute_url()))
    with time_machine.travel(TODAY + timedelta(days=2 * 366), tick=False):
        assert "was due for review in March 2028" in text(client.get(article.get_absolute_url()))
