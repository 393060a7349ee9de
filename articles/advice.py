"""What an editor should look at again in a text: said when it is saved, never in the way."""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import override

from articles import markdown
from articles.models import Article, Revision, RiskClass
from articles.models.revision import image_facts

# The title of a care card is no heading of the text: it stands where the card stands.
HEADING = re.compile(r"<h([2-6])(?! class=\"care__title\")[ >]")
CARE_CARD = re.compile(r"<section [^>]*data-degree=\"(now|soon|routine)\"")


class Rendering(NamedTuple):
    """A text as readers will see it, with what is known of the images in it."""

    document: markdown.Document
    known_images: Collection[str]

    @property
    def html(self) -> str:
        return str(self.document.html)


def rendered(text: str, keys: Collection[str], language: str) -> Rendering:
    """Render a text with the images on record; ValueError when it is too long."""
    images = image_facts(text)
    with override(language):
        document = markdown.render(text, citation_keys=keys, images=images, language=language)
    return Rendering(document, images.keys())


def advice(article: Article, revision: Revision) -> list[str]:
    """Return one sentence for each thing in `revision` that is probably not meant so."""
    keys = list(revision.citations.values_list("key", flat=True))
    rendering = rendered(revision.text, keys, article.language)
    return [
        *_on_sources(rendering.document, keys),
        *_on_images(rendering),
        *_on_headings(rendering.html),
        *_on_care_cards(article, rendering.html),
    ]


def _on_sources(document: markdown.Document, keys: list[str]) -> Iterator[str]:
    if unknown := document.unknown_keys:
        yield _("Cited, but not in the list of sources: %(keys)s.") % {"keys": _list(unknown)}
    if uncited := [key for key in keys if key not in document.numbers]:
        yield _("In the list of sources, but not cited in the text: %(keys)s.") % {
            "keys": _list(uncited)
        }
    if not keys:
        yield _("This article names no source.")


def _on_images(rendering: Rendering) -> Iterator[str]:
    if missing := [key for key in rendering.document.images if key not in rendering.known_images]:
        yield _("There is no image with the key %(keys)s.") % {"keys": _list(missing)}


def _on_headings(html: str) -> Iterator[str]:
    level = 1
    for found in HEADING.finditer(html):
        if int(found[1]) > level + 1:
            yield _("A heading skips a level: after level %(before)d comes level %(after)d.") % {
                "before": level,
                "after": int(found[1]),
            }
            return
        level = int(found[1])


def _on_care_cards(article: Article, html: str) -> Iterator[str]:
    degrees = CARE_CARD.findall(html)
    if article.risk_class == RiskClass.EMERGENCY and "now" not in degrees:
        yield _("An article about an emergency needs a card that says when to get help now.")
    if "now" in degrees and "now" in degrees[_others_begin(degrees) :]:
        yield _("Emergency signs come first: a card “now” stands after one of a lower degree.")


def _others_begin(degrees: list[str]) -> int:
    """Return the place of the first card that is not `now`."""
    return next((place for place, degree in enumerate(degrees) if degree != "now"), len(degrees))


def _list(keys: Collection[str]) -> str:
    return ", ".join(keys)
