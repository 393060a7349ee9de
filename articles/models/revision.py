"""One immutable state of an article's text, its sections, and the HTML made from them."""

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from articles import markdown
from articles.models.immutable import Immutable, ImmutableQuerySet
from articles.models.source import Citation, Source, canonical_citation

if TYPE_CHECKING:
    from articles.models.article import Article

# How our own renderer writes a citation (articles/markdown/html.py).
CITED = re.compile(r'<sup class="cite"><a href="#source-([^"]+)"')
MEDIA_KEY = re.compile(r"\bmedia:([\w-]+)")


class RevisionQuerySet(ImmutableQuerySet["Revision"]):
    def make(
        self,
        article: "Article",
        *,
        title: str,
        summary: str,
        text: str,
        citations: Sequence[Citation] = (),
        by: Any = None,
        note: str = "",
    ) -> "Revision":
        """Write the next revision of `article`, with its sections and citations.

        `citations` are unsaved rows with key, source, as_printed and accessed_on. The caller holds
        the article's row locked. Raises ValidationError when a field is too long or empty.
        """
        newest = article.revisions.order_by("-number").first()
        revision = Revision.normalised(title=title, summary=summary, text=text)
        revision.article = article
        revision.number = newest.number + 1 if newest else 1
        revision.created_by, revision.note = by, note
        revision.sha256 = revision_hash(revision, citations)
        document = revision._derive([citation.key for citation in citations])
        revision.clean_fields(exclude=["article", "created_by", *Revision.DERIVED])
        with transaction.atomic():
            revision.save(force_insert=True)
            _write_citations(revision, citations, document.numbers)
            _write_sections(revision, document, citations)
        return revision


class Revision(Immutable):
    """One immutable state of an article's text, numbered.

    A database trigger (articles/sql/) refuses any change to the authored columns; the derived ones
    are remade by `manage.py render_revisions`.
    """

    AUTHORED = (
        "article", "number", "title", "summary", "text", "sha256",
        "created_at", "created_by", "note",
    )  # fmt: skip
    DERIVED = (
        "section_html", "contents", "plain_text", "words", "now_anchor", "renderer_version",
    )  # fmt: skip

    article = models.ForeignKey(
        "articles.Article", models.PROTECT, related_name="revisions", verbose_name=_("article")
    )
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    summary = models.CharField(_("summary"), max_length=600, blank=True)
    text = models.TextField(_("text"), validators=[MaxLengthValidator(markdown.MAX_BYTES)])
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    note = models.CharField(
        _("note"), max_length=300, blank=True, help_text=_("What changed, and why; readers see it.")
    )
    # Set once, when readers first see it (a scheduled revision: from when).
    published_at = models.DateTimeField(_("published"), null=True, editable=False)

    # Derived from the text; `render` remakes them. One string of sanitised HTML a section.
    section_html = models.JSONField(default=list)
    contents = models.JSONField(default=list)
    plain_text = models.TextField()
    words = models.PositiveIntegerField(default=0)
    now_anchor = models.CharField(max_length=200, blank=True)
    renderer_version = models.PositiveIntegerField(default=0)

    objects: ClassVar[RevisionQuerySet] = RevisionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["article", "-number"]
        constraints = [models.UniqueConstraint("article", "number", name="revision_number_once")]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    @classmethod
    def normalised(cls, *, title: str, summary: str, text: str) -> "Revision":
        """Return an unsaved revision with its words in one spelling (NFC)."""
        return cls(
            title=markdown.one_line(title),
            summary=markdown.one_line(summary),
            text=markdown.normalise(text).strip("\n") + "\n",
        )

    @property
    def reading_minutes(self) -> int:
        """Return the minutes an adult needs: 238 words each (Brysbaert 2019), one at least."""
        return max(1, round(self.words / 238))

    @property
    def bodies(self) -> list[SafeString]:
        """Return the HTML of each section, in order."""
        return [markdown.stored(html) for html in self.section_html]

    def cited_keys(self) -> list[set[str]]:
        """Return, by position, the keys of the sources that each section cites."""
        return [set(CITED.findall(html)) for html in self.section_html]

    def render(self) -> None:
        """Remake what is derived from the text: for a new renderer, or a changed image."""
        from articles import search

        self._derive(list(self.citations.values_list("key", flat=True)))
        with transaction.atomic():
            self.save(update_fields=self.DERIVED)
            if self.article.live_id == self.pk:
                search.index(self.article)
                type(self.article).objects.filter(pk=self.article_id).bump()

    def _derive(self, keys: Sequence[str]) -> markdown.Document:
        """Render the text into the derived fields, unsaved."""
        try:
            with override(self.article.language):  # a card's spoken degree is in its language
                document = markdown.render(
                    self.text,
                    citation_keys=keys,
                    images=image_facts(self.text),
                    language=self.article.language,
                )
        except ValueError as error:
            raise ValidationError({"text": str(error)}) from error
        self.section_html = [section.html for section in document.sections]
        self.contents = [{"anchor": h.anchor, "text": h.text} for h in document.contents]
        self.plain_text = document.plain_text
        self.words = document.words
        self.now_anchor = document.now_anchor or ""
        self.renderer_version = markdown.RENDERER_VERSION
        return document


