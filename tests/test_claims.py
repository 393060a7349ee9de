"""What a page says of clinical review is what was signed, and in its place."""

from collections.abc import Callable

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from articles.claims import claims_of, longest_increasing
from articles.models import Article, ReviewState, Source
from articles.models.revision import new_citation
from articles.signing import CannotSign, check_minor, mark_minor
from tests.reviewing import a_neurologist, approve, edit, said, text_of

pytestmark = pytest.mark.django_db

FOUR = ("One", "Two", "Three", "Four")


@pytest.fixture
def article(make_article: Callable[..., Article]) -> Article:
    return make_article(title="Spasm", summary="In short.", text=text_of(*FOUR))


def live(article: Article):  # type: ignore[no-untyped-def]
    article.refresh_from_db()
    return article.live


def test_nothing_is_checked_at_first(article: Article) -> None:
    assert said(article) == ["unchecked"] * 5
    assert article.review_state == ReviewState.UNCHECKED


def test_an_approval_of_all_sections_signs_the_article(article: Article) -> None:
    approve(live(article))
    article.refresh_from_db()
    assert said(article) == ["signed"] * 5
    assert article.review_state == ReviewState.SIGNED
    assert article.reviewed_on == timezone.localdate()


def test_an_approval_of_some_sections_signs_these_alone(article: Article) -> None:
    approve(live(article), 1, 2)
    article.refresh_from_db()
    assert said(article) == ["unchecked", "signed", "signed", "unchecked", "unchecked"]
    assert article.review_state == ReviewState.IN_PART
    assert article.reviewed_on is None


def test_only_approvals_count(article: Article) -> None:
    approve(live(article), outcome="changes")
    approve(live(article), outcome="reject")
    assert said(article) == ["unchecked"] * 5


def test_an_edited_section_says_so_and_the_others_stay_signed(article: Article) -> None:
    approve(live(article))
    edit(article, text_of(*FOUR, Two="Something else."))
    assert said(article) == ["signed", "signed", "edited", "signed", "signed"]
    article.refresh_from_db()
    assert article.review_state == ReviewState.CHANGED


@pytest.mark.parametrize("fields", [{"title": "Tic"}, {"summary": "Longer."}])
def test_a_changed_title_or_summary_changes_section_0(
    article: Article, fields: dict[str, str]
) -> None:
    approve(live(article))
    edit(article, text_of(*FOUR), **fields)
    assert said(article) == ["edited", *["signed"] * 4]


def test_a_removed_section_is_named_and_unsigns_the_article(article: Article) -> None:
    approve(live(article))
    edit(article, text_of("One", "Three", "Four"))
    assert said(article) == ["signed"] * 4 + ["removed: Two"]
    article.refresh_from_db()
    assert article.review_state == ReviewState.CHANGED


def test_who_signs_the_whole_without_a_section_answers_for_that(article: Article) -> None:
    approve(live(article))
    edit(article, text_of("One", "Three", "Four"))
    approve(live(article), 1)
    assert said(article)[-1] == "removed: Two"
    approve(live(article), 1, covers_whole=True)
    assert said(article) == ["signed"] * 4


def test_an_added_section_is_named(article: Article) -> None:
    approve(live(article))
    edit(article, text_of("One", "New", "Two", "Three", "Four"))
    assert said(article) == ["signed", "signed", "added", "signed", "signed", "signed"]


def test_a_retitled_section_is_a_new_one_and_the_old_one_is_missed(article: Article) -> None:
    approve(live(article))
    edit(article, text_of("One", "Zwei", "Three", "Four"))
    assert said(article) == ["signed", "signed", "added", "signed", "signed", "removed: Two"]


def test_a_moved_section_is_named_and_those_it_passed_are_not(article: Article) -> None:
    approve(live(article))
    edit(article, text_of("Four", "One", "Two", "Three"))
    assert said(article) == ["signed", "moved", "signed", "signed", "signed"]


def test_words_that_come_back_are_signed_again(article: Article) -> None:
    approve(live(article))
    edit(article, text_of(*FOUR, Two="Something else."))
    edit(article, text_of(*FOUR))
    assert said(article) == ["signed"] * 5


def test_a_draft_that_was_signed_ahead_vouches_only_for_the_same_words(article: Article) -> None:
    draft = edit(article, text_of("New", "One", "Three", "Four", Three="Else."), publish=False)
    approve(draft)
    assert said(article) == ["signed", "signed", "unchecked", "unchecked", "signed"]
    article.refresh_from_db()
    article.publish(draft)
    assert said(article) == ["signed"] * 5


def test_a_draft_signed_whole_accepts_no_removal_from_the_text_that_is_out(
    article: Article,
) -> None:
    approve(live(article))
    edit(article, text_of("One", "Three", "Four"))
    draft = edit(article, text_of("One", "Zwei", "Three", "Four", Zwei="On Two."), publish=False)
    approve(draft)
    assert said(article)[-1] == "removed: Two"
    article.publish(draft)
    assert said(article) == ["signed"] * 5


def test_going_back_to_an_older_text_is_a_change_since_review(article: Article) -> None:
    first = live(article)
    approve(edit(article, text_of(*FOUR, "Five", Two="Something else.")))
    article.publish(first)
    assert said(article) == ["signed", "signed", "edited", "signed", "signed", "removed: Five"]


