"""What Markdown means here: CommonMark, and what a health text needs beside it.

That is tables, definition lists, links from bare web addresses, curly quotes, figures,
`[^key]` citations and care cards. Raw HTML is text.
"""

import re
from functools import cache
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, paragraph
from markdown_it.rules_core import StateCore
from markdown_it.rules_core.smartquotes import process_inlines
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin

# Where links may lead. `tel`, because an emergency number is read on a phone.
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
# How a text names an image of ours: ![alternative text](media:key)
MEDIA = "media:"

LINE = re.compile(r"[^\n]*\n|[^\n]+")
CITATION = re.compile(r"\[\^([A-Za-z0-9_.-]{1,64})\]")
FOOTNOTE = re.compile(CITATION.pattern + ":")
CARE_LINE = re.compile(r":{3,}[ \t]*(?:(now|soon|routine)(?:[ \t]+(.*))?)?", re.IGNORECASE)

# How deep blocks may nest; a list counts twice, for itself and for its item.
MAX_NESTING = 20
# Curling quotes takes quadratic time within a paragraph. One with more quotes is not prose.
MAX_QUOTES = 1_000

# Quotation marks by language (CLDR), double before single. The others get the English ones.
ENGLISH_QUOTES = ("“", "”", "‘", "’")
QUOTES = {
    "cs": ("„", "“", "‚", "‘"),
    "da": ("”", "”", "’", "’"),
    "de": ("„", "“", "‚", "‘"),
    "es": ("«", "»", "“", "”"),
    "fi": ("”", "”", "’", "’"),
    "fr": ("«\u00a0", "\u00a0»", "“", "”"),
    "it": ("«", "»", "“", "”"),
    "nb": ("«", "»", "‘", "’"),
    "pl": ("„", "”", "‚", "’"),
    "ru": ("«", "»", "„", "“"),
    "sv": ("”", "”", "’", "’"),
    "uk": ("«", "»", "„", "“"),
}


def parser_for(language: str) -> MarkdownIt:
    return _parser(_quotes(language))


def fragment_parser_for(language: str) -> MarkdownIt:
    """Return a parser for texts too short for headings, tables, care cards and citations."""
    return _fragment_parser(_quotes(language))


def is_section_heading(token: Token) -> bool:
    return token.type == "heading_open" and token.tag == "h2" and token.level == 0


def media_key(token: Token) -> str | None:
    """Return the key of the image that `token` shows, or None if it is not one of ours."""
    address = str(token.attrGet("src") or "")
    return unquote(address.removeprefix(MEDIA)) if address.startswith(MEDIA) else None


def split_lines(text: str) -> list[str]:
    """Split as the parser does, at "\\n" alone: `str.splitlines` knows ten more line ends."""
    return LINE.findall(text)


def _quotes(language: str) -> tuple[str, ...]:
    return QUOTES.get(language.lower().split("-")[0], ENGLISH_QUOTES)


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        scheme = SCHEME.match(url)
        return scheme is None or scheme[1].lower() in SCHEMES or url.startswith(MEDIA)


@cache
def _parser(quotes: tuple[str, ...]) -> MarkdownIt:
    return _build_parser(quotes)


@cache
def _fragment_parser(quotes: tuple[str, ...]) -> MarkdownIt:
    return _build_parser(quotes).disable(["heading", "lheading", "table", "care", "citation"])


