"""What Markdown means here: CommonMark, and what a health text needs beside it.

That is: tables, definition lists, links from bare web addresses, curly quotes, `[^key]`
citations, figures, and care cards. Raw HTML is text. A text becomes sections of tokens;
`html.py` writes them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, paragraph
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin

# Quotation marks, double then single, by language (CLDR); the others get the English ones.
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

# `tel:` because an emergency number is read on a phone; `media:` is ours and never leaves `html.py`.
SCHEMES = {"http", "https", "mailto", "tel"}
SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)

# How deep blocks may nest. A list counts twice: for itself and for its item.
MAX_NESTING = 20

CITATION = re.compile(r"\[\^([A-Za-z0-9_.-]{1,64})\]")
FOOTNOTE = re.compile(CITATION.pattern + ":")
CARE = re.compile(r":{3,}[ \t]*(?:(now|soon|routine)(?:[ \t]+(.*))?)?", re.IGNORECASE)


@dataclass(frozen=True)
class Section:
    """A slice of the text, and its tokens.

    `definitions` are the link definitions (`[label]: address`) that it uses and that stand
    in another section: its source alone does not say where its links lead.
    """

    source: str
    tokens: list[Token]
    definitions: tuple[str, ...] = ()


def parse(text: str, language: str) -> list[Section]:
    """Cut the normalised `text` before each of its own level-2 headings, and parse it."""
    env: dict[str, dict[str, dict[str, str]]] = {}
    tokens = _parser(_quotes(language)).parse(text, env)
    lines = _lines(text)
    ...


def parse_fragment(text: str, language: str) -> list[Token]:
    ...
