"""Forms whose words are screened: they carry along what their writer was asked and has answered."""

from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from comments import text as comment_text
from comments.forms import Words
from comments.models.comment import MAX_LENGTH

# The checks of comments/screening/ that ask, and so can be answered.
QUESTIONS = ("crisis", "personal", "watched")


class ScreenedForm(forms.Form):
    """Words, and what was answered about them; a form that has these words says how they look.

    `answered` holds earlier answers, each with the fingerprint of the words that it was given for:
    other words are asked about anew. `answer` is the button that was pressed on a page that asks:
    the names of checks, for "post it as it is", or one of "edit", "remove", "later", "discard".
    """

    answered = forms.Field(required=False)
    answer = forms.Field(required=False)

    @property
    def pressed(self) -> str:
        return str(self.cleaned_data.get("answer") or "")

    @property
    def answered_checks(self) -> list[str]:
        """Return what was answered about these very words, now or before."""
        mark = comment_text.fingerprint(self.cleaned_data.get("text", ""))
        given = {*self.pressed.split()}
        kept = {*str(self.cleaned_data.get("answered") or "").split()}
        return [each for each in QUESTIONS if each in given or f"{each}:{mark}" in kept]

    @property
    def answers(self) -> str:
        """Return the answers as the form, or a draft, carries them along."""
        if not self.is_bound:
            return str(self.initial.get("answered", ""))
        mark = comment_text.fingerprint(self.cleaned_data.get("text", ""))
        return " ".join(f"{each}:{mark}" for each in self.answered_checks)

    @property
    def carried(self) -> dict[str, str]:
        """Return what a page that asks carries along besides the words, by the names of fields."""
        return {"answered": self.answers} if self.answers else {}

    def with_text(self, text: str) -> Self:
        """Return this form as if `text` had been typed, and nothing answered about it yet."""
        self.data = {**{name: self.data.get(name) for name in self.data}, "text": text}
        self.cleaned_data |= {"text": text, "answer": ""}
        return self


class EditForm(ScreenedForm):
    text = Words(
        label=_("Your comment"),
        longest=MAX_LENGTH,
        error_messages={"required": _("To take everything back, withdraw the comment.")},
    )


def fields_of_json(fields: dict[str, Any]) -> dict[str, Any]:
    """Return a JSON client's fields: its `answered` names checks, for the words it comes with."""
    given = fields.pop("answered", None)
    names = given if isinstance(given, list) else []
    return {**fields, "answer": " ".join(name for name in names if name in QUESTIONS)}
