"""What becomes of all that one member said: hidden, shown again, or settled by one of three fates.

A worker does it discussion by discussion and a hundred comments at a time, each hundred in one
short transaction that leaves all counts right. Whoever was killed on the way begins again: what is
done already is not found any more.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import batched
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Erasure, Fate, LegalHold, User
from accounts.models.consent import CONSENT_WITHDRAWN
from articles.caching import forget_pages
from articles.models import Article
from comments.models import (
    Badge,
    Case,
    Comment,
    Decision,
    DeskChoices,
    Discussion,
    Draft,
    EarlierText,
    Follow,
    Ignored,
    Notification,
    NotificationChoice,
    Report,
)
from comments.models.comment_query import CommentQuerySet
from comments.models.taking_back import forget_traces, nameless, traceless

AT_ONCE = 100
# SQLite has one writer, who others wait for by looking again and again: between two batches the
# way is free for twice as long as a batch took.
SHORTEST_PAUSE = 0.01

Change = Callable[[CommentQuerySet], object]


def hide_comments(user: User, *, before: datetime | None = None) -> None:
    """Let no reader see what `user` wrote, held comments included, until they chose."""
    standing = written_by(user, before).filter(withdrawn_at=None, hidden_at=None)
    in_batches(standing, lambda batch: batch.update(hidden_at=timezone.now()))


def show_comments(user: User) -> None:
    """Let readers see again what was hidden; what was withdrawn or removed meanwhile stays so."""
    hidden = written_by(user).filter(hidden_at__isnull=False)
    in_batches(hidden, lambda batch: batch.update(hidden_at=None))


def settle_comments(user: User, fate: str, *, before: datetime | None = None) -> None:
    """Do with all that `user` wrote, or wrote `before` a time, what they chose.

    Under a legal hold it is hidden, whatever was chosen; who calls again after it gets the rest.
    """
    if LegalHold.objects.in_force().filter(user=user).exists():
        return hide_comments(user, before=before)
    settle = {Fate.KEEP: take_names_off, Fate.WITHDRAW: withdraw, Fate.ERASE: erase}[Fate(fate)]
    settle(written_by(user, before), before or timezone.now())
    return forget_pages()


def take_names_off(comments: CommentQuerySet, at: datetime) -> None:
    """Let them stand under nobody's name; earlier wordings, which may hold a name, are deleted."""
    nobodys = {**nameless(), "hidden_at": None}

    def change(batch: CommentQuerySet) -> None:
        EarlierText.objects.filter(comment__in=batch).delete()
        batch.update(**nobodys)

    in_batches(comments.filter(~is_like(nobodys) | had_earlier_texts()), change)


def withdraw(comments: CommentQuerySet, at: datetime) -> None:
    """Take them from readers; a job deletes their texts later (comments/tasks.py)."""
    changes = {"withdrawn_at": Coalesce("withdrawn_at", at), "hidden_at": None}

    def change(batch: CommentQuerySet) -> None:
        batch.update(**changes)
        settle_cases(batch)

    in_batches(comments.filter(Q(withdrawn_at=None) | Q(hidden_at__isnull=False)), change)


def erase(comments: CommentQuerySet, at: datetime) -> None:
    empty = {**traceless(), "nonce": None, "hidden_at": None}

    def change(batch: CommentQuerySet) -> None:
        forget_traces(batch)
        batch.update(**empty, withdrawn_at=Coalesce("withdrawn_at", at))
        settle_cases(batch)

    is_erased = is_like(empty) & Q(withdrawn_at__isnull=False)
    in_batches(comments.filter(~is_erased | had_earlier_texts()), change)


def settle_cases(comments: CommentQuerySet) -> None:
    """Tell those who reported any of these that nothing is left to look at; appeals wait on."""
    waits = Q(Exists(Case.objects.open().filter(comment=OuterRef("pk"))))
    waits |= Q(Exists(Report.objects.open().filter(comment=OuterRef("pk"))))
    for comment in comments.filter(waits):
        Case.objects.settle(comment)


def erase_member(user: User, fate: str) -> None:
    """Empty what else names or describes a member, whose comments are settled already."""
    if LegalHold.objects.in_force().filter(user=user).exists():
        return
    Draft.objects.filter(author=user).delete()
    nobodys = {**nameless(), "nonce": None}
    named = written_by(user).filter(~is_like(nobodys))
    in_batches(named, lambda batch: batch.update(**nobodys))
    user.voices.all().delete()  # and from the lists of those who ignored them
    for theirs in (Ignored, Notification, NotificationChoice, Follow, DeskChoices):
        theirs.objects.filter(user=user).delete()
    Decision.objects.filter(subject=user).forget_words()
    # Nobody is left to be told what became of an appeal.
    Case.objects.open().filter(comment__author=user, queue=Case.Queue.APPEALS).end()
    Case.objects.filter(claimed_by=user).let_go()
    Badge.objects.forget(user)
    words = {"words": "", "place": ""} if fate == Fate.ERASE else {}
    sent = Q(reporter=user)
    # Who never came in never confirmed the address: it may be somebody else's.
    if User.objects.filter(pk=user.pk, last_login__isnull=False).exists():
        sent |= Q(reporter=None, email__iexact=user.email)
    Report.objects.filter(sent).update(email="", name="", **words)


