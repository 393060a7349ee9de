"""Signing, publishing and taking back in the same moment: what is out is what the rows allow."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from articles.models import Article
from tests.processes import Processes
from tests.reviewing import a_neurologist, approve, text_of

pytestmark = pytest.mark.django_db(transaction=True)

# Each thread has a connection of its own, and they all begin at the same moment.
PARALLEL = """
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from accounts.models import AuditAct, User
from articles.claims import claims_of
from articles.models import Article, Contributor, Review
from articles.models.article import state_of
from articles.signing import sign

tomorrow = timezone.now() + timedelta(days=1)
the = lambda handle: User.objects.get(handle=handle)
article = lambda: Article.objects.get()
newest = lambda: article().newest_revision
def signed(name, *positions):
    return sign(newest(), Contributor.objects.get(name=name), outcome="approve",
                positions=positions, identity="account")
deeds = [
    {deeds}
]
at_once = Barrier(len(deeds), timeout=30)

def attempt(deed):
    try:
        connection.ensure_connection()
        at_once.wait()
        deed()
        return "done"
    except ValidationError as problem:
        return problem.messages[0]
    finally:
        connection.close()

with override_settings(CLINICAL_REVIEW="required"), ThreadPoolExecutor(len(deeds)) as pool:
    said = list(pool.map(attempt, deeds))
after = article()
found = claims_of(newest())
print(json.dumps({{
    "said": said,
    "out": after.is_published,
    "scheduled": after.is_scheduled,
    "signed": found.is_signed,
    "state": after.review_state,
    "true_state": str(state_of(found)),
    "confirmed": bool(after.withdrawal_confirmed_at),
    "trail": list(AuditAct.objects.order_by("pk").values_list("deed", flat=True)),
}}))
"""
PUBLISH = "lambda: article().publish(newest(), by=the('Emil Edits')),"
SCHEDULE = "lambda: article().publish(newest(), by=the('Emil Edits'), at=tomorrow),"
TAKE_BACK = "lambda: Review.objects.first().take_back('Wrong.'),"


@pytest.fixture
def draft(make_article: Callable[..., Article], editor: User) -> Article:
    a_neurologist()
    a_neurologist(name="Karl Kin")
    return make_article(text=text_of("One", "Two"), published=None)


def at_once(folder: Path, *deeds: str) -> Any:
    code = PARALLEL.format(deeds="\n    ".join(deeds))
    return json.loads(Processes(folder).run("shell", "-v", "0", "-c", code))


def test_publishing_while_the_last_section_is_signed(draft: Article, tmp_path: Path) -> None:
    approve(draft.newest_revision, 0, 1)  # type: ignore[arg-type]
    left = at_once(tmp_path, PUBLISH, "lambda: signed('Karl Kin', 2),")
    assert left["signed"]
    published, signed = left["said"]
    assert signed == "done"
    if published == "done":
        assert left["out"]
        assert left["trail"].index("article.published") > rindex(left["trail"], "review.signed")
        assert left["state"] == left["true_state"] == "signed"
    else:
        assert "1 of 3 sections is not signed" in published
        assert not left["out"]


def test_publishing_while_a_review_is_taken_back(draft: Article, tmp_path: Path) -> None:
    approve(draft.newest_revision)  # type: ignore[arg-type]
    left = at_once(tmp_path, PUBLISH, TAKE_BACK)
    published, taken_back = left["said"]
    assert taken_back == "done"
    assert not left["signed"]
    assert left["state"] == "unchecked"
    if published == "done":  # it was signed then, and its page says that it no longer is
        assert left["trail"].index("article.published") < left["trail"].index("review.taken_back")
    assert left["out"] == (published == "done")


def test_scheduling_while_a_review_is_taken_back(draft: Article, tmp_path: Path) -> None:
    approve(draft.newest_revision)  # type: ignore[arg-type]
    left = at_once(tmp_path, SCHEDULE, TAKE_BACK)
    assert not left["signed"]
    assert not left["scheduled"]
    assert ("article.unscheduled" in left["trail"]) == (left["said"][0] == "done")


def test_two_reviewers_at_once_both_count(draft: Article, tmp_path: Path) -> None:
    left = at_once(
        tmp_path, "lambda: signed('Nora Nerve', 0, 1),", "lambda: signed('Karl Kin', 1, 2),"
    )
    assert left["said"] == ["done", "done"]
    assert left["signed"]
    assert left["trail"].count("review.signed") == 2


def test_a_withdrawal_is_confirmed_once(
    draft: Article, editor: User, make_user: Callable[..., User], tmp_path: Path
) -> None:
    for handle in ("Edda Edits", "Enno Edits"):
        make_user(handle, groups=("Editors",), is_staff=True)
    draft.publish(draft.newest_revision)  # type: ignore[arg-type]
    draft.withdraw(reason="Wrong.", by=editor)
    left = at_once(
        tmp_path,
        "lambda: article().confirm_withdrawal(by=the('Emil Edits')),",
        "lambda: article().confirm_withdrawal(by=the('Edda Edits')),",
        "lambda: article().confirm_withdrawal(by=the('Enno Edits')),",
    )
    assert left["confirmed"]
    assert left["said"].count("done") == 1
    assert left["trail"].count("article.withdrawal_confirmed") == 1


def rindex(items: list[str], item: str) -> int:
    return len(items) - 1 - items[::-1].index(item)
