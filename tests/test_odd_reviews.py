"""What no browser sends to the pages of clinical review, signed in or not, is answered.

Databases refuse different things: PostgreSQL a NUL, both a number that is too long.
"""

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from articles import correcting, follower_mail, notes, sign_off_receipts
from articles.models import (
    Article,
    Correction,
    CorrectionFollower,
    MinorEdit,
    ReaderMessage,
    Review,
    SourceTask,
)
from articles.signing import mark_minor
from tests.reviewing import a_neurologist, approve, edit, text_of
from tests.signing_off import asked, only_link
from tests.source_files import a_source, as_csv, check, citing, row

pytestmark = pytest.mark.django_db

ADMIN = "/admin/articles/"
MODELS = (
    "article", "contributor", "correction", "minoredit", "readermessage", "review", "reviewround",
    "source", "sourcetask",
)  # fmt: skip
HUGE = "9" * 30
ODD_KEYS = ("0", "9223372036854775808", HUGE, "_00", "%D9%A1")
QUERIES = (
    "show=%00", f"p={HUGE}", "p=-1&state=%FF", "state=nosuch&p=abc", "all=&number=%00",
    f"contributor={HUGE}", "contributor=%00", f"section={HUGE}", "section=%00", "message=%C2%B2",
    f"message={HUGE}", "q=%00", "q=%FF", "o=-1", f"o={HUGE}", "deed=%00", "deed=nosuch",
    "country=%00", "_to_field=&_popup=", "format=%00", "year=0", f"week={HUGE}", "asked=%FF",
)  # fmt: skip
VALUES = ("\x00", HUGE, "-1", "١", "x" * 6_000)

# All that any of these forms reads, and what Django's own forms do.
NAMES = """
    outcome positions covers_whole scope message shown_as code again change show reason deed
    contributor email number words state text asked note answers_to section before after to_do why
    noticed_by kind revision evidence_searched_on evidence_searched_in sources_rechecked
    links_checked comments_read is_minor reply resolve answer status token action _selected_action
    _draft _publish _safety sources-TOTAL_FORMS title pasted references
""".split()  # noqa: SIM905


@pytest.fixture
def article(
    make_article: Callable[..., Article], editor: User, author: User, tmp_path: Path
) -> Article:
    """An article with one of all that can be said about it."""
    article: Article = citing(make_article, a_source(), slug="spasm")
    check(tmp_path, as_csv(row()))
    article.refresh_from_db()
    approve(article.live)  # type: ignore[arg-type]
    before = article.live
    assert before
    after = edit(article, text_of("Causes", "Treatment"))
    after = edit(article, text_of("Causes", "Treatment", Causes="Nobody knows!"))
    assert mark_minor(after, after.article.revisions.get(number=after.number - 1), by=author)
    correcting.correct(article, kind="safety", by=author, before="A.", after="B.", to_do="Ask.")
    ReaderMessage.objects.create(article=article, text="Is it so?", revision=after)
    notes.write(after.sections.all()[1], text="Is it so?", by=author)
    return article


@pytest.fixture
def public(article: Article) -> list[str]:
    """The addresses that somebody without an account may have."""
    follower = CorrectionFollower.objects.create(article=article, email="reader@example.org")
    review = Review.objects.get()
    confirming, leaving = (
        signer.sign(follower.pk) for signer in (follower_mail.CONFIRM, follower_mail.LEAVE)
    )
    receipt = sign_off_receipts.token_of(review)
    link = asked(article)
    return [
        "/articles/spasm/",
        "/articles/spasm/history/",
        "/articles/spasm/tell/",
        "/articles/spasm/follow-corrections/",
        *(f"/articles/spasm/signed/{pk}/{at}/" for pk, at in product((review.pk, HUGE), (1, HUGE))),
        "/corrections/",
        "/corrections/feed/",
        f"/corrections/{Correction.objects.get().pk}/",
        f"/corrections/{HUGE}/",
        f"/corrections/follow/{confirming}/",
        f"/corrections/follow/{HUGE}/",
        f"/corrections/unfollow/{leaving}x/",
        f"/told/{ReaderMessage.objects.get().number}/",
        f"/told/{HUGE}/",
        "/told/²/",
        link,
        f"{link}code/",
        "/sign-off/nosuch/",
        "/sign-off/nosuch/code/",
        f"/sign-off/receipt/{receipt}/",
        f"/sign-off/receipt/{HUGE}/",
        "/about/review/",
        "/people/nora-nerve/",
    ]


