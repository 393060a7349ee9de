"""What statements rest on: sources, shared by articles, and each revision's use of them."""

import re
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import source_words
from articles.models.immutable import Immutable, ImmutableQuerySet

# DOI Handbook 2.2: a prefix of "10." and a registrant, a slash, any printable suffix.
DOI = re.compile(r"10\.\d{4,9}(\.\d+)*/[^\s<>\"]+", re.ASCII)
PARTIAL_DATE = RegexValidator(
    r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$",
    _("Write a year, a month or a day: 2024, 2024-03 or 2024-03-31."),
)


def clean_doi(value: str) -> str:
    """Return the DOI in `value`, bare and in lower case (DOIs ignore case).

    Raises ValidationError when it has not the form of one.
    """
    bare = re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", value.strip(), flags=re.IGNORECASE)
    if not DOI.fullmatch(bare):
        raise ValidationError(
            _("“%(value)s” is not a DOI, such as 10.1000/182."), params={"value": value}
        )
    return bare.lower()


def clean_pmid(value: str) -> str:
    """Return the PubMed number in `value`; raise ValidationError when it is none."""
    bare = re.sub(r"^(pmid:?\s*)", "", value.strip(), flags=re.IGNORECASE)
    if not re.fullmatch(r"[1-9]\d{0,8}", bare, re.ASCII):
        raise ValidationError(_("“%(value)s” is not a PubMed number."), params={"value": value})
    return bare


class SourceQuerySet(models.QuerySet["Source"]):
    def matching(self, *, doi: str | None, pmid: str | None, url: str) -> "Source | None":
        """Return the source already on record: by DOI, then PMID, then URL."""
        for known in ({"doi": doi}, {"pmid": pmid}, {"url": url}):
            if not all(known.values()):
                continue
            for source in self.filter(**known).order_by("pk"):
                if source.may_be(doi=doi, pmid=pmid):
                    return source
        return None


class Source(models.Model):
    """A publication that statements rest on, one row however many articles cite it."""

    class Status(models.TextChoices):
        CURRENT = "current", _("current")
        SUPERSEDED = "superseded", _("superseded")
        CORRECTED = "corrected", _("corrected")
        CONCERN = "concern", _("expression of concern")
        RETRACTED = "retracted", _("retracted")

    # What a reviewer relied on: the work itself, and whether it holds.
    RELIED_ON = ("title", "url", "doi", "pmid", "published_on", "status")

    title = models.CharField(_("title"), max_length=500)
    publisher = models.CharField(_("publisher"), max_length=300, blank=True)
    url = models.URLField(_("address"), max_length=1_000, blank=True, db_index=True)
    doi = models.CharField(_("DOI"), max_length=200, null=True, blank=True, unique=True)
    pmid = models.CharField(_("PubMed number"), max_length=10, null=True, blank=True, unique=True)
    published_on = models.CharField(
        _("published on"), max_length=10, blank=True, validators=[PARTIAL_DATE]
    )
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.CURRENT)
    status_on = models.CharField(
        _("status since"), max_length=10, blank=True, validators=[PARTIAL_DATE]
    )
    learned_from = models.CharField(
        _("learned from"),
        max_length=300,
        blank=True,
        help_text=_("Where the status was learned: an address, or the file that was read."),
    )
    superseded_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("superseded by"),
    )  # fmt: skip
    # When what a reviewer relied on last became another: what it is, or whether it holds.
    changed_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveBigIntegerField(default=1, editable=False)

    objects: ClassVar[SourceQuerySet] = SourceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and make the pages that list this source old."""
        self.doi, self.pmid = self.doi or None, self.pmid or None
        if self._state.adding:
            return super().save(*args, **kwargs)
        self.version = F("version") + 1
        with transaction.atomic():
            if changed := self._is_another():
                self.changed_at = timezone.now()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "version", "changed_at"}
            super().save(*args, **kwargs)
            self._bump_articles(claims=changed)
        return None

    def clean(self) -> None:
        errors = {}
        for name, cleaner in (("doi", clean_doi), ("pmid", clean_pmid)):
            if value := getattr(self, name):
                try:
                    setattr(self, name, cleaner(value))
                except ValidationError as error:
                    errors[name] = error
        if errors:
            raise ValidationError(errors)

    def may_be(self, *, doi: str | None, pmid: str | None) -> bool:
        """Tell whether neither number says that this is another work."""
        return (not doi or self.doi in {None, doi}) and (not pmid or self.pmid in {None, pmid})

    def learn(self, *, doi: str | None, pmid: str | None, url: str) -> None:
        """Take over identifiers that were not on record yet, of this source or another.

        Raises ValidationError for an address that is none.
        """
        known = {"doi": doi, "pmid": pmid, "url": url}
        new = {
            name: value
            for name, value in known.items()
            if value and not getattr(self, name) and not Source.objects.filter(**{name: value})
        }
        for name, value in new.items():
            setattr(self, name, value)
        if new:
            self.full_clean()
            # Nothing else: its status may have been set since this row was read.
            self.save(update_fields=[*new])

    @property
    def link(self) -> str:
        """Return where to read it: the DOI first, because publishers move pages."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        return self.url or (f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/" if self.pmid else "")

    @property
    def standing(self) -> str:
        """Return "Retracted, 3 March 2026" or the like; nothing for a work that holds."""
        return source_words.in_a_list(self.status, self.status_on)

    def as_printed(self) -> str:
        """Return the line under which a list of sources names this one."""
        parts = [self.publisher, self.title, self.published_on]
        return ". ".join(part.rstrip(".") for part in parts if part) + "."

    def _is_another(self) -> bool:
        before = Source.objects.select_for_update().filter(pk=self.pk).values(*self.RELIED_ON)[0]
        return any(getattr(self, name) != value for name, value in before.items())

    def _bump_articles(self, *, claims: bool) -> None:
        from articles.models.article import Article

        cited_by = Citation.objects.filter(source=self).values("revision")
        citing = Article.objects.filter(live__in=cited_by)
        citing.bump_several()
        for article in citing.order_by("pk") if claims else ():
            article.remake_claims()


class Citation(Immutable):
    """One revision's use of one source, under a key that is valid in that article."""

    AUTHORED = ("revision", "source", "key", "as_printed", "accessed_on", "position", "number")

    revision = models.ForeignKey(
        "articles.Revision", models.PROTECT, related_name="citations", verbose_name=_("revision")
    )
    source = models.ForeignKey(Source, models.PROTECT, related_name="citations")
    key = models.CharField(_("key"), max_length=64)
    as_printed = models.CharField(_("as printed"), max_length=1_000)
    accessed_on = models.DateField(_("read on"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(help_text=_("Its place in the author's list."))
    number = models.PositiveSmallIntegerField(
        null=True, help_text=_("Its number on the page, by first use; empty when not cited.")
    )

    objects: ClassVar[ImmutableQuerySet["Citation"]] = ImmutableQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["revision", "position"]
        constraints = [
            models.UniqueConstraint("revision", "key", name="citation_key_once_a_revision"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.as_printed}"


def canonical_citation(citation: Citation) -> str:
    """Return the string by which the hashes of a revision and its sections know a citation."""
    read = citation.accessed_on.isoformat() if citation.accessed_on else ""
    return "\x1f".join([citation.key, citation.source.link, citation.as_printed, read])
