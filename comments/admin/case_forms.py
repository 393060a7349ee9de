"""What a deed of a moderator needs: a house rule, a reason, words of an answer."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from comments.forms import Words
from comments.models import Comment, Rule, Sanction
from comments.models.comment import MAX_LENGTH
from comments.moderation.sanctions import LENGTHS, ends_after

# Deeds that limit what somebody may say: they name a rule, and the writer reads why.
BY_RULE = frozenset({"remove", "ask-edit", "hide-name", "sanction"})
BY_WORDS = frozenset({"reply", "correct"})


class RuleChoice(forms.ModelChoiceField[Rule]):
    """One of the house rules in force, with the reason that is given unless another is written."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Rule.objects.in_force(),
            label=_("House rule"),
            required=False,
            empty_label=None,
            widget=forms.RadioSelect,
            **kwargs,
        )


class ByRule(forms.Form):
    """A house rule and a reason; without words of its own it is the rule’s."""

    rule = RuleChoice()
    reason = forms.CharField(
        label=_("Reason, in your words"),
        help_text=_("The writer reads it. Left empty, they read what the rule says."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    facts = forms.CharField(
        label=_("Facts"),
        help_text=_("What you saw that the rule is about, if the text alone does not tell it."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def take_reason(self) -> None:
        """Complain without a rule; let the rule speak where nobody else does."""
        rule, reason = self.cleaned_data.get("rule"), self.cleaned_data.get("reason", "")
        if rule is None and self.rules():
            self.add_error("rule", _("Choose the house rule that it is about."))
        elif not reason and rule is None:
            self.add_error("reason", _("Say why: its writer reads it."))
        self.cleaned_data["reason"] = reason or (rule.reason if rule else "")

    def words(self) -> list[forms.BoundField]:
        return [self["reason"], self["facts"]]

    def rules(self) -> list[Rule]:
        field: Any = self.fields["rule"]
        return list(field.queryset)


class RemoveForm(ByRule):
    """Why several comments are taken down at once."""

    def clean(self) -> None:
        self.take_reason()


class CaseForm(ByRule):
    """All that a case page may send; what of it a deed needs depends on the deed."""

    kind = forms.ChoiceField(
        label=_("Step"), choices=Sanction.Kind.choices, required=False, widget=forms.RadioSelect
    )
    length = forms.ChoiceField(label=_("Length of a suspension"), required=False)
    text = Words(
        label=_("Your answer"),
        longest=MAX_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    copies = forms.TypedMultipleChoiceField(
        coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    nonce = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, copies: list[Comment], seen: str = "", deed: str = ""
    ) -> None:
        self.deed = deed
        super().__init__(data, initial={"seen": seen, "nonce": uuid4()})
        offered: Any = self.fields
        offered["copies"].choices = [(copy.pk, copy.pk) for copy in copies]
        offered["length"].choices = list(LENGTHS)

    def clean(self) -> None:
        if self.deed in BY_RULE:
            self.take_reason()
        if self.deed in BY_WORDS and not self.cleaned_data.get("text"):
            self.add_error("text", _("Write what readers are to read."))
        if self.deed == "sanction" and not self.cleaned_data.get("kind"):
            self.add_error("kind", _("Choose a step."))
        if self._asks_length() and not self.cleaned_data.get("length"):
            self.add_error("length", _("Choose how long the suspension lasts."))

    def until(self) -> datetime | None:
        """Return when the sanction ends that is asked for, if it does by itself."""
        return ends_after(self.cleaned_data["length"]) if self._asks_length() else None

    def _asks_length(self) -> bool:
        kind = self.cleaned_data.get("kind")
        return self.deed == "sanction" and kind == Sanction.Kind.SUSPENSION


class AppealForm(forms.Form):
    """What becomes of an appeal; a refusal says why."""

    granted = forms.TypedChoiceField(
        label=_("Is the appeal right?"),
        choices=[("yes", _("Yes: take the decision back")), ("no", _("No: the decision stands"))],
        coerce=lambda chosen: chosen == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    answer = forms.CharField(
        label=_("Your answer"),
        help_text=_("The writer reads it."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> None:
        if self.cleaned_data.get("granted") is False and not self.cleaned_data.get("answer"):
            self.add_error("answer", _("Say why the decision stands."))
