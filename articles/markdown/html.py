"""Tokens to safe HTML. The sanitiser has the last word, and here is the only `mark_safe`."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import nh3
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from articles.markdown.syntax import SCHEMES, media_key
from articles.markdown.text import inline_text, storable

OPTIONS = MarkdownIt("commonmark").options
EXTERNAL = re.compile(r"(https?:)?//", re.IGNORECASE)
# Every id starts with a prefix, so that no heading can pose as a part of the page around it
# (or, by DOM clobbering, of its scripts).
OUR_ID = re.compile(r"(s|c|cite)-\S+")
MAX_ANCHOR = 60

# The words that NHS care cards speak before their title, and titles for cards without one.
# https://service-manual.nhs.uk/design-system/components/care-cards
CARE_PREFIX = {
    "now": _("Immediate action required:"),
    "soon": _("Urgent advice:"),
    "routine": _("Non-urgent advice:"),
}
CARE_TITLE = {
    "now": _("Get emergency help"),
    "soon": _("See a doctor soon"),
    "routine": _("See a doctor"),
}


# fmt: off
TAGS = {
    "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "blockquote", "pre",
    "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td",
    "em", "strong", "code", "a", "sup", "span", "div", "section", "figure", "figcaption", "img",
}
# fmt: on


@dataclass(frozen=True)
class ImageFacts:
    """What an article needs to know of an image to show it. All texts are plain."""

    url: str
    width: int
    height: int
    alt: str = ""
    decorative: bool = False
    caption: str = ""
    credit: str = ""


class Writer(RendererHTML):
    """Writes the sections of one document in their order, and remembers the ids it gave.

    Methods without an underscore are what markdown-it calls for the tokens of that name.
    """

    def __init__(self, numbers: Mapping[str, int], images: Mapping[str, ImageFacts]) -> None:
        super().__init__()
        self.numbers = numbers
        self._images = images
        self._uses: Counter[str] = Counter()
        self._anchors: Counter[str] = Counter()
        self._cards = self._tables = 0
        self._card_heading = "h2"
        self._in_link = False

    def render_section(self, tokens: Sequence[Token], *, lead: bool) -> SafeString:
        """Write one section. Its `tokens` come back with the ids they were given."""
        self._card_heading = "h2" if lead else "h3"
        return _clean(self.render(tokens, OPTIONS, {}))

    def heading_open(self, tokens: Sequence[Token], idx: int, *rest: Any) -> str:
        token = tokens[idx]
        if token.tag in ("h2", "h3", "h4"):
            token.attrSet("id", self._anchor(inline_text(tokens[idx + 1].children or ())))
        return self.renderToken(tokens, idx, *rest)

    def care_open(self, tokens: Sequence[Token], idx: int, *rest: Any) -> str:
        token, title = tokens[idx : idx + 2]
        degree = token.meta["degree"]
        self._cards += 1
        token.attrSet("id", f"c-{self._cards}")
        return format_html(
            '<section class="care" data-degree="{}" id="{}"><{} class="care__title">'
            '<span class="visually-hidden">{} </span>{}',
            degree,
            token.attrs["id"],
            self._card_heading,
            CARE_PREFIX[degree],
            "" if title.children else CARE_TITLE[degree],
        )

    def care_title_close(self, *rest: Any) -> str:
        return f"</{self._card_heading}>\n"

    def care_close(self, *rest: Any) -> str:
        return "</section>\n"

    def care_end(self, *rest: Any) -> str:
        return "<p>:::</p>\n"

    def citation(self, tokens: Sequence[Token], idx: int, *rest: Any) -> str:
        key = tokens[idx].content
        if key not in self.numbers:
            return escape(f"[^{key}]")
        number = self.numbers[key]
        self._uses[key] += 1
        return format_html(
            '<sup class="cite"><a href="#source-{}" id="cite-{}-{}" aria-label="{}">[{}]</a></sup>',
            key,
            key,
            self._uses[key],
            gettext("Source %(number)d") % {"number": number},
            number,
        )

    def link_open(self, tokens: Sequence[Token], idx: int, *rest: Any) -> str:
        self._in_link = True
        if EXTERNAL.match(str(tokens[idx].attrGet("href"))):
            tokens[idx].attrSet("rel", "noopener")
        return self.renderToken(tokens, idx, *rest)

    def link_close(self, tokens: Sequence[Token], idx: int, *rest: Any) -> str:
        self._in_link = False
        return self.renderToken(tokens, idx, *rest)

    def image(self, tokens: Sequence[Token], idx: int, *rest: Any) -> str:
        token = tokens[idx]
        key = media_key(token)
        alt = inline_text(token.children or ())
        if key is None:
            return self._link_to_image(str(token.attrGet("src")), alt)
        if key in self._images:
            return _img(self._images[key], alt)
        return format_html("<em>{}</em>", alt) if alt else ""

    def figure(self, tokens: Sequence[Token], idx: int, *rest: Any) -> str:
        content = self.image(tokens, idx, *rest)
        facts = self._images.get(media_key(tokens[idx]) or "")
        if facts is None:
            return f"<p>{content}</p>\n" if content else ""
        return f"<figure>{content}{_figcaption(facts)}</figure>\n"

    def table_open(self, *rest: Any) -> str:
        """Let a wide table scroll by itself, with the keyboard too (WCAG 1.4.10, 2.1.1)."""
        self._tables += 1
        label = gettext("Table %(number)d") % {"number": self._tables}
        return format_html(
            '<div class="table" role="region" tabindex="0" aria-label="{}"><table>\n', label
        )

    def table_close(self, *rest: Any) -> str:
        return "</table></div>\n"

    def td_open(self, tokens: Sequence[Token], idx: int, *rest: Any) -> str:
        """Say the alignment with a class: the content security policy blocks `style`."""
        token = tokens[idx]
        if style := str(token.attrs.pop("style", "")):
            token.attrSet("class", style.replace("text-align:", "align-"))
        return self.renderToken(tokens, idx, *rest)

    th_open = td_open

    def _anchor(self, title: str) -> str:
        slug = slugify(title, allow_unicode=True)[:MAX_ANCHOR].strip("-_") or "section"
        anchor = stem = f"s-{slug}"
        while self._anchors[anchor]:
            self._anchors[stem] += 1
            anchor = f"{stem}-{self._anchors[stem]}"
        self._anchors[anchor] = 1
        return anchor

    def _link_to_image(self, address: str, alt: str) -> str:
        """Link to an image that lies elsewhere: loading it would tell others who reads here."""
        if self._in_link:
            return escape(alt)
        return format_html('<a href="{}" rel="noopener">{}</a>', address, alt or address)


def _img(facts: ImageFacts, alt: str) -> str:
    return format_html(
        '<img src="{}" alt="{}" width="{}" height="{}" loading="lazy" decoding="async">',
        facts.url,
        alt or ("" if facts.decorative else facts.alt),
        facts.width,
        facts.height,
    )


def _figcaption(facts: ImageFacts) -> str:
    caption = escape(facts.caption)
    credit = facts.credit and format_html('<span class="credit">{}</span>', facts.credit)
    words = format_html_join(" ", "{}", ((part,) for part in (caption, credit) if part))
    return words and format_html("<figcaption>{}</figcaption>", words)


def stored(html: str) -> SafeString:
    """Return HTML that `render` made and that a derived column kept."""
    return mark_safe(html)  # noqa: S308 - the sanitiser saw it before it was stored


def split_heading(html: str) -> tuple[SafeString, SafeString]:
    """Return a stored section as its heading and what stands below it.

    Section 0 has no heading of its own: what it begins with is text.
    """
    heading, end, text = html.partition("</h2>") if html.startswith("<h2") else ("", "", html)
    return stored(heading + end), stored(text)


def _clean(html: str) -> SafeString:
    return mark_safe(_cleaner.clean(storable(html)))  # noqa: S308 - this is what the sanitiser is for


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    return value if name != "id" or OUR_ID.fullmatch(value) else None


# nh3 panics if a tag has `class` among its attributes as well as allowed classes.
_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes={
        "a": {"aria-label", "href", "id", "rel", "title"},
        "div": {"aria-label", "role", "tabindex"},
        "h2": {"id"},
        "h3": {"id"},
        "h4": {"id"},
        "img": {"alt", "decoding", "height", "loading", "src", "width"},
        "ol": {"start"},
        "section": {"id"},
    },
    tag_attribute_values={"section": {"data-degree": set(CARE_PREFIX)}},
    allowed_classes={
        "div": {"table"},
        "h2": {"care__title"},
        "h3": {"care__title"},
        "section": {"care"},
        "span": {"credit", "visually-hidden"},
        "sup": {"cite"},
        "td": {"align-left", "align-center", "align-right"},
        "th": {"align-left", "align-center", "align-right"},
    },
    attribute_filter=_keep_attribute,
    url_schemes=set(SCHEMES),
    link_rel=None,
)
