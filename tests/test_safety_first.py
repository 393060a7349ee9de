"""Safety never waits: a safety edit and a withdrawal are out at once; a second person confirms."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import AuditAct, User
from articles.models import Article, Correction
from articles.safety import publish_safety_edit
from tests.conftest import logged_in
from tests.desk import change, rewrite
from tests.reviewing import approve, text_of

pytestmark = pytest.mark.django_db

SAFER = text_of("One", "Two", Two="Never with alcohol.")
ENTRY = {
    "before": "It said that alcohol is fine.",
    "after": "It is not.",
    "to_do": "Drink none while you take it.",
}


@pytest.fixture
def article(make_article: Callable[..., Article], settings: Any) -> Article:
    article = make_article(text=text_of("One", "Two"), risk_class="dose")
    approve(article.live)  # type: ignore[arg-type]
    settings.CLINICAL_REVIEW = "required"
    return article


@pytest.fixture
def another_editor(make_user: Callable[..., User]) -> Client:
    return logged_in(make_user("Edda Edits", groups=("Editors",), is_staff=True))


def at(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/safety/"


def live(article: Article) -> int:
    article.refresh_from_db()
    assert article.live
    return article.live.number


# --- a safety edit -----


def test_a_safety_edit_is_out_at_once_with_what_to_do_now(
    as_editor: Client, article: Article
) -> None:
    page = rewrite(as_editor, article, text=SAFER, _safety="1")
    assert page.redirect_chain[-1][0] == at(article)
    assert "<ins>Never with alcohol</ins>" in page.text
    assert live(article) == 1
    page = as_editor.post(at(article), ENTRY | {"revision": "2", "section": "2"}, follow=True)
    assert "Readers see the safety edit now." in page.text
    assert live(article) == 2
    entry = Correction.objects.get()
    assert (entry.kind, entry.heading, entry.is_pending) == ("safety", "Two", True)
    assert entry.revision == article.live
    assert "Never with alcohol." in Client().get(article.get_absolute_url()).text
    deeds = set(AuditAct.objects.values_list("deed", flat=True))
    assert {"article.published_as_safety_edit", "correction.published"} <= deeds


@pytest.mark.parametrize("left_out", ["before", "after", "to_do"])
def test_without_what_to_do_now_nothing_goes_out_and_what_was_typed_is_kept(
    as_editor: Client, article: Article, left_out: str
) -> None:
    rewrite(as_editor, article, text=SAFER, _safety="1")
    sent = {**ENTRY, "revision": "2", left_out: " ", "why": "A reader wrote."}
    page = as_editor.post(at(article), sent)
    assert page.status_code == 400
    assert "Nothing is published yet." in page.text
    assert "A reader wrote." in page.text
    assert live(article) == 1
    assert not Correction.objects.exists()


def test_what_changed_meanwhile_is_looked_at_again(as_editor: Client, article: Article) -> None:
    rewrite(as_editor, article, text=SAFER, _safety="1")
    rewrite(as_editor, article, text=text_of("One", "Two", Two="Hm."))
    page = as_editor.post(at(article), ENTRY | {"revision": "2"})
    assert "changed while you had this open" in page.text
    assert ENTRY["to_do"] in page.text
    assert live(article) == 1


def test_where_nothing_changed_there_is_no_safety_edit(as_editor: Client, article: Article) -> None:
    page = as_editor.get(at(article), follow=True).text
    assert "Readers see the newest words already" in page


def test_what_is_not_out_needs_no_safety_edit(
    as_editor: Client, editor: User, make_article: Callable[..., Article]
) -> None:
    draft = make_article(published=None)
    assert "not out" in as_editor.get(at(draft), follow=True).text
    with pytest.raises(ValidationError, match="not out"):
        publish_safety_edit(draft, draft.newest_revision, by=editor, **ENTRY)  # type: ignore[arg-type]
    assert not Correction.objects.exists()


def test_only_whoever_may_publish_makes_a_safety_edit(
    as_author: Client, as_reviewer: Client, client: Client, article: Article
) -> None:
    assert 'name="_safety"' not in as_author.get(change(article)).text
    page = rewrite(as_author, article, text=SAFER, _safety="1").text
    assert "publishing is for editors" in page
    for who in (as_author, as_reviewer):
        assert who.get(at(article)).status_code == 403
        assert who.post(at(article), ENTRY | {"revision": "1"}).status_code == 403
    assert client.get(at(article)).status_code == 302


# --- a withdrawal -----


def withdraw(client: Client, article: Article) -> None:
    client.post(f"/admin/articles/article/{article.pk}/withdraw/", {"reason": "It is wrong."})


def confirm(client: Client, article: Article) -> Any:
    address = f"/admin/articles/article/{article.pk}/confirm-withdrawal/"
    return client.post(address, follow=True)


def test_a_withdrawal_is_out_at_once_and_a_second_person_confirms_it(
    as_editor: Client, another_editor: Client, article: Article, editor: User
) -> None:
    withdraw(as_editor, article)
    page = Client().get(article.get_absolute_url())
    assert page.status_code == 410
    assert "It is wrong." in page.text
    assert "pending" in page.text
    desk = as_editor.get(change(article)).text
    assert "somebody else has to confirm it" in desk
    assert "Confirm that it is withdrawn" not in desk
    assert "Confirm that it is withdrawn" in another_editor.get(change(article)).text
    assert "The withdrawal is confirmed." in confirm(another_editor, article).text
    assert "pending" not in Client().get(article.get_absolute_url()).text
    article.refresh_from_db()
    assert article.withdrawn_by == editor
    assert article.withdrawal_confirmed_by != editor
    trail = AuditAct.objects.filter(deed__startswith="article.withdraw").order_by("pk")
    assert [act.deed for act in trail] == ["article.withdrawn", "article.withdrawal_confirmed"]


def test_nobody_confirms_their_own_withdrawal(as_editor: Client, article: Article) -> None:
    withdraw(as_editor, article)
    assert "somebody else has to confirm it" in confirm(as_editor, article).text
    article.refresh_from_db()
    assert article.is_withdrawal_pending


def test_nothing_is_confirmed_twice(
    as_editor: Client, another_editor: Client, article: Article
) -> None:
    withdraw(as_editor, article)
    confirm(another_editor, article)
    assert "Nothing waits to be confirmed here." in confirm(another_editor, article).text
    assert AuditAct.objects.filter(deed="article.withdrawal_confirmed").count() == 1


def test_confirming_is_a_deed_of_those_who_publish(
    as_editor: Client, as_author: Client, article: Article
) -> None:
    withdraw(as_editor, article)
    assert confirm(as_author, article).status_code == 403
    address = f"/admin/articles/article/{article.pk}/confirm-withdrawal/"
    assert as_editor.get(address).status_code == 405
    article.refresh_from_db()
    assert article.is_withdrawal_pending