class Section(Immutable):
    """A unit of a revision that can be signed, cited and discussed (product.md).

    Section 0 is title, summary and the text before the first level-2 heading; then one for each.
    """

    AUTHORED = ("revision", "position", "heading", "anchor", "sha256")

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="sections")
    position = models.PositiveIntegerField()
    heading = models.TextField(blank=True)
    anchor = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, db_index=True)

    objects: ClassVar[ImmutableQuerySet["Section"]] = ImmutableQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["revision", "position"]
        constraints = [models.UniqueConstraint("revision", "position", name="section_place_once")]

    def __str__(self) -> str:
        return self.heading or f"{self.position}"


def image_facts(text: str) -> dict[str, markdown.ImageFacts]:
    """Return what is known of the images that `text` shows, by key: one query at most."""
    from articles.models.image import Image

    keys = set(MEDIA_KEY.findall(text))
    return {image.key: image.facts for image in Image.objects.filter(key__in=keys)} if keys else {}


def revision_hash(revision: Revision, citations: Sequence[Citation]) -> str:
    """Return the SHA-256 of everything an author wrote in `revision`, citations included."""
    authored = [
        revision.title,
        revision.summary,
        revision.text,
        *(canonical_citation(citation) for citation in citations),
    ]
    return hashlib.sha256(json.dumps(authored, ensure_ascii=False).encode()).hexdigest()


def copied_citations(revision: Revision) -> list[Citation]:
    """Return the citations of `revision` as unsaved rows, for another one."""
    return [
        Citation(
            source=citation.source,
            key=citation.key,
            as_printed=citation.as_printed,
            accessed_on=citation.accessed_on,
        )
        for citation in revision.citations.select_related("source")
    ]


def _write_citations(
    revision: Revision, citations: Sequence[Citation], numbers: dict[str, int]
) -> None:
    for position, citation in enumerate(citations, 1):
        citation.pk, citation._state.adding = None, True
        citation.revision = revision
        citation.position = position
        citation.number = numbers.get(citation.key)
        citation.clean_fields(exclude=["revision", "source", "number"])
    Citation.objects.bulk_create(citations)


def _write_sections(
    revision: Revision, document: markdown.Document, citations: Sequence[Citation]
) -> None:
    printed = {citation.key: canonical_citation(citation) for citation in citations}
    Section.objects.bulk_create(
        Section(
            revision=revision,
            position=section.position,
            heading=section.heading,
            anchor=section.anchor,
            sha256=hash_of(section, revision, printed),
        )
        for section in document.sections
    )


def hash_of(section: markdown.RenderedSection, revision: Any, printed: dict[str, str]) -> str:
    """Return the hash of what is signed with a section; `printed` are its citations in full."""
    source = section.source
    if not section.position:
        source = markdown.lead_source(revision.title, revision.summary, source)
    return markdown.section_hash(
        source, [printed[key] for key in section.keys], section.definitions
    )


def new_citation(
    source: Source, key: str, *, as_printed: str = "", accessed_on: date | None = None
) -> Citation:
    """Return an unsaved citation of `source`, printed as the source reads today."""
    return Citation(
        source=source,
        key=key,
        as_printed=as_printed or source.as_printed(),
        accessed_on=accessed_on,
    )
