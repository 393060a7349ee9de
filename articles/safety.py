"""Publishing what cannot wait: an edit against a danger, with the entry that tells readers."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from articles.correcting import correct
from articles.models import Article, Correction, Revision
from articles.publishing import Exempt


def why_no_safety_edit(article: Article, revision: Revision | None) -> str:
    """Say why there is nothing to publish as a safety edit; "" where there is."""
    if not article.is_published:
        return _("Only what readers see can be made safe: this article is not out.")
    if revision is None or revision.pk == article.live_id:
        return _(
            "Readers see the newest words already: change the text first, or enter a safety "
            "correction without an edit."
        )
    return ""


@transaction.atomic
def publish_safety_edit(
    article: Article, revision: Revision, *, by: User, **words: Any
) -> Correction:
    """Show `revision` to readers at once, unsigned if need be, with a correction of kind safety.

    `words` are the other fields of the correction. Both are done, or neither: ValidationError.
    """
    article.lock()
    if problem := why_no_safety_edit(article, revision):
        raise ValidationError(problem)
    article.publish(revision, by=by, exempt=Exempt.SAFETY)
    return correct(article, kind=Correction.Kind.SAFETY, by=by, revision=revision, **words)