def _build_parser(quotes: tuple[str, ...]) -> MarkdownIt:
    """Build a parser. It keeps nothing between two texts, so threads may share it."""
    parser = _Parser(
        "commonmark",
        {
            "html": False,
            "linkify": True,
            "maxNesting": MAX_NESTING,
            "quotes": quotes,
            "store_labels": True,
        },
    )
    parser.enable("table").use(deflist_plugin)
    parser.block.ruler.before("table", "too_deep", _too_deep)
    parser.block.ruler.before("reference", "footnote", _footnote)
    parser.block.ruler.before(
        "fence", "care", _care_line, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    parser.inline.ruler.before("link", "citation", _citation)
    parser.core.ruler.at("smartquotes", _curl_quotes)
    # There is an inline rule named linkify, too, which takes quadratic time.
    parser.core.ruler.enable(["linkify", "smartquotes"])
    _find_web_addresses_only(parser.linkify)
    for rule in (_demote_titles, _pair_cards, _lift_figures):
        parser.core.ruler.push(rule.__name__, rule)
    return parser


def _find_web_addresses_only(linkify: Any) -> None:
    """Let only `https://…` become a link: guessing makes one of "the disease.It spreads"."""
    linkify.set({"fuzzy_link": False, "fuzzy_email": False})
    for schema in ("ftp:", "//", "mailto:"):
        linkify.add(schema, None)


def _too_deep(state: StateBlock, line: int, end_line: int, silent: bool) -> bool:
    """Read the deepest blocks as paragraphs: past `maxNesting` the parser drops what follows."""
    deepest = state.level >= MAX_NESTING - 2
    return deepest and not silent and paragraph(state, line, end_line, silent)


def _footnote(state: StateBlock, line: int, end_line: int, silent: bool) -> bool:
    """Show `[^1]: …`, the footnote of other dialects; as a link definition it would vanish."""
    start = state.bMarks[line] + state.tShift[line]
    found = FOOTNOTE.match(state.src, start) is not None
    return found and not silent and paragraph(state, line, end_line, silent)


def _care_line(state: StateBlock, line: int, end_line: int, silent: bool) -> bool:
    """Read one line of a care card: `::: now Title` opens it, `:::` closes it.

    `_pair_cards` pairs the lines. Were a card a container, a forgotten `:::` would hide
    the sections after it from the list of contents, and from review.
    """
    nested = state.level > 0 and state.sCount[line] >= state.blkIndent
    start = state.bMarks[line] + state.tShift[line]
    match = CARE_LINE.fullmatch(state.src, start, state.eMarks[line])
    if match is None or nested or state.is_code_block(line):
        return False
    if not silent:
        state.line = line + 1
        _push_care_line(state, *match.groups(default=""))
    return True


def _push_care_line(state: StateBlock, degree: str, title: str) -> None:
    if not degree:
        state.push("care_end", "section", 0)
        return
    state.push("care_open", "section", 0).meta["degree"] = degree.lower()
    heading = state.push("inline", "", 0)
    heading.content = title.strip()
    heading.children = []
    state.push("care_title_close", "", 0)


def _citation(state: StateInline, silent: bool) -> bool:
    match = CITATION.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push("citation", "sup", 0).content = match[1]
    state.pos = match.end()
    return True


def _curl_quotes(state: StateCore) -> None:
    for token in state.tokens:
        quotes = token.content.count('"') + token.content.count("'")
        if token.children and 0 < quotes <= MAX_QUOTES:
            process_inlines(token.children, state)


def _demote_titles(state: StateCore) -> None:
    """Make level 1 level 2: the page has its title already."""
    for token in state.tokens:
        if token.tag == "h1":
            token.tag = "h2"


def _pair_cards(state: StateCore) -> None:
    """End each card at its `:::`, at the latest before the next card or section.

    A `:::` that ends nothing stays a token of its own and is shown, so that its author sees it.
    """
    tokens: list[Token] = []
    is_open = False
    for token in state.tokens:
        ends = token.type in ("care_open", "care_end") or is_section_heading(token)
        if is_open and ends:
            tokens.append(Token("care_close", "section", 0))
        if not is_open or token.type != "care_end":
            tokens.append(token)
        is_open = token.type == "care_open" or (is_open and not ends)
    if is_open:
        tokens.append(Token("care_close", "section", 0))
    state.tokens = tokens


def _lift_figures(state: StateCore) -> None:
    """Make a figure of an image that has a paragraph to itself."""
    for i, opening in enumerate(state.tokens):
        if opening.type != "paragraph_open":
            continue
        inline, closing = state.tokens[i + 1 : i + 3]
        children = inline.children or []
        if [child.type for child in children] == ["image"]:
            children[0].type = "figure"
            opening.hidden = closing.hidden = True
