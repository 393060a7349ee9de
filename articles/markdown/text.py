"""Plain text: the one spelling that is stored and hashed, and what is read without markup."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from markdown_it.token import Token

# What PostgreSQL (NUL), UTF-8 (lone surrogates) or the XML 1.0 of a feed cannot carry.
UNSTORABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
SPACES = re.compile("[ \t\n\x85\u2028\u2029]+")  # the line ends that YAML knows among them
# Han, kana and Bopomofo are written without spaces; Korean has them.
UNSPACED = re.compile(
    "[\u3040-\u30ff\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


def normalise(text: str) -> str:
    """Return `text` in NFC with "\\n" line ends, and U+FFFD for what cannot be stored.

    Texts are compared, hashed and stored in this spelling only.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", storable(text))


def one_line(text: str) -> str:
    """Return `text` as it is stored, on one line and without idle spaces; no-break ones stay."""
    return SPACES.sub(" ", normalise(text)).strip(" ")


def storable(text: str) -> str:
    return UNSTORABLE.sub("\ufffd", text)


def count_words(text: str) -> int:
    """Count words; each Chinese or Japanese character is one."""
    spaced = UNSPACED.sub(r" \g<0> ", text)
    return sum(any(map(str.isalnum, word)) for word in spaced.split())


def plain_text(tokens: Iterable[Token]) -> str:
    """Return what is read, a line for each block, without markup, addresses or citations."""
    return "\n".join(filter(None, map(_block_text, tokens)))


def inline_text(tokens: Iterable[Token]) -> str:
    """Return the words in `tokens` on one line.

    Again storable: an entity or a percent sign may write what normalising had taken out.
    """
    return " ".join(storable("".join(_pieces(tokens))).split())


def _block_text(token: Token) -> str:
    if token.type in ("fence", "code_block"):
        return token.content.strip()
    return inline_text(token.children or ())


def _pieces(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("text", "code_inline"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield " "
        elif token.type in ("image", "figure"):
            yield from _pieces(token.children or ())
