"""What a comment said before."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class EarlierText(models.Model):
    """What a comment said before it was edited or cut; moderators may read it."""

    comment = models.ForeignKey("comments.Comment", models.PROTECT, related_name="earlier_texts")
    text = models.TextField(_("text"))
    replaced_at = models.DateTimeField(_("replaced"), default=timezone.now)

    class Meta:
        verbose_name = _("earlier text")
        verbose_name_plural = _("earlier texts")
        ordering = ["-replaced_at", "-pk"]

    def __str__(self) -> str:
        return str(_("Earlier text of comment %(id)s") % {"id": self.comment_id})
