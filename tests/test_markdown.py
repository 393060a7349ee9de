"""What authors write, and what readers get."""

import re

import pytest
from django.utils import translation

from articles.markdown import (
    MAX_BYTES,
    Document,
    Heading,
    ImageFacts,
    lead_source,
    render,
    render_fragment,
    section_hash,
)

NERVE = ImageFacts(
    url="/media/nerve.webp",
    width=960,
    height=640,
    alt="The facial nerve",
    caption="Where the artery presses",
    credit="A. Artist, CC BY 4.0",
)


def sources(document: Document) -> list[str]:
    return [section.source for section in document.sections]


# Sections


def test_a_section_starts_at_each_level_2_heading() -> None:
    document = render("Lead.\n\n## One\n\nText.\n\n### Detail\n\nMore.\n\nTwo\n---\n\nEnd.\n")
    assert sources(document) == [
        "Lead.\n\n",
        "## One\n\nText.\n\n### Detail\n\nMore.\n\n",
        "Two\n---\n\nEnd.\n",
    ]
    assert [section.heading for section in document.sections] == ["", "One", "Two"]
    assert [section.anchor for section in document.sections] == ["", "s-one", "s-two"]
    assert document.contents == (Heading("s-one", "One"), Heading("s-two", "Two"))


def test_section_0_is_there_even_when_it_is_empty() -> None:
    assert sources(render("")) == [""]
    assert sources(render("## One")) == ["", "## One"]


def test_a_title_in_the_text_becomes_a_section_heading() -> None:
    document = render("# Title\n\nText.\n\nOther\n===\n")
    assert document.html == (
        '<h2 id="s-title">Title</h2>\n<p>Text.</p>\n<h2 id="s-other">Other</h2>\n'
    )
    assert len(document.sections) == 3


@pytest.mark.parametrize(
    "text",
    ["- ## In a list", "> ## In a quotation", "```\n## In code\n```", "    ## In code", r"\## No"],
)
def test_a_heading_inside_something_else_starts_no_section(text: str) -> None:
    assert len(render(f"Lead.\n\n{text}\n").sections) == 1


def test_only_a_newline_ends_a_line() -> None:
    document = render("Lead\u2028\x0b\x85.\n\n## One\n")
    assert sources(document)[1] == "## One\n"


def test_a_heading_is_plain_text_in_the_contents() -> None:
    document = render('## *What* "helps" &amp; `x`[^a]\n', citation_keys=["a"])
    assert document.contents == (Heading("s-what-helps-x", "What “helps” & x"),)


def test_a_heading_without_words_is_not_in_the_contents() -> None:
    document = render("##\n\nText.\n")
    assert document.contents == ()
    assert document.sections[1].anchor == "s-section"


def test_anchors_are_unique_short_and_in_any_script() -> None:
    text = "## Überblick\n\n## Überblick\n\n## Überblick 2\n\n### 概要\n\n#### Überblick\n\n"
    document = render(text + "## " + "long " * 50)
    assert re.findall(r'id="(.+?)"', document.html) == [
        "s-überblick",
        "s-überblick-2",
        "s-überblick-2-2",
        "s-概要",
        "s-überblick-3",
        "s-" + "-".join(["long"] * 12),
    ]


# Words


def test_quotation_marks_are_curled_as_the_language_has_it() -> None:
    assert render("\"It's\" 'so'").html == "<p>“It’s” ‘so’</p>\n"
    assert render("\"Ja\" 'so'", language="de-at").html == "<p>„Ja“ ‚so‘</p>\n"
    assert render('"Oui"', language="fr").html == "<p>«&nbsp;Oui&nbsp;»</p>\n"
    assert render(r"6\' 2\" `'x'`").html == "<p>6' 2\" <code>'x'</code></p>\n"


def test_a_list_by_letters_keeps_its_c() -> None:
    """Typographic replacements would make a copyright sign of it, and ® of a right leg."""
    assert render("(c) rash, (R) leg").html == "<p>(c) rash, (R) leg</p>\n"


def test_raw_html_is_shown_as_text() -> None:
    text = "<script>alert(1)</script>\n\na <b onclick='x()'>b</b> <!-- note -->"
    html = render(text).html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "&lt;b onclick=" in html
    assert "&lt;!-- note --&gt;" in html


def test_plain_text_is_what_is_read() -> None:
    text = (
        "## Head\n\nSome *text*[^a]\nand [a link](https://a.example/x).\n\n"
        "| Dose | When |\n|--|--|\n| 5 mg | daily |\n\n```\ncode\n```\n\n![A nerve](media:nerve)\n"
    )
    document = render(text, citation_keys=["a"])
    assert document.plain_text == (
        "Head\nSome text and a link.\nDose\nWhen\n5 mg\ndaily\ncode\nA nerve"
    )
    assert document.words == 14


def test_each_chinese_or_japanese_character_counts_as_a_word() -> None:
    assert render("针灸 helps – 12 times, किताब").words == 6
    assert render("두통이 있어요").words == 2


# Tables and lists


def test_a_table_scrolls_by_itself_and_is_aligned_by_class() -> None:
    html = render("| a | b | c |\n|:-|:-:|-:|\n| 1 | 2 | 3 |\n\nx\n\n| a |\n|-|\n").html
    assert '<div class="table" role="region" tabindex="0" aria-label="Table 1"><table>' in html
    assert 'aria-label="Table 2"' in html
    assert '<th class="align-left">a</th>' in html
    assert '<td class="align-center">2</td>' in html
    assert '<td class="align-right">3</td>' in html


def test_definition_lists() -> None:
    html = render("Spasm\n: A muscle twitches.\n").html
    assert html == "<dl>\n<dt>Spasm</dt>\n<dd>A muscle twitches.</dd>\n</dl>\n"


# Links


def test_links_lead_to_the_web_to_mail_to_a_phone_and_within_the_site() -> None:
    text = "[w](https://a.example) [m](mailto:a@b.example) [t](tel:112) [h](#s-x) [r](/help/)"
    assert render(text).html == (
        '<p><a href="https://a.example" rel="noopener">w</a> <a href="mailto:a@b.example">m</a> '
        '<a href="tel:112">t</a> <a href="#s-x">h</a> <a href="/help/">r</a></p>\n'
    )


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:x",
        "&#106;avascript:x",
        "data:text/html,x",
        "ftp://x",
        "x:",
    ],
)
def test_other_addresses_stay_text(address: str) -> None:
    assert "<a" not in render(f"[x]({address}) <{address}> {address}").html


def test_a_bare_web_address_becomes_a_link() -> None:
    html = render("See https://a.example/b_c_d. (http://c.example)").html
    assert '<a href="https://a.example/b_c_d" rel="noopener">https://a.example/b_c_d</a>.' in html
    assert '(<a href="http://c.example" rel="noopener">http://c.example</a>)' in html


def test_nothing_is_guessed_to_be_a_link() -> None:
    assert (
        "<a" not in render("The disease.It spreads. www.a.example, a@b.example, //c.example").html
    )


def test_a_section_names_the_link_definitions_it_borrows() -> None:
    text = "See [NHS][nhs] and [own].\n\n[own]: /own/\n\n## More\n\n[NHS]: https://a.example 'T'\n"
    lead, more = render(text).sections
    assert '<a href="https://a.example" title="T" rel="noopener">NHS</a>' in lead.html
    assert lead.definitions == ("[NHS]: https://a.example T",)
    assert more.definitions == ()


# Care cards


def test_a_care_card_speaks_its_degree() -> None:
    text = "::: now Call an ambulance if\nA face *droops*.\n:::\n\nAfter.\n"
    assert render(text).html == (
        '<section class="care" data-degree="now" id="c-1"><h2 class="care__title">'
        '<span class="visually-hidden">Immediate action required: </span>'
        "Call an ambulance if</h2>\n"
        "<p>A face <em>droops</em>.</p>\n</section>\n<p>After.</p>\n"
    )


