"""What a contributor may ask of those who keep data about them (GDPR articles 15, 16 and 17)."""

from itertools import islice
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditAct
from articles.contributor_data import copy_of, places_naming
from articles.models import Contributor
from articles.records import WordsField

SHOWN = 50  # places that still name them


class RoleForm(forms.Form):
    role = WordsField(
        label=_("Role"),
        max_length=120,
        help_text=_("What readers see instead of the name: “a neurologist”."),
    )


def data(request: HttpRequest, pk: int, *, model_admin: ModelAdmin[Contributor]) -> HttpResponse:
    """Show what a contributor can ask for; a POST hands out the copy of what stands about them."""
    contributor = get_object_or_404(Contributor.objects.select_related("photo"), pk=pk)
    if not model_admin.has_change_permission(request, contributor):
        raise PermissionDenied
    if request.method == "POST":
        AuditAct.objects.record("contributor.copied", by=_staff(request), on=contributor)
        response = HttpResponse(copy_of(contributor), content_type="application/zip")
        name = f"contributor-{contributor.pk}.zip"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    context = {"may_unname": model_admin.has_delete_permission(request, contributor)}
    return _page(request, "data", contributor, model_admin, title=_("Their data"), **context)


def unname(request: HttpRequest, pk: int, *, model_admin: ModelAdmin[Contributor]) -> HttpResponse:
    """Ask for a role, then let it stand where the name stood."""
    contributor = get_object_or_404(Contributor, pk=pk)
    if not model_admin.has_delete_permission(request, contributor):
        raise PermissionDenied
    form = RoleForm(request.POST or None)
    if form.is_valid():
        with transaction.atomic():
            contributor.replace_name(form.cleaned_data["role"])
            AuditAct.objects.record("contributor.unnamed", by=_staff(request), on=contributor)
            model_admin.log_change(request, contributor, "Name replaced by a role")
        messages.success(request, _("Readers see the role from now on; the name is forgotten."))
        return redirect("admin:articles_contributor_change", pk)
    places = list(islice(places_naming(contributor), SHOWN))
    title = _("Replace this name by a role?")
    return _page(request, "unname", contributor, model_admin, title=title, form=form, places=places)


def _staff(request: HttpRequest) -> Any:
    return request.user


def _page(
    request: HttpRequest,
    name: str,
    contributor: Contributor,
    model_admin: ModelAdmin[Contributor],
    **context: Any,
) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": Contributor._meta,
        "contributor": contributor,
        **context,
    }
    return render(request, f"admin/articles/contributor/{name}.html", context)
