"""Notes on a section: written, answered and resolved beside the article; readers never see them."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import mail
from accounts.models import AuditAct, User
from articles.models import Article, Review, Section, SectionNote

WRITE = "articles.add_sectionnote"
RESOLVE = "articles.change_sectionnote"


class CannotNote(ValidationError):  # named as what it says
    """Why nothing was written, in a sentence for whoever wanted to."""


@transaction.atomic
def write(section: Section, *, text: str, by: User, asked: User | None = None) -> SectionNote:
    """Write a note on `section`, and mail whoever is `asked` that there is one."""
    article = section.revision.article
    article.lock()
    if asked and asked not in people_to_ask():
        raise CannotNote(_("Choose somebody who works on articles here."))
    note = _made(SectionNote(section=section, text=text.strip(), by=by, asked=asked))
    _record("note.written", note, by)
    if asked and asked != by and asked.is_active:
        send_mail(_("A note for you"), _words("note", note), None, [asked.email])
    return note


@transaction.atomic
def answer(note: SectionNote, *, text: str, by: User) -> SectionNote:
    """Answer `note`; whoever wrote it is mailed that there is an answer."""
    note.section.revision.article.lock()
    if note.answers_to_id:
        raise CannotNote(_("Answer the note itself: there are no answers to answers."))
    note.refresh_from_db(fields=["resolved_at"])
    if note.resolved_at:
        raise CannotNote(_("This note is resolved: write a new one."))
    said = _made(SectionNote(section=note.section, text=text.strip(), by=by, answers_to=note))
    _record("note.answered", said, by)
    if note.by_id != by.pk and note.by.is_active:
        words = _words("note_answered", note)
        send_mail(_("Your note was answered"), words, None, [note.by.email])
    return said


@transaction.atomic
def resolve(note: SectionNote, *, by: User) -> None:
    """Note that there is nothing left to do; CannotNote where somebody was quicker."""
    note.section.revision.article.lock()
    how: dict[str, Any] = {"resolved_at": timezone.now(), "resolved_by": by}
    if not SectionNote.objects.open().filter(pk=note.pk).update(**how):
        raise CannotNote(_("This note is resolved already."))
    note.refresh_from_db()
    _record("note.resolved", note, by)


def notes_on(article: Article) -> QuerySet[SectionNote]:
    """Return the notes on any revision of `article`, in order; answers are in `answers`."""
    notes = SectionNote.objects.filter(section__revision__article=article, answers_to=None)
    return notes.select_related("section__revision", "by", "asked", "resolved_by").prefetch_related(
        "answers__by"
    )


def open_notes(article: Article) -> QuerySet[SectionNote]:
    return SectionNote.objects.open().filter(section__revision__article=article)


def asked_of_authors(article: Article) -> list[Review]:
    """Return what reviewers want to be changed: of each the last word, if that is no approval."""
    reviews = Review.objects.filter(
        revision__article=article, taken_back_at=None, disputed_at=None
    ).select_related("revision", "contributor")
    last: dict[int, Review] = {}
    for review in reviews.order_by("-signed_at", "-pk"):
        last.setdefault(review.contributor_id, review)
    return [review for review in last.values() if review.outcome != Review.Outcome.APPROVE]


def people_to_ask() -> Sequence[User]:
    """Return the staff who write, review or edit, by name."""
    staff = ModelBackend().with_perm(WRITE).filter(is_staff=True)
    return list(staff.order_by("handle"))


def _made(note: SectionNote) -> SectionNote:
    note.clean_fields(exclude=["section", "answers_to", "by", "asked"])
    note.save()
    return note


def _record(deed: str, note: SectionNote, by: User) -> None:
    section = note.section
    hashes = {str(section.position): section.sha256}
    AuditAct.objects.record(deed, by=by, on=note, hashes=hashes)


def _words(template: str, note: SectionNote) -> str:
    """Return a mail that there is something to read; what it is about stands behind a log-in."""
    path = reverse("admin:articles_article_notes", args=[note.section.revision.article_id])
    address = f"{settings.SITE_URL}{path}#note-{note.pk}"
    return mail.written(f"articles/mail/{template}.txt", address=address, note=note)
