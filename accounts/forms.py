"""The shape of what people type into the account pages."""

import unicodedata
from datetime import date
from typing import Any, cast

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.fields import SetPasswordField
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from accounts import handles, hooks
from accounts.models import Consent, User
from accounts.models.consent import WORDS


def password_help() -> str:
    return " ".join(filter(None, password_validators_help_texts()))


class Plain:
    """Allauth's forms in this site's words: no placeholders, which vanish when one types."""

    labels = {
        "email": _("E-mail address"),
        "login": _("E-mail address"),
        "code": _("Code"),
        "oldpassword": _("Current password"),
        "password": _("Password"),
        "password1": _("New password"),
        "password2": _("New password again"),
    }
    help_texts = {
        "oldpassword": "",
        "password": "",
        "password1": lazy(password_help, str)(),
    }

    # The summary above a form lists them: each says which field it means.
    required = {
        "email": _("Type your e-mail address."),
        "login": _("Type your e-mail address."),
        "handle": _("Choose a public name."),
        "code": _("Type the code."),
        "oldpassword": _("Type your current password."),
        "password": _("Type your password."),
        "password1": _("Choose a password."),
        "password2": _("Type the new password once more."),
    }

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.required:
                field.error_messages["required"] = self.required[name]
            field.label = self.labels.get(name, field.label)
            field.help_text = self.help_texts.get(name, field.help_text)


class CodeField(forms.CharField):
    """Digits as people paste them: with spaces, dashes, or in their own script's digits."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}
        super().__init__(
            label=_("Code"), max_length=64, widget=forms.TextInput(attrs=attrs), **kwargs
        )

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return "".join(str(unicodedata.digit(c)) for c in text if c.isdecimal()) or text


class HandleField(forms.CharField):
    """A handle that nobody has yet, as it will be shown."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Public name"),
            min_length=handles.SHORTEST,
            max_length=handles.LONGEST,
            validators=[handles.validate],
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            help_text=_(
                "Everyone sees it beside your comments. Do not use your own name: what you write"
                " here may tell about your health."
            ),
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        return handles.clean(super().to_python(value) or "")


class SignupForm(Plain, allauth_forms.SignupForm):
    handle = HandleField()
    age = forms.BooleanField(
        error_messages={"required": _("You can only have an account once you are old enough.")}
    )
    public_comments = forms.BooleanField(
        label=WORDS[settings.CONSENT_VERSION],
        error_messages={"required": _("We cannot publish comments without your agreement.")},
    )

    field_order = ("email", "handle", "password1", "age", "public_comments")
    labels = {**Plain.labels, "password1": _("Password")}
    returning: User | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial.setdefault("handle", handles.propose())
        age = _("I am %(age)d years old or older.") % {"age": settings.MINIMUM_AGE}
        self.fields["age"].label = age
        # Hidden by a class: the content security policy blocks allauth's inline style.
        self.fields[settings.ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD].widget.attrs = {
            "tabindex": "-1",
            "autocomplete": "off",
        }

    def clean(self) -> dict[str, Any]:
        # Past allauth's own check of the password, which knows no handle to compare it with.
        super(allauth_forms.SignupForm, self).clean()
        data: dict[str, Any] = self.cleaned_data
        if password := data.get("password1"):
            someone = User(email=data.get("email", ""), handle=data.get("handle", ""))
            try:
                get_adapter().clean_password(password, user=someone)
            except forms.ValidationError as error:
                self.add_error("password1", error)
        if "handle" in data:
            self.check_who_is_known(data["handle"])
        return data

    def check_who_is_known(self, handle: str) -> None:
        """Refuse a taken handle, and find whoever sends the same form again.

        A second click or a dead line sends it twice: the second one goes on as the member whom the
        first one made, if the password is the same. Every complete form costs one hash, here or
        when it is saved, so that a known address shows in no moment either. Without a password the
        name must be the same: the code of our mail, asked for next, tells whose account it is.
        """
        key = handles.fold(handle)
        taken = handles.taken_among([key])
        if not self.errors and (taken or self.account_already_exists):
            self.returning = unconfirmed_member(**self.cleaned_data)
        if taken and not (self.returning and self.returning.handle_key == key):
            self.add_error("handle", _("Someone has this name already. Please choose another one."))

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        if self.returning:
            return self.returning, None
        user, response = super().try_save(request)
        return user, response

    def save(self, request: HttpRequest) -> User:
        handles.take(self.cleaned_data["handle"])
        user = cast(User, super().save(request))
        hooks.run("member_signed_up", request, user)
        return user

    def signup(self, request: HttpRequest, user: User) -> None:
        """Finish the account; allauth calls this as soon as the row is saved."""
        user.consents.create(kind=Consent.Kind.PUBLIC_COMMENTS, version=settings.CONSENT_VERSION)


def unconfirmed_member(
    email: str, handle: str, password1: str | None = None, **data: Any
) -> User | None:
    """Return who signed up like this and never came in; with a password it costs one hash."""
    never_in = User.objects.filter(email=email, last_login=None, is_active=True)
    user = never_in.exclude(emailaddress__verified=True).first()
    if password1 is None:
        same = user and user.handle_key == handles.fold(handle) and not user.has_usable_password()
        return user if same else None
    if user is None:
        make_password(password1)
        return None
    return user if user.check_password(password1) else None


class HandleForm(forms.Form):
    handle = HandleField()

    def __init__(self, user: User, data: QueryDict | None = None) -> None:
        self.user = user
        super().__init__(data, initial={"handle": user.handle})

    def clean_handle(self) -> str:
        handle: str = self.cleaned_data["handle"]
        if handles.taken_among([handles.fold(handle)], but_for=self.user):
            raise forms.ValidationError(
                _("Someone has this name already. Please choose another one."), code="taken"
            )
        return handle

    def clean(self) -> None:
        if day := self.user.handle_changeable_from:
            raise forms.ValidationError(changeable_again(day), code="too_soon")
        if refusal := why_not_renaming(self.user):
            raise forms.ValidationError(refusal, code="refused")


def why_not_renaming(user: User) -> str:
    """Say in one sentence why another app refuses `user` another name; "" when none does."""
    return next(filter(None, hooks.ask("why_not_renaming", user)), "")


def changeable_again(day: date) -> str:
    return _("You changed your name lately. You can change it again on %(day)s.") % {
        "day": date_format(day)
    }


class WelcomeForm(forms.Form):
    """The first password of a staff account."""

    password1 = SetPasswordField(label=_("Password"), help_text=lazy(password_help, str)())

    def __init__(self, user: User, data: QueryDict | None = None) -> None:
        super().__init__(data)
        field = cast(SetPasswordField, self.fields["password1"])
        field.user = user
        del field.widget.attrs["placeholder"]


class LoginForm(Plain, allauth_forms.LoginForm):
    pass


class AddEmailForm(Plain, allauth_forms.AddEmailForm):
    labels = {"email": _("New e-mail address")}


class ChangePasswordForm(Plain, allauth_forms.ChangePasswordForm):
    pass


class SetPasswordForm(Plain, allauth_forms.SetPasswordForm):
    pass


class ResetPasswordForm(Plain, allauth_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(Plain, allauth_forms.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(Plain, allauth_forms.ReauthenticateForm):
    pass


class ConfirmEmailForm(allauth_forms.ConfirmEmailVerificationCodeForm):
    code = CodeField()


class ConfirmResetForm(allauth_forms.ConfirmPasswordResetCodeForm):
    code = CodeField()
