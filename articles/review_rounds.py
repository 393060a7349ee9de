"""Finishing a review of an article: the deed that sets when the next one is due."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditAct
from articles.models import Article, ReviewRound
from articles.models.due import due_of
from articles.publishing import PUBLISH

ROUND = "articles.add_reviewround"
Outcome = ReviewRound.Outcome

# What stands on the list to tick; an article that is to be withdrawn needs none of it.
CHECKS = (
    "sources_rechecked",
    "links_checked",
    "comments_read",
    "says_benefits_and_harms",
    "says_without_treatment",
    "says_when_to_seek_help",
)
NOTHING: Mapping[str, bool] = MappingProxyType({})


class CannotFinish(ValidationError):  # named as what it says
    """Why the review is not finished, in a sentence for whoever wanted to."""


def may_finish(user: Any) -> bool:
    return bool(user.has_perm(ROUND) or user.has_perm(PUBLISH))


@transaction.atomic
def finish(
    article: Article,
    *,
    outcome: str,
    by: Any,
    evidence_searched_on: date | None = None,
    evidence_searched_in: str = "",
    checks: Mapping[str, bool] = NOTHING,
    note: str = "",
    after: int | None = None,
) -> ReviewRound:
    """Write down that the text which readers see was reviewed, and set the next date.

    `after` is the newest finished review that whoever finishes this one knew of, 0 for none; None
    does not ask. Raises CannotFinish, and nothing is kept.
    """
    article.lock()
    done = ReviewRound(
        article=article,
        revision=article.live,
        outcome=outcome,
        finished_by=by,
        evidence_searched_on=evidence_searched_on,
        evidence_searched_in=evidence_searched_in.strip(),
        note=note.strip(),
        **{name: bool(checks.get(name)) for name in CHECKS},
    )
    if problem := why_not_finished(done, after):
        raise CannotFinish(problem)
    done.clean_fields(exclude=["article", "revision", "finished_by"])
    done.save()
    _set_next(article)
    hashes = {f"revision {done.revision.number}": done.revision.sha256}
    AuditAct.objects.record(
        "review_round.finished", by=by, on=done, fields=[outcome], hashes=hashes
    )
    return done


def why_not_finished(done: ReviewRound, after: int | None = None) -> str:
    """Say in a sentence what stands against finishing like that; "" when nothing does."""
    article = done.article
    if not may_finish(done.finished_by):
        return str(_("Finishing a review is for editors."))
    if not article.is_published:
        return str(_("Only what readers see is reviewed again."))
    if after is not None and after != last_round(article):
        return str(_("Somebody finished a review of this article meanwhile: look at theirs first."))
    searched = done.evidence_searched_on
    if searched and searched > timezone.localdate():
        return str(_("The day on which the evidence was searched is in the future."))
    if done.outcome == Outcome.WITHDRAW:
        return ""
    if not searched or not done.evidence_searched_in:
        return str(_("Say when and where the evidence was searched."))
    if not all(getattr(done, name) for name in CHECKS):
        return str(_("Everything on the list has to be done before a review is finished."))
    newest = article.newest_revision
    if done.outcome == Outcome.UPDATED and newest and newest.pk != article.live_id:
        return str(_("Publish the updated text first: readers still see the one before."))
    return ""


def last_round(article: Article) -> int:
    """Return the primary key of the newest finished review, or 0."""
    rounds = ReviewRound.objects.filter(article=article).order_by("-finished_at", "-pk")
    return rounds.values_list("pk", flat=True).first() or 0


def _set_next(article: Article) -> None:
    article.next_due = due_of(article)
    Article.objects.filter(pk=article.pk).update(next_due=article.next_due)
    Article.objects.filter(pk=article.pk).bump()
