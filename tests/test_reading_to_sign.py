"""What a reviewer without an account is shown: the frozen words, and what changed in them."""

import hashlib
import logging
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from articles.models import Article, MinorEdit, Review, SignOffLink
from tests.reviewing import a_neurologist, approve, edit, said, text_of
from tests.signing_off import (
    NORA,
    asked,
    mails_to,
    only_link,
    sign,
)

pytestmark = pytest.mark.django_db

HEADINGS = ("Understanding Hemifacial Spasm", "Conclusion")


def test_opening_a_link_changes_nothing(article: Article, client: Client) -> None:
    address = asked(article)
    before = SignOffLink.objects.values().get()
    for _time in range(3):
        page = client.get(address)
        assert page.status_code == 200
        client.head(address)
    assert client.get(f"{address}code/").status_code == 302
    assert SignOffLink.objects.values().get() == before
    assert not Review.objects.exists()
    assert len(mails_to(NORA)) == 1


def test_nobody_keeps_indexes_or_is_told_the_address(article: Article, client: Client) -> None:
    address = asked(article)
    receipt = sign(Client(), address).request["PATH_INFO"]
    gone = [address, f"{address[:-1]}x/", receipt, f"{receipt[:-1]}x/", f"{receipt}?deed=dispute"]
    another = asked(article)
    for path in (*gone, another):
        page = client.get(path)
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert "Set-Cookie" not in page.headers
        assert "next=" not in page.text
        assert not re.search(r'href="[^"]*(log-?in|signup)', page.text)


def test_only_the_hash_of_the_link_is_kept(article: Article) -> None:
    token = asked(article).split("/")[2]
    assert len(token) >= 43  # 256 bits in base64
    assert only_link().token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(SignOffLink.objects.values().get())


def test_no_line_of_a_log_holds_the_link(
    article: Article, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    from config.logs import PlainLines

    address = asked(article)
    client.raise_request_exception = False
    with caplog.at_level(logging.DEBUG, logger="django"):
        client.get(f"{address}nowhere/")
        client.put(address)
    written = "\n".join(PlainLines().format(record) for record in caplog.records)
    assert written
    assert address.split("/")[2] not in written


def test_a_first_reader_sees_all_sections(article: Article, client: Client) -> None:
    page = client.get(asked(article)).text
    assert "For Nora Nerve alone" in page
    for heading in HEADINGS:
        assert heading in page
    assert "How Many Acupuncture Sessions" in page
    assert "changed since" not in page
    assert re.findall(r'name="positions" value="(\d)"[^>]* checked', page) == list("012345")


def test_who_signed_before_sees_what_changed_since(article: Article, client: Client) -> None:
    live = article.live
    assert live
    approve(live)
    text = live.text.replace("## Conclusion\n\nSome", "## Conclusion\n\nMany")
    edit(article, text)
    address = asked(article)
    page = client.get(address).text
    assert "<del>Some</del><ins>Many</ins>" in page
    assert page.count("Some people are offered") == 0
    assert 'name="positions" value="5"' in page
    assert re.findall(r'name="positions" value="(\d)"[^>]* checked', page) == ["5"]
    whole = client.get(f"{address}?show=all").text
    assert whole.count("Some people are offered") == 4
    assert "As you signed it on" in whole


def test_it_is_their_own_signature_that_counts(article: Article, client: Client) -> None:
    assert article.live
    approve(article.live, contributor=a_neurologist(name="Otto Other"))
    page = client.get(asked(article)).text
    assert page.count("Some people are offered") == 5
    assert "You last signed" not in page
    assert "as you signed it" not in page


def test_a_section_that_was_removed_since_is_shown(article: Article, client: Client) -> None:
    live = article.live
    assert live
    approve(live)
    edit(article, live.text[: live.text.index("## Conclusion")])
    page = client.get(asked(article)).text
    assert "Removed since you signed it on" in page
    assert "<del>Some people" in page
    assert "you also agree that the removed sections are gone" in page
    assert "No section changed since; this is all of it." in page
    sign(client, asked(article), positions=range(5), covers_whole="on")
    assert said(article) == ["signed"] * 5


def test_who_looks_again_at_what_they_signed_sees_all_of_it(
    article: Article, client: Client
) -> None:
    assert article.live
    approve(article.live)
    page = client.get(asked(article)).text
    assert page.count("Some people are offered") == 5
    assert "No section changed since; this is all of it." in page
    assert "Show everything" not in page
    assert re.findall(r'name="positions" value="(\d)"[^>]* checked', page) == list("012345")


def test_words_that_only_moved_are_said_to_have_moved(article: Article, client: Client) -> None:
    first = edit(article, text_of("One", "Two", "Three"))
    approve(first)
    edit(article, text_of("Three", "One", "Two"))
    page = client.get(asked(article)).text
    assert page.count("its place or a source it rests on has changed") == 1


def test_a_corrected_spelling_is_shown_as_a_change(
    article: Article, client: Client, editor: User
) -> None:
    from articles.signing import mark_minor

    first = edit(article, text_of("One", "Two"))
    approve(first)
    second = edit(article, text_of("One", "Two", One="On Onne."))
    mark_minor(second, first, by=editor)
    assert MinorEdit.objects.exists()
    assert "<del>One</del><ins>Onne</ins>" in client.get(asked(article)).text


def test_sections_that_they_are_asked_for_are_chosen(article: Article, client: Client) -> None:
    page = client.get(asked(article, 2, 3)).text
    assert re.findall(r'name="positions" value="(\d)"[^>]* checked', page) == ["2", "3"]


def test_their_data_is_shown_as_it_will_be_printed(article: Article, client: Client) -> None:
    nora = a_neurologist(interests="Shares in Botulex", credentials="FRCP")
    page = client.get(asked(article, contributor=nora)).text
    assert "Shares in Botulex" in page
    assert "Tell the editors" in page
    assert "Nora Nerve, Neurologist, FRCP" in page
    assert "Neurologist, name held by the publisher" in page


def test_a_draft_is_signed_before_readers_see_it(article: Article, client: Client) -> None:
    edit(article, text_of("One"), publish=False)
    sign(client, asked(article), positions=[0, 1], covers_whole="on")
    assert said(article) == ["unchecked"] * 6
    assert article.newest_revision
    article.publish(article.newest_revision)
    assert said(article) == ["signed", "signed"]


def test_reading_takes_few_queries(
    article: Article, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    live = article.live
    assert live
    for _time in range(3):
        approve(live)
    edit(article, live.text.replace("Some", "Many"))
    address = asked(article)
    with django_assert_max_num_queries(25):
        client.get(address)
