"""A reviewer without an account signs by a personal link; what has ended signs nothing."""

import re

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import AuditAct, User
from articles import sign_off_links
from articles.models import Article, Review, SignOffLink
from tests.conftest import FIRST_PAGE
from tests.reviewing import a_neurologist, edit, said, text_of
from tests.signing_off import (
    NORA,
    address_in,
    answer,
    asked,
    code_in,
    get_code,
    mails_to,
    only_link,
    sign,
)

pytestmark = pytest.mark.django_db


# --- signing --------------------------------------------------------------------------------------


def test_what_was_chosen_is_signed_with_the_code(article: Article, client: Client) -> None:
    address = asked(article)
    receipt = sign(client, address, covers_whole="on")
    assert receipt.status_code == 200
    review = Review.objects.get()
    assert review.outcome == "approve"
    assert review.scope == "Checked the treatment."
    assert review.message == "Well put."
    assert review.identity == "code"
    assert (review.name, review.profession) == ("Nora Nerve", "Neurologist")
    assert review.covers_whole
    assert not review.name_held
    assert said(article) == ["signed"] * 6
    link = only_link()
    assert link.used_at
    assert link.review == review
    [act] = AuditAct.objects.filter(deed="review.signed")
    assert act.actor is None


def test_no_cookie_is_needed(article: Article) -> None:
    """As in a browser that a mail program opens; it sends `Origin: null` without a referrer."""
    strict = Client(enforce_csrf_checks=True, headers={"Origin": "null"})
    sign(strict, asked(article))
    assert Review.objects.count() == 1
    assert not strict.cookies


def test_nothing_typed_is_lost_on_the_way(article: Article, client: Client) -> None:
    address = asked(article)
    words = "Line one\nLine <two> & “three”"
    fields = answer(1, 4, outcome="changes", scope="Doses", message=words, covers_whole="on")
    page = client.post(f"{address}code/", fields).text
    assert "changes needed" in page
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    assert [value for name, value in hidden if name == "positions"] == ["1", "4"]
    again = client.post(f"{address}code/", {**fields, "change": "1"}).text
    assert re.findall(r'name="positions" value="(\d)"[^>]* checked', again) == ["1", "4"]
    assert "Line &lt;two&gt; &amp; “three”</textarea>" in again
    assert re.search(r'value="changes"[^>]* checked', again)
    wrong = client.post(address, {**fields, "code": "x"})
    assert wrong.status_code == 400
    assert "Line &lt;two&gt; &amp; “three”" in wrong.text
    code = code_in(mails_to(NORA)[0])
    client.post(address, {**fields, "code": code})
    review = Review.objects.get()
    assert review.message.splitlines() == words.splitlines()
    assert [row.section.position for row in review.reviewed_sections.all()] == [1, 4]
    assert review.covers_whole


def test_readers_may_see_the_profession_alone(article: Article, client: Client) -> None:
    sign(client, asked(article), shown_as="profession")
    review = Review.objects.get()
    assert review.name_held
    assert review.shown_name == "Neurologist"


def test_without_a_profession_the_name_is_printed(article: Article, client: Client) -> None:
    nora = a_neurologist(profession="")
    address = asked(article, contributor=nora)
    assert "name held" not in client.get(address).text
    page = client.post(f"{address}code/", answer(shown_as="profession"))
    assert page.status_code == 400
    assert len(mails_to(NORA)) == 1


