"""What is known of a writer and of the place they write in: one question to the database.

It is written with querysets, as all questions are, and built once a shape: that takes Django many
times as long as asking. Instead of values it is built with marks, which each asking replaces.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Exists
from django.utils import timezone

from accounts.models import User
from articles.models import Category
from comments.groups import MODERATORS
from comments.models import Comment
from comments.models.comment_query import CommentQuerySet
from comments.screening.outcomes import Candidate

RECORD = timedelta(days=30)
COPIES = timedelta(days=30)


class History(NamedTuple):
    is_first: bool  # one of so many that wait for a moderator
    was_removed: bool  # another comment of the writer, lately
    all_wait: bool  # in this discussion
    is_copy: bool


class _Shape(NamedTuple):
    """What decides how the question reads."""

    wanted: int | None  # HOLD_FIRST_COMMENTS
    topics: int  # how many the article stands in; none when it is held itself
    has_likeness: bool
    is_edit: bool


class _Question(NamedTuple):
    sql: str
    params: tuple[Any, ...]  # marks among them
    answers: tuple[str, ...]


# No row has these values.
AUTHOR, ARTICLE, COMMENT, LIKENESS = -101, -102, -103, -104
REMOVED_SINCE = datetime(1901, 1, 1, tzinfo=UTC)
CREATED_SINCE = datetime(1901, 1, 2, tzinfo=UTC)
TOPIC = "\x01{}"


def history_of(candidate: Candidate, likeness: int | None) -> History | None:
    """Return it, or None for somebody who is signed out."""
    author, article = candidate.author, candidate.article
    if not author:
        return None
    paths = [] if article.holds_comments else _above(article.category.path)
    shape = _Shape(
        settings.HOLD_FIRST_COMMENTS, len(paths), likeness is not None, bool(candidate.comment)
    )
    values = {
        AUTHOR: author.pk,
        ARTICLE: article.pk,
        COMMENT: candidate.comment.pk if candidate.comment else None,
        LIKENESS: likeness,
        _time(REMOVED_SINCE): _time(timezone.now() - RECORD),
        _time(CREATED_SINCE): _time(timezone.now() - COPIES),
        **{TOPIC.format(number): path for number, path in enumerate(paths)},
    }
    question = _question(shape)
    with connection.cursor() as cursor:
        cursor.execute(question.sql, [values.get(each, each) for each in question.params])
        known = cursor.fetchone()
    if not known:
        return None
    answers = dict(zip(question.answers, map(bool, known), strict=True))
    return History(
        is_first=not answers.get("enough_seen", True) and answers.get("is_moderated", True),
        was_removed=answers["was_removed"],
        all_wait=answers.get("topic_waits", True),
        is_copy=answers.get("is_copy", False),
    )


@lru_cache(maxsize=200)
def _question(shape: _Shape) -> _Question:
    others = Comment.objects.all()
    if shape.is_edit:
        others = others.exclude(pk=COMMENT)
    questions = {
        "was_removed": Exists(others.filter(author=AUTHOR, removed_at__gte=REMOVED_SINCE)),
    }
    if shape.wanted != 0:
        questions["enough_seen"] = Exists(_seen(others)[(shape.wanted or 1) - 1 :])
    if shape.wanted is None:
        moderators = User.objects.filter(groups__name=MODERATORS, is_active=True)
        questions["is_moderated"] = Exists(moderators)
    if shape.topics:
        paths = [TOPIC.format(number) for number in range(shape.topics)]
        questions["topic_waits"] = Exists(
            Category.objects.filter(path__in=paths, comments_held=True)
        )
    if shape.has_likeness:
        questions["is_copy"] = Exists(_copies(others))
    asked = User.objects.filter(pk=AUTHOR).order_by().values_list(*questions.values())
    sql, params = asked.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    return _Question(sql, tuple(params), tuple(questions))


def _time(moment: datetime) -> Any:
    """Return it as the database is given it."""
    return connection.ops.adapt_datetimefield_value(moment)


def _seen(others: CommentQuerySet) -> CommentQuerySet:
    """Return what the writer said that readers can see: what a moderator let pass is among it."""
    return others.visible().filter(author=AUTHOR)


def _above(path: str) -> list[str]:
    """Return the paths of a category and of all above it."""
    steps = path.split("/")
    return ["/".join(steps[: number + 1]) for number in range(len(steps))]


def _copies(others: CommentQuerySet) -> CommentQuerySet:
    """Return what says nearly the same elsewhere: elsewhere in place, or by somebody else.

    The same words at the same place are a form that was sent twice; `Comment.objects.post` knows.
    """
    alike = others.filter(likeness=LIKENESS, created_at__gte=CREATED_SINCE, withdrawn_at=None)
    return alike.exclude(author=AUTHOR, article=ARTICLE)
