"""The deeds of corrections: publish one, and confirm its kind as the second person.

A correction is out at once, because whoever read the error may act on it; that a second person has
yet to confirm its kind stands beside it. Whom to tell, apps know by the hook `correction_published`
(accounts/hooks.py).
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import hooks
from accounts.models import AuditAct, User
from articles.models import Article, Correction


class CannotConfirm(ValidationError):  # noqa: N818 # named as what it says
    """Why nothing was confirmed, in a sentence for whoever wanted to."""


@transaction.atomic
def correct(article: Article, *, kind: str, by: User | None, **words: Any) -> Correction:
    """Publish a correction of `article`; readers see it at once.

    `words` are the other fields of the model. Raises ValidationError where they are not whole, such
    as a safety entry that does not say what to do now, and for an article that was never out.
    """
    article.lock()
    if not article.live_id or not article.published_at:
        raise ValidationError(_("Only what was published can be corrected."))
    correction = Correction(article=article, kind=kind, by=by, **words)
    correction.full_clean(exclude=["article", "by"])
    correction.save()
    AuditAct.objects.record("correction.published", by=by, on=correction, fields=[kind])
    Article.objects.filter(pk=article.pk).bump()
    if correction.is_told:
        hooks.run("correction_published", correction)
    return correction


@transaction.atomic
def confirm(correction: Correction, *, by: User, kind: str = "") -> None:
    """Confirm the kind of a correction, or give it another: as somebody else than who entered it.

    Raises CannotConfirm for that person, and where somebody was quicker.
    """
    correction.article.lock()
    now = Correction.objects.select_for_update(of=("self",)).get(pk=correction.pk)
    if now.by_id == by.pk:
        raise CannotConfirm(_("Somebody else than the one who entered it has to confirm it."))
    if now.confirmed_at:
        raise CannotConfirm(_("Somebody confirmed this already."))
    was_told, now.kind = now.is_told, kind or now.kind
    now.confirmed_at, now.confirmed_by = timezone.now(), by
    now.full_clean(exclude=["article", "by", "confirmed_by", "version"])
    now.save(update_fields=["kind", "confirmed_at", "confirmed_by", "version"])
    AuditAct.objects.record("correction.confirmed", by=by, on=now, fields=[now.kind])
    Article.objects.filter(pk=now.article_id).bump()
    if now.is_told and not was_told:
        hooks.run("correction_published", now)
    correction.refresh_from_db()
