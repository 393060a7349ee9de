"""Whatever somebody types, readers get whole and harmless HTML."""

import re
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.markdown import Document, Heading, normalise, render, render_fragment
from tests.test_markdown import NERVE, sources


@pytest.mark.parametrize(
    "text",
    [
        "![[" * 8_000,
        "[" * 20_000,
        ">" * 10_000 + "end",
        "*" * 50_000 + "end",
        "- " * 5_000 + "end",
        "".join("  " * depth + "- end\n" for depth in range(300)),
        "> 1. " * 2_000 + "end",
        "*a _b " * 5_000 + "c_ d* " * 5_000 + "end",
        "\"'" * 20_000 + "end",
        "a://" * 20_000 + "end",
        "## a\n" * 5_000 + "end",
        "::: now\n" * 5_000 + "end",
    ],
    ids=lambda text: text[:8].strip(),
)
def test_no_text_is_too_twisted_to_show(text: str) -> None:
    document = render(text)
    assert_sound(document, text)
    assert text.count("end") == document.plain_text.count("end")


def test_deep_lists_do_not_hide_the_next_section() -> None:
    """markdown-it would drop the rest of the text beyond its limit of nesting."""
    text = "".join("  " * depth + "- a\n" for depth in range(40)) + "\n## Next\n\nShown.\n"
    document = render(text)
    assert document.contents == (Heading("s-next", "Next"),)
    assert "Shown." in document.html


def test_what_no_database_or_feed_can_hold_is_replaced() -> None:
    text = "a\0b\ud800c\x0b\uffff &#12; <https://a.example/%01> <http://xn--c-5tb>"
    document = render(text)
    assert document.sections[0].source.startswith("a�b�c�� ")
    assert not re.search("[\0-\x08\x0b-\x1f\ud800-\udfff\uffff]", document.html)
    assert not re.search("[\0-\x08\x0b-\x1f\ud800-\udfff\uffff]", document.plain_text)


# fmt: off
MARKUP = st.sampled_from([
    "\n", "\n\n", "  ", "    ", "\t", "\r", "\r\n", "\u2028", "\0", "\ud800",
    "# ", "## ", "### ", "- ", "1. ", "> ", ": ", "|", "--|--", "---", "===", "```",
    "::: now", "::: soon x", "::: other", ":::", "[^a]", "[^b]", "[^a]:", "[x]: y", "[x]",
    "*", "**", "_", "`", "[", "]", "(", ")", "](", "![", "media:p", "https://a.example", "tel:1",
    "javascript:x", "<script>", "<a onclick=x>", " style=x", "&#12;", "&lt;", "\\", '"', "'",
    "a", "word", "é", "e\u0301", "字",
])
# fmt: on
TEXTS = st.one_of(
    st.lists(MARKUP, max_size=60).map("".join),
    st.text(st.characters(), max_size=2_000),
)


@given(TEXTS)
@settings(deadline=None, max_examples=300)
def test_any_text_renders_to_sound_and_harmless_html(text: str) -> None:
    document = render(text, citation_keys=["a"], images={"p": NERVE})
    assert_sound(document, text)
    assert_harmless(render_fragment(text))


def assert_sound(document: Document, text: str) -> None:
    assert "".join(sources(document)) == normalise(text)
    assert unicodedata.is_normalized("NFC", normalise(text))
    assert "\r" not in normalise(text)
    for section in document.sections:
        assert_harmless(section.html)
        assert section.position == 0 or section.html.startswith("<h2 ")
    ids = re.findall(r' id="([^"]*)"', document.html)
    assert len(set(ids)) == len(ids)
    assert {heading.anchor for heading in document.contents} <= set(ids)
    assert all(re.fullmatch(r"(s|c|cite)-\S+", name) for name in ids)


def assert_harmless(html: str) -> None:
    checker = Checker()
    checker.feed(html)
    checker.close()
    assert checker.open == []


class Checker(HTMLParser):
    """Asserts that tags are balanced, and that nothing in them runs, styles or loads."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in {"script", "style", "iframe", "object", "form", "svg"}
        for name, value in attrs:
            assert name != "style"
            assert not name.startswith("on")
            if name in {"href", "src"}:
                scheme = re.match(r"[\0-\x20]*([a-z][a-z0-9+.-]*):", value or "", re.IGNORECASE)
                assert not scheme or scheme[1].lower() in {"http", "https", "mailto", "tel"}
        if tag not in {"br", "hr", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)
