"""Several people at one question at once: what can be one stays one."""

import json
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from accounts.models import User
from articles.models import Article, Contributor
from comments import answering
from comments.models import Comment
from tests.processes import Processes

PARALLEL = """
import json
from concurrent.futures import ThreadPoolExecutor
from django.db import connection
from accounts.models import User
from articles.models import Contributor
from comments import answering
from comments.models import Comment
from comments.models.comment_query import ParentGone, Refused

def attempt(number):
    try:
        question = Comment.objects.get(is_question=True)
        mona = User.objects.get(handle="Mona Reads")
        {deed}
        return "done"
    except ParentGone:
        return "gone"
    except Refused as refused:
        return str(refused)
    finally:
        connection.close()

with ThreadPoolExecutor(5) as pool:  # see test_reports_at_once
    said = list(pool.map(attempt, range(8)))
left = Comment.objects.get(is_question=True)
print(json.dumps([said, left.answers.count(), left.reply_count, bool(left.withdrawn_at)]))
"""
ANSWER = (
    "answering.answer(question, by=mona, contributor=Contributor.objects.get(name='Ilse Maier'),"
    " text=f'Answer {number}.')"
)
CORRECT = "answering.reply_officially(question, by=mona, text=f'No. {number}.', role='correction')"
WITHDRAW = "question.withdraw() if number == 3 else " + ANSWER


@pytest.fixture
def question(article: Article, member: User, moderator: User) -> Comment:
    asked, _new = Comment.objects.post(
        author=member, article=article, text="Does it hurt?", is_question=True
    )
    ilse = Contributor.objects.create(name="Ilse Maier")
    answering.ask(asked, ilse, by=moderator)
    return asked


class Left(NamedTuple):
    """What was left, read where it took place: processes may have a copy of the database."""

    said: Counter[str]
    answers: int
    counted: int
    is_withdrawn: bool


def at_once(tmp_path: Path, deed: str) -> Left:
    code = PARALLEL.format(deed=deed)
    said, *left = json.loads(Processes(tmp_path).run("shell", "-v", "0", "-c", code))
    return Left(Counter(said), *left)


@pytest.mark.django_db(transaction=True)
def test_of_eight_answers_under_one_name_one_stands(question: Comment, tmp_path: Path) -> None:
    left = at_once(tmp_path, ANSWER)
    assert left.said == {"done": 1, "Ilse Maier has answered this question.": 7}
    assert (left.answers, left.counted) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_of_eight_corrections_three_are_pinned(question: Comment, tmp_path: Path) -> None:
    left = at_once(tmp_path, CORRECT)
    assert left.said["done"] == 3
    assert (left.answers, left.counted) == (3, 3)


@pytest.mark.django_db(transaction=True)
def test_a_question_is_answered_or_withdrawn_before(question: Comment, tmp_path: Path) -> None:
    left = at_once(tmp_path, WITHDRAW)
    assert left.said["done"] == 1 + left.answers  # the withdrawal is one
    assert left.answers <= 1
    assert left.is_withdrawn
