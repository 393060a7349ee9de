"""Headers that hold an address: Python would break a long one, and encode the pieces.

That is right for words (RFC 2047) and wrong for an address, which no mail program puts together
again. A line may have 998 letters (RFC 5322, section 2.1.1).
"""

import email.policy
from typing import Any

from django.core.mail import EmailMultiAlternatives

UNBROKEN = ("List-Unsubscribe",)


class UnbrokenHeader(str):
    """A header's value on one line; `name` and `fold` are what a policy asks headers for."""

    __slots__ = ("name",)

    name: str

    @classmethod
    def of(cls, name: str, value: str) -> "UnbrokenHeader":
        header = cls(value)
        header.name = name
        return header

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class WholeMail(EmailMultiAlternatives):
    """A mail whose addresses in headers stay whole."""

    def message(self, *, policy: Any = email.policy.default) -> Any:
        message = super().message(policy=policy)
        for name in UNBROKEN:
            if value := message[name]:
                del message[name]
                message[name] = UnbrokenHeader.of(name, str(value))
        return message
