"""What changes while a moderator decides: the writer withdraws or leaves, a worker is killed."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from articles.models import Article
from comments import text as comment_text
from comments.admin.taking_cases import claim, holder_of
from comments.models import Case, Comment, Decision
from comments.models.case import CLAIM
from comments.models.decision import UNDO
from comments.moderation import deciding
from tests.cases import reported, rule
from tests.processes import Processes, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

TOGETHER = """
import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from django.db import connection
from django.test import Client
from accounts import leaving
from accounts.models import Fate, User
from comments.models import Case, Comment, Decision, Rule, Sanction
from comments.moderation import deciding
from comments.moderation.deciding import CannotDecide

def the(handle):
    return User.objects.get(handle=handle)

comment = lambda: Comment.objects.get(text="He is a fool.")
by_rule = lambda: {{"by": the("Mona Reads"), "rule": Rule.objects.first(), "reason": "Unkind."}}
keys, shared = {keys!r}, {shared!r}

def bulk(handle, keys, **sent):
    client = Client()
    client.force_login(the(handle))
    client.post("/admin/comments/case/bulk/", {{"chosen": keys, **sent}})

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
    except CannotDecide as problem:
        return str(problem)
    finally:
        connection.close()

with ThreadPoolExecutor(len(deeds)) as pool:
    said = list(pool.map(attempt, deeds))
print(json.dumps({{"said": said, **(lambda: {found})()}}))
"""

LEFT = """dict(
    decided=sorted(Decision.objects.values_list("comment", "kind", "by__handle")),
    words=sorted(filter(None, Decision.objects.values_list("reason", flat=True))),
    open_cases=Case.objects.open().count(),
    removed=Comment.objects.filter(removed_at__isnull=False).count(),
    withdrawn=Comment.objects.filter(withdrawn_at__isnull=False).count(),
    texts=sorted(filter(None, Comment.objects.values_list("text", flat=True))),
    visible=Comment.objects.visible().count(),
    counted=sum(Comment.objects.values_list("article__discussion__comment_count", flat=True)[:1]),
)"""


@pytest.fixture
def case(member: User, moderator: User, article: Article) -> Case:
    rule()
    return reported(member, article, "He is a fool.", "abuse")


def together(folder: Path, *deeds: str, **known: Any) -> dict[str, Any]:
    """Do all of these in one moment, in another process; return what was said and what is left."""
    known = {"keys": [], "shared": "", **known}
    listed = "\n    ".join(f"lambda: {deed}," for deed in deeds)
    code = TOGETHER.format(deeds=listed, found=LEFT, **known)
    found: dict[str, Any] = json.loads(Processes(folder).run("shell", "-v", "0", "-c", code))
    assert found["counted"] == found["visible"]
    return found


def test_what_its_writer_withdraws_while_it_is_removed_is_gone_either_way(
    case: Case, tmp_path: Path
) -> None:
    found = together(tmp_path, "comment().withdraw()", "deciding.remove(comment(), **by_rule())")
    taken_back = "Its writer has taken this comment back meanwhile."
    assert found["said"][0] == "done"
    assert found["said"][1] in {"done", taken_back}
    assert (found["visible"], found["open_cases"], found["withdrawn"]) == (0, 0, 1)
    assert found["removed"] == len(found["decided"]) == (found["said"][1] == "done")


def test_who_is_erased_while_their_comment_is_decided_on_leaves_no_words(
    case: Case, member: User, tmp_path: Path
) -> None:
    """The decision comes first and is forgotten with the rest, or it finds nothing any more."""
    User.objects.filter(pk=member.pk).update(is_active=False)
    found = together(
        tmp_path,
        "leaving.erase(the('Quiet Heron'), Fate.ERASE)",
        "deciding.remove(comment(), **by_rule())",
        "deciding.approve(comment(), by=the('Mona Reads'))",
    )
    assert found["said"][0] == "done"
    assert (found["texts"], found["words"], found["visible"]) == ([], [], 0)
    assert found["open_cases"] == 0


@pytest.fixture
def waiting(member: User, moderator: User, editor: User, article: Article) -> list[str]:
    """Six held comments, as the list names what is ticked."""
    for number in range(6):
        Comment.objects.post(
            author=member, article=article, text=f"Look at page {number}.", held_for=["links"]
        )
    cases = Case.objects.open().order_by("pk").select_related("comment")
    return [f"{case.pk}-{comment_text.fingerprint(case.comment.text)}" for case in cases]


def test_bulk_deeds_of_two_moderators_that_overlap_decide_each_case_once(
    waiting: list[str], make_user: Callable[..., User], tmp_path: Path
) -> None:
    make_user("Otto Reads", groups=("Moderators",), is_staff=True)
    key = rule().pk
    found = together(
        tmp_path,
        "bulk('Mona Reads', keys[:5], deed='fine')",
        f"bulk('Otto Reads', keys[:0:-1], deed='remove', sure='1', rule={key}, reason='No.')",
        keys=waiting,
    )
    assert found["said"] == ["done", "done"]
    decided = [comment for comment, _kind, _by in found["decided"]]
    assert len(set(decided)) == len(decided)
    assert found["removed"] + found["visible"] == len(decided)
    assert found["open_cases"] == 6 - len(decided)
    # Nobody works on the first but one, and on the last but the other.
    assert len(decided) >= 2
    assert {by for _comment, _kind, by in found["decided"]} == {"Mona Reads", "Otto Reads"}


# --- a worker that is killed ----------------------------------------------------------------------


WAITS = """
from pathlib import Path
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult
from comments.telling import notifications
from tests.processes import wait_until

