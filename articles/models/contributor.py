"""Named authors and reviewers."""

from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts import hooks
from accounts.erasing import forget_in_admin_log
from accounts.models import Erasure
from articles.markdown import render_fragment

RANDOM_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none of which looks like another


class Contributor(models.Model):
    """Somebody who writes or reviews, with what a reader needs to judge them by."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    profession = models.CharField(_("profession"), max_length=120, blank=True)
    credentials = models.CharField(
        _("credentials"), max_length=200, blank=True, help_text=_("As printed after the name.")
    )
    register_url = models.URLField(
        _("public register"),
        max_length=500,
        blank=True,
        help_text=_("The entry in the register where anyone can check this person."),
    )
    biography = models.TextField(_("biography"), blank=True, validators=[MaxLengthValidator(5_000)])
    photo = models.ForeignKey(
        "articles.Image", models.SET_NULL, null=True, blank=True, verbose_name=_("photo")
    )
    interests = models.TextField(
        _("declared interests"),
        blank=True,
        validators=[MaxLengthValidator(2_000)],
        help_text=_(
            "Money, posts and shares that a reader should know of. “None declared” if none."
        ),
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contributor",
        verbose_name=_("staff account"),
    )
    # Private: where personal sign-off links go.
    email = models.EmailField(
        _("e-mail"), blank=True, help_text=_("For sign-off links. Never shown to readers.")
    )
    # When their name was replaced by a role, as they asked.
    unnamed_at = models.DateTimeField(_("without a name since"), null=True, editable=False)
    version = models.PositiveBigIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and make the pages that show this person's name old."""
        if self._state.adding:
            self.slug = self.slug or free_slug(self.name)
            return super().save(*args, **kwargs)
        self.version = F("version") + 1
        with transaction.atomic():
            super().save(*args, **kwargs)
            self._bump_articles()
        return None

    def get_absolute_url(self) -> str:
        return reverse("contributor", args=[self.slug])

    def clean(self) -> None:
        if not self.slug and not slugify(self.name):
            raise ValidationError({"slug": _("Give a slug: this name has no Latin letters.")})

    @property
    def biography_html(self) -> SafeString:
        return render_fragment(self.biography)

    def replace_name(self, role: str) -> None:
        """Call this person by what they did ("a neurologist"), for good."""
        with transaction.atomic():
            self.forget_name(role)
            Erasure.objects.create(kind="contributor", subject=str(self.pk), deed="role")

    def forget_name(self, role: str) -> None:
        """Empty all that tells who this is. Articles keep their author.

        The old address leads nowhere, and stands nowhere: it was made of the name.
        """
        with transaction.atomic():
            photo = self.photo
            self.name = role
            self.slug = f"contributor-{get_random_string(12, RANDOM_LETTERS)}"
            self.profession = self.credentials = self.register_url = ""
            self.biography = self.interests = ""
            self.photo = self.user = None
            self.email = ""
            self.sign_off_links.forget_addresses()
            self.sign_off_links.update(message="")  # it begins with their name
            self.reviews.forget_name(role)
            self.unnamed_at = self.unnamed_at or timezone.now()
            self.save()
            hooks.run("contributor_unnamed", self)
            forget_in_admin_log([self, *self.reviews.all(), *self.sign_off_links.all()])
            if photo and photo.is_unused():
                forget_in_admin_log([photo])
                photo.delete_with_file()

    def _bump_articles(self) -> None:
        from articles.models.article import Article

        elsewhere = hooks.ask("articles_showing", self)
        shown = (Q(pk__in=articles.values("pk")) for articles in elsewhere)
        theirs = Q(authors=self) | Q(revisions__reviews__contributor=self)
        Article.objects.filter(reduce(or_, shown, theirs)).bump_several()


def free_slug(name: str) -> str:
    """Return a slug for `name` that no contributor has."""
    base = slugify(name)[:110] or "contributor"
    slug, number = base, 1
    while Contributor.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug
