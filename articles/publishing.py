"""Whether a revision may go out to readers: one rule, which `Article.publish` asks.

By CLINICAL_REVIEW: with `labelled` whoever may publish does, and the page says what was checked.
With `required` an article goes out for the first time when all of it is signed; later edits go out,
and are marked. What a wrong sentence makes dangerous, a dose or an emergency, is signed each time.

A schedule counts as going out: it is asked when somebody sets it. Are reviews taken back before the
time comes, the article stays a draft (`Publication.unschedule`).
"""

from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.claims import Claims, Kind, claims_of
from articles.models.revision import Revision, Section

PUBLISH = "articles.publish_article"
NAMED = 4  # sections that a sentence names before it only counts


class Exempt(TextChoices):
    """Why something goes out unsigned where signing is required."""

    SAFETY = "safety", _("a safety edit")
    IMPORT = "import", _("an import")


DEEDS = {
    Exempt.SAFETY: "article.published_as_safety_edit",
    Exempt.IMPORT: "article.imported_unreviewed",
}


def why_not_published(revision: Revision, *, by: Any = None, exempt: Exempt | None = None) -> str:
    """Say in a sentence why `revision` may not go out now; "" when it may.

    `by` is who wants to publish; None for the importer and the shell.
    """
    if by is not None and not by.has_perm(PUBLISH):
        return str(_("You may save drafts; publishing is for editors."))
    if exempt or not needs_signing(revision):
        return ""
    return what_is_missing(claims_of(revision))


def needs_signing(revision: Revision) -> bool:
    """Tell whether all of `revision` has to be signed before it goes out."""
    from articles.models.article import RiskClass

    if settings.CLINICAL_REVIEW != "required":
        return False
    article = revision.article
    each_time = {RiskClass.DOSE, RiskClass.EMERGENCY}
    return article.risk_class in each_time or not article.published_revisions().exists()


def what_is_missing(claims: Claims) -> str:
    """Say in a sentence which sections nobody signed as they are; "" when all are."""
    open_sections = [claim.section for claim in claims.sections if claim.kind != Kind.SIGNED]
    if open_sections:
        said = ngettext(
            "%(count)d of %(all)d sections is not signed: %(names)s.",
            "%(count)d of %(all)d sections are not signed: %(names)s.",
            len(open_sections),
        )
        return said % {
            "count": len(open_sections),
            "all": len(claims.sections),
            "names": _names([name_of(section) for section in open_sections]),
        }
    if gone := [removed.signed for removed in claims.removed]:
        said = ngettext(
            "A section that was signed is gone, and nobody signed the article without it: "
            "%(names)s.",
            "Sections that were signed are gone, and nobody signed the article without them: "
            "%(names)s.",
            len(gone),
        )
        return said % {"names": _names([name_of(section) for section in gone])}
    return ""


def name_of(section: Section) -> str:
    """Return what staff call a section: its heading, or what the first one holds."""
    return section.heading if section.position else str(_("Title, summary and beginning"))


def deed_of(revision: Revision, *, exempt: Exempt | None, is_later: bool) -> str:
    """Return what the audit trail calls this publication; asked before it happens."""
    if exempt == Exempt.SAFETY or (exempt and why_not_published(revision)):
        return DEEDS[exempt]
    return "article.scheduled" if is_later else "article.published"


def _names(names: list[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:NAMED])
    return f"{shown} …" if len(names) > NAMED else shown
