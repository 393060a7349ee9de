"""What a comment's words are: plain text, made safe to keep and safe to show.

A comment is plain text. It is kept as it was typed, in one spelling (`clean`), and shown as
paragraphs with its web addresses linked (`to_html`). Later its writer may `cut` passages from it.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# What a database (NUL), UTF-8 (lone surrogates) or XML 1.0 (section 2.2) cannot carry. Characters
# that turn the direction of text stay: Arabic and Hebrew need them; paragraphs keep them in.
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LONE_SURROGATES = re.compile("[\ud800-\udfff]")

NEWLINES = re.compile("\r\n?|\u2028")
BLANK_LINES = re.compile(r"\n\s*\n|\u2029")

# Written out with its scheme; ended by spaces, quotes, CJK punctuation and invisible characters.
WEB_ADDRESS = re.compile(
    r"https?://\w[^\s<>\"“”«»，。、；：！？（）「」『』《》【】\u200b-\u200f\u2028-\u202e\u2060-\u206f]*",
    re.IGNORECASE,
)
LINK = '<a href="{}" rel="ugc nofollow noopener">{}</a>'

CUT = "[…]"
# After this many characters without an end of sentence a passage ends at a comma, or between words.
LONG_PASSAGE = 160
SENTENCE_ENDS = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|(?<=[。！？؟])[”」』）]*\s*|\n+")
CLAUSE_ENDS = re.compile(r"(?<=[,;:，；：、،])\s*")


def clean(text: str) -> str:
    """Return `text` as it is stored: NFC, bare newlines, no blank ends, nothing unstorable."""
    text = UNSTORABLE.sub("", LONE_SURROGATES.sub("\ufffd", NEWLINES.sub("\n", text)))
    return unicodedata.normalize("NFC", text).strip()


def says_nothing(text: str) -> bool:
    """Tell whether a reader would see nothing: spaces, and characters that draw nothing."""
    return all(unicodedata.category(character)[0] in "ZC" for character in text)


def to_html(text: str) -> SafeString:
    """Return `text` as paragraphs, each with a direction of its own that ends with it.

    `dir` isolates (HTML, rendering section 15.3.5): an override left open in one paragraph cannot
    turn what follows.
    """
    return format_html_join(
        "\n",
        '<p dir="auto">{}</p>',
        ((_lines(part),) for part in BLANK_LINES.split(text) if not says_nothing(part)),
    )


def passages(text: str) -> list[str]:
    """Return `text` in pieces that its writer may cut: sentences, and clauses of very long ones.

    Joined they are `text` again.
    """
    return [piece for sentence in _split(SENTENCE_ENDS, text) for piece in _shortened(sentence)]


def cut(text: str, gone: Collection[int]) -> str:
    """Return `text` without the passages at the places `gone`; a mark stands where they stood."""
    kept: list[str] = []
    after_mark = False
    for place, passage in enumerate(passages(text)):
        cut_here = place in gone or is_mark(passage)
        if cut_here and after_mark:
            kept.pop()  # neighbours share one mark
        kept.append(CUT + passage[len(passage.rstrip()) :] if cut_here else passage)
        after_mark = cut_here
    return clean("".join(kept))


def is_mark(passage: str) -> bool:
    """Tell whether `passage` only says that something was cut."""
    return passage.strip() == CUT


def fingerprint(text: str) -> str:
    """Return a short name for `text`, by which a form knows whether it changed meanwhile."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _lines(paragraph: str) -> SafeString:
    lines = (line for line in paragraph.split("\n") if line.strip())
    return format_html_join(SafeString("<br>\n"), "{}", ((_linked(line),) for line in lines))


def _linked(line: str) -> SafeString:
    """Return `line` with its web addresses as links that lend them no standing."""
    parts: list[SafeString] = []
    end = 0
    for match in WEB_ADDRESS.finditer(line):
        address = _without_punctuation(match[0])
        parts.append(format_html("{}", line[end : match.start()]))
        parts.append(format_html(LINK, address, address))
        end = match.start() + len(address)
    return format_html_join("", "{}", ((part,) for part in [*parts, format_html("{}", line[end:])]))


def _without_punctuation(address: str) -> str:
    """Return `address` without what belongs to the sentence: a full stop, a bracket around it."""
    while True:
        bare = address.rstrip(".,;:!?'’…*_")
        if bare.endswith(")") and bare.count(")") > bare.count("("):
            bare = bare[:-1]
        if bare == address:
            return address
        address = bare


def _split(ends: re.Pattern[str], text: str) -> list[str]:
    places = [match.end() for match in ends.finditer(text)]
    return [text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True) if a < b]


def _shortened(sentence: str) -> list[str]:
    if len(sentence) <= LONG_PASSAGE:
        return [sentence]
    pieces: list[str] = []
    for clause in _split(CLAUSE_ENDS, sentence):
        if pieces and len(pieces[-1]) + len(clause) <= LONG_PASSAGE:
            pieces[-1] += clause
        else:
            pieces += _by_words(clause)
    return pieces


def _by_words(clause: str) -> list[str]:
    pieces = [""]
    for word in re.findall(rf"\S{{1,{LONG_PASSAGE}}}\s*|\s+", clause):
        if len(pieces[-1]) + len(word) > LONG_PASSAGE and pieces[-1]:
            pieces.append("")
        pieces[-1] += word
    return pieces
