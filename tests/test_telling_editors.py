"""Something wrong or unclear: readers tell the editors, and read what became of it by a number."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import AuditAct
from articles.models import Article, ReaderMessage
from tests.conftest import FIRST_PAGE
from tests.correcting import corrected, work
from tests.desk import filled

pytestmark = pytest.mark.django_db

PAGE = f"/articles/{FIRST_PAGE}/"
TELL = f"{PAGE}tell/"
WORDS = "An hour? My leaflet says a day."


def send(client: Client, address: str = TELL, **fields: Any) -> Any:
    return client.post(address, {"text": WORDS, **fields})


@pytest.fixture
def strict() -> Client:
    """A client whose forms are checked as in production."""
    return Client(enforce_csrf_checks=True)


def test_a_reader_tells_the_editors_without_an_account(
    client: Client, article: Article, mailoutbox: list[EmailMessage]
) -> None:
    assert f'href="{TELL}"' in client.get(PAGE).text
    page = client.get(TELL)
    assert 'href="tel:112"' in page.text
    assert "names, addresses" in page.text
    number = re.findall(r'name="number" value="([\w-]+)"', page.text)[0]
    answer = send(client, section="s-conclusion", number=number)
    assert answer.headers["Location"] == f"/told/{number}/"
    told = client.get(f"/told/{number}/").text
    for words in (number, WORDS, "Conclusion", "Received"):
        assert words in told
    work()
    [mail] = mailoutbox
    assert mail.subject == "A reader wrote to the editors"
    whole = mail.message().as_string()
    for word in ("leaflet", "acupuncture", "Conclusion", number):
        assert word not in whole


def test_the_number_is_random_and_can_be_read_out(client: Client, article: Article) -> None:
    numbers = {send(client, text=f"{n}").headers["Location"] for n in range(5)}
    assert len(numbers) == 5
    for number in numbers:
        assert re.fullmatch(r"/told/([2-9a-hjkmnp-z]{4}-){3}[2-9a-hjkmnp-z]{4}/", number)


def test_two_clicks_send_one_message(
    client: Client, article: Article, mailoutbox: list[EmailMessage]
) -> None:
    number = "abcd-efgh-jkmn-pqrs"
    first, second = send(client, number=number), send(client, number=number)
    assert first.headers["Location"] == second.headers["Location"] == f"/told/{number}/"
    other = send(client, number=number, text="Something else.")
    assert other.headers["Location"] != f"/told/{number}/"
    assert ReaderMessage.objects.count() == 2
    work()
    assert len(mailoutbox) == 2


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("text", "x" * 5_001, "at most 5000"),
        ("text", " \n ", "Write what is wrong or unclear."),
        ("section", "s-gone", "choose the place again"),
        ("website", "http://x.example", "please send it once more"),
    ],
)
def test_what_is_refused_keeps_the_words(
    client: Client, article: Article, field: str, value: str, said: str
) -> None:
    answer = send(client, **{field: value})
    assert answer.status_code == 400
    assert said in answer.text
    assert (value if field == "text" else WORDS) in answer.text
    assert not ReaderMessage.objects.exists()


def test_after_a_browser_filled_in_too_much_the_same_form_can_be_sent(
    client: Client, article: Article
) -> None:
    page = send(client, website="http://x.example", number="abcd-efgh-jkmn-pqrs")
    assert "http://x.example" not in page.text
    number = re.findall(r'name="number" value="([\w-]+)"', page.text)[0]
    assert send(client, number=number).status_code == 302


def test_a_form_that_was_open_too_long_keeps_the_words(strict: Client, article: Article) -> None:
    answer = send(strict, section="s-conclusion")
    assert answer.status_code == 403
    assert WORDS in answer.text
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.text)[0]
    assert send(strict, csrfmiddlewaretoken=token).status_code == 302


def test_who_sends_many_keeps_the_words_and_is_told_when(client: Client, article: Article) -> None:
    with time_machine.travel("2026-03-01T12:10Z", tick=False):
        for number in range(10):
            assert send(client, text=f"Number {number}.").status_code == 302
        answer = send(client)
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "3000"
        assert WORDS in answer.text
        assert send(client, REMOTE_ADDR="198.51.100.7").status_code in {302, 429}
    assert ReaderMessage.objects.filter(text=WORDS).count() <= 1


def test_what_is_taken_down_meanwhile_still_takes_the_words(
    client: Client, article: Article
) -> None:
    article.unpublish()
    assert client.get(TELL).status_code == 404
    assert send(client).status_code == 302
    assert ReaderMessage.objects.get().text == WORDS


def test_what_nobody_has_read_yet_takes_no_words(
    client: Client, make_article: Callable[..., Article]
) -> None:
    make_article(slug="draft", published=None)
    with time_machine.travel("2026-03-01T12:00Z"):
        make_article(slug="later", published=datetime(2026, 4, 1, tzinfo=UTC))
        for address in ("draft", "later", "nothing"):
            path = f"/articles/{address}/tell/"
            assert client.get(path).status_code == 404
            assert send(client, path).status_code == 404


def test_an_article_that_moved_is_found(client: Client, article: Article) -> None:
    article.slug = "spasm"
    article.save()
    assert client.get(TELL).headers["Location"] == "/articles/spasm/tell/"
    assert send(client).status_code == 302


# --- what became of it ----------------------------------------------------------------------------


def test_a_number_is_found_however_it_is_typed(client: Client, article: Article) -> None:
    message = ReaderMessage.objects.create(article=article, text=WORDS)
    typed = message.number.replace("-", " ").upper()
    assert client.get(f"/told/{typed}/").headers["Location"] == f"/told/{message.number}/"


@pytest.mark.parametrize("odd", ["1", "abcd-efgh-jkmn-pqrs", "x" * 500, "%00", "%ff", "0-0-0-0"])
def test_a_number_that_is_none_is_not_found(client: Client, article: Article, odd: str) -> None:
    ReaderMessage.objects.create(article=article, text=WORDS)
    assert client.get(f"/told/{odd}/").status_code in {400, 404}


def test_the_page_of_a_message_is_kept_by_nobody_and_found_by_nobody(
    client: Client, article: Article
) -> None:
    message = ReaderMessage.objects.create(article=article, text="<b>Hm")
    answer = client.get(f"/told/{message.number}/")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "&lt;b&gt;Hm" in answer.text
    assert client.post(f"/told/{message.number}/").status_code == 405
    assert client.delete(TELL).status_code == 405
    assert "Disallow: /told/" in client.get("/robots.txt").text
    assert message.number not in client.get(PAGE).text


def test_an_editor_answers_and_the_reader_reads_it(
    as_editor: Client, client: Client, article: Article
) -> None:
    message = ReaderMessage.objects.create(article=article, text=WORDS)
    desk = f"/admin/articles/readermessage/{message.pk}/change/"
    page = as_editor.get(desk)
    assert f"/admin/articles/article/{article.pk}/correct/?message={message.pk}" in page.text
    form = filled(page, "readermessage_form", state="answered", answer="You are right, thank you.")
    assert as_editor.post(desk, form).status_code == 302
    told = client.get(f"/told/{message.number}/").text
    assert "You are right, thank you." in told
    assert "Answered" in told
    act = AuditAct.objects.get(deed="reader_message.answered")
    assert act.fields == ["answer", "state"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"state": "answered"}, "Write the answer"),
        ({"state": "corrected"}, "Choose the correction"),
    ],
)
def test_a_state_says_nothing_that_is_not_so(
    as_editor: Client, article: Article, changes: dict[str, str], said: str
) -> None:
    message = ReaderMessage.objects.create(article=article, text=WORDS)
    desk = f"/admin/articles/readermessage/{message.pk}/change/"
    form = filled(as_editor.get(desk), "readermessage_form", **changes)
    assert said in as_editor.post(desk, form).text
    message.refresh_from_db()
    assert message.state == "new"


def test_a_message_leads_to_corrections_of_its_article_only(
    as_editor: Client, article: Article, make_article: Callable[..., Article]
) -> None:
    other = corrected(make_article())
    message = ReaderMessage.objects.create(article=article, text=WORDS)
    desk = f"/admin/articles/readermessage/{message.pk}/change/"
    form = filled(as_editor.get(desk), "readermessage_form", correction=other.pk)
    assert as_editor.post(desk, form).status_code == 200
    message.refresh_from_db()
    assert message.correction is None


def test_messages_are_for_editors(
    as_author: Client, as_reviewer: Client, as_member: Client, as_editor: Client, article: Article
) -> None:
    message = ReaderMessage.objects.create(article=article, text=WORDS)
    desk = f"/admin/articles/readermessage/{message.pk}/change/"
    assert as_author.get(desk).status_code == 403
    assert as_reviewer.get("/admin/articles/readermessage/").status_code == 403
    assert as_member.get(desk).status_code == 302
    listed = as_editor.get("/admin/articles/readermessage/?state=new").text
    assert message.number in listed
    assert WORDS not in listed
