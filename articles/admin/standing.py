"""Where an article stands with its reviewers, for those who write and publish it."""

from typing import Any

from articles.claims import claims_of
from articles.models import Article, Revision
from articles.notes import asked_of_authors, open_notes
from articles.publishing import needs_signing, what_is_missing

NOTES = 5  # shown above the form; their page has the rest


def context(article: Article, newest: Revision, user: Any) -> dict[str, Any]:
    """Return what stands above the form and before its buttons, on the newest revision as saved."""
    missing = what_is_missing(claims_of(newest))
    return {
        "missing": missing,
        "must_be_signed": bool(missing) and needs_signing(newest),
        "asked_changes": asked_of_authors(article),
        "open_notes": open_notes(article).count(),
        "newest_notes": open_notes(article).select_related("section", "by").order_by("-at")[:NOTES],
        "may_review": user.has_perm("articles.add_review"),
        "may_note": user.has_perm("articles.view_sectionnote"),
        "why_not_confirmed": article.why_not_confirmed_by(user),
    }
