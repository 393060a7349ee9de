"""Several people at one comment in the same moment: each race has one right outcome."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.models import Appeal, Case, Comment, Decision, Report
from comments.models.decision import UNDO
from comments.moderation import deciding
from tests.deciding import rule
from tests.discussing import say
from tests.processes import Processes

pytestmark = pytest.mark.django_db(transaction=True)

DECIDED = "Somebody has decided on this comment meanwhile."

# Each thread has a connection of its own, and they all begin at the same moment. There are four at
# most, as many as a process has connections to PostgreSQL.
PARALLEL = """
import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from django.db import connection
from accounts.models import User
from articles.models import Article
from comments.moderation import deciding
from comments.moderation.deed import tell_decision
from comments.models import Appeal, Comment, Decision, Report, Rule
from comments.models.appeal import NotAppealed
from comments.models.comment_query import Refused
from comments.models.report import CommentGone

def the(handle):
    return User.objects.get(handle=handle)

comment = lambda: Comment.objects.get(parent=None)
removed = lambda by: deciding.remove(comment(), by=the(by), rule=Rule.objects.first(), reason="No.")
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
    except (deciding.CannotDecide, NotAppealed, Refused, CommentGone) as problem:
        return str(problem) or type(problem).__name__
    finally:
        connection.close()

with ThreadPoolExecutor(len(deeds)) as pool:
    said = list(pool.map(attempt, deeds))
