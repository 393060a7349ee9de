"""The shape of what readers send: words first, and never lost."""

import uuid
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from comments import text as comment_text
from comments.models import Comment, Report
from comments.models.comment import MAX_LENGTH
from comments.models.report import MAX_WORDS


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


class CommentForm(forms.Form):
    """What the composer posts."""

    text = Words(
        label=_("Your comment"),
        longest=MAX_LENGTH,
        error_messages={"required": _("Write something first.")},
    )
    parent = forms.Field(required=False)
    nonce = forms.Field(required=False)

    def __init__(self, *args: Any, article: Article, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.article = article

    def clean_parent(self) -> Comment | None:
        """Return the comment that is answered, if it is there to be answered."""
        asked = self.cleaned_data["parent"]
        parent = answerable(self.article, asked) if asked else None
        if asked and not parent:
            self.add_error(None, PARENT_GONE)
        return parent

    def clean_nonce(self) -> uuid.UUID | None:
        """Return the key of this form; what is none protects nothing, and hinders nothing."""
        return as_uuid(self.cleaned_data["nonce"])


PARENT_GONE = _(
    "The comment you were answering is no longer here. "
    "You can post your words as a comment of their own."
)


def answerable(article: Article, asked: Any) -> Comment | None:
    """Return the visible comment of `article` with the id `asked`, or None."""
    visible = Comment.objects.visible().filter(article=article).select_related("voice")
    key = as_id(asked)
    return None if key is None else visible.filter(pk=key).first()


def as_id(asked: Any) -> int | None:
    digits = str(asked)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 20 else None


def as_uuid(asked: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(asked))
    except ValueError:
        return None


class EditForm(forms.Form):
    text = Words(
        label=_("Your comment"),
        longest=MAX_LENGTH,
        error_messages={"required": _("To take everything back, withdraw the comment.")},
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


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=Report.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong.")},
    )
    words = Words(
        label=_("In your words"),
        longest=MAX_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Only if you would like an answer."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if signed_in:
            del self.fields["email"]


class RemoveForm(forms.Form):
    """Why a moderator takes a comment down; its writer reads the reason."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("The writer of the comment reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
