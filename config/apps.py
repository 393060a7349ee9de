from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class BedsideConfig(AppConfig):
    """What belongs to no app of ours: it has commands, and no models."""

    name = "config"


class BedsideAdminConfig(AdminConfig):
    default_site = "config.admin.BedsideAdminSite"