@pytest.mark.parametrize("outcome", ["changes", "reject"])
def test_who_does_not_approve_says_why(article: Article, client: Client, outcome: str) -> None:
    address = asked(article)
    page = client.post(f"{address}code/", answer(outcome=outcome, message=""))
    assert page.status_code == 400
    assert "Say in your message what is wrong." in page.text
    sign(client, address, outcome=outcome)
    assert Review.objects.get().outcome == outcome
    assert said(article) == ["unchecked"] * 6


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"outcome": ""}, "Choose your verdict."),
        ({"outcome": "perhaps"}, "Select a valid choice"),
        ({"positions": []}, "Choose at least one section."),
        ({"positions": ["99"]}, "Choose sections of this revision."),
        ({"positions": ["x"]}, "Choose sections of this revision."),
        ({"scope": "x" * 301}, "at most 300 characters"),
        ({"shown_as": "somebody"}, "Select a valid choice"),
    ],
)
def test_an_answer_that_makes_no_sense_sends_no_code(
    article: Article, client: Client, changes: dict[str, object], sentence: str
) -> None:
    address = asked(article)
    for path in (f"{address}code/", address):
        page = client.post(path, {**answer(), **changes, "code": "123456"})
        assert page.status_code == 400
        assert sentence in page.text
        assert "Well put." in page.text
    assert len(mails_to(NORA)) == 1
    assert not Review.objects.exists()


def test_nobody_approves_their_own_text(article: Article, client: Client) -> None:
    [writer] = article.ordered_authors()
    address = asked(article, contributor=writer)
    page = client.get(address).text
    assert page.count("These are your own words") == 6
    refused = client.post(f"{address}code/", answer())
    assert refused.status_code == 400
    assert "Nobody signs what they wrote: somebody else has to check it." in refused.text
    assert len(mails_to(NORA)) == 1


def test_who_becomes_author_meanwhile_cannot_approve(article: Article, client: Client) -> None:
    address = asked(article)
    code = get_code(client, address, answer())
    article.set_authors([a_neurologist()])
    page = client.post(address, {**answer(), "code": code})
    assert page.status_code == 400
    assert "Nobody signs what they wrote" in page.text
    assert not Review.objects.exists()
    assert only_link().is_usable


# --- links that do nothing ------------------------------------------------------------------------


def ended(client: Client, address: str, sentence: str) -> None:
    """See the sentence on every page of a link, and that nothing changes."""
    before = (Review.objects.count(), len(mail.outbox), SignOffLink.objects.count())
    pages = [
        client.get(address),
        client.post(f"{address}code/", answer()),
        client.post(f"{address}code/", answer(again="1")),
        client.post(address, {**answer(), "code": "123456"}),
    ]
    for page in pages:
        assert page.status_code == 410
        assert sentence in page.text
    for page in pages[1:]:
        assert "Well put." in page.text
    after = (Review.objects.count(), len(mail.outbox), SignOffLink.objects.count())
    assert before == after


def test_an_address_that_is_no_link_says_so(client: Client) -> None:
    for path in ("/sign-off/x/", "/sign-off/x/code/", "/sign-off/receipt/1.x/"):
        for page in (client.get(path), client.post(path, answer())):
            assert page.status_code == 404
            assert "This link is not whole." in page.text
    assert client.get("/sign-off/%ED%A0%80/").status_code == 404
    assert client.get(f"/sign-off/{'a' * 5000}/").status_code == 404


def test_a_link_ends_after_fourteen_days(article: Article, client: Client) -> None:
    address = asked(article)
    link = only_link()
    assert (link.expires_at - link.created_at).days in {13, 14}
    SignOffLink.objects.update(expires_at=timezone.now())
    ended(client, address, "it was good for 14 days")


def test_a_link_is_used_once(article: Article, client: Client) -> None:
    address = asked(article)
    sign(client, address)
    ended(client, address, "You signed with this link on")


def test_a_link_that_was_taken_back_says_so(article: Article, client: Client, editor: User) -> None:
    address = asked(article)
    code = get_code(client, address, answer())
    assert sign_off_links.revoke(only_link(), by=editor)
    ended(client, address, "The editors took this link back")
    client.post(address, {**answer(), "code": code})
    assert not Review.objects.exists()
    assert not sign_off_links.revoke(only_link(), by=editor)
    assert AuditAct.objects.filter(deed="sign_off_link.revoked").count() == 1


