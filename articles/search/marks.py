"""What a hit shows: its title and the place that fits best, with the asked words marked.

Made from the text as it was written, escaped piece by piece.
"""

import re
from functools import cache, lru_cache
from itertools import islice, pairwise, takewhile

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from articles.search.query import Query, Term
from articles.search.words import CJK, IS_CJK, SIGNS, fold

LENGTH = 240  # characters of an excerpt: about three lines
LEAD = 60  # of them before the first marked word
ROOT = 4  # letters that a word and its inflections share at least
ENDING = 3  # letters by which they may differ
MOST_SPANS = 100  # looked at in one text

FOLDED = re.compile("[^\x00-\x7f\u4e00-\u9fff\uac00-\ud7a3]")  # not what never changes
LETTER = f"(?:[^\\W_{CJK}]|[{SIGNS}])"

Span = tuple[int, int]


def marked(text: str, query: Query) -> SafeString:
    """Return `text` as HTML with the words of `query` in <mark>, whatever their ending."""
    return _marked(text, _spans(text, query))


def excerpt(text: str, query: Query) -> SafeString | None:
    """Return, marked, where most of the words stand together; None where there are none."""
    text = " ".join(text.split())
    spans = _spans(text, query)
    if not spans:
        return None
    start, end = _window(text, _densest(text, spans))
    inside = [(a - start, b - start) for a, b in spans if start <= a and b <= end]
    return _with_dots(_marked(text[start:end], inside), before=start > 0, after=end < len(text))


def beginning(text: str) -> SafeString:
    """Return the first lines of `text`, for a hit whose words stand elsewhere."""
    text = " ".join(text[: 2 * LENGTH].split())
    start, end = _window(text, 0)
    return _with_dots(conditional_escape(text[start:end]), before=False, after=end < len(text))


def _with_dots(html: SafeString, *, before: bool, after: bool) -> SafeString:
    return format_html("{}{}{}", "… " if before else "", html, " …" if after else "")


def _marked(text: str, spans: list[Span]) -> SafeString:
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    pieces = (text[start:end] for start, end in pairwise(edges))
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<mark>{}</mark>", piece) if number % 2 else piece,)
            for number, piece in enumerate(pieces)
        ),
    )


def _spans(text: str, query: Query) -> list[Span]:
    """Return where words of `query` stand in `text`, in order; overlapping ones are joined."""
    pattern = _pattern(query)
    if pattern is None:
        return []
    spans: list[Span] = []
    for match in islice(pattern.finditer(_letters(text)), MOST_SPANS):
        start, end = match.span(match.lastindex or 0)
        if spans and start < spans[-1][1]:
            start, _end = spans.pop()
        spans.append((start, end))
    return spans


@lru_cache(maxsize=100)
def _pattern(query: Query) -> re.Pattern[str] | None:
    """Return what finds the words: whole words by their root, pairs of Han wherever they are."""
    forms = sorted({_form(word, term) for term in query.terms for word in term.words} - {""})
    pairs = sorted({word for word in query.words if IS_CJK.match(word)})
    ways = []
    if forms:
        ways.append(f"({'|'.join(forms)})(?!{LETTER})")
    if pairs:
        ways.append(f"(?=({'|'.join(pairs)}))")  # looked ahead: pairs overlap
    return re.compile("|".join(ways)) if ways else None


def _form(word: str, term: Term) -> str:
    """Return the pattern of a word and its inflections; words hold nothing that needs escaping."""
    if IS_CJK.match(word):
        return ""
    root, ending = word, "{0}"
    if term.prefix:
        ending = "*"
    elif word.isalpha():
        root = word[: max(ROOT, len(word) - ENDING)]
        added = ENDING if len(word) >= ROOT else 1  # "flu" and "flus", but not "fluids"
        ending = f"{{0,{len(word) - len(root) + added}}}"
    # That a word begins here is looked at last: most places fail at the first letter.
    return f"{root}(?<!{LETTER}{root}){LETTER}{ending}"


def _densest(text: str, spans: list[Span]) -> int:
    """Return the place from which an excerpt's length holds the most different words."""
    words = [fold(text[start : start + ROOT]) for start, _end in spans]

    def different(number: int) -> int:
        reach = spans[number][0] + LENGTH - LEAD
        near = takewhile(lambda other: spans[other][1] <= reach, range(number, len(spans)))
        return len({words[other] for other in near})

    return spans[max(range(len(spans)), key=different)][0]


def _window(text: str, at: int) -> Span:
    """Return the edges of an excerpt around `at`, between words where there are spaces."""
    start = max(0, at - LEAD)
    if start:
        start = text.find(" ", start, at) + 1 or start
    end = start + LENGTH
    if end >= len(text):
        return start, len(text)
    space = text.rfind(" ", at + LENGTH // 2, end)
    return start, space if space > 0 else end


def _letters(text: str) -> str:
    """Return `text` folded letter by letter, so that places in it are places in the text."""
    return FOLDED.sub(_folded, text).lower()


@cache
def _folded_letter(letter: str) -> str:
    folded = fold(letter)
    return folded if len(folded) == 1 else letter


def _folded(match: re.Match[str]) -> str:
    return _folded_letter(match[0])
