"""The audit trail as a file that a spreadsheet opens, and does nothing by it."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditAct, User
from accounts.spreadsheet import harmless
from articles.models import Article
from articles.trail import acts_on
from tests.reviewing import approve

pytestmark = pytest.mark.django_db

EXPORT = "/admin/accounts/auditact/export/"


def fetched(client: Client, **form: str) -> list[dict[str, str]]:
    answer = client.post(EXPORT, form or {"about": ""})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8", answer.text
    assert "attachment" in answer["Content-Disposition"]
    content = b"".join(answer).decode()  # type: ignore[arg-type]
    assert content.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"), newline="")))


def test_a_superuser_fetches_all_acts_in_order(
    as_superuser: Client, editor: User, article: Article
) -> None:
    AuditAct.objects.record("article.unpublished", by=editor, on=article, reason="A mistake")
    assert "/export/" in as_superuser.get("/admin/accounts/auditact/").text
    rows = fetched(as_superuser)
    assert rows == sorted(rows, key=lambda row: row["when"])
    last = rows[-1]
    assert last["what was done"] == "Took an article back to a draft"
    assert (last["by"], last["reason"]) == ("Emil Edits", "A mistake")
    assert last["on"] == f"articles.Article {article.pk}"
    assert any("revision 1" in row["hashes"] for row in rows)


def test_fetching_the_file_is_an_act(as_superuser: Client) -> None:
    fetched(as_superuser)
    assert AuditAct.objects.get(deed="audit_trail.exported").actor
    assert as_superuser.get(EXPORT).status_code == 200
    assert AuditAct.objects.filter(deed="audit_trail.exported").count() == 1


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "\x00="])
def test_no_cell_begins_like_a_formula(as_superuser: Client, begin: str) -> None:
    formula = begin + 'HYPERLINK("https://example.org/?"&A1,"Look")'
    AuditAct.objects.bulk_create([AuditAct(deed="member.looked_up", reason="x")])
    assert harmless(formula).startswith("'")
    if "\x00" not in formula:  # PostgreSQL stores none
        AuditAct.objects.update(reason=formula)
        [row] = fetched(as_superuser)
        assert row["reason"] == f"'{formula}"


def test_it_is_narrowed_to_one_article_and_all_that_hangs_on_it(
    as_superuser: Client, article: Article, make_article: Callable[..., Article]
) -> None:
    other = make_article()
    assert article.live
    review = approve(article.live)
    old = article.slug
    article.slug = "spasm"
    article.save()
    for address in ("/articles/spasm/", f"http://localhost:8000/articles/{old}/#sources", "spasm"):
        found = {row["on"] for row in fetched(as_superuser, about=address)}
        assert f"articles.Review {review.pk}" in found
        assert f"articles.Article {article.pk}" in found
        assert f"articles.Article {other.pk}" not in found
    page = as_superuser.post(EXPORT, {"about": "/articles/nowhere/"}).text
    assert "Nothing of which acts are kept stands at this address." in page
    assert 'value="/articles/nowhere/"' in page


def test_it_is_narrowed_to_some_days(as_superuser: Client) -> None:
    today = timezone.localdate()
    noon = timezone.make_aware(datetime(today.year, today.month, today.day, 12))
    days = {"a": noon - timedelta(days=2), "b": noon - timedelta(days=1), "c": noon}
    AuditAct.objects.bulk_create(AuditAct(deed=d, at=at) for d, at in days.items())
    yesterday = str(today - timedelta(days=1))
    found = [row["deed"] for row in fetched(as_superuser, begin=yesterday, end=yesterday)]
    assert found == ["b"]
    assert [row["deed"] for row in fetched(as_superuser, end=yesterday)] == ["a", "b"]
    page = as_superuser.post(EXPORT, {"begin": str(today), "end": yesterday}).text
    assert "The last day is before the first." in page
    assert as_superuser.post(EXPORT, {"begin": "tomorrow"}).status_code == 200


def test_others_get_no_file(
    as_editor: Client, as_moderator: Client, as_member: Client, client: Client
) -> None:
    for who in (as_editor, as_moderator, as_member, client):
        for answer in (who.get(EXPORT), who.post(EXPORT, {"about": ""})):
            assert answer.status_code in {302, 403}
    assert not AuditAct.objects.filter(deed="audit_trail.exported").exists()


def test_a_long_trail_asks_no_more(as_superuser: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            fetched(as_superuser)
        return len(queries)

    few = asked()
    AuditAct.objects.bulk_create(AuditAct(deed="member.looked_up") for _number in range(400))
    assert asked() <= few + 1


def test_who_wrote_a_comment_stands_in_no_line(
    as_superuser: Client, member: User, article: Article
) -> None:
    from tests.discussing import say

    comment: Any = say(member, article)
    AuditAct.objects.record("comment.withdrawn", by=member, on=comment, about=member)
    [row] = [row for row in fetched(as_superuser) if row["deed"] == "comment.withdrawn"]
    assert str(member.public_id) not in repr(row)


def test_the_trail_of_an_article_is_found_by_its_address(
    as_superuser: Client, article: Article, make_article: Callable[..., Article]
) -> None:
    make_article()
    assert article.live
    approve(article.live)
    page = as_superuser.get(f"/admin/accounts/auditact/?q=/articles/{article.slug}/").text
    assert "review.signed" in page
    assert page.count("field-deed") == len(list(acts_on(article)))
    for odd in ("/articles/nowhere/", "/", "/articles/", "///"):
        assert as_superuser.get("/admin/accounts/auditact/", {"q": odd}).status_code == 200
