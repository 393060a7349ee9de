"""The admin site: Django's own, entered through the same door as the rest."""

from collections.abc import Callable
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, TypeVar, cast

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from config.kept_words import keep_words

if TYPE_CHECKING:
    from accounts.models import User

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class BedsideAdminSite(AdminSite):
    site_header = settings.SITE_NAME
    site_title = settings.SITE_NAME
    index_title = _("What waits for you")
    enable_nav_sidebar = False  # the desk lists everything; what is worked on has the width

    # Log-in limits and second factors hold here too.
    login = method_decorator(secure_admin_login)(AdminSite.login)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        # Models are not ready when this module is first imported.
        from accounts.desk import desk_of
        from config.first_run import steps_for

        user = cast("User", request.user)  # `admin_view` lets nobody else in
        waiting = {"desk": desk_of(user), "steps": steps_for(user)}
        return super().index(request, {**(extra_context or {}), **waiting})

    def password_change(  # type: ignore[override] # Django would show a page of its own
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send to the page that asks who one is first, and that tells by mail."""
        return redirect("account_change_password")

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Wrap a view as Django does, but lose no words when the session ended while writing."""
        wrapped = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            sent = request.POST.keys() - {"csrfmiddlewaretoken"}
            if sent and not request.user.is_authenticated:
                return keep_words(request)
            return wrapped(request, *args, **kwargs)

        return cast("View", update_wrapper(inner, view))
