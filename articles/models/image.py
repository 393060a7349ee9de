"""Pictures: re-encoded when they arrive, described for those who cannot see them."""

import io
import re
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _
from PIL import Image as Picture
from PIL import ImageOps, UnidentifiedImageError

from articles.markdown import ImageFacts

if TYPE_CHECKING:
    from articles.models.revision import Revision

MAX_PIXELS = 40_000_000  # a 24-megapixel photo fits; a bomb that unpacks to gigabytes does not
MAX_BYTES = 15_000_000
MAX_WIDTH = 1_600  # twice the widest column of text, for dense screens
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")


class Image(models.Model):
    """A picture that articles show by its key: `![](media:key)`."""

    key = models.SlugField(
        _("key"), max_length=80, unique=True, help_text=_("Articles name the picture by it.")
    )
    file = models.ImageField(
        _("file"), upload_to="images/%Y/", width_field="width", height_field="height"
    )
    width = models.PositiveIntegerField(editable=False, default=0)
    height = models.PositiveIntegerField(editable=False, default=0)
    alt = models.CharField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_("What somebody who cannot see the picture needs to know."),
    )
    decorative = models.BooleanField(
        _("decorative"), default=False, help_text=_("It tells nothing that the text does not.")
    )
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    licence = models.CharField(_("licence"), max_length=100, blank=True)
    shows_person = models.BooleanField(_("a person can be recognised"), default=False)
    consent = models.CharField(
        _("consent"),
        max_length=300,
        blank=True,
        help_text=_("Who agreed to be shown, when, and where the paper is kept."),
    )
    version = models.PositiveBigIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decorative=True) ^ ~models.Q(alt=""),
                name="image_described_or_decorative",
                violation_error_message=_("Describe the picture, or call it decorative."),
            ),
            models.CheckConstraint(
                condition=models.Q(shows_person=False) | ~models.Q(consent=""),
                name="image_person_consented",
                violation_error_message=_("Note the consent of the person who can be recognised."),
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a newly uploaded file is re-encoded, and pages that show the picture follow.

        A new one may have been named in a text before it came.
        """
        if self.file and not self.file._committed:  # type: ignore[attr-defined]
            self.file = reencoded(self.file.file)
        if not self._state.adding:
            self.version = models.F("version") + 1
        with transaction.atomic():
            super().save(*args, **kwargs)
            self._rerender_articles()
            self._bump_contributors()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            self._bump_contributors()
            return super().delete(*args, **kwargs)

    def showing_revisions(self) -> "models.QuerySet[Revision]":
        from articles.models.revision import Revision

        # By a link or by reference, with a title or without: whatever follows, the key ends there.
        return Revision.objects.filter(
            text__regex=rf"media:{re.escape(self.key)}([^-_0-9A-Za-z]|$)"
        )

    def is_unused(self) -> bool:
        """Tell whether neither a contributor nor any revision of a text shows the picture."""
        from articles.models.contributor import Contributor

        portrait = Contributor.objects.filter(photo=self)
        return not (portrait.exists() or self.showing_revisions().exists())

    def delete_with_file(self) -> None:
        """Delete the picture itself too, once the transaction is through."""
        storage, name = self.file.storage, str(self.file.name)
        self.delete()
        transaction.on_commit(lambda: storage.delete(name))

    @property
    def facts(self) -> ImageFacts:
        return ImageFacts(
            url=self.file.url,
            alt=self.alt,
            decorative=self.decorative,
            caption=self.caption,
            credit=" · ".join(part for part in (self.credit, self.licence) if part),
            width=self.width,
            height=self.height,
        )

    def _rerender_articles(self) -> None:
        from articles.models.revision import Revision

        for revision in Revision.objects.filter(text__contains=f"media:{self.key}"):
            revision.render()

    def _bump_contributors(self) -> None:
        from articles.models.contributor import Contributor

        Contributor.objects.filter(photo=self).update(version=models.F("version") + 1)


def check_picture(upload: "UploadedFile[bytes]") -> None:
    """Raise ValidationError unless `upload` is a picture of a bearable size.

    The size is read from the header, before a single pixel is unpacked.
    """
    if upload.size and upload.size > MAX_BYTES:
        raise ValidationError(_("The file is larger than 15 MB."))
    try:
        upload.seek(0)
        with Picture.open(upload, formats=FORMATS) as picture:
            width, height = picture.size
    except (UnidentifiedImageError, OSError, ValueError, Picture.DecompressionBombError) as error:
        raise ValidationError(_("This is no picture that can be shown here.")) from error
    finally:
        upload.seek(0)
    if width * height > MAX_PIXELS:
        raise ValidationError(_("The picture has more than 40 million pixels."))


def reencoded(upload: Any) -> ContentFile[bytes]:
    """Return the picture anew, as WebP without metadata: where it was taken stays private."""
    upload.seek(0)
    with Picture.open(upload, formats=FORMATS) as picture:
        upright = ImageOps.exif_transpose(picture)
        shown = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    shown.thumbnail((MAX_WIDTH, MAX_WIDTH * 4))
    shown.info.clear()
    buffer = io.BytesIO()
    shown.save(buffer, "WEBP", quality=82, method=4)
    return ContentFile(buffer.getvalue(), name=f"{get_random_string(12)}.webp")
