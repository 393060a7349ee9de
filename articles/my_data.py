"""What stands under a staff account among the articles, and about the contributor behind it."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.erasing import confirmed_addresses_of
from accounts.models import User
from accounts.my_data import Section
from articles.contributor_data import sections_of
from articles.models import (
    Article,
    Contributor,
    Correction,
    CorrectionFollower,
    MinorEdit,
    ReaderMessage,
    ReviewRound,
    Revision,
    SectionNote,
    SignOffLink,
    SourceTask,
)

CHUNK = 500
OF_SECTION = "section__revision__article__slug"


def member_data(user: User) -> Iterator[Section]:
    """Yield nothing of the desk for a member who never worked on an article: most never do."""
    contributor = Contributor.objects.select_related("photo").filter(user=user).first()
    if contributor:
        yield from sections_of(contributor)
    yield followed_corrections(user)
    written = Revision.objects.filter(created_by=user)
    if user.is_staff or written.exists():
        rows = (
            {"article": title, "number": number, "written": when, "note": note}
            for title, number, when, note in written.order_by("-created_at")
            .values_list("title", "number", "created_at", "note")
            .iterator(CHUNK)
        )
        headings = {
            "article": _("Article"),
            "number": _("Revision"),
            "written": _("Written"),
            "note": _("Note"),
        }
        yield Section("revisions", _("Revisions you wrote"), headings, rows)
    for section in (section_notes(user), article_acts(user)):
        if section is not None:
            yield section


def followed_corrections(user: User) -> Section:
    """Return what was asked for with an address of theirs; no account belongs to it."""
    found = CorrectionFollower.objects.none()
    for address in confirmed_addresses_of(user):
        found |= CorrectionFollower.objects.filter(email__iexact=address)
    rows = (
        {
            "article": row.article.slug,
            "email": row.email,
            "asked": row.asked_at,
            "confirmed": row.confirmed_at,
        }
        for row in found.select_related("article").order_by("pk").iterator(CHUNK)
    )
    headings = {
        "article": _("Article"),
        "email": _("E-mail address"),
        "asked": _("Asked for"),
        "confirmed": _("Confirmed"),
    }
    title = _("Articles whose corrections are mailed to your address")
    return Section("followed_corrections", title, headings, rows)


def section_notes(user: User) -> Section | None:
    found = SectionNote.objects.filter(Q(by=user) | Q(asked=user))
    if not user.is_staff and not found.exists():
        return None
    rows = (
        {
            "article": note.section.revision.title,
            "section": str(note.section),
            "yours": note.by_id == user.pk,
            "asked": note.asked_id == user.pk,
            "text": note.text,
            "written": note.at,
            "resolved": note.resolved_at,
        }
        for note in found.select_related("section__revision").order_by("at").iterator(CHUNK)
    )
    headings = {
        "article": _("Article"),
        "section": _("Section"),
        "yours": _("Written by you"),
        "asked": _("You were asked"),
        "text": _("Note"),
        "written": _("Written"),
        "resolved": _("Resolved"),
    }
    return Section("section_notes", _("Notes on sections"), headings, rows)


def article_acts(user: User) -> Section | None:
    """Return what they did on articles; None for somebody who never did anything."""
    deeds = (
        (_("Withdrew"), Article.objects.filter(withdrawn_by=user), "slug", "withdrawn_at"),
        (
            _("Confirmed that it is withdrawn"),
            Article.objects.filter(withdrawal_confirmed_by=user),
            "slug",
            "withdrawal_confirmed_at",
        ),
        (
            _("Asked somebody to sign"),
            SignOffLink.objects.filter(created_by=user),
            "revision__article__slug",
            "created_at",
        ),
        (
            _("Marked an edit as minor"),
            MinorEdit.objects.filter(marked_by=user),
            OF_SECTION,
            "marked_at",
        ),
        (
            _("Looked at an edit marked as minor"),
            MinorEdit.objects.filter(checked_by=user),
            OF_SECTION,
            "checked_at",
        ),
        (
            _("Finished a review"),
            ReviewRound.objects.filter(finished_by=user),
            "article__slug",
            "finished_at",
        ),
        (
            _("Decided on a notice about a source"),
            SourceTask.objects.filter(decided_by=user),
            "article__slug",
            "found_at",
        ),
        (_("Published a correction"), Correction.objects.filter(by=user), "article__slug", "at"),
        (
            _("Confirmed a correction"),
            Correction.objects.filter(confirmed_by=user),
            "article__slug",
            "confirmed_at",
        ),
        (
            _("Answered a reader’s message"),
            ReaderMessage.objects.filter(answered_by=user),
            "article__slug",
            "answered_at",
        ),
        (
            _("Resolved a note"),
            SectionNote.objects.filter(resolved_by=user),
            OF_SECTION,
            "resolved_at",
        ),
    )
    if not user.is_staff and not any(found.exists() for _what, found, _on, _at in deeds):
        return None
    rows = (
        {"what": what, "on": on, "when": when}
        for what, found, where, at in deeds
        for on, when in found.order_by("pk").values_list(where, at).iterator(CHUNK)
    )
    headings = {"what": _("What"), "on": _("On which article"), "when": _("When")}
    return Section("article_acts", _("What you did with articles"), headings, rows)
