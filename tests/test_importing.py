"""Articles come from files, and go back into the same files."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.front_matter import ArticleFile, SourceEntry, dump, parse
from articles.management.commands import import_articles
from articles.markdown import normalise, one_line
from articles.models import Article, Category, Revision, Source
from tests.conftest import FIRST_PAGE

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"

pytestmark = pytest.mark.django_db

FACTS = """title: Walking after a stroke
category: Health/Recovery
author: ZongCheng
published: 2025-09-28 09:45:46
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def write_file(name: str = "a.md", facts: str = FACTS, text: str = "## One\n\nWords.") -> Path:
        path = tmp_path / name
        path.write_text(f"---\n{facts}---\n\n{text}\n", encoding="utf-8")
        return path

    return write_file


def run(*args: Any, **options: Any) -> tuple[str, str]:
    """Run the importer; return what it said and what it complained of."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_articles", *map(str, args), stdout=out, stderr=err, **options)
    except CommandError as error:
        err.write(f"{error}\nexit 1")
    return out.getvalue(), err.getvalue()


def test_a_file_becomes_a_published_article(write: Callable[..., Path], client: Client) -> None:
    out, err = run(write())
    assert "1 files: 1 new" in out
    assert not err
    page = client.get("/articles/walking-after-a-stroke/").content.decode()
    assert "Walking after a stroke" in page
    assert "ZongCheng" in page


def test_importing_twice_changes_nothing(write: Callable[..., Path]) -> None:
    path = write()
    run(path)
    version = Article.objects.get().version
    assert "1 unchanged" in run(path)[0]
    assert Article.objects.get().version == version
    assert Revision.objects.count() == 1


def test_a_changed_file_makes_a_new_revision(write: Callable[..., Path]) -> None:
    run(write())
    assert "1 revised" in run(write(text="## One\n\nOther words."))[0]
    article = Article.objects.get()
    assert article.live is not None
    assert article.live.number == 2
    assert "Other words" in article.live.text


def test_a_changed_fact_changes_the_article_and_not_its_words(write: Callable[..., Path]) -> None:
    run(write())
    out, _err = run(write(facts=FACTS.replace("Recovery", "Mind").replace("ZongCheng", "Li Wei")))
    assert "1 changed" in out
    article = Article.objects.get()
    assert article.category.path == "health/mind"
    assert [author.name for author in article.ordered_authors()] == ["Li Wei"]
    assert article.revisions.count() == 1


def test_a_dry_run_keeps_nothing(write: Callable[..., Path]) -> None:
    out, _err = run(write(), dry_run=True)
    assert "1 new" in out
    assert "dry run" in out
    assert not Article.objects.exists()


def test_a_dry_run_keeps_nobody_waiting(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite has one writer: a dry run in one transaction would hold up members until its end."""
    monkeypatch.setattr(import_articles, "A_COMMIT", 1)
    with CaptureQueriesContext(connection) as queries:
        run(write("a.md"), write("b.md", FACTS.replace("Walking", "Running")), dry_run=True)
    made = [n for n, query in enumerate(queries) if "INSERT INTO" in query["sql"]]
    undone = [n for n, query in enumerate(queries) if query["sql"].startswith("ROLLBACK TO")]
    assert any(made[0] < rollback < made[-1] for rollback in undone)


def test_sources_without_keys_are_numbered_in_file_order(write: Callable[..., Path]) -> None:
    facts = FACTS + "sources:\n- title: First\n- title: Second\n  key: own\n- title: Third\n"
    run(write(facts=facts, text="Stated.[^s2] Before.[^own]"))
    citations = Article.objects.get().live.citations.all()
    assert [(c.key, c.source.title, c.number) for c in citations] == [
        ("s1", "First", None),
        ("own", "Second", 2),
        ("s2", "Third", 1),
    ]


