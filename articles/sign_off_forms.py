"""What somebody fills in who signs by a personal link: their verdict, then the code."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models import Contributor, Review, SignOffLink
from articles.records import WordsField
from articles.sign_off_changes import Shown, ShownSection
from articles.signing import OWN_WORDS

NAMED, HELD = "name", "profession"  # how readers see them

OUTCOMES = [
    (Review.Outcome.APPROVE, _("Approve: the sections below are right as they stand.")),
    (Review.Outcome.CHANGES, _("Changes needed: say below what has to change.")),
    (Review.Outcome.REJECT, _("Reject: this should not be published. Say why below.")),
]


class VerdictForm(forms.Form):
    """Everything but the code. `positions` are offered by their headings."""

    outcome = forms.ChoiceField(
        label=_("Your verdict"),
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose your verdict.")},
    )
    positions = forms.TypedMultipleChoiceField(
        label=_("Sections that you answer for"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Take off those that you did not check."),
        error_messages={
            "required": _("Choose at least one section."),
            "invalid_choice": _("Choose sections of this revision."),
        },
    )
    covers_whole = forms.BooleanField(
        label=_("The article as a whole: nothing is missing."),
        required=False,
        help_text=_("Tick it if you read all of it and no section has to be added or put back."),
    )
    scope = WordsField(
        label=_("What did you check?"),
        max_length=300,
        required=False,
        help_text=_("One sentence that readers see, such as: checked doses and warnings."),
    )
    message = WordsField(
        label=_("Message to the author"),
        max_length=5_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Readers do not see it."),
    )
    shown_as = forms.ChoiceField(label=_("How readers see you"), widget=forms.RadioSelect)

    def __init__(self, link: SignOffLink, shown: Shown, data: Any = None) -> None:
        asked: Sequence[int] = link.asked_positions
        super().__init__(data, initial={"positions": shown.preselected(asked), "shown_as": NAMED})
        self.own = {section.position for section in shown.sections if section.is_own}
        self.fields["positions"].choices = [  # type: ignore[attr-defined]
            (section.position, label_of(section)) for section in shown.sections
        ]
        self.fields["shown_as"].choices = printed_names(link.contributor)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        outcome = cleaned.get("outcome")
        if outcome and outcome != Review.Outcome.APPROVE:
            if not cleaned.get("message") and "message" not in self.errors:
                self.add_error("message", _("Say in your message what is wrong."))
        elif outcome and self.own & set(cleaned.get("positions", ())):
            self.add_error("positions", OWN_WORDS)
        return cleaned

    @property
    def verdict(self) -> dict[str, Any]:
        """Return what `articles.signing.sign` is told."""
        names = ("outcome", "positions", "covers_whole", "scope", "message")
        told = {name: self.cleaned_data[name] for name in names}
        return {**told, "name_held": self.cleaned_data["shown_as"] == HELD}

    def in_words(self) -> list[tuple[Any, list[Any]]]:
        """Return what was chosen, to be read again before it is signed."""
        chosen = self.cleaned_data
        positions = dict(self.fields["positions"].choices)  # type: ignore[attr-defined]
        shown_as = dict(self.fields["shown_as"].choices)  # type: ignore[attr-defined]
        sections = [positions[position] for position in chosen["positions"]]
        if chosen["covers_whole"]:
            sections.append(_("The article as a whole: nothing is missing."))
        return [
            (_("Your verdict"), [Review.Outcome(chosen["outcome"]).label]),
            (_("You answer for"), sections),
            (_("What you checked"), [chosen["scope"] or "–"]),
            (_("Readers see"), [shown_as[chosen["shown_as"]]]),
            (_("Message to the author"), [chosen["message"] or "–"]),
        ]


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=50,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
        error_messages={"required": _("Type the six digits of our mail.")},
    )


class TakeBackForm(forms.Form):
    reason = WordsField(
        label=_("Why?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For the editors; it helps them to mend the text. You may leave it empty."),
    )


def label_of(section: ShownSection) -> str:
    """Return how a section is called in the form, and what is to be known of it there."""
    name = section.heading or gettext("Title, summary and beginning")
    if section.is_own:
        return gettext("%(section)s (your own words)") % {"section": name}
    if section.is_as_signed:
        return gettext("%(section)s (as you signed it)") % {"section": name}
    return name


def printed_names(contributor: Contributor) -> list[tuple[str, str]]:
    """Return under which names they can sign, as readers will see them."""
    entry = (contributor.name, contributor.profession, contributor.credentials)
    names = [(NAMED, ", ".join(filter(None, (*entry, contributor.register_url))))]
    if contributor.profession:
        held = gettext("%(profession)s, name held by the publisher")
        names.append((HELD, held % {"profession": contributor.profession}))
    return names
