"""Editors ask somebody without an account to sign, see what came of it, and take links back."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditAct, User
from articles.models import Article, Contributor, Review, SignOffLink
from tests.conftest import logged_in
from tests.desk import change
from tests.reviewing import a_neurologist, edit, text_of
from tests.signing_off import NORA, address_in, asked, mails_to, only_link, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora() -> Contributor:
    nora = a_neurologist()
    nora.email = NORA
    nora.save()
    return nora


def ask_page(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/ask/"


def form(nora: Contributor, **changes: Any) -> dict[str, Any]:
    return {"contributor": nora.pk, "email": "", "message": "", "number": 1, **changes}


def test_an_editor_mails_a_link(article: Article, nora: Contributor, as_editor: Client) -> None:
    page = as_editor.get(change(article)).text
    assert f'href="{ask_page(article)}"' in page
    answer = as_editor.post(
        ask_page(article), form(nora, positions=[1, 2], message="By Friday?"), follow=True
    )
    assert "The link is on its way." in answer.text
    [message] = mails_to(NORA)
    assert "By Friday?" in message.body
    page = Client().get(address_in(message)).text
    assert re.findall(r'name="positions" value="(\d)"[^>]* checked', page) == ["1", "2"]
    assert "By Friday?" in page
    [act] = AuditAct.objects.filter(deed="sign_off_link.sent")
    assert act.hashes == {"1": article.live.sha256 if article.live else ""}


def test_the_address_on_record_is_offered(
    article: Article, nora: Contributor, as_editor: Client
) -> None:
    page = as_editor.get(f"{ask_page(article)}?contributor={nora.pk}").text
    assert f'value="{NORA}"' in page
    for nobody in ("999999", "x", "9" * 30, "²"):
        page = as_editor.get(f"{ask_page(article)}?contributor={nobody}")
        assert page.status_code == 200


def test_without_any_address_the_form_says_so(article: Article, as_editor: Client) -> None:
    page = as_editor.post(ask_page(article), form(a_neurologist(), message="Please."))
    assert page.status_code == 400
    assert "No address is on record for them: give one." in page.text
    assert "Please." in page.text
    assert not SignOffLink.objects.exists()


@pytest.mark.parametrize("who", ["author", "reviewer", "moderator", "member"])
def test_only_editors_ask(
    article: Article, nora: Contributor, request: pytest.FixtureRequest, who: str
) -> None:
    address = asked(article)
    client = logged_in(request.getfixturevalue(who))
    link = only_link()
    for path in ("", f"{link.pk}/revoke/", f"{link.pk}/again/"):
        assert client.post(ask_page(article) + path, form(nora)).status_code in {302, 403}
    assert client.get(ask_page(article)).status_code in {302, 403}
    assert SignOffLink.objects.count() == 1
    assert Client().get(address).status_code == 200


def test_a_newer_revision_is_not_asked_about_unseen(
    article: Article, nora: Contributor, as_editor: Client
) -> None:
    edit(article, text_of("One"))
    page = as_editor.post(ask_page(article), form(nora, message="Please."))
    assert page.status_code == 400
    assert "Somebody wrote a newer revision meanwhile." in page.text
    assert "Please." in page.text
    assert 'name="number" value="2"' in page.text
    assert not SignOffLink.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"contributor": ""}, "This field is required."),
        ({"contributor": "999999"}, "Select a valid choice"),
        ({"email": "nora"}, "Enter a valid email address."),
        ({"positions": ["99"]}, "Choose sections of this revision."),
        ({"number": "x"}, "Somebody wrote a newer revision meanwhile."),
        ({"message": "x" * 2_001}, "at most 2000 characters"),
    ],
)
def test_a_form_with_mistakes_comes_back(
    article: Article, nora: Contributor, as_editor: Client, changes: dict[str, Any], sentence: str
) -> None:
    page = as_editor.post(ask_page(article), form(nora, **changes))
    assert page.status_code == 400
    assert sentence in page.text
    assert not SignOffLink.objects.exists()


def test_no_link_goes_to_who_wrote_the_text_or_asks(
    article: Article, nora: Contributor, author: User, editor: User, as_editor: Client
) -> None:
    article.revise(title="Spasm", summary="", text=text_of("One"), by=author)
    for address in (author.email.upper(), editor.email):
        page = as_editor.post(ask_page(article), form(nora, number=2, email=address))
        assert page.status_code == 400
        assert "This address belongs to somebody who wrote this text, or to you" in page.text
    assert not SignOffLink.objects.exists()


def test_an_article_that_was_withdrawn_is_not_asked_about(
    article: Article, nora: Contributor, as_editor: Client
) -> None:
    article.withdraw(reason="Wrong.")
    assert ask_page(article) not in as_editor.get(change(article)).text
    page = as_editor.post(ask_page(article), form(nora))
    assert "A withdrawn article is not checked any more." in page.text


def test_who_has_no_name_here_any_more_is_not_in_the_list(
    article: Article, nora: Contributor, as_editor: Client
) -> None:
    nora.replace_name("a neurologist")
    assert f'<option value="{nora.pk}"' not in as_editor.get(ask_page(article)).text


def test_the_page_lists_the_links_and_what_came_of_them(
    article: Article, nora: Contributor, as_editor: Client, editor: User
) -> None:
    sign(Client(), asked(article, by=editor), outcome="changes", message="The dose is wrong.")
    asked(article, contributor=a_neurologist(name="Otto"), email="otto@example.org", by=editor)
    page = as_editor.get(ask_page(article)).text
    assert re.findall(r'class="state" data-state="(\w+)"', page) == ["waits", "used"]
    assert "The dose is wrong." in page
    assert "Changes needed" in page


def test_a_link_is_taken_back(article: Article, as_editor: Client) -> None:
    address = asked(article)
    path = f"{ask_page(article)}{only_link().pk}/revoke/"
    assert as_editor.get(path).status_code == 405
    assert Client().get(address).status_code == 200
    said = as_editor.post(path, follow=True).text
    assert "The link is taken back" in said
    assert Client().get(address).status_code == 410
    assert "This link had ended already." in as_editor.post(path, follow=True).text


def test_a_link_is_sent_again_as_a_new_one(
    article: Article, as_editor: Client, editor: User
) -> None:
    first = asked(article, 1, 2)
    path = f"{ask_page(article)}{only_link().pk}/again/"
    assert as_editor.get(path).status_code == 405
    as_editor.post(path)
    second = address_in(mails_to(NORA)[0])
    assert second != first
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200
    newest, older = SignOffLink.objects.all()
    assert newest.asked_positions == older.asked_positions == [1, 2]
    assert newest.created_by == editor
    assert older.revoked_at


def test_links_of_another_article_are_not_reached_from_here(
    make_article: Callable[..., Article], as_editor: Client
) -> None:
    one, another = make_article(), make_article()
    asked(one)
    for deed in ("revoke", "again"):
        path = f"{ask_page(another)}{only_link().pk}/{deed}/"
        assert as_editor.post(path).status_code == 404


def test_the_address_of_a_contributor_is_for_editors_alone(
    article: Article, nora: Contributor, as_editor: Client
) -> None:
    page = as_editor.get(f"/admin/articles/contributor/{nora.pk}/change/").text
    assert f'name="email" value="{NORA}"' in page
    asked(article)
    sign(Client(), asked(article), covers_whole="on")
    assert Review.objects.exists()
    for path in (article.get_absolute_url(), nora.get_absolute_url(), "/feed/"):
        assert NORA not in Client().get(path).text


# --- the desk -------------------------------------------------------------------------------------


def test_the_desk_names_sign_offs_that_count_no_more(
    article: Article, as_editor: Client, as_author: Client
) -> None:
    receipt = sign(Client(), asked(article)).request["PATH_INFO"]
    assert "Sign-offs that count no more" not in as_editor.get("/admin/").text
    Client().post(f"{receipt}?deed=dispute")
    desk = as_editor.get("/admin/").text
    assert "Sign-offs that count no more" in desk
    assert f'href="{ask_page(article)}"' in desk
    assert "Sign-offs that count no more" not in as_author.get("/admin/").text
    Review.objects.update(disputed_at=timezone.now() - timedelta(days=15))
    assert "Sign-offs that count no more" not in as_editor.get("/admin/").text


def test_the_desk_names_who_did_not_answer_until_they_are_asked_again(
    article: Article, as_editor: Client
) -> None:
    asked(article)
    assert "no answer" not in as_editor.get("/admin/").text
    SignOffLink.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    assert "Asked to sign, and no answer" in as_editor.get("/admin/").text
    asked(article)
    assert "no answer" not in as_editor.get("/admin/").text