def test_a_source_is_found_again_by_doi_pmid_or_address(write: Callable[..., Path]) -> None:
    entry = "sources:\n- title: A\n  doi: {}\n  url: https://example.org/a\n"
    other = FACTS.replace("Walking", "Running")
    run(
        write("a.md", FACTS + entry.format("10.1000/ABC")),
        write("b.md", other + entry.format("https://doi.org/10.1000/abc")),
        write("c.md", FACTS.replace("Walking", "Sitting") + entry.format("10.1000/other")),
    )
    assert sorted(Source.objects.values_list("doi", flat=True)) == ["10.1000/abc", "10.1000/other"]


@pytest.mark.parametrize(
    ("facts", "complaint"),
    [
        (FACTS.replace("title: Walking after a stroke\n", ""), "“title” is missing"),
        (FACTS.replace("category: Health/Recovery\n", ""), "“category” is missing"),
        (FACTS + "colour: red\n", "Unknown field: colour"),
        (FACTS + "authors: [A]\n", "either “author” or “authors”"),
        (FACTS.replace("2025-09-28 09:45:46", "yesterday"), "is no date: yesterday"),
        (FACTS.replace("2025-09-28", "2025-02-31"), "is no date: 2025-02-31"),
        (FACTS.replace("2025-09-28 09:45:46", "0001-01-01T00:00+05:00"), "is no date"),
        (FACTS.replace("2025-09-28 09:45:46", "9999-12-31T23:59-05:00"), "is no date"),
        (FACTS.replace("2025-09-28 09:45:46", "[1, 2]"), "one line of text"),
        (FACTS + "title: Another\n", "“title” is there twice"),
        (FACTS + "featured: perhaps\n", "true, false"),
        (FACTS + "synonyms: !!set {a, b}\n", "list of texts"),
        (FACTS.replace("ZongCheng", "Z" * 121), "at most 120"),
        (FACTS + f"sources:\n- title: A\n  printed: {'p' * 1001}\n", "at most 1000"),
        (FACTS.replace("Health/Recovery", "健康/康复"), "need a “path”"),
        (FACTS + "path: health\n", "“path” must have a part for each name"),
        (FACTS + "slug: Über uns\n", "“slug”"),
        (FACTS + "slug: feed\n", "reserved"),
        (FACTS + "language: klingon-is-no-language\n", "at most 15"),
        (FACTS.replace("Health/Recovery", "A/B/C/D/E"), "4 levels"),
        (FACTS.replace("Health/Recovery", "Health//Recovery"), "Health/Recovery"),
        (FACTS + f"summary: {'long ' * 200}\n", "at most 600"),
        (FACTS + "sources: [1]\n", "“sources” must be a list"),
        (FACTS + "sources:\n- title: A\n  doi: 11.1/x\n", "is not a DOI"),
        (FACTS + "sources:\n- title: A\n  pmid: PMC12\n", "is not a PubMed number"),
        (FACTS + "sources:\n- title: A\n  page: 3\n", "Unknown field: page"),
        (FACTS + "sources:\n- title: A\n  key: x\n- title: B\n  key: x\n", "Two sources"),
        (FACTS + "sources:\n- title: A\n  url: javascript:alert(1)\n", "valid URL"),
        ("title: [unclosed\n", "not YAML"),
        ("- a list\n", "front matter"),
        ("!!python/object/apply:os.system ['true']\n", "not YAML"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(
    write: Callable[..., Path], facts: str, complaint: str
) -> None:
    _out, err = run(write("broken.md", facts))
    assert "broken.md: " in err
    assert complaint in err
    assert "exit 1" in err
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "binary"),
        (b"---\ntitle: a\x00b\n---\n", "NUL"),
        (b"no front matter", "no front matter"),
        (b"", "no front matter"),
        (f"---\n{FACTS}---\n{'x' * 200_001}".encode(), "at most 200000"),
        (b"x" * 400_000, "larger than"),
    ],
)
def test_what_is_no_article_is_named(tmp_path: Path, raw: bytes, complaint: str) -> None:
    (tmp_path / "odd.md").write_bytes(raw)
    _out, err = run(tmp_path)
    assert "odd.md: " in err
    assert complaint in err


