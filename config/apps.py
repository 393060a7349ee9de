from django.contrib.admin.apps import AdminConfig


class BedsideAdminConfig(AdminConfig):
    default_site = "config.admin.BedsideAdminSite"
