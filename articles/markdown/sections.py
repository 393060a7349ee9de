"""A text cut into sections: what can be signed, cited and discussed on its own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from markdown_it.token import Token

from articles.markdown.syntax import is_section_heading, media_key, parser_for, split_lines
from articles.markdown.text import inline_text


@dataclass(frozen=True)
class Section:
    """A slice of a text, its tokens, and the link definitions it borrows from other slices."""

    source: str
    tokens: Sequence[Token]
    definitions: tuple[str, ...]

    @property
    def heading(self) -> str:
        return inline_text(self.tokens[1].children or ())

    @property
    def anchor(self) -> str:
        """The id that the writer gave to the heading."""
        return str(self.tokens[0].attrGet("id"))

    @property
    def citations(self) -> list[str]:
        return [token.content for token in _inline(self.tokens) if token.type == "citation"]

    @property
    def media_keys(self) -> list[str]:
        keys = (media_key(token) for token in _inline(self.tokens))
        return [key for key in keys if key is not None]

    @property
    def now_cards(self) -> list[str]:
        """The ids that the writer gave to the cards of the highest degree."""
        cards = (token for token in self.tokens if token.type == "care_open")
        return [str(card.attrGet("id")) for card in cards if card.meta["degree"] == "now"]


def cut(text: str, language: str) -> list[Section]:
    """Parse normalised text, and cut it before each level-2 heading of its own.

    A heading inside a list or a quotation is theirs, and does not cut.
    """
    env: dict[str, Any] = {}
    tokens = parser_for(language).parse(text, env)
    lines = split_lines(text)
    cuts = [
        (index, token.map[0])
        for index, token in enumerate(tokens)
        if token.map and is_section_heading(token)
    ]
    return [
        Section(
            source="".join(lines[line:next_line]),
            tokens=tokens[index:next_index],
            definitions=_borrowed(
                tokens[index:next_index], env.get("references", {}), range(line, next_line)
            ),
        )
        for (index, line), (next_index, next_line) in pairwise(
            [(0, 0), *cuts, (len(tokens), len(lines))]
        )
    ]


def _borrowed(
    tokens: Iterable[Token], references: Mapping[str, Any], own_lines: range
) -> tuple[str, ...]:
    """Return the definitions that the links in `tokens` use from beyond their own lines."""
    labels = dict.fromkeys(
        token.meta["label"] for token in _inline(tokens) if "label" in token.meta
    )
    return tuple(
        "[{}]: {href} {title}".format(label, **references[label])
        for label in labels
        if references[label]["map"][0] not in own_lines
    )


def _inline(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield what stands inside the blocks: words, links, images, citations."""
    for token in tokens:
        yield from token.children or ()
