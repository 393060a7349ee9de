"""The pages about the site itself (help, rules, privacy …), whose words staff edit."""

from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import frontmatter
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.markdown import Document, render

STARTERS: Path = settings.BASE_DIR / "content" / "pages"


class PageQuerySet(models.QuerySet["Page"]):
    def add_starters(self) -> None:
        """Make the pages that every site has and this one lacks; runs after each migration."""
        known = set(self.values_list("slug", flat=True))
        self.bulk_create(
            [starter(slug) for slug in Page.Slug.values if slug not in known], ignore_conflicts=True
        )

    def bump(self) -> int:
        """Make cached copies of these pages old: last in the caller's transaction.

        For what a page shows beside its own words, such as the house rules.
        """
        return self.update(version=F("version") + 1)


class Page(models.Model):
    """One page about the site. Which there are is fixed: the footer links to each."""

    class Slug(models.TextChoices):
        HELP = "help", _("Where to get help")
        ABOUT = "about", _("About")
        CONTACT = "contact", _("Contact")
        REVIEW = "review", _("How we review")
        RULES = "rules", _("House rules")
        PRIVACY = "privacy", _("Privacy")
        ACCESSIBILITY = "accessibility", _("Accessibility")
        MODERATION = "moderation", _("Moderation")

    slug = models.CharField(max_length=20, choices=Slug, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    summary = models.CharField(_("summary"), max_length=500, blank=True)
    text = models.TextField(_("text"), validators=[MaxLengthValidator(50_000)])
    version = models.PositiveBigIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[PageQuerySet] = PageQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("page about the site")
        verbose_name_plural = _("pages about the site")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            self.version = F("version") + 1
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        if self.slug in {Page.Slug.HELP, Page.Slug.ABOUT}:
            return reverse(self.slug)
        return reverse("about_page", args=[self.slug])

    @cached_property
    def document(self) -> Document:
        return render(self.text, language=settings.LANGUAGE_CODE)


def starter(slug: str) -> Page:
    """Return the page that a new site begins with, unsaved."""
    post = frontmatter.load(str(STARTERS / f"{slug}.md"))
    return Page(
        slug=slug,
        title=str(post["title"]),
        summary=str(post.get("summary", "")),
        text=post.content,
    )
