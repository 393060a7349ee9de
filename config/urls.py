"""Who answers which address; the addresses are a promise (README)."""

from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path

import comments.urls
from articles.sitemaps import SITEMAPS
from config import health, views

urlpatterns = [
    path("", include("articles.urls")),
    path("articles/<slug:slug>/comments/", include(comments.urls.article_urlpatterns)),
    path("about/", include(comments.urls.about_urlpatterns)),
    path("comments/", include("comments.urls")),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include(comments.urls.account_urlpatterns)),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security, name="security"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("media/<path:path>", views.media, name="media"),
]

handler400 = "config.views.bad_request"
