"""Reports that come at one moment with others, a removal, or the writer's own second thoughts."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from articles.models import Article
from comments.models import Comment, Report
from tests.discussing import say, say_often
from tests.processes import Processes

pytestmark = pytest.mark.django_db(transaction=True)

# Five threads at most: SQLite serves them in no order, and of more one may wait too long.
PARALLEL = """
import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from accounts.models import User
from comments.moderation import deciding
from comments.moderation.filing import file_report
from comments.models import Case, Comment, Decision, Report
from comments.models.report import CommentGone

comment_pk, handles, also = {comment_pk}, {handles}, {also!r}
barrier = Barrier(len(handles) + bool(also))

def report(handle):
    barrier.wait(20)  # before any connection: the pool has fewer than there are threads
    try:
        comment = Comment.objects.get(pk=comment_pk)
        reporter = User.objects.get(handle=handle) if handle else AnonymousUser()
        file_report(comment, reporter, dict(reason="abuse"))
        return "filed"
    except CommentGone:
        return "gone"
    finally:
        connection.close()

def act():
    barrier.wait(20)
    try:
        comment = Comment.objects.get(pk=comment_pk)
        moderator = User.objects.filter(is_staff=True).first()
        if also == "remove":
            deciding.remove(comment, by=moderator, rule=None, reason="Abuse")
        else:
            comment.withdraw()
    finally:
        connection.close()

with ThreadPoolExecutor(len(handles) + 1) as pool:
    acting = also and pool.submit(act)
    said = list(pool.map(report, handles))
    if acting:
        acting.result()

comment = Comment.objects.get(pk=comment_pk)
print(json.dumps(dict(
    said=sorted(set(said)),
    filed=said.count("filed"),
    reports=Report.objects.count(),
    open=Report.objects.open().count(),
    cases=Case.objects.open().count(),
    folds=Decision.objects.filter(kind="collapse").count(),
    folded=bool(comment.collapsed_at),
    visible=comment.is_visible,
)))
"""


@pytest.fixture
def at_once(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Let these people report a comment at one moment, while one more thing happens to it."""

    def run(comment: Comment, handles: list[str], also: str = "") -> dict[str, Any]:
        code = PARALLEL.format(comment_pk=comment.pk, handles=handles, also=also)
        said = Processes(tmp_path).run("shell", "-v", "0", "-c", code)
        return dict(json.loads(said))

    return run


def test_a_member_who_presses_five_times_at_once_has_one_report(
    at_once: Callable[..., Any], article: Article, member: User, another_member: User
) -> None:
    comment = say(another_member, article)
    found = at_once(comment, [member.handle] * 5)
    assert (found["filed"], found["reports"], found["cases"]) == (5, 1, 1)


def test_visitors_at_once_open_one_case(
    at_once: Callable[..., Any], article: Article, member: User
) -> None:
    found = at_once(say(member, article), [""] * 5)
    assert (found["filed"], found["reports"], found["cases"]) == (5, 5, 1)


def test_the_third_trusted_report_folds_once_however_many_come(
    at_once: Callable[..., Any],
    article: Article,
    make_article: Callable[..., Article],
    make_user: Callable[..., User],
    member: User,
) -> None:
    handles = [f"{nth} Reader" for nth in ("First", "Second", "Third", "Fourth", "Fifth", "Sixth")]
    for handle in handles:
        with transaction.atomic():
            say_often(make_user(handle), make_article(), 20)
    comment = say(member, article)
    for handle in handles[:2]:
        reporter = User.objects.get(handle=handle)
        Report.objects.file(comment=comment, reporter=reporter, reason="abuse")
    found = at_once(comment, handles[2:])
    assert (found["folded"], found["folds"], found["reports"]) == (True, 1, 6)


@pytest.mark.parametrize("also", ["remove", "withdraw"])
def test_nothing_waits_for_what_was_taken_down_meanwhile(
    at_once: Callable[..., Any], article: Article, member: User, moderator: User, also: str
) -> None:
    found = at_once(say(member, article), [""] * 4, also)
    assert not found["visible"]
    assert (found["open"], found["cases"]) == (0, 0)
    assert found["reports"] == found["filed"]
    assert set(found["said"]) <= {"filed", "gone"}
