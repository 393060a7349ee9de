"""An editor marks an edit as a spelling; a reviewer looks at one in five."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import AuditAct
from articles import signing
from articles.models import Article, MinorEdit
from tests.desk import change, rewrite
from tests.reviewing import approve, edit, said, text_of

pytestmark = pytest.mark.django_db

QUEUE = "/admin/articles/minoredit/"
CORRECTED = text_of("One", "Two", Two="On two.")


@pytest.fixture
def article(make_article: Callable[..., Article]) -> Article:
    article = make_article(text=text_of("One", "Two"))
    approve(article.live)  # type: ignore[arg-type]
    return article


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "is_drawn", lambda: True)


def test_an_edit_is_marked_when_it_is_saved(as_editor: Client, article: Article) -> None:
    rewrite(as_editor, article, text=CORRECTED, is_minor="on", _publish="1")
    assert said(Article.objects.get()) == ["signed", "signed", "spelling"]


def test_without_the_mark_it_is_an_edit(as_editor: Client, article: Article) -> None:
    rewrite(as_editor, article, text=CORRECTED, _publish="1")
    assert said(Article.objects.get()) == ["signed", "signed", "edited"]


def test_what_is_more_than_a_spelling_is_said_and_the_words_are_saved(
    as_editor: Client, article: Article
) -> None:
    page = rewrite(as_editor, article, text=text_of("One"), is_minor="on", _publish="1").text
    assert "that is more than a spelling" in page
    assert "Saved as revision 2. Readers see it now." in page
    assert not MinorEdit.objects.exists()
    assert said(Article.objects.get()) == ["signed", "signed", "removed: Two"]


def test_saving_the_same_words_marks_nothing(as_editor: Client, article: Article) -> None:
    rewrite(as_editor, article, is_minor="on")
    assert not MinorEdit.objects.exists()


def test_an_author_marks_nothing(as_author: Client, article: Article) -> None:
    assert "is_minor" not in as_author.get(change(article)).text
    rewrite(as_author, article, text=CORRECTED, is_minor="on")
    assert article.revisions.count() == 2
    assert not MinorEdit.objects.exists()


def test_a_new_article_has_nothing_to_correct(as_editor: Client) -> None:
    assert "is_minor" not in as_editor.get("/admin/articles/article/add/").text


def test_a_reviewer_finds_a_spelling(
    as_editor: Client, as_reviewer: Client, article: Article, drawn: None
) -> None:
    rewrite(as_editor, article, text=CORRECTED, is_minor="on", _publish="1")
    page = as_reviewer.get(QUEUE).text
    assert "<del>Two</del><ins>two</ins>" in page
    assert "Marked by <bdi>Emil Edits</bdi>" in page
    mark = MinorEdit.objects.get()
    page = as_reviewer.post(f"{QUEUE}{mark.pk}/check/", {"minor": "1"}, follow=True).text
    assert "Noted: a spelling." in page
    assert "Nothing waits to be looked at." in page
    assert said(Article.objects.get()) == ["signed", "signed", "spelling"]
    assert AuditAct.objects.filter(deed="minor_edit.accepted").count() == 1


def test_a_reviewer_finds_more(
    as_editor: Client, as_reviewer: Client, article: Article, drawn: None
) -> None:
    rewrite(as_editor, article, text=CORRECTED, is_minor="on", _publish="1")
    mark = MinorEdit.objects.get()
    page = as_reviewer.post(f"{QUEUE}{mark.pk}/check/", {"more": "1"}, follow=True).text
    assert "Noted: more than a spelling." in page
    assert said(Article.objects.get()) == ["signed", "signed", "edited"]
    page = as_reviewer.post(f"{QUEUE}{mark.pk}/check/", {"minor": "1"}, follow=True).text
    assert "Somebody looked at this edit already." in page
    assert "found more than a spelling" in as_reviewer.get(f"{QUEUE}?state=all").text


def test_four_in_five_do_not_wait(
    as_editor: Client, as_reviewer: Client, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "is_drawn", lambda: False)
    rewrite(as_editor, article, text=CORRECTED, is_minor="on")
    assert "Nothing waits to be looked at." in as_reviewer.get(QUEUE).text
    assert "<ins>two</ins>" in as_reviewer.get(f"{QUEUE}?state=all").text


def test_nobody_looks_at_their_own_mark(
    as_superuser: Client, article: Article, drawn: None
) -> None:
    rewrite(as_superuser, article, text=CORRECTED, is_minor="on")
    assert "You marked it" in as_superuser.get(QUEUE).text
    mark = MinorEdit.objects.get()
    page = as_superuser.post(f"{QUEUE}{mark.pk}/check/", {"minor": "1"}, follow=True).text
    assert "Somebody else than the one who marked it has to look." in page


def test_looking_is_a_deed_of_those_who_review(
    as_editor: Client,
    as_author: Client,
    as_moderator: Client,
    as_reviewer: Client,
    article: Article,
    drawn: None,
) -> None:
    rewrite(as_editor, article, text=CORRECTED, is_minor="on")
    mark = MinorEdit.objects.get()
    assert "More than that" not in as_author.get(QUEUE).text
    assert as_author.post(f"{QUEUE}{mark.pk}/check/", {"minor": "1"}).status_code == 403
    assert as_moderator.get(QUEUE).status_code == 403
    assert as_reviewer.get(f"{QUEUE}{mark.pk}/check/").status_code == 405
    assert as_reviewer.post(f"{QUEUE}999999/check/", {"minor": "1"}).status_code == 404
    page = as_reviewer.post(f"{QUEUE}{mark.pk}/check/", follow=True).text
    assert "Say whether it is a spelling" in page
    mark.refresh_from_db()
    assert mark.checked_at is None


@pytest.mark.parametrize("query", ["?p=x", "?p=999", "?state=zz", "?p=-1&state=all"])
def test_the_queue_answers_odd_addresses(as_reviewer: Client, query: str) -> None:
    assert as_reviewer.get(QUEUE + query).status_code == 200


def test_the_difference_of_a_later_edit_is_its_own(
    as_editor: Client, as_reviewer: Client, article: Article, drawn: None
) -> None:
    edit(article, text_of("One", "Two", Two="Something else."))
    corrected = text_of("One", "Two", Two="Something else!")
    rewrite(as_editor, article, text=corrected, is_minor="on", _publish="1")
    assert "<ins>!</ins>" in as_reviewer.get(QUEUE).text
    assert said(Article.objects.get()) == ["signed", "signed", "edited"]
