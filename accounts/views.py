"""Account pages of our own, and what allauth's need on top."""

from allauth.account import views as allauth_views
from allauth.account.utils import passthrough_next_redirect_url, perform_login
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required, login_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import welcome
from accounts.forms import HandleForm, SignupForm, WelcomeForm, why_not_renaming
from accounts.models import User
from accounts.models.user import HandleChangedLately


class MemberRequest(HttpRequest):
    user: User


@never_cache
@require_safe
@login_required
def account_settings(request: MemberRequest) -> HttpResponse:
    return render(request, "accounts/settings.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change_handle(request: MemberRequest) -> HttpResponse:
    form = HandleForm(request.user, request.POST or None)
    if form.is_valid():
        try:
            request.user.change_handle(form.cleaned_data["handle"])
        except (IntegrityError, HandleChangedLately):  # since the form was checked
            request.user.refresh_from_db()
            form.full_clean()
        else:
            messages.success(request, _("From now on you are %s here.") % request.user.handle)
            return redirect("account_settings")
    context = {
        "form": form,
        "changeable_from": request.user.handle_changeable_from,
        "refusal": why_not_renaming(request.user),
    }
    return render(request, "accounts/handle.html", context)


class AtOnce:
    """Make the account, its consent, its mail and its claims together, or nothing of it."""

    def form_valid(self, form: SignupForm) -> HttpResponse:
        response: HttpResponse
        try:
            with transaction.atomic():
                response = super().form_valid(form)  # type: ignore[misc] # that of allauth
        except IntegrityError:  # the address or the handle was taken since the form was checked
            form.full_clean()
            refused = not form.is_valid()
            response = self.form_invalid(form) if refused else super().form_valid(form)  # type: ignore[attr-defined,misc]
        return response


class SignupView(AtOnce, allauth_views.SignupView):
    pass


class SignupByPasskeyView(AtOnce, allauth_views.SignupByPasskeyView):
    pass


def confirm_email(request: HttpRequest) -> HttpResponseBase:
    response = allauth_views.email_verification_sent(request)
    if request.user.is_authenticated:
        return explain_lost_code(request, response, _("Get a new code"), "account_email")
    return explain_lost_code(request, response, _("Log in"), "account_login")


def confirm_password_reset(request: HttpRequest) -> HttpResponseBase:
    response = allauth_views.confirm_password_reset_code(request)
    return explain_lost_code(request, response, _("Get a new code"), "account_reset_password")


def explain_lost_code(
    request: HttpRequest, response: HttpResponseBase, way_out: str, urlname: str
) -> HttpResponseBase:
    """Say why no code is asked for any more, where allauth silently sends to the log-in page."""
    login = reverse("account_login")
    if not isinstance(response, HttpResponseRedirect) or not response.url.startswith(login):
        return response
    list(messages.get_messages(request))  # this page says it in full
    url = passthrough_next_redirect_url(request, reverse(urlname), REDIRECT_FIELD_NAME)
    context = {"way_out": way_out, "way_out_url": url}
    return render(request, "account/code_ended.html", context, status=410)


def logout(request: HttpRequest) -> HttpResponse:
    response = allauth_views.logout(request)
    if request.method == "POST":
        # W3C Clear Site Data: the Back button shows nothing private afterwards.
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@never_cache
@login_not_required
@sensitive_post_parameters("password1")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome_staff(request: HttpRequest, token: str) -> HttpResponse:
    """Let the holder of a staff link (accounts/welcome.py) set their password and come in."""
    user = welcome.read(token)
    if user is None:
        return render(request, "accounts/welcome_ended.html", status=410)
    form = WelcomeForm(user, request.POST or None)
    if form.is_valid():
        user.set_password(form.cleaned_data["password1"])
        user.save(update_fields=["password"])
        response: HttpResponse = perform_login(request, user, redirect_url=reverse("admin:index"))
        return response
    return render(request, "accounts/welcome.html", {"form": form, "staff": user})
