"""Outgoing mail in admin: what waits, what is parked, and sending it again.

Nobody reads the message here: it may hold a code or a link that opens an account.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.mail import send_again
from accounts.models.mail import OutgoingMail, OutgoingMailQuerySet
from accounts.read_only_admin import ReadOnlyAdmin

STATE = ["attempts", "due_at", "sent_at", "failed_at", "last_error"]


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin[OutgoingMail]):
    list_display = ["created_at", "to", *STATE]
    list_filter = [
        ("sent_at", admin.EmptyFieldListFilter),
        ("failed_at", admin.EmptyFieldListFilter),
    ]
    actions = ["send_again"]

    @admin.display(description=_("to"))
    def to(self, mail: OutgoingMail) -> str:
        return ", ".join(mail.domains)

    @admin.display(description=_("addresses"))
    def addresses(self, mail: OutgoingMail) -> str:
        return ", ".join(mail.recipients)

    @admin.action(description=_("Send again what is parked or overdue"), permissions=["send"])
    def send_again(self, request: HttpRequest, queryset: OutgoingMailQuerySet) -> None:
        count = send_again(queryset)
        words = ngettext("%(count)d mail will be sent.", "%(count)d mails will be sent.", count)
        self.message_user(request, words % {"count": count})

    def get_fields(self, request: HttpRequest, obj: OutgoingMail | None = None) -> list[Any]:
        fields = ["created_at", "message_id", "to", *STATE]
        return [*fields, "addresses"] if request.user.is_superuser else fields

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.change_outgoingmail")
