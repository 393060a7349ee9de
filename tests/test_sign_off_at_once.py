"""Two tabs, two clicks, two editors: what is signed once is there once, and the page says so."""

import json
from pathlib import Path
from typing import Any

import pytest

from articles.models import Article
from tests.processes import Processes

PARALLEL = """
import json
import re
from concurrent.futures import ThreadPoolExecutor
from django.db import connection
from django.test import Client
from accounts.models import AuditAct, OutgoingMail
from articles import sign_off_links, sign_off_receipts
from articles.claims import claims_of
from articles.models import Article, Contributor, Review, Revision, SignOffLink
from articles.models.article import state_of

article = Article.objects.get()
first = article.newest_revision
second = article.revise(title="Title", summary="", text="## One\\n\\nOther words.")
nora = Contributor.objects.create(name="Nora Nerve", profession="Neurologist")

def mails(subject):
    return [m.message["body"] for m in OutgoingMail.objects.order_by("pk")
            if m.message["subject"] == subject]

def invite():
    return sign_off_links.invite(first, nora, email="nora@example.org", by=None)

link = invite()
address = re.findall("http://localhost:8000(/sign-off/.+)", mails("A text for you to check")[0])[0]
choices = {{"outcome": "approve", "positions": ["0", "1"], "shown_as": "name"}}
host = {{"headers": {{"Host": "localhost:8000"}}}}

def send_code():
    return Client().post(address + "code/", choices, **host).status_code

if {has_code}:
    send_code()
    code = re.findall("^[0-9]{{6}}$", mails("Your six digits")[0], re.MULTILINE)[0]
    wrong = f"{{(int(code) + 1) % 10**6:06}}"

def sign(typed=None):
    answer = Client().post(address, {{**choices, "code": typed or code}}, **host)
    return answer.headers.get("Location", answer.status_code)

def attempt(number):
    try:
        return {deed}
    finally:
        connection.close()

with ThreadPoolExecutor(8) as pool:
    said = list(pool.map(attempt, range(8)))
article = Article.objects.get()
link = SignOffLink.objects.get(pk=link.pk)
print(json.dumps({{
    "said": [str(one) for one in said],
    "reviews": Review.objects.count(),
    "receipts": len(mails("Receipt of your sign-off")),
    "codes": len(mails("Your six digits")),
    "usable": SignOffLink.objects.usable().count(),
    "links": SignOffLink.objects.count(),
    "used": bool(link.used_at),
    "revoked": bool(link.revoked_at),
    "told": len(mails("A sign-off was disputed")),
    "acts": AuditAct.objects.filter(deed="review.disputed").count(),
    "tries": link.code_tries,
    "live": Revision.objects.get(pk=article.live_id).number,
    "kept": article.review_state,
    "true": str(state_of(claims_of(Revision.objects.get(pk=article.live_id)))),
    "afterwards": {afterwards},
}}))
"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draft(make_article: Any) -> Article:
    article: Article = make_article(title="Title", text="## One\n\nWords.\n")
    return article


def at_once(
    tmp_path: Path, deed: str, *, has_code: bool = True, afterwards: str = "None"
) -> dict[str, Any]:
    """Return what was left, read where it took place: processes may have a copy of the database."""
    code = PARALLEL.format(deed=deed, has_code=has_code, afterwards=afterwards)
    left: dict[str, Any] = json.loads(Processes(tmp_path).run("shell", "-v", "0", "-c", code))
    return left


def test_eight_clicks_sign_once_and_all_see_the_receipt(draft: Article, tmp_path: Path) -> None:
    left = at_once(tmp_path, "sign()")
    assert (left["reviews"], left["receipts"]) == (1, 1)
    [receipt] = set(left["said"])
    assert receipt.startswith("/sign-off/receipt/")
    assert left["kept"] == left["true"] == "signed"


def test_eight_guesses_count_as_eight(draft: Article, tmp_path: Path) -> None:
    left = at_once(tmp_path, "sign(wrong)", afterwards="sign()")
    assert set(left["said"]) == {"400"}
    assert left["tries"] == 5
    assert left["afterwards"] == 400
    assert left["reviews"] == 0


def test_of_eight_clicks_for_a_code_one_mail_comes(draft: Article, tmp_path: Path) -> None:
    left = at_once(tmp_path, "send_code()", has_code=False)
    assert left["codes"] == 1


def test_publishing_while_it_is_signed_leaves_the_page_true(draft: Article, tmp_path: Path) -> None:
    left = at_once(
        tmp_path,
        "sign() if number % 2 else Article.objects.get().publish(second if number % 4 else first)",
    )
    assert left["reviews"] == 1
    assert left["kept"] == left["true"]


def test_a_link_is_used_or_taken_back(draft: Article, tmp_path: Path) -> None:
    left = at_once(tmp_path, "sign() if number % 2 else sign_off_links.revoke(link, by=None)")
    assert (left["used"], left["revoked"]) in {(True, False), (False, True)}
    assert left["reviews"] == left["receipts"] == left["used"]


def test_an_article_is_signed_before_it_is_withdrawn_or_not_at_all(
    draft: Article, tmp_path: Path
) -> None:
    left = at_once(
        tmp_path, "Article.objects.get().withdraw(reason='Wrong.') if number == 4 else sign()"
    )
    assert left["reviews"] == left["receipts"] == left["used"]
    assert left["kept"] == left["true"]


def test_of_eight_links_to_one_person_the_last_works(draft: Article, tmp_path: Path) -> None:
    left = at_once(tmp_path, "invite().pk", has_code=False)
    assert (left["usable"], left["links"]) == (1, 9)


def test_taking_back_while_it_is_published_leaves_the_page_true(
    draft: Article, tmp_path: Path
) -> None:
    left = at_once(
        tmp_path,
        "(sign() and sign_off_receipts.take_back(Review.objects.get())) if number == 3 "
        "else Article.objects.get().publish(first)",
    )
    assert left["reviews"] == 1
    assert left["kept"] == left["true"] == "unchecked"


def test_eight_clicks_dispute_and_tell_once(draft: Article, tmp_path: Path) -> None:
    left = at_once(tmp_path, "(sign(), sign_off_receipts.dispute(Review.objects.get()))[1]")
    assert sorted(left["said"]) == ["False"] * 7 + ["True"]
    assert (left["told"], left["acts"]) == (1, 1)
    assert left["kept"] == left["true"] == "unchecked"