def test_two_reviewers_together_sign_an_article(article: Article) -> None:
    approve(live(article), 0, 1, 2)
    approve(live(article), 3, 4, contributor=a_neurologist(name="Karl Kin"))
    assert said(article) == ["signed"] * 5


def test_a_sign_off_taken_back_or_disputed_counts_no_more(article: Article) -> None:
    review = approve(live(article))
    review.take_back("I was wrong.")
    assert said(article) == ["unchecked"] * 5
    review = approve(live(article))
    review.dispute()
    article.refresh_from_db()
    assert said(article) == ["unchecked"] * 5
    assert article.review_state == ReviewState.UNCHECKED


def test_an_approval_by_somebody_whom_the_byline_names_later_counts_no_more(
    article: Article,
) -> None:
    review = approve(live(article))
    article.set_authors([review.contributor])
    article.refresh_from_db()
    assert said(article) == ["unchecked"] * 5
    assert article.review_state == ReviewState.UNCHECKED


def test_nobody_signs_what_they_wrote(article: Article, author: User) -> None:
    by_byline = article.ordered_authors()[0]
    with pytest.raises(CannotSign, match="what they wrote"):
        approve(live(article), contributor=by_byline)
    by_account = a_neurologist(name="Anna Writes", user=author)
    article.publish(article.revise(
        title="Spasm", summary="In short.", text=text_of(*FOUR, Two="Hers."), by=author
    ))  # fmt: skip
    with pytest.raises(CannotSign, match="what they wrote"):
        approve(live(article), 2, contributor=by_account)
    approve(live(article), 1, contributor=by_account)


def test_a_spelling_is_said_to_be_one_until_somebody_finds_more(
    article: Article, author: User, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(live(article))
    before = live(article)
    after = edit(article, text_of(*FOUR, Two="On Two!"))
    [mark] = mark_minor(after, before, by=author)
    assert said(article) == ["signed", "signed", "spelling", "signed", "signed"]
    article.refresh_from_db()
    assert article.review_state == ReviewState.CHANGED
    with pytest.raises(CannotSign, match="Somebody else"):
        check_minor(mark, is_minor=True, by=author)
    check_minor(mark, is_minor=False, by=editor)
    assert said(article) == ["signed", "signed", "edited", "signed", "signed"]


def test_a_spelling_in_a_heading_keeps_the_section_what_it_was(
    article: Article, author: User
) -> None:
    approve(live(article))
    before = live(article)
    after = edit(article, text_of("One", "Twoo", "Three", "Four"))
    mark_minor(after, before, by=author)
    assert said(article) == ["signed", "signed", "spelling", "signed", "signed"]


def test_a_new_section_under_the_name_that_was_corrected_is_another(
    article: Article, author: User
) -> None:
    approve(live(article))
    before = live(article)
    after = edit(article, text_of("One", "Twoo", "Three", "Four"))
    mark_minor(after, before, by=author)
    edit(article, text_of("One", "Two", "Twoo", "Three", "Four"))
    assert said(article) == ["signed", "signed", "signed", "added", "signed", "signed"]


def test_an_added_removed_or_moved_section_is_no_spelling(article: Article, author: User) -> None:
    before = live(article)
    for text in (text_of(*FOUR, "Five"), text_of("One"), text_of("Two", "One", "Three", "Four")):
        after = edit(article, text, publish=False)
        with pytest.raises(CannotSign, match="more than a spelling"):
            mark_minor(after, before, by=author)


def test_a_changed_source_is_named_at_the_sections_that_cite_it(
    make_article: Callable[..., Article],
) -> None:
    source = Source.objects.create(title="A trial")
    article = make_article(text=text_of("One", "Two"))
    article.publish(article.revise(
        title="Spasm", summary="", text=text_of("One", "Two", Two="Proven.[^a]"),
        citations=[new_citation(source, "a")],
    ))  # fmt: skip
    with time_machine.travel("2026-03-03T12:00Z"):
        approve(live(article))
    assert said(article) == ["signed"] * 3
    source.status = Source.Status.RETRACTED
    source.save()
    assert said(article) == ["signed", "signed", "source"]
    article.refresh_from_db()
    assert article.review_state == ReviewState.CHANGED
    approve(live(article), 2)
    assert said(article) == ["signed"] * 3


def test_a_source_that_is_saved_unchanged_changes_nothing(article: Article) -> None:
    source = Source.objects.create(title="A trial")
    source.save()
    source.refresh_from_db()
    assert source.changed_at is None


def test_an_article_is_as_old_as_its_oldest_sign_off(article: Article) -> None:
    with time_machine.travel("2024-03-03T12:00Z"):
        approve(live(article))
    edit(article, text_of(*FOUR, Two="Something else."))
    with time_machine.travel("2026-03-03T12:00Z"):
        approve(live(article), 2)
    article.refresh_from_db()
    assert str(article.reviewed_on) == "2024-03-03"
    assert str(claims_of(live(article)).last_signed_on) == "2026-03-03"


def test_what_kept_its_order_is_the_longest_run() -> None:
    assert longest_increasing([]) == []
    assert longest_increasing([3, 0, 1, 2]) == [1, 2, 3]
    assert longest_increasing([0, 2, 1, 3]) in ([0, 1, 3], [0, 2, 3])
