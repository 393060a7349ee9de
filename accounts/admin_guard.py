"""Forms of the admin that never save over words their writer has not seen.

Two people open the same article; both save. Without this the second silently undoes the first.
Each form carries a digest of the state that it was filled from. When that state has changed by the
time it comes back, nothing is saved: the form stays as it was sent, with both texts above it.

The digest is made of the fields that the form edits. A version number of the row would not do: it
also counts what others change about the page, such as comments.
"""

import hashlib
import json
from typing import Any, NamedTuple, TypeVar

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.odd_requests import SturdyAdmin
from accounts.wording import Piece, compared

Row = TypeVar("Row", bound=models.Model)


class Difference(NamedTuple):
    """What stands in a field now, and what came with the form, woven into one text."""

    label: str
    pieces: list[Piece]


class GuardedForm(forms.ModelForm[Row]):
    """A form that knows the state it was filled from (`seen`, rendered by the admin's template)."""

    differences: list[Difference]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.differences = []
        if not self.instance._state.adding:
            # Made now, before what was sent is written into the instance.
            self.fields["seen"] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=self.state()
            )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "seen" in self.fields and self.data.get(self.add_prefix("seen")) != self.state():
            self._refuse()
        return cleaned

    # --- for subclasses whose form holds more than the columns of one row -----------------------

    def more_state(self) -> Any:
        """Return what else must still be so for the form to be saved; JSON can hold it."""
        return None

    def stored_texts(self) -> dict[str, str]:
        """Return what the fields hold in the database, by label, as people read it."""
        return {
            str(self[name].label): _as_read(self[name], self[name].initial)
            for name in self.fields
            if name != "seen"
        }

    def sent_texts(self) -> dict[str, str]:
        """Return what came with the form, likewise."""
        return {
            str(self[name].label): _as_read(self[name], self[name].value())
            for name in self.fields
            if name != "seen"
        }

    def last_saved(self) -> tuple[str, Any] | None:
        """Return who saved last, and when, as far as the admin's log knows."""
        entry = (
            LogEntry.objects.select_related("user")
            .filter(
                content_type=ContentType.objects.get_for_model(self.instance),
                object_id=str(self.instance.pk),
            )
            .order_by("-action_time")
            .first()
        )
        return (str(entry.user), entry.action_time) if entry else None

    # --------------------------------------------------------------------------------------------

    def state(self) -> str:
        """Return a digest of what the database holds of the fields in this form."""
        if not hasattr(self, "_state_digest"):
            initial = {name: self.initial.get(name) for name in self.fields if name != "seen"}
            told = json.dumps([initial, self.more_state()], sort_keys=True, default=_plain)
            self._state_digest = hashlib.sha256(told.encode()).hexdigest()
        return self._state_digest

    def _refuse(self) -> None:
        stored, sent = self.stored_texts(), self.sent_texts()
        self.differences = [
            Difference(label, list(compared(text, sent[label])))
            for label, text in stored.items()
            if sent[label] != text
        ]
        self.add_error(None, self._refusal())
        # Whoever saves after having read both texts has seen this state.
        data: Any = self.data
        self.data = data.copy()
        self.data[self.add_prefix("seen")] = self.state()  # type: ignore[index] # a QueryDict

    def _refusal(self) -> str:
        what_now = _(
            "Nothing was saved, and nothing of yours is lost. Compare below, bring over what you "
            "want to keep, and save again."
        )
        if not (last := self.last_saved()):
            return f"{_('This was changed while you had it open.')} {what_now}"
        who, when = last
        known = {"name": who, "when": date_format(localtime(when), "j F Y, H:i")}
        changed = _("%(name)s saved this on %(when)s, after you had opened it.") % known
        return f"{changed} {what_now}"


class GuardedAdmin(SturdyAdmin[Row]):
    """A ModelAdmin whose form refuses to save over a newer state; `form` is a GuardedForm."""

    form: type[GuardedForm[Row]] = GuardedForm

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Row | None:
        """Return the object; for a POST, after whoever else is saving it has finished."""
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST" or not connection.in_atomic_block:
            return found
        self.model._base_manager.select_for_update(of=("self",)).filter(pk=found.pk).first()
        return super().get_object(request, object_id, from_field)


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else str(value)


def _as_read(field: forms.BoundField, value: Any) -> str:
    """Return a value as the person who edits it reads it."""
    if value is None or value == "":
        return ""
    if isinstance(field.field, forms.BooleanField):
        return _("yes") if value in {True, "on", "true", "1"} else _("no")
    if isinstance(value, (list, tuple)):
        return "\n".join(_as_read(field, item) for item in value)
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(field.field, forms.ModelChoiceField):
        named = field.field.queryset and field.field.queryset.filter(pk=_number(value)).first()
        return str(named or value)
    if isinstance(field.field, forms.ChoiceField):
        return str(dict(field.field.choices).get(value, value))  # type: ignore[arg-type]
    return str(field.field.prepare_value(value)).replace("\r\n", "\n").strip()


def _number(value: Any) -> int | None:
    """Return a primary key that came with a form, or None for what cannot be one."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