def test_a_withdrawn_article_is_not_signed(article: Article, client: Client) -> None:
    address = asked(article)
    code = get_code(client, address, answer())
    article.withdraw(reason="It was wrong.")
    ended(client, address, "This article was withdrawn")
    client.post(address, {**answer(), "code": code})
    assert not Review.objects.exists()


def test_of_a_revision_that_is_not_the_newest_what_still_reads_so_counts(
    article: Article, client: Client
) -> None:
    address = asked(article)
    assert article.live
    edit(article, article.live.text.replace("## Conclusion\n\nSome", "## Conclusion\n\nMany"))
    page = client.get(address).text
    assert "A newer revision than this one, 1, was written" in page
    assert "Many people" not in page
    sign(client, address)
    assert Review.objects.get().revision.number == 1
    assert said(article) == ["signed"] * 5 + ["edited"]


def test_asking_again_ends_the_older_link_to_the_same_person(
    article: Article, client: Client
) -> None:
    older = asked(article)
    otto = asked(article, contributor=a_neurologist(name="Otto"), email="otto@example.org")
    edit(article, text_of("One"))
    newer = asked(article)
    ended(client, older, "The editors took this link back")
    assert client.get(newer).status_code == client.get(otto).status_code == 200


def test_who_lost_their_name_here_is_not_asked_any_more(article: Article, client: Client) -> None:
    address = asked(article)
    a_neurologist().replace_name("a neurologist")
    assert client.get(address).status_code == 410
    assert only_link().email == ""


# --- mail -----------------------------------------------------------------------------------------


def test_no_subject_names_what_it_is_about(article: Article, client: Client, editor: User) -> None:
    address = asked(article, by=editor)
    receipt = sign(client, address).request["PATH_INFO"]
    client.post(f"{receipt}?deed=take-back")
    client.post(f"{receipt}?deed=dispute")
    subjects = {message.subject for message in mail.outbox}
    assert subjects == {
        "A text for you to check",
        "Your six digits",
        "Receipt of your sign-off",
        "Somebody you asked has answered",
        "A sign-off was taken back",
        "A sign-off was disputed",
    }


def test_a_mail_with_a_link_that_ended_is_not_sent(
    article: Article, editor: User, settings: Settings
) -> None:
    settings.MAILERS = {
        "default": {"BACKEND": "accounts.mail.QueueBackend"},
        "delivery": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"},
    }
    assert article.live
    for email in (NORA, "nora@elsewhere.example"):
        sign_off_links.invite(article.live, a_neurologist(), email=email, by=editor)
    call_command("run_worker", "--batch")
    assert [message.to for message in mail.outbox] == [["nora@elsewhere.example"]]


def test_who_asked_is_told_of_the_answer(article: Article, client: Client, editor: User) -> None:
    sign(client, asked(article, by=editor))
    [message] = mails_to(editor.email)
    assert f"/admin/articles/article/{article.pk}/ask/" in message.body
    assert "Nora" not in message.body


def test_the_audit_trail_holds_neither_names_nor_words(
    article: Article, client: Client, editor: User
) -> None:
    receipt = sign(client, asked(article, by=editor)).request["PATH_INFO"]
    client.post(f"{receipt}?deed=take-back", {"reason": "Nora was tired."})
    acts = AuditAct.objects.filter(object_type__in=["articles.Review", "articles.SignOffLink"])
    assert set(acts.values_list("deed", flat=True)) == {
        "sign_off_link.sent",
        "review.signed",
        "review.taken_back",
    }
    for act in acts.values():
        assert "Nora" not in str(act)
        assert NORA not in str(act)
        assert "Well put" not in str(act)


def test_the_link_in_the_mail_is_whole(article: Article) -> None:
    asked(article)
    [message] = mails_to(NORA)
    assert f"http://localhost:8000{address_in(message)}" in str(message.body).splitlines()
    assert FIRST_PAGE not in message.body