def test_the_article_knows_its_first_card_of_the_highest_degree() -> None:
    document = render("::: soon\na\n:::\n\n## One\n\n::: now\nb\n:::\n\n::: now\nc\n:::\n")
    assert document.now_anchor == "c-2"
    assert [section.has_now for section in document.sections] == [False, True]
    assert render("::: soon\na\n:::").now_anchor is None


def test_a_card_below_a_section_heading_has_a_heading_one_level_lower() -> None:
    document = render("## One\n\n::: routine See your doctor\na\n:::\n")
    assert '<h3 class="care__title">' in document.html
    assert document.contents == (Heading("s-one", "One"),)


def test_a_card_without_a_title_gets_one() -> None:
    assert "</span>See a doctor soon</h2>" in render("::: soon\na\n:::\n").html


@pytest.mark.parametrize("opening", [":::now Title", ":::: NOW Title", ":::\tnow  Title  "])
def test_a_card_may_be_spelled_loosely(opening: str) -> None:
    html = render(f"Text\n{opening}\n- a\n:::\nAfter.").html
    assert "</span>Title</h2>\n<ul>\n<li>a</li>\n</ul>\n</section>\n<p>After.</p>\n" in html


@pytest.mark.parametrize("after", ["## Next\n", "# Next\n", "Next\n---\n"])
def test_a_card_that_was_not_closed_ends_with_its_section(after: str) -> None:
    document = render(f"::: now Title\ntext\n\n{after}\nMore.\n")
    assert [section.heading for section in document.sections] == ["", "Next"]
    assert document.sections[0].html.endswith("<p>text</p>\n</section>\n")


def test_a_card_that_was_not_closed_ends_at_the_next_card() -> None:
    html = render("::: now One\na\n\n::: soon Two\nb").html
    assert html.count("<section") == html.count("</section>") == 2
    assert "<p>a</p>\n</section>\n<section" in html


def test_the_sign_that_ends_a_card_ends_no_code() -> None:
    html = render("::: now\n```\n:::\n## x\n```\nin\n:::\nout").html
    assert "<code>:::\n## x\n</code></pre>\n<p>in</p>\n</section>\n<p>out</p>" in html


def test_what_is_not_a_card_is_shown_as_it_was_written() -> None:
    html = render("::: warning Careful\ntext\n:::\n\n- ::: now\n  text\n").html
    assert "<p>::: warning Careful\ntext</p>\n<p>:::</p>" in html
    assert "<li>::: now\ntext</li>" in html
    assert "<section" not in html


# Citations


def test_citations_are_numbered_in_order_of_first_use() -> None:
    document = render("A[^b], B[^a].\n\n## C[^b]\n", citation_keys=["a", "b", "uncited"])
    assert document.numbers == {"b": 1, "a": 2}
    assert [section.keys for section in document.sections] == [("b", "a"), ("b",)]
    assert document.html == (
        '<p>A<sup class="cite">'
        '<a href="#source-b" id="cite-b-1" aria-label="Source 1">[1]</a></sup>, B<sup class="cite">'
        '<a href="#source-a" id="cite-a-1" aria-label="Source 2">[2]</a></sup>.</p>\n'
        '<h2 id="s-c">C<sup class="cite">'
        '<a href="#source-b" id="cite-b-2" aria-label="Source 1">[1]</a></sup></h2>\n'
    )


def test_an_unknown_citation_stays_text_and_is_named() -> None:
    document = render("A[^typo] and `[^code]` and \\[^no].\n", citation_keys=["code"])
    assert document.html == "<p>A[^typo] and <code>[^code]</code> and [^no].</p>\n"
    assert document.unknown_keys == ("typo",)
    assert document.numbers == {}


def test_a_footnote_of_another_dialect_is_not_lost() -> None:
    document = render("A[^1].\n\n[^1]: https://a.example/study\n")
    assert "[^1]: <a" in document.html
    assert "study</a>" in document.html


def test_a_citation_in_an_alternative_text_is_no_use() -> None:
    document = render("![x [^a]](media:nerve)", citation_keys=["a"], images={"nerve": NERVE})
    assert document.numbers == {}


# Images


