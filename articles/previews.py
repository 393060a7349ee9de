"""Signed addresses at which a revision can be read before it is published."""

from django.core import signing
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import Revision

SALT = "articles.preview"
VALID_SECONDS = 14 * 24 * 60 * 60  # a reviewer's fortnight


def preview_url(revision: Revision) -> str:
    """Return an address that shows `revision` to whoever has it, for a fortnight."""
    token = signing.dumps(revision.pk, salt=SALT)
    return reverse("article_preview", args=[revision.article.slug, token])


def revision_id(token: str) -> int:
    """Return the revision that `token` was signed for; raise Http404 when it is forged or old."""
    try:
        return int(signing.loads(token, salt=SALT, max_age=VALID_SECONDS))
    except (signing.BadSignature, ValueError) as error:
        raise Http404(_("This preview has ended. Ask for a new address.")) from error
