"""The choice of those who leave."""

from collections.abc import Iterator

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext_lazy as _

from accounts.models import Fate

# What others will see of each choice, and since when.
EXPLANATIONS = {
    Fate.KEEP: _(
        "Others can read your comments. Each stands under “former member”, and nothing joins "
        "them to each other or to you. What you tell of yourself in them can still be read."
    ),
    Fate.WITHDRAW: _(
        "Others no longer see your comments. Moderators can still read the texts for 30 days; then "
        "these are deleted."
    ),
    Fate.ERASE: _(
        "Your comments are deleted, earlier wordings too. Nobody can read them any more, "
        "moderators neither, and nobody can bring them back."
    ),
}


class LeaveForm(forms.Form):
    fate = forms.ChoiceField(
        label=_("What shall become of your comments?"),
        choices=Fate,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what shall become of your comments.")},
    )

    def explained(self) -> Iterator[tuple[BoundWidget, str]]:
        """Yield each choice with what others will see of it."""
        for radio, explanation in zip(self["fate"], EXPLANATIONS.values(), strict=True):
            yield radio, str(explanation)
