"""The shape of what members and staff type about badges."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Category
from comments.comment_form import OneLine
from comments.forms import Words, as_id
from comments.models import Badge
from comments.models.badge import (
    LONGEST_EVIDENCE,
    LONGEST_REASON,
    MOST_YEARS,
    USUAL_YEARS,
    years_from_now,
)


class AskForm(forms.ModelForm[Badge]):
    """What a member tells of their entry in a public register."""

    profession = OneLine(
        label=_("Profession"),
        max_length=80,
        help_text=_("As it shall read beside your comments, for example: physiotherapist."),
        error_messages={"required": _("Say which profession you are registered in.")},
    )
    register = OneLine(
        label=_("Register"),
        max_length=80,
        help_text=_("By its short name. “HCPC” will read “HCPC-registered”."),
        error_messages={"required": _("Say which register lists you.")},
    )
    number = OneLine(
        label=_("Registration number"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Only the people who check badges read it, unless you tick the last box."),
        error_messages={"required": _("Type your number in that register.")},
    )
    jurisdiction = OneLine(
        label=_("Country or state"),
        max_length=80,
        help_text=_("Where the register is kept, for example: United Kingdom."),
        error_messages={"required": _("Say where the register is kept.")},
    )
    register_url = forms.URLField(
        label=_("Web address of your entry"),
        max_length=500,
        assume_scheme="https",
        help_text=_("The public page that shows your entry. The people who check badges open it."),
        error_messages={"required": _("Give the address of the page that shows your entry.")},
    )
    evidence = Words(
        label=_("How we can tell that it is you"),
        longest=LONGEST_EVIDENCE,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "For example the work address named there, from which you can write to us. Do not"
            " tell more than that needs. Only the people who check badges read it."
        ),
        error_messages={"required": _("Say how we can tell that the entry is yours.")},
    )

    class Meta:
        model = Badge
        fields = (
            *("profession", "register", "number", "jurisdiction", "register_url", "evidence"),
            "shows_number",
        )
        labels = {"shows_number": _("Show readers my number, with a link to my entry")}
        help_texts = {
            "shows_number": _(
                "Your entry tells your real name, so number and link always go together, and never"
                " stand beside a name that you use in one discussion only. You can change this at"
                " any time."
            )
        }


class CheckForm(forms.Form):
    """Nothing to type: who sends it has looked."""


class Topics(forms.ModelMultipleChoiceField[Category]):
    def clean(self, value: Any) -> Any:
        """Refuse what can be no row's key: a database fails to look for it."""
        if odd := [key for key in value or () if as_id(key) is None]:
            said = self.error_messages["invalid_choice"]
            raise forms.ValidationError(said, code="invalid_choice", params={"value": odd[0]})
        return super().clean(value)


class GrantForm(forms.Form):
    topics = Topics(
        Category.objects.order_by("path"),
        label=_("Topics"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "The badge is offered under articles of these topics, and of all below them. Without"
            " any it is offered everywhere."
        ),
    )
    expires_on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("One year from now is usual, two years are the most."),
        error_messages={"required": _("Choose its last day.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics, last_day = self.fields["topics"], self.fields["expires_on"]
        topics.label_from_instance = with_depth  # type: ignore[attr-defined]
        last_day.initial = years_from_now(USUAL_YEARS)
        last_day.widget.attrs |= {
            "min": f"{timezone.localdate() + timedelta(days=1)}",
            "max": f"{years_from_now(MOST_YEARS)}",
        }


class RefuseForm(forms.Form):
    reason = OneLine(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The member reads it."),
        error_messages={"required": _("Say why: the member reads it.")},
    )


class TakeBackForm(RefuseForm):
    was_false = forms.BooleanField(
        label=_("It never was true"),
        required=False,
        help_text=_(
            "Then no comment shows it any more. Otherwise comments keep what was true when they"
            " were written."
        ),
    )


def with_depth(category: Category) -> str:
    return f"{'– ' * category.depth}{category.name}"
