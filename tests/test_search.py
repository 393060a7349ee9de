"""What readers type, and what they find: the same on both databases."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils.html import strip_tags
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import search
from articles.models import Article, Category

pytestmark = pytest.mark.django_db

Make = Callable[..., Article]


def found(text: str, **options: Any) -> list[str]:
    """Return the slugs of what is found, best first."""
    return [hit.article.slug for hit in search.search(text, **options).hits]


# --- words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("Needles in the back", "needle"),  # another ending
        ("A needle in the back", "NEEDLES"),  # another case
        ("Was hilft bei Rückenschmerzen?", "ruckenschmerzen"),  # no accents
        ("Was hilft bei Ruckenschmerzen?", "Rückenschmerzen"),
        ("Long COVID-19", "covid-19"),
        ("Long COVID-19", "covid 19"),
        ("What is vitamin B12 for?", "b12"),
        ("高血压与运动", "高血压"),
        ("高血压与运动", "血压"),
        ("高血压与运动", "血"),  # one character, which begins a pair
        ("降低血压", "压"),  # one character, the last
        ("维生素D缺乏", "维生素D"),
        ("ﾋﾞﾀﾐﾝが足りない", "ビタミン"),  # narrow and wide kana
        ("고혈압을 낮추는 운동", "고혈압"),
        ("ارتفاع ضغط الدَّم", "الدم"),  # vowel points
        ("أعراض السكتة", "اعراض"),  # hamza
        ("Высокое давление", "ВЫСОКОЕ"),
        ("उच्च रक्तचाप", "रक्तचाप"),
    ],
)
def test_a_word_is_found_however_it_is_written(make_article: Make, title: str, asked: str) -> None:
    article = make_article(title=title)
    make_article(title="Something else")
    assert found(asked) == [article.slug]


def test_title_counts_more_than_synonym_than_summary_than_text(make_article: Make) -> None:
    text = "## Ways\n\n" + "Acupuncture is a thing that some people try for pain. " * 30
    in_text = make_article(title="Back pain", text=text)
    in_summary = make_article(title="Neck pain", summary="What acupuncture can do.")
    in_synonyms = make_article(title="Needles", synonyms=["acupuncture"])
    in_title = make_article(title="Acupuncture")
    best_first = [in_title.slug, in_synonyms.slug, in_summary.slug, in_text.slug]
    assert found("acupuncture") == best_first


def test_all_words_are_wanted(make_article: Make) -> None:
    both = make_article(title="Stroke", text="## Signs\n\nThe face drops.\n")
    make_article(title="Stroke of luck")
    results = search.search("stroke face")
    assert [hit.article for hit in results.hits] == [both]
    assert not results.loose


def test_a_question_in_everyday_words_is_answered(make_article: Make) -> None:
    stroke = make_article(title="Stroke", text="## Signs\n\nThe face drops.\n")
    make_article(title="What is it that I have?")
    assert found("What are the signs of a stroke?") == [stroke.slug]


def test_some_of_the_words_are_better_than_nothing(make_article: Make) -> None:
    stroke = make_article(title="Stroke")
    results = search.search("stroke in ancient Egypt")
    assert [hit.article for hit in results.hits] == [stroke]
    assert results.loose


def test_the_beginning_of_a_word_is_better_than_nothing(make_article: Make) -> None:
    article = make_article(title="Acupuncture")
    assert found("acupunc") == [article.slug]
    assert "<mark>Acupuncture</mark>" in search.search("acupunc").hits[0].title_html


def test_a_quoted_phrase_is_found_as_it_stands(make_article: Make) -> None:
    phrase = make_article(title="High blood pressure")
    make_article(title="Pressure of work, blood in the shoe, high spirits")
    assert found('"high blood pressure"') == [phrase.slug]


def test_a_word_after_a_minus_is_not_wanted(make_article: Make) -> None:
    back = make_article(title="Back pain")
    neck = make_article(title="Neck pain, and needles")
    assert found("pain -needle") == [back.slug]
    assert found('pain -"neck pain"') == [back.slug]
    assert set(found("pain - needles")) == {neck.slug}
    assert not found("-pain")


# --- what may be seen --------------------------------------------------------------------------


def test_a_draft_is_not_found(make_article: Make) -> None:
    make_article(title="Stroke", published=None)
    assert not found("stroke")


def test_a_scheduled_article_is_found_from_its_time_on(make_article: Make) -> None:
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC)):
        article = make_article(title="Stroke", published=datetime(2026, 1, 2, tzinfo=UTC))
        assert not found("stroke")
        assert search.search("stroek").suggestion is None
    with time_machine.travel(datetime(2026, 1, 3, tzinfo=UTC)):
        assert found("stroke") == [article.slug]


def test_an_article_taken_back_is_no_longer_found(make_article: Make) -> None:
    unpublished, withdrawn = make_article(title="Stroke"), make_article(title="Stroke")
    unpublished.unpublish()
    withdrawn.withdraw(reason="It was wrong.")
    assert not found("stroke")


def test_the_live_revision_is_found_and_not_the_one_before(make_article: Make) -> None:
    article = make_article(title="Stroke")
    newer = article.revise(title="Migraine", summary="", text="## One\n\nWords.\n")
    assert found("stroke")
    article.publish(newer)
    assert not found("stroke")
    assert found("migraine") == [article.slug]


def test_a_synonym_that_is_added_later_is_found(make_article: Make) -> None:
    article = make_article(title="Stroke")
    article.synonyms = ["apoplexy"]
    article.save()
    assert found("apoplexy") == [article.slug]


# --- did you mean ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("acupunture", "acupuncture"),
        ("hemifacal spazm", "hemifacial spasm"),
        ("treating hemifacial spazm", "treating hemifacial spasm"),  # "treat" is no correction
        ('"hemifacal spasm"', '"hemifacial spasm"'),
        ("facial tixs", "facial tics"),
        ("zzzzzz", None),
        ("血压", None),
    ],
)
def test_another_spelling_is_offered(make_article: Make, asked: str, meant: str | None) -> None:
    make_article(
        title="How many acupuncture sessions treat hemifacial spasm?",
        synonyms=["facial tics"],
    )
    assert search.search(asked).suggestion == meant


def test_no_other_spelling_is_offered_of_what_is_found(make_article: Make) -> None:
    make_article(title="Spasms")
    make_article(title="Spasm", text="## One\n\nOne spazm.\n")
    assert search.search("spazm").suggestion is None


def test_a_spelling_that_finds_nothing_is_not_offered(make_article: Make) -> None:
    make_article(title="Stroke").unpublish()
    assert search.search("stroek").suggestion is None


# --- categories and pages ----------------------------------------------------------------------


@pytest.fixture
def three_topics(make_article: Make) -> None:
    make_article(title="Pain", category="Health", slug="health")
    make_article(title="Pain", category="Health/Recovery", slug="recovery")
    make_article(title="Pain", category="Health/Recovery/Sleep", slug="sleep")
    make_article(title="Pain", category="Healthy", slug="healthy")


def test_topics_are_counted_with_what_is_below_them(three_topics: None) -> None:
    facets = search.search("pain").facets
    assert [(category.path, count) for category, count in facets] == [
        ("health", 3),
        ("health/recovery", 2),
        ("health/recovery/sleep", 1),
        ("healthy", 1),
    ]


def test_narrowing_to_a_topic_finds_as_many_as_were_counted(three_topics: None) -> None:
    everywhere = search.search("pain")
    for category, count in everywhere.facets:
        narrowed = search.search("pain", category=category)
        assert (narrowed.total, len(narrowed.hits)) == (count, count)
        assert narrowed.facets == everywhere.facets
    recovery = Category.objects.get(path="health/recovery")
    assert set(found("pain", category=recovery)) == {"recovery", "sleep"}


def test_pages_follow_each_other_and_know_the_total(make_article: Make) -> None:
    for number in range(5):
        make_article(title="Stroke", slug=f"stroke-{number}")
    pages = [search.search("stroke", offset=offset, limit=2) for offset in (0, 2, 4, 6)]
    assert [page.total for page in pages] == [5, 5, 5, 5]
    slugs = [hit.article.slug for page in pages for hit in page.hits]
    assert len(slugs) == 5
    assert set(slugs) == {f"stroke-{number}" for number in range(5)}


# --- what a hit shows --------------------------------------------------------------------------


def test_words_are_marked_whatever_their_ending(make_article: Make) -> None:
    make_article(title="Needles", summary="Where to needle, and where a needle's needless.")
    [hit] = search.search("needle").hits
    assert hit.title_html == "<mark>Needles</mark>"
    assert hit.snippet_html.startswith(
        "Where to <mark>needle</mark>, and where a <mark>needle</mark>"
    )


def test_marks_find_accents_and_pairs_of_han(make_article: Make) -> None:
    make_article(title="El corazón y la presión")
    make_article(title="降低高血压的运动")
    assert search.search("corazon").hits[0].title_html == "El <mark>corazón</mark> y la presión"
    assert search.search("高血压").hits[0].title_html == "降低<mark>高血压</mark>的运动"


def test_an_excerpt_is_the_place_where_the_words_stand_together(make_article: Make) -> None:
    far = "Nothing to see in this sentence. " * 40
    text = (
        f"## One\n\nBlood comes first.\n\n{far}\n\nBlood pressure is measured sitting.\n\n{far}\n"
    )
    make_article(title="Measuring", text=text)
    [hit] = search.search("blood pressure").hits
    assert "<mark>Blood</mark> <mark>pressure</mark> is measured sitting." in hit.snippet_html
    assert hit.snippet_html.startswith("… ")
    assert hit.snippet_html.endswith(" …")
    assert len(strip_tags(hit.snippet_html)) < 260


def test_what_is_shown_is_escaped(make_article: Make) -> None:
    make_article(title="<b>Stroke</b> & <script>", summary='A "stroke" <img src=x onerror=y>')
    [hit] = search.search("stroke").hits
    assert hit.title_html == "&lt;b&gt;<mark>Stroke</mark>&lt;/b&gt; &amp; &lt;script&gt;"
    assert hit.snippet_html == "A &quot;<mark>stroke</mark>&quot; &lt;img src=x onerror=y&gt;"


def test_an_article_found_by_its_synonym_shows_its_beginning(make_article: Make) -> None:
    make_article(title="Stroke", summary="Brain cells die.", synonyms=["apoplexy"])
    [hit] = search.search("apoplexy").hits
    assert hit.snippet_html == "Brain cells die."


# --- anything may be asked ---------------------------------------------------------------------

OPERATORS = ["stroke", '"', "*", "-", "NEAR(", ")", "^", ":", "OR", "AND", "NOT", "{title}", "<->"]


@pytest.mark.parametrize(
    "asked",
    ["", " ", "\0", "stroke\0", '"', '"stroke', "-", "--", '-"', "*", "a" * 5_000, "压" * 5_000,
     "\ud800", "🤕", "\u202e\u200f", "%", "%s", "';--", "\\", "'", "title:stroke", "e\u0301" * 300,
     "a b c d e f g h i j k l m n o p q r s t u v w x y z " * 4, "ﷺ" * 200, "߷ ־ ͏"],
)  # fmt: skip
def test_any_text_is_answered(article: Article, asked: str) -> None:
    assert search.search(asked).total >= 0


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.text(st.characters(exclude_categories=()), max_size=60)
    | st.lists(st.sampled_from(OPERATORS), max_size=12).map(" ".join)
    | st.lists(st.sampled_from(OPERATORS), max_size=12).map("".join)
)
def test_nothing_that_can_be_typed_fails(article: Article, asked: str) -> None:
    assert search.search(asked).total >= 0


@pytest.mark.parametrize("asked", ["", "...", "🤕", '""', "-stroke"])
def test_asking_for_nothing_finds_nothing(article: Article, asked: str) -> None:
    assert search.search(asked) == search.Results()


@pytest.mark.parametrize(("first", "count"), [(0x4E00, 60_000), (0x20000, 48_000)])
def test_the_longest_text_is_indexed(make_article: Make, first: int, count: int) -> None:
    """As many different pairs as fit into 200 kB; PostgreSQL refuses a tsvector of 1 MB."""
    han = "".join(chr(first + at * at % 20_011) for at in range(count))
    article = make_article(title="Long", text=f"## One\n\n{han}\n")
    assert found("long") == [article.slug]
    assert found(han[1_000:1_004]) == [article.slug]


# --- the index ---------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["acupuncture", "acupuncture zzzzz", "hemifacal spazm", "zzzzz"])
def test_a_search_asks_the_database_at_most_six_times(
    make_article: Make, article: Article, django_assert_max_num_queries: Any, asked: str
) -> None:
    for number in range(4):
        make_article(title="Acupuncture", category=f"Health/Topic {number}")
    with django_assert_max_num_queries(6):
        results = search.search(asked)
        for hit in results.hits:
            assert str(hit.article.category)


def test_rebuilding_finds_what_was_loaded_past_the_models(article: Article) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_search")
        cursor.execute("DELETE FROM articles_search_word")
    assert not found("acupuncture")

    call_command("rebuild_search", verbosity=0)

    assert found("acupuncture") == [article.slug]
    assert search.search("acupunture").suggestion == "acupuncture"


def test_migrating_fills_an_index_that_was_just_made(article: Article) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE articles_search")
    call_command("migrate", verbosity=0)
    assert found("acupuncture") == [article.slug]