open_reports = Report.objects.open().count()
comment = comment()
print(json.dumps({{
    "said": said,
    "open_reports": open_reports,
    "open_cases": comment.cases.open().count(),
    "removed": bool(comment.removed_at),
    "withdrawn": bool(comment.withdrawn_at),
    "visible": comment.is_visible,
    "counted": comment.article.discussion.comment_count,
    "readable": Comment.objects.visible().count(),
    "replies": comment.reply_count,
    "decisions": list(Decision.objects.standing().order_by("pk").values_list("kind", flat=True)),
    "told": Decision.objects.filter(told_at__isnull=False).count(),
}}))
"""


@pytest.fixture
def comment(member: User, another_member: User, moderator: User, article: Article) -> Comment:
    rule()
    return say(member, article, "He is a fool.")


@pytest.fixture
def held(member: User, another_member: User, moderator: User, article: Article) -> Comment:
    rule()
    held, _new = Comment.objects.post(
        author=member, article=article, text="Look at my page.", held_for=["links"]
    )
    return held


@pytest.fixture
def reported(comment: Comment, another_member: User) -> Comment:
    Report.objects.file(comment=comment, reporter=another_member, reason="abuse")
    return comment


def at_once(folder: Path, *deeds: str) -> dict[str, Any]:
    """Do all of these in one moment; return what each was told, and what is left."""
    listed = "\n    ".join(f"lambda: {deed}," for deed in deeds)
    answer = Processes(folder).run("shell", "-v", "0", "-c", PARALLEL.format(deeds=listed))
    found: dict[str, Any] = json.loads(answer)
    assert found["counted"] == found["readable"]
    return found


def test_of_moderators_who_remove_at_once_one_does(
    comment: Comment, editor: User, tmp_path: Path
) -> None:
    by = ["Mona Reads", "Emil Edits"] * 2
    found = at_once(tmp_path, *(f"removed({name!r})" for name in by))
    assert sorted(found["said"]) == sorted(["done", *[DECIDED] * 3])
    assert found["decisions"] == ["remove"]


def test_of_two_who_saw_the_same_one_decides(held: Comment, editor: User, tmp_path: Path) -> None:
    seen = deciding.fingerprint(held)
    found = at_once(
        tmp_path,
        f"deciding.approve(comment(), by=the('Mona Reads'), seen={seen!r})",
        "deciding.remove(comment(), by=the('Emil Edits'), rule=Rule.objects.first(),"
        f" reason='No.', seen={seen!r})",
    )
    assert sorted(found["said"]) == sorted(["done", DECIDED])
    assert len(found["decisions"]) == 1
    assert found["open_cases"] == 0


def test_a_report_and_a_removal_at_once_leave_no_open_report(
    comment: Comment, tmp_path: Path
) -> None:
    report = "Report.objects.file(comment=comment(), reporter=the('Blue Kettle'), reason='abuse')"
    found = at_once(tmp_path, report, "removed('Mona Reads')")
    assert found["said"][0] in {"done", "CommentGone"}
    assert found["said"][1] == "done"
    assert found["removed"]
    assert (found["open_reports"], found["open_cases"]) == (0, 0)


def test_what_its_writer_withdraws_is_never_published_by_an_approval(
    held: Comment, tmp_path: Path
) -> None:
    found = at_once(
        tmp_path, "deciding.approve(comment(), by=the('Mona Reads'))", "comment().withdraw()"
    )
    assert found["said"][0] in {"done", "Its writer has taken this comment back meanwhile."}
    assert found["said"][1] == "done"
    assert found["withdrawn"]
    assert not found["visible"]
    assert found["open_cases"] == 0


def test_a_reply_to_what_is_removed_at_once_is_kept_or_refused_and_counted(
    comment: Comment, tmp_path: Path
) -> None:
    reply = (
        "Comment.objects.post(author=the('Blue Kettle'), article=Article.objects.get(),"
        " text='I do not think so.', parent=comment())"
    )
    found = at_once(tmp_path, reply, "removed('Mona Reads')")
    assert found["said"][0] in {"done", "ParentGone"}
    assert found["said"][1] == "done"
    assert found["replies"] == found["readable"] == (found["said"][0] == "done")


def test_an_edit_and_an_approval_at_once_never_publish_what_nobody_read(
    held: Comment, tmp_path: Path
) -> None:
    seen = deciding.fingerprint(held)
    found = at_once(
        tmp_path,
        f"deciding.approve(comment(), by=the('Mona Reads'), seen={seen!r})",
        "comment().edit('Buy my cure.', held_for=['links'])",
    )
    assert not found["visible"]
    assert found["open_cases"] == 1


def test_an_appeal_is_decided_once(comment: Comment, editor: User, tmp_path: Path) -> None:
    decision = deciding.remove(comment, by=editor, rule=rule(), reason="Unkind.")
    Decision.objects.update(at=timezone.now() - 2 * UNDO)
    decision.refresh_from_db()
    Appeal.objects.make(decision, words="It was a joke.")
    found = at_once(
        tmp_path,
        *(
            "deciding.decide_appeal(Appeal.objects.get(), by=the('Mona Reads'),"
            f" granted={granted}, answer='So it is.')"
            for granted in (True, False, True, False)
        ),
    )
    late = "Somebody has decided on this appeal already."
    assert sorted(found["said"]) == sorted(["done", late, late, late])
    granted = found["said"].index("done") in {0, 2}
    assert found["visible"] == granted
    assert found["decisions"] == (["remove", "restore"] if granted else ["remove"])
    assert found["open_cases"] == 0


def test_one_decision_gets_one_appeal(comment: Comment, tmp_path: Path) -> None:
    mona = User.objects.get(handle="Mona Reads")
    decision = deciding.remove(comment, by=mona, rule=rule(), reason="Unkind.")
    Decision.objects.filter(pk=decision.pk).update(at=timezone.now() - 2 * UNDO)
    deed = "Appeal.objects.make(Decision.objects.get(), words='It was a joke.')"
    found = at_once(tmp_path, *[deed] * 4)
    late = "You have appealed against this decision. Each decision has one appeal."
    assert sorted(found["said"]) == sorted([late, late, late, "done"])
    assert found["open_cases"] == 1


def test_a_decision_is_undone_or_told_and_never_both(reported: Comment, tmp_path: Path) -> None:
    decision = deciding.remove(
        reported, by=User.objects.get(handle="Mona Reads"), rule=rule(), reason="Unkind."
    )
    found = at_once(
        tmp_path,
        "deciding.undo(Decision.objects.get(), by=the('Mona Reads'))",
        f"tell_decision.call({decision.pk})",
    )
    undone = found["said"][0] == "done"
    assert undone or found["said"][0] == "It is too late to undo this: it is being told."
    assert found["said"][1] == "done"
    assert found["told"] == (not undone)
    assert found["visible"] == undone
    assert found["open_reports"] == found["open_cases"] == undone


def test_a_comment_and_its_writers_suspension_at_once(comment: Comment, tmp_path: Path) -> None:
    """What came first counts: the comment is there, or its writer reads why it is not."""
    post = (
        "Comment.objects.post(author=the('Quiet Heron'), article=Article.objects.get(),"
        " text='Again.', parent=comment())"
    )
    ban = "deciding.sanction(comment(), by=the('Mona Reads'), kind='ban', rule=None, reason='No.')"
    found = at_once(tmp_path, post, ban)
    assert found["said"][1] == "done"
    assert found["said"][0] == "done" or "banned you" in found["said"][0]
    assert found["readable"] == 1 + (found["said"][0] == "done")
    assert Case.objects.count() == 0