def test_an_image_by_itself_is_a_figure() -> None:
    document = render("![](media:nerve)\n", images={"nerve": NERVE})
    assert document.images == ("nerve",)
    assert document.html == (
        '<figure><img src="/media/nerve.webp" alt="The facial nerve" width="960" height="640" '
        'loading="lazy" decoding="async"><figcaption>Where the artery presses '
        '<span class="credit">A. Artist, CC BY 4.0</span></figcaption></figure>\n'
    )


def test_an_image_among_words_is_no_figure() -> None:
    html = render("See ![the nerve](media:nerve) here.", images={"nerve": NERVE}).html
    assert '<p>See <img src="/media/nerve.webp" alt="the nerve"' in html


def test_a_decorative_image_is_silent() -> None:
    leaf = ImageFacts(url="/media/leaf.webp", width=1, height=1, decorative=True)
    html = render("![](media:leaf)", images={"leaf": leaf}).html
    assert 'alt=""' in html
    assert "figcaption" not in html


def test_of_a_missing_image_the_alternative_text_remains() -> None:
    document = render("![The *nerve*](media:gone)\n\n![](media:gone-too)\n")
    assert document.html == "<p><em>The nerve</em></p>\n"
    assert document.images == ("gone", "gone-too")


def test_an_image_from_elsewhere_is_a_link() -> None:
    html = render("![Scan](https://evil.example/p.png) ![](/p.png)").html
    assert html == (
        '<p><a href="https://evil.example/p.png" rel="noopener">Scan</a> '
        '<a href="/p.png" rel="noopener">/p.png</a></p>\n'
    )
    linked = render("[![Scan](https://evil.example/p.png)](https://a.example)").html
    assert linked == '<p><a href="https://a.example" rel="noopener">Scan</a></p>\n'


def test_captions_are_plain_text() -> None:
    image = ImageFacts(url="/m", width=1, height=1, alt='"><script>', caption="<b>x</b>")
    html = render("![](media:m)", images={"m": image}).html
    assert "&lt;b&gt;x&lt;/b&gt;" in html
    assert "<script" not in html.replace('alt="&quot;><script>"', "")


# Fragments, languages, limits


def test_a_fragment_has_no_headings_tables_cards_or_citations() -> None:
    text = "## Not\n\nA *b* [c](https://a.example)[^a]\n\n- d\n\n::: now\n\na|b\n-|-\n"
    html = render_fragment(text)
    assert "<p>## Not</p>" in html
    assert "<em>b</em>" in html
    assert '<a href="https://a.example" rel="noopener">c</a>[^a]' in html
    assert "<li>d</li>" in html
    assert "<section" not in html
    assert "<table" not in html


def test_the_words_that_are_added_are_in_the_active_language() -> None:
    with translation.override("en"):
        assert "Urgent advice: " in render("::: soon\na\n:::").html


def test_a_text_that_is_too_long_is_refused_in_words() -> None:
    render("é" * (MAX_BYTES // 2))
    with pytest.raises(ValueError, match="200002 bytes; at most 200000 are allowed"):
        render("é" * (MAX_BYTES // 2) + "xx")
    with pytest.raises(ValueError, match="at most"):
        render_fragment("x" * (MAX_BYTES + 1))


# Hashes


def test_a_hash_covers_the_source_in_one_spelling() -> None:
    assert section_hash("café\r\n") == section_hash("cafe\u0301\n")
    assert section_hash("café\n") != section_hash("cafe\n")
    assert re.fullmatch("[0-9a-f]{64}", section_hash("\0\ud800"))


def test_a_hash_covers_citations_and_borrowed_definitions_one_by_one() -> None:
    hashes = [
        section_hash("a"),
        section_hash("a", ["b"]),
        section_hash("a", ["c"]),
        section_hash("a", ["b", "c"]),
        section_hash("a", ["bc"]),
        section_hash("a", [], ["b"]),
        section_hash("ab"),
    ]
    assert len(set(hashes)) == len(hashes)


def test_words_moved_from_the_summary_to_the_text_change_the_lead() -> None:
    assert lead_source("T", "a\n\nb", "c") != lead_source("T", "a", "b\n\nc")