# --- after a restore ------------------------------------------------------------------------------


def replay_erasure(erasure: Erasure) -> bool:
    """Do again what a line of the ledger says; tell whether it is about comments.

    Nothing is done to what was written after the line: a member may have agreed anew.
    """
    if erasure.kind == "comment":
        replay_of_one(erasure)
    elif erasure.kind == "comments of":
        replay_of_all(erasure)
    else:
        return False
    return True


def replay_of_one(erasure: Erasure) -> None:
    number = as_number(erasure.subject)
    comment = None if number is None else Comment.objects.filter(pk=number).first()
    if comment is None:  # it was written after the backup
        return
    if erasure.deed == "name-off":
        comment.take_name_off()
    else:
        comment.withdraw(at_once=erasure.deed == "erase", at=erasure.at)


def replay_of_all(erasure: Erasure) -> None:
    try:
        user = User.objects.filter(public_id=erasure.subject).first()
    except ValidationError:
        return
    if user is None:
        return
    if erasure.deed in Fate:
        settle_comments(user, erasure.deed, before=erasure.at)
    elif erasure.deed == CONSENT_WITHDRAWN:
        user.consents.in_force().filter(given_at__lte=erasure.at).withdraw(at=erasure.at)
        if user.has_withdrawn_consent:
            hide_comments(user)


def as_number(subject: str) -> int | None:
    return int(subject) if subject.isascii() and subject.isdigit() and len(subject) < 20 else None


# --- in batches -----------------------------------------------------------------------------------


class Place(NamedTuple):
    """Where a comment stands in its discussion."""

    pk: int
    parent: int | None
    root: int | None


def in_batches(todo: CommentQuerySet, change: Change) -> None:
    """Let `change` be done to all of `todo`, which then holds them no more."""
    articles = todo.order_by("article").values_list("article", flat=True).distinct()
    for article in list(articles):
        # They are looked for before the lock is taken: among thousands that takes its time.
        pks = todo.filter(article=article).order_by("pk").values_list("pk", flat=True)
        for some in batched(list(pks), AT_ONCE):
            began = time.monotonic()
            change_some(article, todo.filter(pk__in=some), change)
            time.sleep(max(SHORTEST_PAUSE, 2 * (time.monotonic() - began)))


def change_some(article: int, todo: CommentQuerySet, change: Change) -> None:
    """Change these comments of one discussion, and count it anew."""
    with transaction.atomic():
        discussion = Discussion.objects.hold(article)
        places = [Place(*row) for row in todo.values_list("pk", "parent", "root")]
        if places:
            with counted(discussion, places):
                change(Comment.objects.filter(pk__in=[place.pk for place in places]))
            Article.objects.filter(pk=article).bump()


@contextmanager
def counted(discussion: Discussion, places: list[Place]) -> Iterator[None]:
    """Count anew what the comments at `places` count for, when they have changed.

    The replies of their threads and of what they answer are counted; the two numbers of the
    discussion move by as much as these comments and their threads account for.
    """
    comments = Comment.objects.filter(pk__in={place.pk for place in places})
    tops = Comment.objects.filter(pk__in={place.root or place.pk for place in places})
    roots = {place.root for place in places if place.root}
    answered = {place.parent for place in places if place.parent} - roots
    visible, shown = comments.visible().count(), tops.shown().count()
    yield
    for pks, tie in ((roots, "root"), (answered, "parent")):
        Comment.objects.filter(pk__in=pks).update(reply_count=number_of_visible(tie))
    discussion.count(
        comments=comments.visible().count() - visible, threads=tops.shown().count() - shown
    )


def number_of_visible(tie: str) -> Any:
    """Return an expression for the number of visible comments tied to a row as their `tie`."""
    tied = Comment.objects.visible().filter(**{tie: OuterRef("pk")}).order_by()
    return Coalesce(Subquery(tied.values(tie).annotate(number=Count("pk")).values("number")), 0)


# --- of whom, and what ----------------------------------------------------------------------------


def written_by(user: User, before: datetime | None = None) -> CommentQuerySet:
    comments = Comment.objects.filter(author=user)
    return comments.filter(created_at__lte=before) if before else comments


def had_earlier_texts() -> Exists:
    return Exists(EarlierText.objects.filter(comment=OuterRef("pk")))


def is_like(fields: dict[str, Any]) -> Q:
    """Return the condition of rows that have these values, None included."""
    return Q(*(Q(**{name: value}) for name, value in fields.items()))
