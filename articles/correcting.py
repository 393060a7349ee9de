"""The deeds of corrections: publish one, and confirm its kind as the second person.

A correction is out at once, because whoever read the error may act on it; that a second person has
yet to confirm its kind stands beside it. A worker then tells those who may have relied on the error
(articles/correction_news.py).
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditAct, User
from articles.correction_news import tell_readers
from articles.models import Article, Correction, ReaderMessage

CORRECT = "articles.add_correction"
CONFIRM = "articles.change_correction"


class CannotConfirm(ValidationError):  # named as what it says
    """Why nothing was confirmed, in a sentence for whoever wanted to."""


@transaction.atomic
def correct(
    article: Article,
    *,
    kind: str,
    by: User | None,
    message: ReaderMessage | None = None,
    **words: Any,
) -> Correction:
    """Publish a correction of `article`; readers see it at once.

    `words` are the other fields of the model; `message` is what a reader wrote who noticed. Raises
    ValidationError where they are not whole, such as a safety entry that does not say what to do
    now, for an article that was never out, and for the second of two clicks.
    """
    article.lock()
    if not article.live_id or not article.published_at or article.published_at > timezone.now():
        raise ValidationError(_("Only what was published can be corrected."))
    correction = Correction(article=article, kind=kind, by=by, **words)
    correction.full_clean(exclude=["article", "by"])
    same = {name: getattr(correction, name) for name in ("kind", "anchor", "before", "after")}
    if Correction.objects.filter(article=article, **same).exists():
        raise ValidationError(_("This correction is published already."))
    correction.save()
    if message:
        _answer(message, correction, by)
    AuditAct.objects.record("correction.published", by=by, on=correction, fields=[kind])
    Article.objects.filter(pk=article.pk).bump()
    if correction.is_told:
        tell_readers.enqueue(correction.pk)
    return correction


@transaction.atomic
def confirm(correction: Correction, *, by: User, kind: str = "", to_do: str = "") -> None:
    """Confirm the kind of a correction, or give it another: as somebody else than who entered it.

    `to_do` is for an entry that becomes one of safety and did not say what to do. Raises
    CannotConfirm for who entered it, and where somebody was quicker; ValidationError for what is
    not whole.
    """
    correction.article.lock()
    now = Correction.objects.select_for_update(of=("self",)).get(pk=correction.pk)
    if problem := why_not_confirmed_by(now, by):
        raise CannotConfirm(problem)
    was, now.kind = now.kind, kind or now.kind
    now.to_do = now.to_do or to_do.strip()
    now.confirmed_at, now.confirmed_by = timezone.now(), by
    now.full_clean(exclude=["article", "by", "confirmed_by", "version"])
    if is_news := now.is_told and now.kind != was:
        now.told_at = None
    now.save(update_fields=["kind", "to_do", "confirmed_at", "confirmed_by", "told_at", "version"])
    AuditAct.objects.record("correction.confirmed", by=by, on=now, fields=[now.kind])
    Article.objects.filter(pk=now.article_id).bump()
    if is_news:  # whoever was told already is not told again
        tell_readers.enqueue(now.pk)
    correction.refresh_from_db()


def why_not_confirmed_by(correction: Correction, user: Any) -> str:
    """Say why `user` cannot confirm it; "" when they can."""
    if correction.confirmed_at:
        return str(_("Somebody confirmed this already."))
    if not user.has_perm(CONFIRM):
        return str(_("Editors confirm corrections."))
    if correction.by_id == user.pk:
        return str(_("Somebody else than the one who entered it has to confirm it."))
    return ""


def _answer(message: ReaderMessage, correction: Correction, by: User | None) -> None:
    message.correction, message.state = correction, ReaderMessage.State.CORRECTED
    message.answered_at, message.answered_by = timezone.now(), by
    message.save(update_fields=["correction", "state", "answered_at", "answered_by", "version"])
    AuditAct.objects.record("reader_message.corrected", by=by, on=message)
