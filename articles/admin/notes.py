"""Notes beside an article: a page on which they are written, answered and resolved."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from articles import notes as deeds
from articles.models import Article, Revision, SectionNote
from articles.notes import RESOLVE, WRITE, notes_on, people_to_ask
from articles.publishing import name_of
from articles.records import WordsField

VIEW = "articles.view_sectionnote"
WORDS: dict[str, Any] = {"max_length": 5_000, "widget": forms.Textarea(attrs={"rows": 3})}
Outcome = tuple[Any, dict[str, Any]]  # what to say, and what was sent where it was refused


class NoteForm(forms.Form):
    """A new note; it belongs to the revision that the page shows."""

    section = forms.TypedChoiceField(label=_("Section"), coerce=int)
    text = WordsField(label=_("Note"), **WORDS)
    asked = forms.TypedChoiceField(
        label=_("Ask somebody"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("They get a mail that there is a note, without its words."),
    )

    def __init__(self, revision: Revision, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = {section.pk: section for section in revision.sections.all()}
        self.people = {person.pk: person for person in people_to_ask()}
        named = [(pk, name_of(section)) for pk, section in self.sections.items()]
        self.fields["section"].choices = named  # type: ignore[attr-defined]
        people = [(pk, person.handle or person.email) for pk, person in self.people.items()]
        self.fields["asked"].choices = [("", _("Nobody in particular")), *people]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    text = WordsField(label=_("Answer"), **WORDS)


@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: HttpRequest, pk: int, *, model_admin: ModelAdmin[Article]) -> HttpResponse:
    """Show the notes on an article by section, and do what a button says."""
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
    article = get_object_or_404(Article, pk=pk)
    revision = _shown(request, article)
    deed = next((name for name in DEEDS if name in request.POST), "")
    bound: dict[str, Any] = {}
    if request.method == "POST":
        if not deed:
            return redirect("admin:articles_article_notes", pk)
        if not request.user.has_perm(RESOLVE if deed == "resolve" else WRITE):
            raise PermissionDenied
        said, bound = DEEDS[deed](request, article, revision)
        if said:
            messages.success(request, said)
        if not bound:
            return redirect("admin:articles_article_notes", pk)

    def is_shown(note: SectionNote) -> bool:
        return not note.resolved_at or "all" in request.GET or note.pk == bound.get("answered")

    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Notes"),
        "opts": Article._meta,
        "article": article,
        "revision": revision,
        "groups": _groups(article, revision, is_shown),
        "form": NoteForm(revision, initial={"section": request.GET.get("section")}),
        "answer_form": AnswerForm(auto_id=False),
        "show_all": "all" in request.GET,
        "may_write": request.user.has_perm(WRITE),
        "may_resolve": request.user.has_perm(RESOLVE),
        **bound,
    }
    status = 400 if bound else 200
    return render(request, "admin/articles/article/notes.html", context, status=status)


# --- what the buttons do --------------------------------------------------------------------------


def _write(request: HttpRequest, article: Article, revision: Revision) -> Outcome:
    user: Any = request.user
    form = NoteForm(revision, request.POST)
    if form.is_valid():
        section = form.sections[form.cleaned_data["section"]]
        section.revision = revision
        asked = form.people.get(form.cleaned_data["asked"] or 0)
        told = {"text": form.cleaned_data["text"], "by": user, "asked": asked}
        if _done(form, lambda: deeds.write(section, **told)):
            return (_("Noted, and mailed.") if asked and asked != user else _("Noted.")), {}
    return "", {"form": form}


def _answer(request: HttpRequest, article: Article, revision: Revision) -> Outcome:
    user: Any = request.user
    note, form = _note(request, article, "answer"), AnswerForm(request.POST, auto_id=False)
    told = {"text": form.cleaned_data["text"], "by": user} if form.is_valid() else {}
    if told and _done(form, lambda: deeds.answer(note, **told)):
        return _("Answered."), {}
    return "", {"answer_form": form, "answered": note.pk}


def _resolve(request: HttpRequest, article: Article, revision: Revision) -> Outcome:
    user: Any = request.user
    try:
        deeds.resolve(_note(request, article, "resolve"), by=user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return "", {}
    return _("Resolved."), {}


DEEDS: dict[str, Callable[..., Outcome]] = {
    "write": _write,
    "answer": _answer,
    "resolve": _resolve,
}


def _done(form: forms.Form, deed: Callable[[], Any]) -> bool:
    try:
        deed()
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True


def _note(request: HttpRequest, article: Article, button: str) -> SectionNote:
    """Return the note of this article that a button names; 404 where there is none."""
    pk = request.POST[button]
    if not pk.isascii() or not pk.isdigit() or len(pk) > 18:
        raise Http404
    return get_object_or_404(
        SectionNote.objects.select_related("section__revision__article", "by"),
        pk=int(pk),
        section__revision__article=article,
    )


def _shown(request: HttpRequest, article: Article) -> Revision:
    """Return the revision whose sections a note can be on: the one sent, or the newest."""
    sent = request.POST.get("revision", "")
    number = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
    revision = article.revisions.filter(number=number).first() or article.newest_revision
    if revision is None:
        raise Http404(_("Nothing is written here yet."))
    revision.article = article
    return revision


def _groups(
    article: Article, revision: Revision, is_shown: Callable[[SectionNote], bool]
) -> list[tuple[str, list[SectionNote]]]:
    """Return the notes by section, in the order of `revision`; then those on sections gone."""
    found: dict[str, tuple[str, list[SectionNote]]] = {
        section.anchor: (name_of(section), []) for section in revision.sections.all()
    }
    for note in filter(is_shown, notes_on(article)):
        name = str(_("%s (no longer there)")) % name_of(note.section)
        found.setdefault(note.section.anchor, (name, []))[1].append(note)
    return [group for group in found.values() if group[1]]
