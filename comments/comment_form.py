"""What the composer sends: words, what they answer, and under which name and badge they stand."""

import uuid
from dataclasses import replace
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from articles.models import Article
from comments import text as comment_text
from comments.forms import Words, as_id, as_uuid
from comments.models import Badge, Comment, Voice
from comments.models.comment import MAX_LENGTH
from comments.models.voice import Visitor
from comments.screened_form import QUESTIONS, ScreenedForm
from comments.screening import Candidate, screen

# What goes with the words of a comment: what was chosen for it, and what was answered about it.
CHOICES = ("as", "badge", "interests", "question", "answered")

PARENT_GONE = _(
    "The comment you were answering is no longer here. "
    "You can post your words as a comment of their own."
)


class OneLine(forms.CharField):
    """A line of plain text; what was pasted in several becomes one."""

    def to_python(self, value: Any) -> str:
        line = " ".join(comment_text.clean(super().to_python(value) or "").split())
        return "" if comment_text.says_nothing(line) else line


class CommentForm(ScreenedForm):
    """What the composer posts; `visitor` is who posts it, or will after they have logged in."""

    text = Words(
        label=_("Your comment"),
        longest=MAX_LENGTH,
        error_messages={"required": _("Write something first.")},
    )
    parent = forms.Field(required=False)
    nonce = forms.Field(required=False)
    badge = forms.Field(required=False)
    interests = OneLine(
        label=_("Your interests"),
        max_length=Comment._meta.get_field("interests").max_length,
        required=False,
        help_text=_(
            "Readers see it beside the badge: money, posts or shares that have to do with this"
            " topic. If there are none, write “None”."
        ),
        error_messages={"max_length": _("Say it in at most %(limit_value)d characters.")},
    )
    badge_confirmed = forms.BooleanField(
        label=_("Show my badge beside this name all the same"), required=False
    )
    question = forms.BooleanField(
        label=_("This is a question"),
        required=False,
        help_text=_("Staff see that it waits for an answer. They may not be able to give one."),
    )

    def __init__(self, *args: Any, article: Article, visitor: Visitor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.article = article
        self.member = visitor if isinstance(visitor, User) else None
        # Not declared above: Python keeps the word for itself.
        self.fields["as"] = forms.ChoiceField(
            choices=[(kind.value, kind.label) for kind in NAMES],
            required=False,
            error_messages={"invalid_choice": _("Choose one of the two names.")},
        )

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

    def clean_badge(self) -> uuid.UUID | None:
        """Return the key of a badge that the member may show here; before log-in of any."""
        asked = self.cleaned_data["badge"]
        key = as_uuid(asked) if asked else None
        if asked and self.member and key not in self.badges:
            raise forms.ValidationError(_("You have no badge that could be shown here any more."))
        return key

    def clean(self) -> None:
        if not self.member or not self.cleaned_data.get("badge"):
            return
        if not self.cleaned_data.get("interests") and "interests" not in self.errors:
            self.add_error(
                "interests", _("Say what interests you have in this topic, or write “None”.")
            )
        if self.is_to_be_confirmed and not self.cleaned_data.get("badge_confirmed"):
            self.add_error(
                "badge_confirmed",
                _(
                    "You chose a name that is used only here, but a badge may tell who you are:"
                    " few people have it. Post without it, or tick that you want it shown."
                ),
            )

    # --- what was chosen ----------------------------------------------------------------------

    @cached_property
    def badges(self) -> dict[uuid.UUID, Badge]:
        """Return the badges that the member may show here, by their keys."""
        if self.member is None:
            return {}
        held = Badge.objects.of(self.member).in_force().prefetch_related("topics")
        return {badge.pk: badge for badge in held if badge.covers(self.article)}

    @cached_property
    def kind(self) -> str:
        """Return which kind of name is chosen: without a word, the one that they used here last."""
        chosen = self["as"].value()
        if chosen in NAMES:
            return str(chosen)
        if self.member is None:
            return Voice.Kind.HANDLE
        return Comment.objects.kind_used_last(self.member, self.article)

    @property
    def is_to_be_confirmed(self) -> bool:
        """Tell whether a badge is chosen for a name that shall not tell who bears it."""
        return bool(self.choices.get("badge")) and self.kind == Voice.Kind.DISCUSSION

    @property
    def choices(self) -> dict[str, str]:
        """Return what was chosen, as far as it can be understood, to be kept with the words."""
        chosen = self.cleaned_data if self.is_bound else self.initial
        chosen = {**chosen, "answered": self.answers}
        return {name: str(chosen[name]) for name in CHOICES if chosen.get(name)}

    @property
    def carried(self) -> dict[str, str]:
        """Return what a page that asks carries along besides the words, by the names of fields."""
        typed = self.cleaned_data
        parent, nonce = typed.get("parent"), typed.get("nonce") or uuid.uuid4()
        fields = {**self.choices, "nonce": str(nonce), "parent": str(parent.pk) if parent else ""}
        fields |= {"badge_confirmed": "on"} if typed.get("badge_confirmed") else {}
        return {name: value for name, value in fields.items() if value}

    @property
    def candidate(self) -> Candidate:
        """Return what is screened; before anything is typed, what holds whatever is typed."""
        typed = self.cleaned_data if self.is_bound else {}
        return Candidate(
            typed.get("text", ""), self.article, author=self.member, parent=typed.get("parent")
        )

    @property
    def holds_beside(self) -> list[str]:
        """Return the checks that hold what is said beside a badge: readers see it as well."""
        said = self.cleaned_data.get("interests")
        if not said or not self.cleaned_data.get("badge"):
            return []
        return screen(replace(self.candidate, text=said), answered=QUESTIONS).holds

    @property
    def words(self) -> dict[str, Any]:
        """Return what a draft keeps of the form."""
        named = {name: self.cleaned_data.get(name) for name in ("text", "parent", "nonce")}
        return {**named, "choices": self.choices}

    @property
    def comment(self) -> dict[str, Any]:
        """Return what a comment is made of, once the form is valid."""
        typed = {name: self.cleaned_data[name] for name in ("text", "parent", "nonce", "interests")}
        key = self.cleaned_data["badge"]
        return {
            **typed,
            "kind": self.kind,
            "badge": self.badges[key] if key else None,
            "is_question": self.cleaned_data["question"],
        }


NAMES = (Voice.Kind.HANDLE, Voice.Kind.DISCUSSION)


def answerable(article: Article, asked: Any) -> Comment | None:
    """Return the visible comment of `article` with the id `asked`, or None."""
    visible = Comment.objects.visible().filter(article=article).select_related("voice")
    key = as_id(asked)
    return None if key is None else visible.filter(pk=key).first()
