"""The page of figures at the desk: drawings, each with the table that says the same."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from articles.desk_figures import charts


def figures(request: HttpRequest, model_admin: ModelAdmin[Any]) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Figures"),
        "opts": model_admin.opts,
        "charts": charts(),
    }
    return render(request, "admin/articles/reviewround/figures.html", context)