def waiting(plain):
    def wait(*args, **kwargs):
        done = plain(*args, **kwargs)
        Path("begun").touch()
        wait_until(Path("never").exists)
    return wait

{owner}.{deed} = waiting({owner}.{deed})
call_command("run_worker", "--batch")
"""


@pytest.mark.parametrize(
    ("owner", "deed"),
    [
        pytest.param("notifications", "tell_of_decision", id="before it is written down"),
        pytest.param("DBTaskResult", "set_successful", id="before the task is noted as done"),
    ],
)
def test_a_worker_killed_while_it_tells_a_decision_tells_it_once(
    case: Case, moderator: User, tmp_path: Path, owner: str, deed: str
) -> None:
    decision = deciding.remove(case.comment, by=moderator, rule=rule(), reason="Unkind.")
    Decision.objects.filter(pk=decision.pk).update(at=timezone.now() - UNDO)
    DBTaskResult.objects.update(run_after=timezone.now() - UNDO)
    processes = Processes(tmp_path)
    code = WAITS.format(owner=owner, deed=deed)
    worker = processes.start("shell", "-v", "0", "-c", code)
    try:
        wait_until(Path(tmp_path, "begun").exists)
    finally:
        worker.kill()
        worker.wait()
    processes.work_an_hour_later()
    processes.work_an_hour_later()
    told = processes.run("shell", "-v", "0", "-c", TOLD)
    assert json.loads(told) == {"news": ["decision"], "told": 1, "waiting": 0}


TOLD = """
import json
from django_tasks_db.models import DBTaskResult
from comments.models import Decision, Notification
print(json.dumps(dict(
    news=list(Notification.objects.values_list("kind", flat=True)),
    told=Decision.objects.filter(told_at__isnull=False).count(),
    waiting=DBTaskResult.objects.exclude(status="SUCCESSFUL").count(),
)))
"""


# --- to the second --------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "can"), [(29.999, True), (30, False), (30.001, False)])
def test_a_decision_can_be_undone_for_less_than_thirty_seconds(
    case: Case, moderator: User, as_moderator: Any, seconds: float, can: bool
) -> None:
    decision = deciding.remove(case.comment, by=moderator, rule=rule(), reason="Unkind.")
    with time_machine.travel(decision.at + timedelta(seconds=seconds), tick=False):
        page = as_moderator.get("/admin/comments/case/")
        assert len(page.context["undoable"]) == can
        as_moderator.post("/admin/comments/case/undo/", {"decision": decision.pk})
        decision.refresh_from_db()
        assert bool(decision.undone_at) == can
        assert Comment.objects.get().is_visible == can


@pytest.mark.parametrize(("early", "is_free"), [(0.001, False), (0, True), (-0.001, True)])
def test_a_case_is_somebodys_until_the_moment_at_which_it_lapses(
    case: Case, moderator: User, editor: User, early: float, is_free: bool
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert claim(case, moderator)
        clock.shift(CLAIM - timedelta(seconds=early))
        assert (holder_of(case, editor) is None) == is_free
        assert claim(Case.objects.get(), editor) == is_free