def test_one_broken_file_does_not_stop_the_others(write: Callable[..., Path]) -> None:
    out, err = run(write("a.md", "title: only\n"), write("b.md"))
    assert "1 new" in out
    assert "1 failed" in out
    assert err.count("a.md") == 1


def test_two_files_with_one_slug_are_both_named(write: Callable[..., Path]) -> None:
    _out, err = run(write("a.md"), write("b.md"))
    assert "b.md" in err
    assert "a.md has the slug" in err
    assert Article.objects.get().revisions.count() == 1


def test_a_missing_path_is_named() -> None:
    _out, err = run("/no/such/folder")
    assert "/no/such/folder: no such file or folder" in err


def test_export_import_export_gives_identical_files(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    sources = (
        "sources:\n- title: 'A: “quoted”'\n  url: https://example.org/a\n  accessed: 2026-01-02\n"
    )
    run(
        write("a.md", FACTS + sources + "synonyms: [hemiplegia, 'yes', '1']\nfeatured: true\n"),
        write("b.md", FACTS.replace("Walking", "Running") + sources.replace("A:", "Other:")),
        write("c.md", "title: 中风后的步行\nslug: zh\nlanguage: zh-hans\ncategory: Health/Mind\n"),
    )
    call_command("export_articles", str(tmp_path / "first"), stdout=io.StringIO())
    first = files_in(tmp_path / "first")
    forget_everything()
    _out, err = run(tmp_path / "first")
    assert not err
    call_command("export_articles", str(tmp_path / "second"), stdout=io.StringIO())
    assert len(first) == 3
    assert files_in(tmp_path / "second") == first


def test_words_in_the_front_matter_mean_themselves(write: Callable[..., Path]) -> None:
    facts = FACTS.replace("Walking after a stroke", "12:30") + "language: no\nslug: a\n"
    run(write(facts=facts + 'funding: "a\\0b"\n'))
    article = Article.objects.get()
    assert (str(article), article.language, article.funding) == ("12:30", "no", "a\ufffdb")


def test_sources_without_identifiers_are_found_again_too(write: Callable[..., Path]) -> None:
    path = write(facts=FACTS + "sources:\n- title: A leaflet\n  publisher: The ward\n")
    run(path)
    assert "1 unchanged" in run(path)[0]
    assert Source.objects.count() == 1


def test_an_identifier_that_another_source_has_is_left_there(write: Callable[..., Path]) -> None:
    Source.objects.create(title="By DOI", doi="10.1000/1")
    Source.objects.create(title="By number", pmid="123")
    source = "sources:\n- title: Both\n  doi: 10.1000/1\n  pmid: 123\n"
    _out, err = run(write(facts=FACTS + source))
    assert not err
    assert Source.objects.get(doi="10.1000/1").pmid is None


def test_an_address_that_a_known_source_gains_is_one(write: Callable[..., Path]) -> None:
    Source.objects.create(title="By DOI", doi="10.1000/1")
    source = "sources:\n- title: A\n  doi: 10.1000/1\n  url: javascript:alert(1)\n"
    assert "valid URL" in run(write(facts=FACTS + source))[1]


def test_a_file_made_by_two_at_once_is_named(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def made_meanwhile(*args: Any, **options: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(Article, "save", made_meanwhile)
    assert "a.md: Somebody made the same" in run(write())[1]


def test_whatever_the_desk_takes_goes_out_and_in_and_out_again(
    make_article: Callable[..., Article], tmp_path: Path
) -> None:
    kangfu = Category.objects.at(["健康", "康复"], "jiankang/kangfu")
    make_article(slug="Zh", title="中风  后", language="zh-hans")
    Article.objects.update(category=kangfu)
    ear = Category.objects.create(name="Ear/Nose", slug="ear")
    spaced = make_article(
        title="Why  does\u00a0it “hurt” ?",
        text="    code before all\n\n---\n\nand  after   ",
        summary="No\u00a0: it\nis\t---",
        license="Cafe\u0301",
        synonyms=["no", "1e3", "12:30", "~", "- x", "null"],
    )
    Article.objects.filter(pk=spaced.pk).update(category=ear)
    call_command("export_articles", str(tmp_path / "first"), stdout=io.StringIO())
    first = files_in(tmp_path / "first")
    assert sorted(first) == ["ear/article-2.md", "jiankang/kangfu/Zh.md"]
    forget_everything()
    assert not run(tmp_path / "first")[1]
    assert Category.objects.get(path="jiankang/kangfu").name == "康复"
    call_command("export_articles", str(tmp_path / "second"), stdout=io.StringIO())
    assert files_in(tmp_path / "second") == first


TEXT = st.text(max_size=40).filter(lambda text: one_line(text) != "")


@settings(max_examples=60, deadline=None)
@given(
    TEXT,
    st.lists(TEXT, max_size=3),
    st.lists(TEXT, min_size=1, max_size=4),
    st.text(max_size=80),
    st.datetimes(min_value=datetime(2, 1, 2), timezones=st.just(UTC)).filter(
        lambda d: d.year < 9999
    ),
)
def test_what_is_written_is_read_and_written_the_same(
    title: str, names: list[str], category: list[str], text: str, published: datetime
) -> None:
    path = "/".join(f"c{number}" for number, _name in enumerate(category))
    text = normalise(text).strip("\n")
    source = SourceEntry("s1", title, url=title, printed=title, accessed=published.date())
    article = ArticleFile(
        title, "slug", category, path, text, names, published,
        summary=title, sources=[source], synonyms=names, featured=True, comments="closed",
    )  # fmt: skip
    written = dump(article)
    assert dump(parse(written.encode())) == written
    assert parse(written.encode()).text == text


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.md")}


def forget_everything() -> None:
    from articles.models import Authorship, Citation, Contributor, OldAddress, Section

    with connection.cursor() as cursor:
        Article.objects.update(live=None, published_at=None)
        rows = (Citation, Section, Revision, Authorship, OldAddress, Article, Source, Contributor)
        for model in (*rows, Category):
            if model is Category:
                Category.objects.update(parent=None)
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608


def test_the_first_page_is_there_with_all_its_parts(client: Client, tmp_path: Path) -> None:
    headings = [
        "Understanding Hemifacial Spasm and Its Underlying Causes",
        "Current Treatment Options for Long-Term Relief",
        "The Role of Acupuncture in Early-Stage Management",
        "When to Consider Advanced Medical Interventions",
        "Conclusion: A Stepwise Approach to Optimal Care",
    ]
    text = "\n\n".join(f"## {heading}\n\nSome words on it." for heading in headings)
    facts = FACTS.replace(
        "Walking after a stroke",
        "How Many Acupuncture Sessions Are Needed to Treat Hemifacial Spasm?",
    )
    (tmp_path / "seed.md").write_text(f"---\n{facts}---\n\n{text}\n")
    run(tmp_path)
    page = client.get(f"/articles/{FIRST_PAGE}/").content.decode()
    for part in (*headings, "ZongCheng", "2025-09-28 09:45:46", "Comments", "(0)"):
        assert part in page
    assert "Login is required before commenting." in page
    crumbs = page[page.index('class="crumbs"') : page.index("</ol>", page.index('class="crumbs"'))]
    for address in ("/topics/", "/topics/health/", "/topics/health/recovery/"):
        assert f'href="{address}"' in crumbs
    assert "More" in crumbs


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside this clone")
def test_real_articles_import_without_a_complaint() -> None:
    out, err = run(CORPUS / "cdc", CORPUS / "seed")
    assert not err
    assert "57 files: 57 new" in out
