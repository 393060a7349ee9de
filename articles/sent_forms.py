"""The base of forms that anyone may send, without an account."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

FORM_EXPIRED = _(
    "This page was open for a long time, or your browser keeps no cookies. Nothing is lost: please "
    "send it once more."
)
FILLED_BY_A_BROWSER = _(
    "Something filled in a field that people do not see, perhaps your browser. Nothing is lost: "
    "please send it once more."
)


class OpenForm(forms.Form):
    """A form with a field that people do not see: what fills it in is a program.

    Some browsers fill in what they think they know. So nothing is dropped in silence: the form
    comes back whole, with that field empty, and can be sent again.
    """

    website = forms.CharField(
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.pop("website", ""):
            self.add_error(None, FILLED_BY_A_BROWSER)
            data: Any = self.data  # a QueryDict
            self.data = data.copy()
            self.data["website"] = ""  # type: ignore[index]
        return cleaned
