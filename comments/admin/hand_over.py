"""What moderators keep at their desk: notes for whoever comes next, and how each of them works."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from comments.models import DeskChoices, HandOverNote

NOTES_SHOWN = 3

# The deeds that a key can do, and what each proposes; a key clicks what the page shows for it.
KEYS = {
    "take": (_("Take next"), "n"),
    "approve": (_("Approve"), "a"),
    "keep": (_("Leave it as it is"), "l"),
    "remove": (_("Remove"), "r"),
    "ask-edit": (_("Ask for an edit"), "e"),
    "put-back": (_("Put it back"), "b"),
    "undo": (_("Undo"), "u"),
}


class NoteForm(forms.ModelForm[HandOverNote]):
    class Meta:
        model = HandOverNote
        fields = ("text",)
        labels = {"text": _("For whoever comes next")}
        help_texts = {"text": _("Name nobody and quote nothing: describe what to look out for.")}
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}


def last_notes() -> list[HandOverNote]:
    return list(HandOverNote.objects.select_related("by")[:NOTES_SHOWN])


class ChoicesForm(forms.Form):
    """How one moderator works. Each key is one character, and does one thing."""

    blurred = forms.BooleanField(
        label=_("Blur the texts of comments until I point at them or reach them by keyboard"),
        required=False,
    )
    shortcuts = forms.BooleanField(
        label=_("Let single keys act"),
        help_text=_("They never act while you type in a field. They are off until you want them."),
        required=False,
    )

    def __init__(self, *args: Any, choices: DeskChoices, **kwargs: Any) -> None:
        self.choices = choices
        chosen = {deed: key for key, deed in choices.keys.items()}
        kwargs["initial"] = {"blurred": choices.blurred, "shortcuts": choices.shortcuts}
        super().__init__(*args, **kwargs)
        for deed, (label, proposed) in KEYS.items():
            self.fields[f"key_{deed}"] = forms.CharField(
                label=label,
                max_length=1,
                required=False,
                initial=chosen.get(deed, "" if chosen else proposed),
                widget=forms.TextInput(attrs={"size": 2, "autocomplete": "off"}),
            )

    def clean(self) -> None:
        keys: dict[str, str] = {}
        for deed in KEYS:
            key = (self.cleaned_data.get(f"key_{deed}") or "").lower()
            if key and key in keys:
                self.add_error(f"key_{deed}", _("This key does something else already."))
            elif key:
                keys[key] = deed
        self.cleaned_data["keys"] = keys

    def save(self) -> None:
        for name in ("blurred", "shortcuts", "keys"):
            setattr(self.choices, name, self.cleaned_data[name])
        self.choices.save()

    def key_fields(self) -> list[forms.BoundField]:
        return [self[f"key_{deed}"] for deed in KEYS]


def choices_of(user: User) -> DeskChoices:
    """Return how `user` works; as it is at first until they chose."""
    return DeskChoices.objects.filter(user=user).first() or DeskChoices(user=user)
