"""The lasting thing with an address."""

from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from articles.models.article_query import ArticleQuerySet
from articles.models.category import Category
from articles.models.contributor import Contributor
from articles.models.due import due_of
from articles.models.old_address import OldAddress
from articles.models.publication import Publication
from articles.models.revision import Revision, copied_citations, revision_hash
from articles.models.source import Citation

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from articles.claims import Claims

RESERVED_SLUGS = {"feed", "new"}
RELATED = 3  # other articles that a page links to


class RiskClass(models.TextChoices):
    """What a reader could do to themselves with a wrong sentence; it sets how often to review."""

    DOSE = "dose", _("dose or medicine")
    EMERGENCY = "emergency", _("emergency")
    TREATMENT = "treatment", _("treatment")
    LIVING = "living", _("living with")


class ReviewState(models.TextChoices):
    """What lists say of an article's clinical review; its page says it section by section."""

    UNCHECKED = "unchecked", _("not yet checked by a clinician")
    IN_PART = "in_part", _("checked in part")
    CHANGED = "changed", _("changed since clinical review")
    SIGNED = "signed", _("checked by a clinician")


class Article(Publication):
    """The lasting thing with an address, in one language; `live` is what readers see."""

    slug = models.SlugField(_("slug"), max_length=150, unique=True)
    language = models.CharField(_("language"), max_length=15, default="en")
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="articles", verbose_name=_("category")
    )
    authors = models.ManyToManyField(
        Contributor, through="Authorship", related_name="articles", verbose_name=_("authors")
    )
    # Worked out from the reviews of the live text (articles/claims.py) for lists, which would need
    # several queries an article.
    review_state = models.CharField(
        _("clinical review"), max_length=10, choices=ReviewState, default=ReviewState.UNCHECKED,
        editable=False,
    )  # fmt: skip
    reviewed_on = models.DateField(_("checked on"), null=True, editable=False)
    comments_open = models.BooleanField(_("comments open"), default=True)
    comments_held = models.BooleanField(
        _("comments wait for a moderator"),
        default=False,
        help_text=_("Each is read by a moderator before readers see it."),
    )
    featured = models.BooleanField(
        _("featured"), default=False, help_text=_("Featured articles lead the home page.")
    )
    risk_class = models.CharField(
        _("risk class"), max_length=10, choices=RiskClass, default=RiskClass.TREATMENT
    )
    funding = models.CharField(
        _("funding"), max_length=300, blank=True, help_text=_("Who paid for this article.")
    )
    license = models.CharField(_("licence"), max_length=100, blank=True)
    synonyms = models.JSONField(
        _("synonyms"), default=list, blank=True, help_text=_("Other words readers search for.")
    )
    translation_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="translations",
        verbose_name=_("translation of"),
    )  # fmt: skip
    # Bumped, last in the transaction, by whoever changes what the page shows; ETags are made of it.
    version = models.PositiveBigIntegerField(default=1, editable=False)

    objects: ClassVar[ArticleQuerySet] = ArticleQuerySet.as_manager()  # type: ignore[assignment]

    if TYPE_CHECKING:
        revisions: RelatedManager[Revision]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        permissions = [("publish_article", "Can publish, schedule and withdraw articles")]
        indexes = [
            models.Index(F("published_at").desc(), F("id").desc(), name="article_newest"),
            models.Index("category", F("published_at").desc(), name="article_newest_in_category"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(live__isnull=False),
                name="article_published_has_live_revision",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
                name="article_withdrawn_with_reason",
            ),
        ]

    def __str__(self) -> str:
        shown = self.live or (self.newest_revision if self.pk else None)
        return shown.title if shown else self.slug

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a changed slug leaves a redirect, and cached copies of the page get old.

        Another risk class is another cycle of reviews.
        """
        old, also = None, {"version"}
        if not self._state.adding:
            self.version = F("version") + 1
            facts = Article.objects.values_list("slug", "risk_class", "next_due")
            old, risk_class, next_due = facts.get(pk=self.pk)
            if risk_class != self.risk_class:
                self.next_due = due_of(self)
                also.add("next_due")
            elif kwargs.get("update_fields") is None:
                self.next_due = next_due  # a review may have been finished since this was read
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, *also}
        with transaction.atomic():
            super().save(*args, **kwargs)
            if old and old != self.slug:
                OldAddress.objects.remember_article(old, self)
                OldAddress.objects.forget(OldAddress.Kind.ARTICLE, self.slug)
            if old:
                self._index()

    def get_absolute_url(self) -> str:
        return reverse("article", args=[self.slug])

    def clean(self) -> None:
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("This slug is reserved.")})
        taken = OldAddress.objects.taken(OldAddress.Kind.ARTICLE, self.slug)
        if taken.exclude(article__isnull=False, article=self.pk).exists():
            raise ValidationError({"slug": _("Another article was once at this address.")})

    # --- what it is ---------------------------------------------------------------------------

    @property
    def newest_revision(self) -> Revision | None:
        return self.revisions.order_by("-number").first()

    @property
    def direction(self) -> str:
        """Return the base direction of its language, as HTML's `dir` wants it."""
        try:
            return "rtl" if get_language_info(self.language)["bidi"] else "ltr"
        except KeyError:
            return "ltr"

    def state(self) -> tuple[object, ...]:
        """Return what the page is made of: a cached copy is good as long as this is the same.

        Whether the discussion closed by age, how late the review is, and which other articles are
        linked to, also changes without anybody's act: when a time comes.
        """
        links = [
            (other.pk, other.slug, other.language, other.live_id, other.published_at,
             other.review_state, other.reviewed_on, other.is_overdue)
            for other in self.linked
        ]  # fmt: skip
        return (self.pk, self.version, self.comments_closed_by_age(), self.lateness, *links)

    def comments_closed_by_age(self) -> bool:
        """Tell whether the discussion closed because the article is old."""
        days = settings.COMMENTS_CLOSE_AFTER_DAYS
        return bool(
            days and self.published_at and self.published_at < timezone.now() - timedelta(days=days)
        )

    @property
    def holds_comments(self) -> bool:
        """Tell whether every comment under it waits for a moderator.

        An answer to a text that is long overdue repeats what may be wrong by now.
        """
        return self.comments_held or (settings.OVERDUE_HOLDS_COMMENTS and self.is_long_overdue)

    def ordered_authors(self) -> list[Contributor]:
        return list(self.authors.order_by("authorship__position"))

    @cached_property
    def linked(self) -> list["Article"]:
        """Return the other articles that the page names, newest first: one query for all."""
        others = Article.objects.published().exclude(pk=self.pk)
        beside = others.filter(category=self.category_id).newest()[:RELATED]
        found = others.filter(Q(pk__in=beside.values("pk")) | self._is_translation())
        return list(found.newest().for_list())

    def related(self) -> list["Article"]:
        """Return the newest other articles of the same category."""
        return [other for other in self.linked if other.category_id == self.category_id][:RELATED]

    def in_other_languages(self) -> list["Article"]:
        """Return the published translations of the same text, this one excluded."""
        first = self.translation_of_id or self.pk
        return [other for other in self.linked if first in {other.pk, other.translation_of_id}]

    def _is_translation(self) -> Q:
        first = self.translation_of_id or self.pk
        return Q(pk=first) | Q(translation_of=first)

    # --- what happens to it -------------------------------------------------------------------

    @transaction.atomic
    def revise(
        self,
        *,
        title: str,
        summary: str,
        text: str,
        citations: Sequence[Citation] = (),
        by: Any = None,
        note: str = "",
    ) -> Revision:
        """Write the next revision, or return the newest when nothing an author wrote differs."""
        self.lock()
        words = {"title": title, "summary": summary, "text": text}
        newest = self.newest_revision
        if newest and newest.sha256 == revision_hash(Revision.normalised(**words), citations):
            return newest
        revision = Revision.objects.make(self, **words, citations=citations, by=by, note=note)
        self.record("article.revised", by=by, revision=revision)
        return revision

    @transaction.atomic
    def restore(self, old: Revision, *, by: Any) -> Revision:
        """Write `old` again as the newest revision; readers see it once it is published."""
        new = self.revise(
            title=old.title,
            summary=old.summary,
            text=old.text,
            citations=copied_citations(old),
            by=by,
            note=_("Restored from revision %(number)d.") % {"number": old.number},
        )
        self.record("article.restored", by=by, revision=old)
        return new

    def remake_claims(self) -> None:
        """Work out again what lists say of its clinical review, and make its pages old.

        Last in the transaction of whatever changed what is signed. The caller holds its lock.
        """
        from articles.claims import claims_of

        stored = Article.objects.only("review_state", "published_at", "withdrawn_at").get(
            pk=self.pk
        )
        state, day = ReviewState.UNCHECKED, None
        if self.live_id and (live := Revision.objects.filter(pk=self.live_id).first()):
            found = claims_of(live)
            state, day = state_of(found), found.reviewed_on
        Article.objects.filter(pk=self.pk).update(
            review_state=state, reviewed_on=day, version=F("version") + 1
        )
        self.review_state, self.reviewed_on = state, day
        if stored.is_scheduled and stored.review_state == ReviewState.SIGNED != state:
            self._keep_from_going_out()

    @transaction.atomic
    def set_authors(self, contributors: Sequence[Contributor], *, by: Any = None) -> None:
        """Name the authors, in this order."""
        self.lock()
        if self.ordered_authors() == list(contributors):
            return
        self.authorship_set.all().delete()
        Authorship.objects.bulk_create(
            Authorship(article=self, contributor=contributor, position=position)
            for position, contributor in enumerate(contributors, 1)
        )
        self.record("article.authors_changed", by=by, fields=["authors"])
        self.remake_claims()

    def _keep_from_going_out(self) -> None:
        """Take back a schedule whose text is no longer signed, where it has to be."""
        from articles.publishing import needs_signing

        revision = Revision.objects.filter(pk=self.live_id or 0).first()
        if revision and needs_signing(revision):
            self.unschedule()

    def _index(self) -> None:
        from articles import search

        search.index(self)


def state_of(found: "Claims") -> ReviewState:
    """Return what lists say where the page says `found`."""
    if found.is_signed:
        return ReviewState.SIGNED
    if found.is_unchecked:
        return ReviewState.UNCHECKED
    return ReviewState.IN_PART if found.is_in_part else ReviewState.CHANGED


class Authorship(models.Model):
    """Who wrote an article, in the order the byline names them."""

    article = models.ForeignKey(Article, models.CASCADE)
    contributor = models.ForeignKey(Contributor, models.PROTECT, verbose_name=_("author"))
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint("article", "contributor", name="author_once")]

    def __str__(self) -> str:
        return str(self.contributor)
