"""The admin site: Django's own, entered through the same door as the rest."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib.admin import AdminSite
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _


class BedsideAdminSite(AdminSite):
    site_header = settings.SITE_NAME
    site_title = settings.SITE_NAME
    index_title = _("What waits for you")
    enable_nav_sidebar = True

    # Log-in limits and second factors hold here too.
    login = method_decorator(secure_admin_login)(AdminSite.login)
