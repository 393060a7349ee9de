"""What a reviewer has in hand after signing, and how they take it back without an account."""

import re

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from accounts.models import AuditAct, User
from articles.models import Article, Review
from tests.conftest import FIRST_PAGE
from tests.reviewing import edit, said, text_of
from tests.signing_off import NORA, address_in, asked, mails_to, only_link, sign

pytestmark = pytest.mark.django_db

PAGE = f"/articles/{FIRST_PAGE}/"


@pytest.fixture
def receipt(article: Article) -> str:
    """The address of the receipt for all sections of the article."""
    page = sign(Client(), asked(article), covers_whole="on")
    return str(page.request["PATH_INFO"])


def test_it_lists_exactly_what_was_signed(article: Article, client: Client) -> None:
    page = sign(client, asked(article), positions=[2, 5], outcome="approve").text
    told = str(mails_to(NORA)[0].body)
    review = Review.objects.get()
    for text in (page, told):
        for row in review.reviewed_sections.all():
            assert row.section.heading in text
            assert row.section.sha256[:12] in text
        assert "Understanding Hemifacial Spasm" not in text
        assert "Title, summary and beginning" not in text
        assert "nothing is missing" not in text
        assert "approved" in text
        assert "Checked the treatment." in text
        assert "Nora Nerve, Neurologist" in text
        assert "Well put." in text


def test_it_is_mailed_at_once_with_its_address(receipt: str) -> None:
    message = mails_to(NORA)[0]
    assert message.subject == "Receipt of your sign-off"
    assert address_in(message) == receipt


def test_it_lets_nobody_sign(receipt: str, client: Client) -> None:
    token = receipt.split("/")[3]
    assert client.get(f"/sign-off/{token}/").status_code == 404
    assert client.post(f"/sign-off/{token}/code/", {}).status_code == 404
    pk, _dot, signature = token.partition(".")
    assert client.get(f"/sign-off/receipt/{int(pk) + 1}.{signature}/").status_code == 404


def test_opening_it_changes_nothing(article: Article, receipt: str, client: Client) -> None:
    for query in ("", "?deed=dispute", "?deed=take-back", "?deed=else"):
        assert client.get(receipt + query).status_code == 200
    for query in ("", "?deed=else"):
        assert client.post(receipt + query, {"deed": "dispute"}).status_code == 302
    assert Review.objects.get().stands
    assert said(article) == ["signed"] * 6


def test_taking_it_back_shows_on_the_page_at_once(
    article: Article, receipt: str, client: Client
) -> None:
    before = client.get(PAGE)
    assert "Not yet checked by a clinician" not in before.text
    sure = client.get(f"{receipt}?deed=take-back").text
    assert "Take your sign-off back?" in sure
    page = client.post(f"{receipt}?deed=take-back", {"reason": "A newer study."}, follow=True)
    assert "this sign-off counts for nothing: you took it back" in page.text
    assert said(article) == ["unchecked"] * 6
    after = client.get(PAGE, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Not yet checked by a clinician" in after.text
    review = Review.objects.get()
    assert review.taken_back_reason == "A newer study."
    [message] = mails_to(settings.CONTACT_EMAIL)
    assert message.subject == "A sign-off was taken back"
    assert f"/admin/articles/article/{article.pk}/ask/" in message.body


def test_this_was_not_me_acts_at_once(article: Article, receipt: str, client: Client) -> None:
    assert "This was not you?" in client.get(f"{receipt}?deed=dispute").text
    page = client.post(f"{receipt}?deed=dispute", follow=True)
    assert "you said that it was not you" in page.text
    assert said(article) == ["unchecked"] * 6
    assert "Not yet checked by a clinician" in client.get(PAGE).text
    assert [message.subject for message in mails_to(settings.CONTACT_EMAIL)] == [
        "A sign-off was disputed"
    ]
    [act] = AuditAct.objects.filter(deed="review.disputed")
    assert act.actor is None
    assert len(act.hashes) == 6


@pytest.mark.parametrize("deed", ["dispute", "take-back"])
def test_a_second_time_changes_and_tells_nothing(receipt: str, client: Client, deed: str) -> None:
    for reason in ("Once.", "Twice."):
        answer = client.post(f"{receipt}?deed={deed}", {"reason": reason})
        assert answer.status_code == 302
    assert len(mails_to(settings.CONTACT_EMAIL)) == 1
    assert AuditAct.objects.filter(deed__in=["review.disputed", "review.taken_back"]).count() == 1
    assert Review.objects.get().taken_back_reason in {"", "Once."}


def test_what_was_taken_back_can_still_be_disputed(receipt: str, client: Client) -> None:
    client.post(f"{receipt}?deed=take-back")
    client.post(f"{receipt}?deed=dispute")
    review = Review.objects.get()
    assert review.taken_back_at
    assert review.disputed_at
    assert "This was not me" not in client.get(receipt).text


def test_a_reason_that_is_too_long_is_given_back(receipt: str, client: Client) -> None:
    page = client.post(f"{receipt}?deed=take-back", {"reason": "x" * 501})
    assert page.status_code == 400
    assert "x" * 501 in page.text
    assert Review.objects.get().stands


def test_it_stays_when_the_article_changes_or_goes(
    article: Article, receipt: str, client: Client
) -> None:
    edit(article, text_of("New"))
    article.withdraw(reason="Wrong.")
    page = client.get(receipt)
    assert page.status_code == 200
    assert "Conclusion" in page.text
    client.post(f"{receipt}?deed=take-back")
    assert Review.objects.get().taken_back_at


def test_after_taking_back_they_can_be_asked_anew(
    article: Article, receipt: str, client: Client
) -> None:
    client.post(f"{receipt}?deed=take-back")
    sign(client, asked(article), covers_whole="on")
    assert said(article) == ["signed"] * 6


def test_editors_see_why_it_was_taken_back(
    article: Article, receipt: str, client: Client, as_editor: Client
) -> None:
    client.post(f"{receipt}?deed=take-back", {"reason": "A newer study."})
    page = as_editor.get(f"/admin/articles/article/{article.pk}/ask/").text
    assert "A newer study." in page
    assert "It counts for nothing." in page


def test_no_mail_about_it_names_the_article_to_staff(
    article: Article, editor: User, client: Client
) -> None:
    path = sign(client, asked(article, by=editor)).request["PATH_INFO"]
    client.post(f"{path}?deed=take-back", {"reason": "Spasm."})
    for message in mail.outbox:
        if message.to != [NORA]:
            assert not re.search(r"spasm|nora|nerve", str(message.body), re.IGNORECASE)
    assert only_link().used_at
