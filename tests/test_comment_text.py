"""What becomes of the words of a comment: kept as typed, shown as plain text and links."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.text import clean, cut, passages, says_nothing, to_html

TEXTS = st.text(st.characters(exclude_categories=()), max_size=300)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Hello \r\n", "Hello"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("e\u0301", "\u00e9"),
        ("a\x00b\x08c", "abc"),
        ("a\ud800b", "a\ufffdb"),
        ("tab\there", "tab\there"),
        ("\u202eabc", "\u202eabc"),
    ],
)
def test_words_are_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Hello", '<p dir="auto">Hello</p>'),
        ("a\nb", '<p dir="auto">a<br>\nb</p>'),
        ("a\n\n \nb", '<p dir="auto">a</p>\n<p dir="auto">b</p>'),
        ("<b>&\"'", '<p dir="auto">&lt;b&gt;&amp;&quot;&#x27;</p>'),
        ("**no** [markup](x)", '<p dir="auto">**no** [markup](x)</p>'),
        ("\u202eabc", '<p dir="auto">\u202eabc</p>'),
    ],
)
def test_words_are_shown_as_plain_paragraphs(text: str, html: str) -> None:
    assert to_html(text) == html


def link(address: str) -> str:
    return f'<a href="{address}" rel="ugc nofollow noopener">{address}</a>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("See https://nhs.uk/a.", f"See {link('https://nhs.uk/a')}."),
        ("(https://nhs.uk)", f"({link('https://nhs.uk')})"),
        ("https://a.org/b_(c)", link("https://a.org/b_(c)")),
        ("http://a.org/?a=1&b=2", link("http://a.org/?a=1&amp;b=2")),
        ("见https://例え.jp/あ。", f"见{link('https://例え.jp/あ')}。"),
        ("https://a.org/\u202eb", f"{link('https://a.org/')}\u202eb"),
    ],
)
def test_web_addresses_are_linked_without_what_surrounds_them(text: str, html: str) -> None:
    assert to_html(text) == f'<p dir="auto">{html}</p>'


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:a@b.org",
        "ftp://a.org",
        "//a.org",
        "a.org",
        "https://",
        "https:///x",
        'https://"onclick=x',
    ],
)
def test_nothing_else_is_linked(text: str) -> None:
    assert "<a" not in to_html(text)


@given(TEXTS)
def test_no_text_makes_markup_of_its_own(text: str) -> None:
    html = to_html(clean(text))
    for known in ('<p dir="auto">', "</p>", "<br>", '<a href="', '" rel="ugc nofollow noopener">'):
        html = html.replace(known, "")
    assert "<" not in html.replace("</a>", "")
    html.encode()


@given(TEXTS)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(TEXTS)
def test_passages_make_up_the_text(text: str) -> None:
    assert "".join(passages(text)) == text


@given(TEXTS, st.sets(st.integers(0, 20)))
def test_what_is_cut_is_gone_and_the_rest_stays_in_order(text: str, gone: set[int]) -> None:
    text = clean(text)
    pieces = passages(text)
    left = cut(text, gone)
    rest = iter(clean("".join(p for n, p in enumerate(pieces) if n not in gone)).split())
    kept = left.replace("[…]", " ").split()
    assert all(any(word in other for other in rest) for word in kept) or not kept


def test_neighbours_share_one_mark() -> None:
    assert cut("One. Two. Three. Four.", {1, 2}) == "One. […] Four."
    assert cut("One.\n\nTwo.\n\nThree.", {1}) == "One.\n\n[…]\n\nThree."


def test_a_long_text_without_sentences_is_offered_in_pieces() -> None:
    pieces = passages("word " * 1_000)
    assert len(pieces) > 20
    assert max(map(len, pieces)) <= 160


@pytest.mark.parametrize("text", ["", " \n", "\u200b", "\u2060\ufeff", "\u202e\u202c", "\xa0"])
def test_invisible_characters_say_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["a", "٣", "痛", "🙂", "?", "\u0301"])
def test_visible_ones_say_something(text: str) -> None:
    assert not says_nothing(text)
