"""The deeds of clinical review: sign, mark a spelling, look at such a mark.

Each holds the article's row locked, writes an act for the audit trail with the hashes that were
meant, and makes the claims of its page anew. What is refused raises CannotSign with a sentence.
"""

import secrets
from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditAct, User
from articles.models import Contributor, MinorEdit, Review, ReviewedSection, Revision, Section

OWN_WORDS = _("Nobody signs what they wrote: somebody else has to check it.")


class CannotSign(ValidationError):  # named as what it says
    """Why nothing was signed, in a sentence for whoever wanted to."""


@transaction.atomic
def sign(
    revision: Revision,
    contributor: Contributor,
    *,
    outcome: str,
    positions: Collection[int],
    identity: str,
    scope: str = "",
    covers_whole: bool = False,
    message: str = "",
    name_held: bool = False,
    by: User | None = None,
) -> Review:
    """Write down the verdict of `contributor` on these sections of `revision`.

    `by` is the account that they used; None for a personal link. Raises CannotSign when no section
    is named, when one does not exist, or when an approval would be of their own text.
    """
    revision.article.lock()
    sections = [s for s in revision.sections.all() if s.position in positions]
    if not sections or len(sections) != len(set(positions)):
        raise CannotSign(_("Choose at least one section of this revision."))
    if outcome == Review.Outcome.APPROVE and own_positions(revision, contributor) & set(positions):
        raise CannotSign(OWN_WORDS)
    if name_held and not contributor.profession:
        raise CannotSign(_("Without a name, readers need to know the profession at least."))
    review = Review.objects.create(
        revision=revision,
        contributor=contributor,
        outcome=outcome,
        scope=scope.strip(),
        covers_whole=covers_whole,
        message=message.strip(),
        identity=identity,
        name_held=name_held,
        **as_of_today(contributor),
    )
    ReviewedSection.objects.bulk_create(
        ReviewedSection(review=review, section=section) for section in sections
    )
    record("review.signed", review, sections, by=by, fields=[outcome])
    revision.article.remake_claims()
    return review


def as_of_today(contributor: Contributor) -> dict[str, str]:
    """Return what a review keeps of who they were when they signed."""
    names = ("name", "profession", "credentials", "register_url", "interests")
    return {name: getattr(contributor, name) for name in names}


def own_positions(revision: Revision, contributor: Contributor) -> set[int]:
    """Return the sections of `revision` that this contributor may not approve: they wrote them.

    All, if the byline names them; otherwise those whose words came in with a revision of theirs.
    """
    if revision.article.authors.filter(pk=contributor.pk).exists():
        return {section.position for section in revision.sections.all()}
    if not contributor.user_id:
        return set()
    upto = Section.objects.filter(
        revision__article=revision.article_id, revision__number__lte=revision.number
    )
    writers: dict[str, Any] = {}
    for sha256, writer in upto.order_by("revision__number").values_list(
        "sha256", "revision__created_by"
    ):
        writers.setdefault(sha256, writer)
    return {
        section.position
        for section in revision.sections.all()
        if writers.get(section.sha256) == contributor.user_id
    }


@transaction.atomic
def mark_minor(revision: Revision, before: Revision, *, by: User) -> list[MinorEdit]:
    """Mark what changed from `before` to `revision` as having no clinical effect.

    Only sections that stand in both, in the same order, are marked: nothing that was added, removed
    or moved is a spelling. Returns the marks. Raises CannotSign when the outline changed.
    """
    revision.article.lock()
    new, old = list(revision.sections.all()), list(before.sections.all())
    if len(new) != len(old):
        raise CannotSign(_("A section was added or removed: that is more than a spelling."))
    pairs = [pair for pair in zip(new, old, strict=True) if pair[0].sha256 != pair[1].sha256]
    elsewhere = {s.sha256 for s in new} & {s.sha256 for _new, s in pairs}
    if elsewhere:
        raise CannotSign(_("A section was moved: that is more than a spelling."))
    marks = [
        MinorEdit(section=section, before=was, marked_by=by, to_check=is_drawn())
        for section, was in pairs
        if not MinorEdit.objects.filter(section=section).exists()
    ]
    MinorEdit.objects.bulk_create(marks)
    if marks:
        record("revision.marked_minor", revision, [mark.section for mark in marks], by=by)
        revision.article.remake_claims()
    return marks


@transaction.atomic
def check_minor(mark: MinorEdit, *, is_minor: bool, by: User) -> None:
    """Note what somebody who may review found: a spelling indeed, or more than that.

    Raises CannotSign for whoever made the mark, and where another was quicker.
    """
    article = mark.section.revision.article
    article.lock()
    if mark.marked_by_id == by.pk:
        raise CannotSign(_("Somebody else than the one who marked it has to look."))
    how: dict[str, Any] = {"checked_at": timezone.now(), "checked_by": by}
    if not is_minor:
        how["refused_at"] = how["checked_at"]
    if not MinorEdit.objects.filter(pk=mark.pk, checked_at=None).update(**how):
        raise CannotSign(_("Somebody looked at this edit already."))
    mark.refresh_from_db()
    deed = "minor_edit.accepted" if is_minor else "minor_edit.refused"
    record(deed, mark, [mark.section], by=by)
    article.remake_claims()


def record(
    deed: str, on: Any, sections: Sequence[Section], *, by: User | None, fields: Any = None
) -> None:
    hashes = {str(section.position): section.sha256 for section in sections}
    AuditAct.objects.record(deed, by=by, on=on, fields=fields, hashes=hashes)


def is_drawn() -> bool:
    """Tell whether this mark is one of those that a reviewer looks at: nobody can foresee it."""
    return secrets.randbelow(MinorEdit.CHECK_ONE_IN) == 0
