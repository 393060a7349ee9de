"""A reviewer with an account signs in the admin, and takes it back; authors see what was asked."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditAct, User
from articles.models import Article, Contributor, Review
from tests.conftest import logged_in
from tests.desk import change, filled
from tests.reviewing import a_neurologist, approve, edit, said, text_of

pytestmark = pytest.mark.django_db

FOUR = ("One", "Two", "Three", "Four")
EVERY = ["0", "1", "2", "3", "4"]


@pytest.fixture
def article(make_article: Callable[..., Article]) -> Article:
    return make_article(title="Spasm", summary="In short.", text=text_of(*FOUR))


@pytest.fixture
def rosa(reviewer: User) -> Contributor:
    return a_neurologist(name="Rosa Checks", user=reviewer)


def at(article: Article, number: int | str = "") -> str:
    return f"/admin/articles/article/{article.pk}/review/{f'{number}/' if number else ''}"


def send(client: Client, article: Article, number: int = 1, **fields: Any) -> Any:
    usual = {"outcome": "approve", "positions": EVERY, "covers_whole": "on", "shown_as": "name"}
    return client.post(at(article, number), usual | fields, follow=True)


# --- reading -----


def test_a_reviewer_reads_all_of_what_they_never_signed(
    as_reviewer: Client, article: Article, rosa: Contributor
) -> None:
    page = as_reviewer.get(at(article)).text
    assert all(f"On {heading}." in page for heading in FOUR)
    assert "You have not signed this section." in page
    assert "Revision 1, written on" in page


def test_they_read_only_what_changed_since_they_signed_unless_they_ask(
    as_reviewer: Client, article: Article, rosa: Contributor
) -> None:
    send(as_reviewer, article)
    edit(article, text_of(*FOUR, Two="On both."))
    page = as_reviewer.get(at(article)).text
    assert "<del>Two</del><ins>both</ins>" in page
    assert "On One." not in page
    page = as_reviewer.get(f"{at(article)}?all").text
    assert "On One." in page
    assert "As you signed it on" in page


def test_what_is_gone_is_shown(as_reviewer: Client, article: Article, rosa: Contributor) -> None:
    send(as_reviewer, article)
    edit(article, text_of("One", "Three", "Four"))
    page = as_reviewer.get(at(article)).text
    assert "Removed: Two" in page
    assert "<del>On Two." in page


# --- signing -----


def test_a_reviewer_signs_and_the_page_says_so(
    as_reviewer: Client, article: Article, reviewer: User, rosa: Contributor
) -> None:
    page = send(as_reviewer, article, scope="Checked doses.", message="Well done.")
    assert "Your review of revision 1 is noted." in page.text
    review = Review.objects.get()
    assert (review.identity, review.contributor, review.scope) == (
        "account",
        rosa,
        "Checked doses.",
    )
    assert said(article) == ["signed"] * 5
    act = AuditAct.objects.get(deed="review.signed")
    assert act.actor == reviewer.public_id
    assert len(act.hashes) == 5


def test_the_form_is_signed_as_it_comes(
    as_reviewer: Client, article: Article, rosa: Contributor
) -> None:
    fields = filled(as_reviewer.get(at(article)), "review_form")
    assert "outcome" in fields or "shown_as" in fields
    as_reviewer.post(at(article, 1), fields | {"outcome": "approve", "positions": ["1", "2"]})
    assert said(article) == ["unchecked", "signed", "signed", "unchecked", "unchecked"]


def test_sent_twice_it_is_there_once(
    as_reviewer: Client, article: Article, rosa: Contributor
) -> None:
    send(as_reviewer, article)
    assert "You have signed this already" in send(as_reviewer, article).text
    assert Review.objects.count() == 1


def test_two_reviewers_both_count(
    as_reviewer: Client, article: Article, rosa: Contributor, make_user: Callable[..., User]
) -> None:
    other = make_user("Karl Kin", groups=("Reviewers",), is_staff=True)
    a_neurologist(name="Karl Kin", user=other)
    send(as_reviewer, article, positions=["0", "1", "2"], covers_whole="")
    send(logged_in(other), article, positions=["2", "3", "4"], covers_whole="")
    assert said(article) == ["signed"] * 5


def test_a_revision_that_is_no_longer_the_newest_is_signed_all_the_same(
    as_reviewer: Client, article: Article, rosa: Contributor
) -> None:
    edit(article, text_of(*FOUR, Two="Something else."))
    page = as_reviewer.get(at(article, 1)).text
    assert "Revision 2 is newer. You can still sign revision 1" in page
    send(as_reviewer, article, 1)
    assert said(article) == ["signed", "signed", "edited", "signed", "signed"]


def test_what_was_meant_is_what_the_page_showed(
    as_reviewer: Client, article: Article, rosa: Contributor
) -> None:
    assert f'action="{at(article, 1)}"' in as_reviewer.get(at(article)).text
    as_reviewer.post(at(article), {"outcome": "approve", "positions": EVERY, "shown_as": "name"})
    assert not Review.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"outcome": ""}, "Choose your verdict"),
        ({"positions": []}, "Choose at least one section"),
        ({"positions": ["9"]}, "Choose sections of this revision"),
        ({"positions": ["x"]}, "Choose sections of this revision"),
        ({"outcome": "changes", "message": ""}, "Say in your message what is wrong"),
        ({"scope": "x" * 301, "message": "Mine."}, "at most 300"),
    ],
)
def test_what_is_refused_is_said_and_what_was_typed_is_kept(
    as_reviewer: Client,
    article: Article,
    rosa: Contributor,
    fields: dict[str, Any],
    sentence: str,
) -> None:
    page = send(as_reviewer, article, **{"message": "Mine.", **fields})
    assert page.status_code == 400
    assert sentence in page.text
    assert fields.get("message", "Mine.") in page.text
    assert not Review.objects.exists()


def test_nobody_signs_what_they_wrote(
    as_reviewer: Client, article: Article, rosa: Contributor
) -> None:
    article.set_authors([rosa])
    assert "These are your own words" in as_reviewer.get(at(article)).text
    assert "somebody else has to check it" in send(as_reviewer, article).text
    assert not Review.objects.exists()


# --- who may -----


def test_whoever_has_no_entry_is_told_what_to_do(as_reviewer: Client, article: Article) -> None:
    page = as_reviewer.get(at(article)).text
    assert "Ask an editor to open or add your entry" in page
    assert "review_form" not in page
    assert send(as_reviewer, article).status_code == 200
    assert not Review.objects.exists()


def test_only_reviewers_sign(
    as_author: Client, as_editor: Client, as_member: Client, client: Client, article: Article
) -> None:
    for who in (as_author, as_editor):
        assert who.get(at(article)).status_code == 403
        assert send(who, article).status_code == 403
    assert as_member.get(at(article)).status_code in {302, 403}
    assert client.get(at(article)).status_code == 302
    assert not Review.objects.exists()


def test_what_is_not_there_is_not_found(as_reviewer: Client, article: Article) -> None:
    assert as_reviewer.get(at(article, 9)).status_code == 404
    assert as_reviewer.get("/admin/articles/article/999999/review/").status_code == 404


# --- afterwards -----


def test_one_takes_back_ones_own_review(
    as_reviewer: Client, article: Article, reviewer: User, rosa: Contributor
) -> None:
    send(as_reviewer, article)
    address = f"/admin/articles/review/{Review.objects.get().pk}/take-back/"
    assert address in as_reviewer.get(at(article)).text
    assert "will count no more" in as_reviewer.get(address).text
    assert said(article) == ["signed"] * 5
    page = as_reviewer.post(address, {"reason": "I was wrong."}, follow=True)
    assert "Your review is taken back" in page.text
    assert said(article) == ["unchecked"] * 5
    assert AuditAct.objects.get(deed="review.taken_back").actor == reviewer.public_id
    assert "taken back" in as_reviewer.post(address, follow=True).text
    assert AuditAct.objects.filter(deed="review.taken_back").count() == 1


def test_nobody_takes_back_the_review_of_another(
    as_reviewer: Client, as_editor: Client, article: Article, rosa: Contributor
) -> None:
    review = approve(article.live)  # type: ignore[arg-type]
    for who in (as_reviewer, as_editor):
        assert who.post(f"/admin/articles/review/{review.pk}/take-back/").status_code == 403
    review.refresh_from_db()
    assert review.stands


def test_authors_see_what_reviewers_asked_until_they_approve(
    as_reviewer: Client, as_author: Client, article: Article, rosa: Contributor
) -> None:
    send(as_reviewer, article, outcome="changes", message="Say when to stop.")
    page = as_author.get(change(article)).text
    assert "What reviewers asked" in page
    assert "Say when to stop." in page
    send(as_reviewer, article)
    assert "Say when to stop." not in as_author.get(change(article)).text


def test_reviews_are_read_in_a_list_and_nobody_changes_them(
    as_author: Client, as_superuser: Client, article: Article
) -> None:
    review = approve(article.live, 1, message="For the author.")  # type: ignore[arg-type]
    page = as_author.get("/admin/articles/review/?state=standing").text
    assert "Nora Nerve" in page
    page = as_author.get(f"/admin/articles/review/{review.pk}/change/").text
    assert "For the author." in page
    assert review.reviewed_sections.get().section.sha256 in page
    as_superuser.post(f"/admin/articles/review/{review.pk}/change/", {"name": "Eve"})
    assert as_superuser.get("/admin/articles/review/add/").status_code == 403
    assert as_superuser.post(f"/admin/articles/review/{review.pk}/delete/").status_code == 403
    review.refresh_from_db()
    assert review.name == "Nora Nerve"


def test_a_review_page_takes_as_many_queries_for_many_sections(
    as_reviewer: Client,
    make_article: Callable[..., Article],
    rosa: Contributor,
    django_assert_max_num_queries: Any,
) -> None:
    long = make_article(text=text_of(*(f"Part {number}" for number in range(20))))
    approve(long.live, contributor=rosa)  # type: ignore[arg-type]
    with django_assert_max_num_queries(40):
        as_reviewer.get(f"{at(long)}?all")
