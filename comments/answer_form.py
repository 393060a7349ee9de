"""What an answer is made of: words, in whose name, and on which part of the article."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from articles.models import Contributor, Revision, Section
from comments import answering
from comments.forms import Words, as_id, as_uuid
from comments.models import Comment
from comments.models.comment import MAX_LENGTH
from comments.screened_form import ScreenedForm
from comments.screening import Candidate


class AnswerForm(ScreenedForm):
    """`user` answers `question`; a part of the article counts in the wording that they read."""

    contributor = forms.TypedChoiceField(
        label=_("In whose name?"),
        coerce=int,
        help_text=_("Readers see the name and the profession. Answer in nobody's name unasked."),
        error_messages={"required": _("Choose in whose name you answer.")},
    )
    section = forms.ChoiceField(
        label=_("Which part of the article is it about?"),
        required=False,
        help_text=_("When this part changes, readers see that the answer is older."),
    )
    text = Words(
        label=_("The answer"),
        longest=MAX_LENGTH,
        error_messages={"required": _("Write something first.")},
    )
    nonce = forms.Field(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, question: Comment, user: User) -> None:
        self.question, self.user = question, user
        # What was sent is not narrowed: who pressed twice is led to their answer.
        done = set(answering.answers_to(question).values_list("contributor", flat=True))
        offered = answering.answerers(question, user)
        self.names = {who.pk: who for who in offered if data is not None or who.pk not in done}
        self.parts = {part.pk: part for part in _parts(question, data)}
        super().__init__(data, initial={"contributor": next(iter(self.names), None)})
        names: Any = self.fields["contributor"]
        names.choices = [(pk, _who(who)) for pk, who in self.names.items()]
        parts: Any = self.fields["section"]
        parts.choices = [
            ("", _("Nothing of the article in particular")),
            *((pk, part.heading or _("Title and summary")) for pk, part in self.parts.items()),
        ]
        if len(self.names) == 1:
            names.widget, names.required = forms.HiddenInput(), True

    def clean_nonce(self) -> uuid.UUID | None:
        return as_uuid(self.cleaned_data["nonce"])

    @property
    def candidate(self) -> Candidate:
        """Return what is screened: an answer is a comment as others are."""
        text, article = self.cleaned_data.get("text", ""), self.question.article
        return Candidate(text, article, author=self.user, parent=self.question)

    @property
    def carried(self) -> dict[str, str]:
        """Return what a page that asks carries along besides the words, by the names of fields."""
        chosen = {name: self.cleaned_data.get(name) for name in ("contributor", "section", "nonce")}
        return {name: str(value) for name, value in chosen.items() if value} | super().carried

    @property
    def given(self) -> dict[str, Any]:
        """Return what an answer is made of, once the form is valid."""
        data = self.cleaned_data
        return {
            "text": data["text"],
            "nonce": data["nonce"],
            "contributor": self.names[data["contributor"]],
            "section": self.parts.get(as_id(data["section"]) or 0),
        }

    @property
    def only_name(self) -> str:
        """Return in whose name the answer will stand, where there is no choice."""
        return _who(next(iter(self.names.values()))) if len(self.names) == 1 else ""


class WordsForm(forms.Form):
    """What is left of an answer that could not be posted."""

    text = Words(label=_("The answer"), longest=MAX_LENGTH)


class AskForm(forms.Form):
    contributor = forms.ModelChoiceField(
        Contributor.objects.filter(unnamed_at=None),
        label=_("Contributor"),
        help_text=_("Whoever has an account here is told, and answers on a page of their own."),
    )


class ChangeForm(forms.Form):
    revision = forms.ModelChoiceField(Revision.objects.none(), label=_("Revision"))

    def __init__(self, data: Any = None, *, comment: Comment) -> None:
        super().__init__(data)
        field: Any = self.fields["revision"]
        seen = Revision.objects.filter(article=comment.article_id, published_at__isnull=False)
        field.queryset = seen.defer("text", "plain_text", "section_html").order_by("-number")


def _parts(question: Comment, data: Any) -> list[Section]:
    """Return the parts of the article as it is, and the one chosen from it as it was before."""
    now = list(Section.objects.filter(revision=question.article.live_id).order_by("position"))
    chosen = as_id(data.get("section", "")) if data else None
    if chosen is None or any(part.pk == chosen for part in now):
        return now
    seen = Section.objects.filter(revision__article=question.article_id)
    return [*now, *seen.filter(pk=chosen, revision__published_at__isnull=False)]


def _who(contributor: Contributor) -> str:
    if not contributor.profession:
        return contributor.name
    return _t("%(name)s, %(profession)s") % {
        "name": contributor.name,
        "profession": contributor.profession,
    }
