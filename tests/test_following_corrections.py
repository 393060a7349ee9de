"""Anyone hears of an article's corrections, by an address that its owner confirmed."""

import re
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from articles.models import Article, CorrectionFollower
from tests.conftest import FIRST_PAGE
from tests.correcting import corrected, work

pytestmark = pytest.mark.django_db

PAGE = f"/articles/{FIRST_PAGE}/"
FOLLOW = f"{PAGE}follow-corrections/"
ANA = "ana@example.org"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def links(mail: EmailMessage) -> list[str]:
    return re.findall(r"http://localhost:8000(/corrections/\S+)", str(mail.body))


def ask(client: Client, email: str = ANA, **fields: Any) -> Any:
    return client.post(FOLLOW, {"email": email, **fields}, follow=True)


def follower(article: Article, email: str = ANA) -> CorrectionFollower:
    return CorrectionFollower.objects.create(
        article=article, email=email, confirmed_at=timezone.now()
    )


def test_a_reader_follows_an_article_by_a_confirmed_address(
    client: Client, article: Article, mailoutbox: list[EmailMessage]
) -> None:
    assert f'href="{FOLLOW}"' in client.get(PAGE).text
    assert "Look into your mail" in ask(client, "Ana@Example.org").text
    work()
    [mail] = mailoutbox
    assert mail.to == [ANA]
    assert mail.subject == "Please confirm your address"
    assert "spasm" not in mail.message().as_string().lower()
    [link] = links(mail)
    assert "Yes, write to me" in client.get(link).text
    assert CorrectionFollower.objects.get().confirmed_at is None
    assert "You will hear of corrections" in client.post(link).text
    assert CorrectionFollower.objects.get().confirmed_at
    assert "You will hear of corrections" in client.get(link).text
    assert "no-store" in client.get(link).headers["Cache-Control"]


def test_no_page_tells_whether_an_address_follows_already(
    client: Client, article: Article, mailoutbox: list[EmailMessage]
) -> None:
    known = follower(article)
    pages = [ask(client, email) for email in (ANA, "other@example.org")]
    assert pages[0].text == pages[1].text
    assert pages[0].redirect_chain == pages[1].redirect_chain
    work()
    told, new = sorted(mailoutbox, key=lambda mail: mail.to)
    assert "We do so already" in told.body
    assert "press the button" in new.body
    known.refresh_from_db()
    assert known.confirmed_at


def test_an_address_gets_three_such_mails_a_day_and_no_page_says_so(
    client: Client, article: Article, mailoutbox: list[EmailMessage]
) -> None:
    with time_machine.travel("2026-03-01T12:10Z", tick=False):
        pages = {ask(client).text for _number in range(5)}
        work()
    assert len(pages) == 1
    assert len(mailoutbox) == 3


def test_who_asks_for_many_is_told_when_to_come_back(client: Client, article: Article) -> None:
    with time_machine.travel("2026-03-01T12:10Z", tick=False):
        for number in range(20):
            ask(client, f"a{number}@example.org")
        answer = ask(client)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "3000"
    assert ANA in answer.text
    assert not CorrectionFollower.objects.filter(email=ANA).exists()


@pytest.mark.parametrize(
    "sent",
    [{"email": "nobody"}, {"email": ""}, {"email": ANA, "website": "x"}, {"email": "a\x00@b"}],
)
def test_what_is_no_address_is_refused_and_kept(
    client: Client, article: Article, sent: dict[str, str]
) -> None:
    assert client.post(FOLLOW, sent).status_code == 400
    assert not CorrectionFollower.objects.exists()


def test_a_form_that_was_open_too_long_keeps_the_address(article: Article) -> None:
    answer = Client(enforce_csrf_checks=True).post(FOLLOW, {"email": ANA})
    assert answer.status_code == 403
    assert ANA in answer.text


def test_a_link_is_good_for_seven_days(
    client: Client, article: Article, mailoutbox: list[EmailMessage]
) -> None:
    ask(client)
    work()
    [link] = links(mailoutbox[0])
    with time_machine.travel(timezone.now() + timezone.timedelta(days=7, minutes=1)):
        answer = client.post(link)
        assert answer.status_code == 410
        assert "This link has ended" in answer.text
    assert not CorrectionFollower.objects.confirmed().exists()


def test_one_click_ends_it_and_forgets_the_address(
    article: Article, mailoutbox: list[EmailMessage]
) -> None:
    follower(article)
    corrected(article)
    work()
    [mail] = mailoutbox
    link = links(mail)[-1]
    assert mail.extra_headers["List-Unsubscribe"] == f"<http://localhost:8000{link}>"
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    strict = Client(enforce_csrf_checks=True)
    assert "No more of these mails" in strict.get(link).text
    assert CorrectionFollower.objects.exists()
    for _time in range(2):
        answer = strict.post(link, ONE_CLICK)
        assert answer.status_code == 200
        assert "Your address is forgotten here" in answer.text
    assert not CorrectionFollower.objects.exists()
    assert not strict.cookies


def test_links_that_we_did_not_sign_are_not_found(
    client: Client, article: Article, mailoutbox: list[EmailMessage]
) -> None:
    ask(client)
    work()
    [link] = links(mailoutbox[0])
    swapped = link.replace("/follow/", "/unfollow/")
    for path in (swapped, link[:-2] + "/", "/corrections/follow/x/", "/corrections/unfollow/::/"):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404
    assert client.put(link).status_code == 405
    assert CorrectionFollower.objects.filter(confirmed_at=None).exists()


def test_only_what_readers_see_is_followed(client: Client, article: Article) -> None:
    article.unpublish()
    for answer in (client.get(FOLLOW), client.post(FOLLOW, {"email": ANA})):
        assert answer.status_code == 404