@pytest.fixture
def desk(article: Article) -> list[str]:
    """The addresses of the desk, each with what can be done there."""
    asked(article, contributor=a_neurologist(name="Karl Kin"))
    at = f"{ADMIN}article/{article.pk}/"
    link = only_link().pk
    acts = ("review", "correct", "safety", "finish-review", "notes", "ask", "confirm-withdrawal")
    single = {
        "review": (Review.objects.get().pk, "take-back"),
        "minoredit": (MinorEdit.objects.get().pk, "check"),
        "sourcetask": (SourceTask.objects.all()[0].pk, "decide"),
        "correction": (Correction.objects.get().pk, "change"),
        "readermessage": (ReaderMessage.objects.get().pk, "change"),
    }
    return [
        *(f"{at}{act}/" for act in acts),
        *(f"{at}review/{number}/" for number in (1, HUGE)),
        *(f"{at}ask/{key}/{deed}/" for key in (link, HUGE) for deed in ("revoke", "again")),
        *(f"{ADMIN}{name}/{pk}/{deed}/" for name, (pk, deed) in single.items()),
        *(f"{ADMIN}{name}/{HUGE}/{deed}/" for name, (_pk, deed) in single.items()),
        *(f"{ADMIN}{name}/" for name in MODELS),
        f"{ADMIN}reviewround/figures/",
        "/admin/",
    ]


def failing(answers: Iterator[tuple[str, Any]]) -> list[str]:
    return [what for what, answer in answers if answer.status_code >= 500]


def quiet(client: Client) -> Client:
    client.raise_request_exception = False
    return client


def test_no_query_or_method_breaks_a_public_page(client: Client, public: list[str]) -> None:
    visitor = quiet(client)
    assert not failing(
        (f"{at}?{q}", visitor.get(f"{at}?{q}")) for at, q in product(public, QUERIES)
    )
    methods = product(public, ("HEAD", "OPTIONS", "PUT", "DELETE", "NOSUCH"))
    assert not failing((f"{how} {at}", visitor.generic(how, at)) for at, how in methods)


def test_no_form_of_odd_values_breaks_a_public_page(client: Client, public: list[str]) -> None:
    visitor = quiet(client)
    sent = product(public, odd_forms())
    assert not failing((f"{at} {form!s:.60}", visitor.post(at, form)) for at, form in sent)
    assert not failing(junk(visitor, public))
    assert Review.objects.count() == 1
    assert Review.objects.standing().count() == 1


@pytest.mark.parametrize("who", ["superuser", "editor", "reviewer", "author"])
def test_no_query_or_method_breaks_the_desk(
    request: pytest.FixtureRequest, desk: list[str], who: str
) -> None:
    staff = quiet(request.getfixturevalue(f"as_{who}"))
    some = QUERIES if who == "superuser" else QUERIES[:4]
    assert not failing((f"{at}?{q}", staff.get(f"{at}?{q}")) for at, q in product(desk, some))
    methods = product(desk, ("OPTIONS", "PUT", "NOSUCH"))
    assert not failing((f"{how} {at}", staff.generic(how, at)) for at, how in methods)


@pytest.mark.parametrize("who", ["editor", "reviewer"])
def test_no_form_of_odd_values_breaks_the_desk(
    request: pytest.FixtureRequest, desk: list[str], reviewer: User, who: str
) -> None:
    a_neurologist(name="Rosa Checks", user=reviewer)
    staff = quiet(request.getfixturevalue(f"as_{who}"))
    sent = product(desk, odd_forms())
    assert not failing((f"{at} {form!s:.60}", staff.post(at, form)) for at, form in sent)
    assert not failing(junk(staff, desk))


def test_a_row_that_cannot_be_is_not_found(as_superuser: Client, article: Article) -> None:
    staff = quiet(as_superuser)
    rows = [f"{ADMIN}{name}/{key}/change/" for name, key in product(MODELS, ODD_KEYS)]
    assert not failing((at, staff.get(at)) for at in rows)


def odd_forms() -> list[dict[str, Any]]:
    a_file = {name: SimpleUploadedFile("a.txt", b"words") for name in NAMES}
    return [{}, a_file, *({name: [value, "1", value] for name in NAMES} for value in VALUES)]


def junk(client: Client, addresses: list[str]) -> Iterator[tuple[str, Any]]:
    """Send what is no form."""
    for at in addresses:
        body, kind = b"\x00\xff=\x00", "application/x-www-form-urlencoded"
        yield at, client.post(at, body, content_type=kind)
        yield at, client.post(at, b"junk", content_type="multipart/form-data; boundary=x")
