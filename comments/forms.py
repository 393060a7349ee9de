"""The shape of what readers send: words first, and never lost."""

import uuid
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from comments import text as comment_text
from comments.models import Comment

LARGEST_ID = 2**63 - 1  # SQLite takes no larger number, not even to find nothing


class Words(forms.CharField):
    """Plain text in its stored spelling; its length counts after that.

    The widget has no `maxlength`: browsers cut what is pasted, without a word.
    """

    widget = forms.Textarea(attrs={"rows": 10})

    def __init__(self, *, longest: int, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)
        self.validators.append(
            MaxLengthValidator(
                longest,
                _("This is %(show_value)d characters long; at most %(limit_value)d can be posted."),
            )
        )

    def to_python(self, value: Any) -> str:
        words = comment_text.clean(super().to_python(value) or "")
        return "" if comment_text.says_nothing(words) else words


def as_id(asked: Any) -> int | None:
    """Return the id that is asked for, or None for what is none: no row's is above LARGEST_ID."""
    digits = str(asked)
    if not (digits.isascii() and digits.isdigit() and len(digits) < 20):
        return None
    return int(digits) if int(digits) <= LARGEST_ID else None


def as_uuid(asked: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(asked))
    except ValueError:
        return None


class WithdrawForm(forms.Form):
    at_once = forms.BooleanField(
        label=_("Delete the text at once, so that moderators cannot read it either."),
        required=False,
    )


class CutForm(forms.Form):
    """Passages to take out, by their places in the text that the form was made of."""

    passages = forms.TypedMultipleChoiceField(
        label=_("Passages to cut"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick at least one passage."),
            "invalid_choice": _("Your comment has changed meanwhile. Please look again."),
        },
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, comment: Comment) -> None:
        self.fingerprint = comment_text.fingerprint(comment.text)
        super().__init__(data, initial={"seen": self.fingerprint})
        self.fields["passages"].choices = [  # type: ignore[attr-defined]
            (place, passage.strip())
            for place, passage in enumerate(comment_text.passages(comment.text))
            if not comment_text.is_mark(passage)
        ]

    def clean(self) -> None:
        field: Any = self.fields["passages"]
        ticked = self.cleaned_data.get("passages", [])
        if self.cleaned_data.get("seen") != self.fingerprint:
            raise forms.ValidationError(field.error_messages["invalid_choice"])
        if len(ticked) == len(field.choices):
            raise forms.ValidationError(_("To take everything back, withdraw the comment."))
