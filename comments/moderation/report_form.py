"""What is asked of somebody who reports a comment; of a formal notice, what the law asks."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext_lazy as _

from comments.forms import Words
from comments.models import Report
from comments.models.report import HANDLING, MAX_WORDS
from comments.moderation.reading_hours import groups_with_somebody, promised

Reason = Report.Reason

HELP = {
    Reason.UNSAFE: _("It could hurt somebody who follows it."),
    Reason.WORRIED: _("They may be in danger, or at the end of their strength. It is no blame."),
    Reason.NAMES: _("A patient, a doctor or somebody else can be recognised."),
    Reason.PERSONAL: _("Anybody could use it to find or to harm them."),
    Reason.SELLING: _("Advertising, a link to a shop, a promise that nobody can keep."),
    Reason.ABUSE: _("It attacks somebody for who they are or what they said."),
    Reason.SPAM: _("It has nothing to do with the article."),
    Reason.OTHER: _("Please say what, in your words."),
    Reason.LEGAL: _("Some more is asked of you then: your name, and why it is against the law."),
}

# What else a formal notice holds (EU DSA article 16 (2)), and how it is asked for.
DEMANDED = {
    "words": _("Say why this is against the law."),
    "place": _("Say which words you mean."),
    "good_faith": _("Tick that you believe your notice to be right and complete."),
}
# (2) (c): nobody has to name themselves who reports the abuse of a child.
DEMANDED_WITH_NAME = {
    "name": _("Give your name, unless it shows the abuse of a child."),
    "email": _("Give your e-mail address, unless it shows the abuse of a child."),
}
OF_A_NOTICE = ("place", "shows_child_abuse", "name", "good_faith")


class Reasons(forms.RadioSelect):
    """Radio buttons, each described by the help beside it."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        option["attrs"]["aria-describedby"] = f"{option['attrs']['id']}_help"
        return option


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=Reason.choices,
        widget=Reasons,
        error_messages={"required": _("Choose what is wrong.")},
    )
    words = Words(
        label=_("In your words"),
        longest=MAX_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    place = Words(
        label=_("Which words of the comment do you mean?"),
        longest=500,
        required=False,
        help_text=_("Copy them from above, or write that you mean all of it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    shows_child_abuse = forms.BooleanField(
        label=_("It shows the abuse of a child."),
        required=False,
        help_text=_("Then you need to give neither your name nor your e-mail address."),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    good_faith = forms.BooleanField(
        label=_("I believe in good faith that what I say in this notice is right and complete."),
        required=False,
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_(
            "Only if you would like an answer; it is deleted when we have answered. A formal "
            "notice needs one."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if signed_in:
            del self.fields["email"]

    def reasons(self) -> Iterator[tuple[BoundWidget, Any, str]]:
        """Yield each button with its help and the time in which a report like it is looked at."""
        groups = groups_with_somebody()
        for button in self["reason"].subwidgets:
            reason = Reason(button.data["value"])
            yield button, HELP[reason], promised(HANDLING[reason], groups)

    def clean(self) -> dict[str, Any]:
        """Demand what belongs to a formal notice of one, and take nothing of it otherwise."""
        cleaned = self.cleaned_data
        if cleaned.get("reason") != Reason.LEGAL:
            return cleaned | {name: self.fields[name].clean("") for name in OF_A_NOTICE}
        demanded = DEMANDED | ({} if cleaned.get("shows_child_abuse") else DEMANDED_WITH_NAME)
        for name, sentence in demanded.items():
            if name in self.fields and name not in self.errors and not cleaned.get(name):
                self.add_error(name, sentence)
        return cleaned
