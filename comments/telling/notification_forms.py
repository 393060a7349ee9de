"""The form in which members choose what is mailed to them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from comments.models import Delivery, NotificationChoice
from comments.models.notification_choice import Kind, delivery_of


class NotificationsForm(forms.Form):
    """One choice for each kind of news; being asked concerns contributors alone."""

    def __init__(self, user: User, data: Any = None) -> None:
        chosen = NotificationChoice.objects.of(user)
        super().__init__(data, initial=chosen)
        for kind in Kind:
            if kind != Kind.ASKED or hasattr(user, "contributor"):
                self.fields[kind.value] = forms.ChoiceField(
                    label=kind.label,
                    choices=[
                        choice
                        for choice in Delivery.choices
                        if delivery_of(kind, choice[0]) == choice[0]
                    ],
                    widget=forms.RadioSelect,
                    help_text=HELP.get(kind, ""),
                )

    @property
    def chosen(self) -> dict[str, str]:
        """Return what was chosen, once it is valid."""
        return dict(self.cleaned_data)


HELP = {
    Kind.CORRECTION: _(
        "An article on which you commented, or whose discussion you follow, was wrong. It may "
        "matter the same day, so it is not gathered."
    ),
    Kind.DECISION: _("It always stands in your inbox, with the reason and a way to object."),
}
