"""A reviewer without an account shows by six digits that mail reaches them."""

import hashlib
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from articles.models import Article, Review, SignOffLink
from tests.reviewing import a_neurologist
from tests.signing_off import (
    NORA,
    answer,
    asked,
    code_in,
    get_code,
    mails_to,
    only_link,
)

pytestmark = pytest.mark.django_db


def test_the_code_is_kept_as_a_hash_with_our_key(article: Article, client: Client) -> None:
    code = get_code(client, asked(article), answer())
    link = only_link()
    guesses = {hashlib.sha256(text.encode()).hexdigest() for text in (code, f"{link.pk}:{code}")}
    assert link.code_hash not in guesses
    assert code not in str(SignOffLink.objects.values().get())


def test_digits_may_be_typed_with_spaces_and_in_any_script(
    article: Article, client: Client
) -> None:
    address = asked(article)
    code = get_code(client, address, answer())
    wide = code.translate({48 + digit: 0xFF10 + digit for digit in range(10)})
    typed = f" {wide[:3]} {wide[3:]} "
    assert client.post(address, {**answer(), "code": typed}).status_code == 302


def test_after_five_wrong_codes_the_right_one_is_refused_too(
    article: Article, client: Client
) -> None:
    address = asked(article)
    code = get_code(client, address, answer())
    wrong = f"{(int(code) + 1) % 10**6:06}"
    pages = [client.post(address, {**answer(), "code": wrong}).text for _time in range(5)]
    assert "This code is wrong. Look at the newest mail" in pages[3]
    assert "it was the fifth try" in pages[4]
    sixth = client.post(address, {**answer(), "code": code})
    assert sixth.status_code == 400
    assert "A code was tried five times" in sixth.text
    assert "Well put." in sixth.text
    assert not Review.objects.exists()
    client.post(f"{address}code/", {**answer(), "again": "1"})
    newer = code_in(mails_to(NORA)[0])
    assert client.post(address, {**answer(), "code": newer}).status_code == 302


def test_a_code_is_good_for_fifteen_minutes(article: Article, client: Client) -> None:
    address = asked(article)
    code = get_code(client, address, answer())
    SignOffLink.objects.update(code_sent_at=timezone.now() - timedelta(minutes=15))
    page = client.post(address, {**answer(), "code": code})
    assert page.status_code == 400
    assert "This code is older than 15 minutes." in page.text
    assert not Review.objects.exists()


def test_without_a_code_nothing_is_signed(article: Article, client: Client) -> None:
    address = asked(article)
    for code, sentence in (("", "Type the six digits"), ("000000", "There is no code")):
        page = client.post(address, {**answer(), "code": code})
        assert page.status_code == 400
        assert sentence in page.text
    assert not Review.objects.exists()


def test_a_page_that_is_sent_again_and_again_leaves_the_first_code_good(
    article: Article, client: Client
) -> None:
    """As a phone does that came back from the mail program."""
    address = asked(article)
    code = get_code(client, address, answer())
    for _time in range(6):
        assert client.post(f"{address}code/", answer()).status_code == 200
    assert len(mails_to(NORA)) == 2  # the link, and one code
    assert client.post(address, {**answer(), "code": code}).status_code == 302


def test_a_new_code_ends_the_one_before(article: Article, client: Client) -> None:
    address = asked(article)
    first = get_code(client, address, answer())
    only = SignOffLink.objects.all()
    while (second := get_code(client, address, answer(again="1"))) == first:
        pass
    assert client.post(address, {**answer(), "code": first}).status_code == 400
    assert client.post(address, {**answer(), "code": second}).status_code == 302
    assert only.count() == 1


def test_only_a_few_codes_are_sent_in_an_hour(article: Article, client: Client) -> None:
    address = asked(article)
    pages = [client.post(f"{address}code/", answer(again="1")) for _time in range(6)]
    assert [page.status_code for page in pages] == [200] * 5 + [400]
    assert "We sent you several codes in this hour." in pages[5].text
    assert "Well put." in pages[5].text
    assert len(mails_to(NORA)) == 1 + 5


def test_the_code_of_another_link_does_not_fit(article: Article, client: Client) -> None:
    otto = a_neurologist(name="Otto Other")
    ours = asked(article)
    theirs = asked(article, contributor=otto, email="otto@example.org")
    ours_code = get_code(client, ours, answer())
    page = client.post(theirs, {**answer(), "code": ours_code})
    assert "There is no code" in page.text
    theirs_code = get_code(client, theirs, answer(), "otto@example.org")
    if theirs_code != ours_code:
        page = client.post(theirs, {**answer(), "code": ours_code})
        assert "This code is wrong." in page.text
    assert not Review.objects.exists()


def test_who_was_passed_a_link_learns_no_address_and_gets_no_code(
    article: Article, client: Client
) -> None:
    address = asked(article)
    pages = client.get(address).text + client.post(f"{address}code/", answer()).text
    assert "n…@example.org" in pages
    assert NORA not in pages
    assert {tuple(message.to) for message in mail.outbox} == {(NORA,)}
