"""Where allauth asks this site: redirects, messages, and what follows a log-in."""

from typing import Any, cast
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.account.utils import get_next_redirect_url, passthrough_next_redirect_url
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.base_user import AbstractBaseUser
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import hooks, ratelimits
from accounts.models import User
from accounts.sessions import NO_ADDRESS

NEXT_KEY = "after_login"


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": _("This is not the code of our last mail. Please check its six digits."),
        "incorrect_password": _("This is not your password."),
        "too_many_login_attempts": _("Too many attempts. Please wait five minutes and try again."),
        "duplicate_email": _("This is your address already."),
        "rate_limited": _("That was very quick. Please wait a moment, then try again."),
    }

    # The page that follows says it, or is a public one that shows no messages: they would pile up.
    silent_messages = {
        "account/messages/email_confirmation_sent.txt",
        "account/messages/logged_in.txt",
        "account/messages/logged_out.txt",
    }

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        confirmed_at_signup = (
            message_template == "account/messages/email_confirmed.txt"
            and not request.user.is_authenticated
        )
        if message_template not in self.silent_messages and not confirmed_at_signup:
            super().add_message(request, level, message_template, *args, **kwargs)

    def save_user(
        self,
        request: HttpRequest,
        user: AbstractBaseUser,
        form: BaseForm,
        commit: bool = True,
    ) -> AbstractBaseUser:
        cast(User, user).handle = form.cleaned_data["handle"]
        return super().save_user(request, user, form, commit)

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Save the password alone: an account that is closed meanwhile stays so."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def pre_login(
        self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any
    ) -> HttpResponse | None:
        """Keep `next` where allauth forgets it: from a new password over the second factor."""
        if not kwargs["redirect_url"] and (url := get_next_redirect_url(request)):
            request.session[NEXT_KEY] = url
        return super().pre_login(request, user, **kwargs)

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any
    ) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        request.session.pop(NEXT_KEY, None)
        hooks.run("visitor_logged_in", request, user)
        return response

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return whom allauth's limits count; its own reading fails on a missing hop.

        It is an address, never a network: PostgreSQL takes nothing else beside a session.
        """
        return ratelimits.client_address(request).partition("/")[0] or NO_ADDRESS

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return request.session.get(NEXT_KEY) or super().get_login_redirect_url(request)

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """Return where a changed address is shown; a sign-up goes on by its log-in's own way."""
        return reverse("account_email")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_settings")

    def respond_email_verification_sent(
        self, request: HttpRequest, user: AbstractBaseUser | None
    ) -> HttpResponseRedirect:
        """Show the page for the code; `next` goes along, for a session that ends meanwhile."""
        url = reverse("account_email_verification_sent")
        return HttpResponseRedirect(
            passthrough_next_redirect_url(request, url, REDIRECT_FIELD_NAME)
        )


class SecondFactorAdapter(DefaultMFAAdapter):
    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """Return the name that a new passkey is given unless its owner chooses another."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)d") % {"number": count + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return for whom a passkey is good: the host of SITE_URL, whichever host was asked."""
        return {"id": urlsplit(settings.SITE_URL).hostname or "", "name": settings.SITE_NAME}
