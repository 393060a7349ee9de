"""Pictures: checked when they arrive, described for those who cannot see them."""

from pathlib import Path
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.crypto import get_random_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from PIL import Image as Picture

from accounts.admin_guard import GuardedAdmin, GuardedForm
from articles.admin.source import links_to
from articles.models import Article, Image
from articles.models.image import FORMATS, check_picture

OFFERED = 24  # pictures to pick from beside a text; the rest by their keys


class ImageForm(GuardedForm[Image]):
    class Meta:
        model = Image
        fields = (
            "file", "key", "alt", "decorative", "caption", "credit", "licence", "shows_person",
            "consent",
        )  # fmt: skip
        widgets = {"file": forms.ClearableFileInput(attrs={"accept": "image/*"})}

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if "file" in self.files and upload:
            check_picture(upload)
            _unpack(upload)
        return upload

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if "key" in self.fields and not cleaned.get("key") and "key" not in self.errors:
            cleaned["key"] = free_key(getattr(cleaned.get("file"), "name", None) or "")
        if "alt" in self.fields and bool(cleaned.get("alt")) == bool(cleaned.get("decorative")):
            self.add_error("alt", _("Describe the picture, or call it decorative: one of the two."))
        if cleaned.get("shows_person") and not cleaned.get("consent"):
            self.add_error("consent", _("Note who agreed to be shown, and when."))
        return cleaned


@admin.register(Image)
class ImageAdmin(GuardedAdmin[Image]):
    form = ImageForm
    list_display = ("thumbnail", "key", "alt", "decorative", "credit", "licence")
    list_display_links = ("thumbnail", "key")
    search_fields = ("key", "alt", "caption", "credit")
    actions = None
    fieldsets = (
        (None, {"fields": ("thumbnail", "file", "key")}),
        (_("For those who cannot see it"), {"fields": ("alt", "decorative")}),
        (_("Beside it"), {"fields": ("caption", "credit", "licence")}),
        (_("Whoever is on it"), {"fields": ("shows_person", "consent")}),
        (_("Where it is shown"), {"fields": ("used_in",)}),
    )

    def get_readonly_fields(
        self, request: HttpRequest, obj: Image | None = None
    ) -> tuple[str, ...]:
        """Keep the key once it was given: articles name the picture by it."""
        return ("thumbnail", "used_in", "key") if obj else ("thumbnail", "used_in")

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, *args, **kwargs)
        if key := form.base_fields.get("key"):
            key.required = False
            key.help_text = _("Left empty, it is made from the file’s name.")
        return form

    @admin.display(description=_("picture"))
    def thumbnail(self, image: Image | None) -> str | SafeString:
        if not image or not image.file:
            return "–"
        return format_html(
            '<img class="thumbnail" src="{}" alt="{}" loading="lazy">', image.file.url, image.alt
        )

    @admin.display(description=_("Articles"))
    def used_in(self, image: Image | None) -> str | SafeString:
        if not image or not image.pk:
            return "–"
        return links_to(showing(image)[:50]) or gettext("No article shows it.")

    def has_delete_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        """Refuse while any revision shows it: also an old one can be looked up."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and not (obj and showing(obj).exists())


def showing(image: Image) -> QuerySet[Article]:
    """Return the articles of which some revision shows `image`."""
    shown = Article.objects.filter(pk__in=image.showing_revisions().values("article"))
    return shown.select_related("live")


def newest_images() -> QuerySet[Image]:
    return Image.objects.order_by("-pk")[:OFFERED]


def free_key(file_name: str) -> str:
    """Return a key made of a file's name that no picture has."""
    base = slugify(Path(file_name).stem)[:60].strip("-_") or get_random_string(8).lower()
    key, number = base, 1
    while Image.objects.filter(key=key).exists():
        number += 1
        key = f"{base}-{number}"
    return key


def _unpack(upload: Any) -> None:
    """Read every pixel: a file that was cut short has a good header."""
    try:
        upload.seek(0)
        with Picture.open(upload, formats=FORMATS) as picture:
            picture.load()
    except (OSError, ValueError, SyntaxError, Picture.DecompressionBombError) as error:
        raise forms.ValidationError(_("This picture is damaged: part of it is missing.")) from error
    finally:
        upload.seek(0)
