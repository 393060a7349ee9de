"""Writing with others: revisions, two writers at once, sessions that end, and bad input."""

import pytest
from django.test import Client

from accounts.models import User
from articles.models import Article
from tests.desk import change, filled, rewrite, write

# --- revisions ----------------------------------------------------------------------------------


def test_any_revision_is_previewed_compared_and_restored(
    as_editor: Client, article: Article
) -> None:
    rewrite(as_editor, article, title="Another title", note="Shorter.")
    page = as_editor.get(f"/admin/articles/article/{article.pk}/history/?before=2&after=1")

    text = page.content.decode()
    assert "Shorter." in text
    assert "<del>" in text
    assert "<ins>Another title" in text
    assert f"/articles/{article.slug}/preview/" in text

    as_editor.post(f"/admin/articles/article/{article.pk}/restore/1/")
    newest = article.newest_revision
    assert newest is not None
    assert (newest.number, newest.title) == (3, article.revisions.get(number=1).title)
    assert newest.note == "Restored from revision 1."


@pytest.mark.parametrize("query", ["?before=x&after=1", "?before=1", "?before=99&after=1", "?p=z"])
def test_a_comparison_that_cannot_be_is_not_shown(
    as_editor: Client, article: Article, query: str
) -> None:
    page = as_editor.get(f"/admin/articles/article/{article.pk}/history/{query}")
    assert page.status_code in {200, 302}


def test_restoring_is_a_deed_and_no_link(as_editor: Client, article: Article) -> None:
    address = f"/admin/articles/article/{article.pk}/restore/1/"
    assert as_editor.get(address).status_code == 405
    assert as_editor.post(f"/admin/articles/article/{article.pk}/restore/9/").status_code == 404
    assert article.revisions.count() == 1


# --- two writers at once, and sessions that end -------------------------------------------------


def test_a_second_save_over_a_newer_state_shows_both_texts(
    as_editor: Client, as_author: Client, article: Article
) -> None:
    mine = filled(as_author.get(change(article)), text="Walk every day.", summary="Mine.")
    rewrite(as_editor, article, text="Rest in bed.", summary="Theirs.")

    answer = as_author.post(change(article), mine)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Emil Edits saved this" in page
    assert "<del>Rest</del>" in page or "Rest" in page
    assert "Walk every day." in page
    assert article.revisions.count() == 2

    # Whoever has read both texts may save theirs.
    as_author.post(change(article), filled(answer))
    assert article.newest_revision is not None
    assert article.newest_revision.text == "Walk every day.\n"


def test_a_comment_does_not_refuse_a_save(as_editor: Client, article: Article) -> None:
    fields = filled(as_editor.get(change(article)), text="Mine.")
    Article.objects.filter(pk=article.pk).bump()
    as_editor.post(change(article), fields)

    assert article.revisions.count() == 2


def test_a_form_without_its_state_is_not_saved(as_editor: Client, article: Article) -> None:
    page = rewrite(as_editor, article, text="Mine.", seen="forged")

    assert "Nothing was saved" in page.content.decode()
    assert article.revisions.count() == 1


def test_a_session_that_ends_while_writing_loses_nothing(
    as_author: Client, author: User, article: Article
) -> None:
    fields = filled(as_author.get(change(article)), text="Long\nthought <about>.")
    as_author.logout()

    answer = as_author.post(change(article), fields)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "nothing is lost" in page
    assert "Long\nthought &lt;about&gt;." in page
    assert article.revisions.count() == 1

    as_author.force_login(author)
    as_author.post(change(article), filled(answer, "kept"))
    assert article.newest_revision is not None
    assert article.newest_revision.text == "Long\nthought <about>.\n"


def test_a_token_that_ended_while_writing_loses_nothing(author: User, article: Article) -> None:
    browser = Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})
    browser.force_login(author)
    fields = filled(browser.get(change(article)), text="Mine.")
    browser.cookies["csrftoken"] = "b" * 32  # another tab logged in again

    answer = browser.post(change(article), fields)
    assert answer.status_code == 403
    again = browser.post(change(article), filled(answer, "kept"))
    assert again.status_code == 302
    assert article.revisions.count() == 2


def test_words_that_another_site_sent_are_not_offered_for_saving(
    author: User, article: Article
) -> None:
    browser = Client(enforce_csrf_checks=True, headers={"origin": "https://evil.example"})
    browser.force_login(author)

    answer = browser.post(change(article), {"text": "Buy these pills."})
    assert answer.status_code == 403
    assert "Buy these pills." not in answer.content.decode()


def test_kept_words_hold_no_password(client: Client) -> None:
    answer = client.post("/admin/accounts/user/1/password/", {"password1": "hunter2", "x": "y"})

    assert "hunter2" not in answer.content.decode()


# --- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "", "text": "x"},
        {"title": "x" * 201},
        {"title": "\u200b\x00"},
        {"text": "\x00\ufffe[" * 500},
        {"text": "> " * 5_000},
        {"category": "999999999999999999999"},
        {"category": "x\x00"},
        {"language": "xx"},
        {"slug": "Über uns/"},
        {"slug": "feed"},
        {"translation_of": "99999999999999999999999 · x"},
        {"translation_of": "http://[broken"},
        {"translation_of": "\x00"},
        {"publish_at": "2026-99-99"},
        {"risk_class": "none"},
        {"synonyms": "x\n" * 200},
        {"sources-TOTAL_FORMS": "x"},
        {"sources-TOTAL_FORMS": "99999999"},
        {"authors-TOTAL_FORMS": "-1"},
        {"authors-0-contributor": "7777"},
        {"sources-0-key": "a b", "sources-0-source": "x" * 2_000},
        {"sources-0-accessed_on": "99999-01-01"},
        {"_schedule": "1", "publish_at": "\x00"},
    ],
)
def test_bad_input_is_answered_with_a_form(as_editor: Client, fields: dict[str, str]) -> None:
    assert write(as_editor, **fields).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/admin/articles/article/999999999999999999999/change/",
        "/admin/articles/article/x/change/",
        "/admin/articles/article/999999999999999999999/history/",
        "/admin/articles/article/x/history/",
        "/admin/articles/article/?state=none&category=zzz&q=%F0%9F%A6%B5",
        "/admin/articles/article/?category=99999999999999999999999",
        "/admin/articles/article/?nonsense=1",
        "/admin/articles/article/5/withdraw/",
        "/admin/autocomplete/?app_label=articles&model_name=citation&field_name=source&term=x",
        "/admin/autocomplete/?app_label=accounts&model_name=x&field_name=y",
    ],
)
def test_a_forged_address_is_answered_calmly(as_superuser: Client, address: str) -> None:
    assert as_superuser.get(address).status_code in {200, 302, 403, 404}


def test_hostile_markdown_is_saved_as_text(as_editor: Client) -> None:
    hostile = "[x](javascript:alert(1)) <img src=x onerror=alert(1)> " + "[" * 2_000
    write(as_editor, text=hostile, _publish="1")

    shown = Client().get("/articles/knees-after-sixty/").content.decode()
    assert "<img src=x" not in shown
    assert 'href="javascript' not in shown
