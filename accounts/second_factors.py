"""Forms of the second factors: codes as people paste them, passkeys that bear nonsense."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import CodeField


class AuthenticateForm(base.AuthenticateForm):
    code = CodeField(help_text=_("From your authenticator app, or one of your recovery codes."))


class ReauthenticateForm(base.ReauthenticateForm):
    code = CodeField(help_text=_("From your authenticator app, or one of your recovery codes."))


class ActivateTOTPForm(totp.ActivateTOTPForm):
    code = CodeField(help_text=_("The six digits that your authenticator app shows now."))


@contextmanager
def nonsense_refused() -> Iterator[None]:
    """Call JSON that no browser sends a wrong passkey: allauth's reader would end in an error."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        message = _("This passkey could not be read. Please try again.")
        raise forms.ValidationError(message, code="unreadable") from error


class AddWebAuthnForm(webauthn.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name, so that you know it again")
        self.fields["passwordless"].label = _("Let me log in with it alone")
        self.fields["passwordless"].help_text = _(
            "Then your device asks for your finger, face or PIN, and nothing else is needed."
        )
        self.initial.setdefault("passwordless", True)

    def clean(self) -> dict[str, Any]:
        with nonsense_refused():
            data: dict[str, Any] = super().clean()
        return data


class SignupWebAuthnForm(webauthn.SignupWebAuthnForm):
    """The passkey with which somebody signs up, instead of a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name, so that you know it again")

    def clean(self) -> dict[str, Any]:
        with nonsense_refused():
            data: dict[str, Any] = super().clean()
        return data


class AuthenticateWebAuthnForm(webauthn.AuthenticateWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        with nonsense_refused():
            return super().clean_credential()


class LoginWebAuthnForm(webauthn.LoginWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        with nonsense_refused():
            return super().clean_credential()


class ReauthenticateWebAuthnForm(webauthn.ReauthenticateWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        with nonsense_refused():
            return super().clean_credential()
