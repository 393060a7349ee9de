"""Markdown to safe HTML, in sections that can be signed, cited and discussed.

`render` turns the text of a revision, or of a page that staff edit, into a `Document`;
`render_fragment` turns a short text, such as the description of a category, into HTML.
Both know no database: what they need of sources and images they are given, and what they
give is stored. The words they add ("Urgent advice:", "Source 1") are in the active language,
so activate the article's: `with translation.override(article.language)`.

    syntax.py     what Markdown means here        text -> tokens
    sections.py   where a text is cut             tokens -> sections
    html.py       how it is written               tokens -> safe HTML
    text.py       the stored spelling, and what is left without markup
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from articles.markdown.html import ImageFacts, Writer, split_heading, stored
from articles.markdown.sections import Section, cut
from articles.markdown.syntax import fragment_parser_for
from articles.markdown.text import count_words, normalise, one_line, plain_text

__all__ = [
    "MAX_BYTES",
    "RENDERER_VERSION",
    "Document",
    "Heading",
    "ImageFacts",
    "RenderedSection",
    "lead_source",
    "normalise",
    "one_line",
    "render",
    "render_fragment",
    "section_hash",
    "split_heading",
    "stored",
]

# Raised when the HTML of an unchanged text would change: stored HTML is then made again.
RENDERER_VERSION = 1
# The longest text in UTF-8; the worst one of this size takes some seconds.
MAX_BYTES = 200_000


@dataclass(frozen=True)
class RenderedSection:
    """One section of a document. The first has position 0 and no heading.

    `source` is its slice of the normalised text, heading line included; `keys` are the known
    citations in it, each once; `definitions` are the link definitions (`[label]: address`) that
    it uses but that stand in another section. All three belong into its hash.
    """

    position: int
    heading: str
    anchor: str
    source: str
    html: SafeString
    keys: tuple[str, ...]
    definitions: tuple[str, ...]
    has_now: bool


@dataclass(frozen=True)
class Heading:
    """An entry of "On this page". `text` is plain."""

    anchor: str
    text: str


@dataclass(frozen=True)
class Document:
    """A rendered text.

    `contents` are its level-2 headings; `plain_text` is what is read, for search; `numbers`
    maps citation keys to [n], in order of first use; `unknown_keys` are cited but were not
    given; `images` are all media keys in it, known or not; `now_anchor` is the id of the first
    `now` card.
    """

    sections: tuple[RenderedSection, ...]
    contents: tuple[Heading, ...]
    plain_text: str
    words: int
    numbers: dict[str, int]
    unknown_keys: tuple[str, ...]
    images: tuple[str, ...]
    now_anchor: str | None

    @property
    def html(self) -> SafeString:
        return format_html_join("", "{}", ((section.html,) for section in self.sections))


def render(
    text: str,
    *,
    citation_keys: Collection[str] = (),
    images: Mapping[str, ImageFacts] | None = None,
    language: str = "en",
) -> Document:
    """Render `text`; `language` chooses its quotation marks.

    Raises ValueError, with a sentence for people, if it is longer than MAX_BYTES.
    """
    sections = cut(_within_limit(text), language)
    cited = _unique(section.citations for section in sections)
    known = [key for key in cited if key in citation_keys]
    numbers = {key: number for number, key in enumerate(known, start=1)}
    writer = Writer(numbers, images or {})
    rendered = [_render_section(i, section, writer) for i, section in enumerate(sections)]
    words = "\n".join(filter(None, (plain_text(section.tokens) for section in sections)))
    return Document(
        sections=tuple(rendered),
        contents=tuple(Heading(s.anchor, s.heading) for s in rendered if s.heading),
        plain_text=words,
        words=count_words(words),
        numbers=numbers,
        unknown_keys=tuple(key for key in cited if key not in numbers),
        images=_unique(section.media_keys for section in sections),
        now_anchor=next(iter(_unique(section.now_cards for section in sections)), None),
    )


def render_fragment(text: str, *, language: str = "en") -> SafeString:
    """Render a short text: paragraphs, lists, emphasis, links. The rest of Markdown is text."""
    tokens = fragment_parser_for(language).parse(_within_limit(text))
    return Writer({}, {}).render_section(tokens, lead=True)


def section_hash(
    source: str, citations: Iterable[str] = (), definitions: Iterable[str] = ()
) -> str:
    """Return the SHA-256, in hex, of what somebody signs when they sign a section.

    `citations` say in full, in the order of `RenderedSection.keys`, what each key stands for.
    JSON keeps the parts apart: no two different sections are written alike.
    """
    # Empty lines before the next section say nothing, and are not there when it is the last.
    parts = [normalise(source).rstrip("\n"), [normalise(c) for c in citations], list(definitions)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def lead_source(title: str, summary: str, text: str) -> str:
    """Return the source of section 0 for its hash: title and summary are part of it."""
    parts = [normalise(part).rstrip("\n") for part in (title, summary, text)]
    return json.dumps(parts, ensure_ascii=False)


def _within_limit(text: str) -> str:
    text = normalise(text)
    size = len(text.encode())
    if size > MAX_BYTES:
        message = gettext("This text has %(size)d bytes; at most %(limit)d are allowed.")
        raise ValueError(message % {"size": size, "limit": MAX_BYTES})
    return text


def _unique(lists: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Return what the lists hold, in order of first use."""
    return tuple(dict.fromkeys(chain.from_iterable(lists)))


def _render_section(position: int, section: Section, writer: Writer) -> RenderedSection:
    lead = position == 0
    html = writer.render_section(section.tokens, lead=lead)
    return RenderedSection(
        position=position,
        heading="" if lead else section.heading,
        anchor="" if lead else section.anchor,
        source=section.source,
        html=html,
        keys=tuple(key for key in _unique([section.citations]) if key in writer.numbers),
        definitions=section.definitions,
        has_now=bool(section.now_cards),
    )
