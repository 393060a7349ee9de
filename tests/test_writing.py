"""Writing an article in the admin: drafts, publishing, sources, preview."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.models import Article, Contributor, Source
from tests.desk import ADD, change, filled, rewrite, write

# --- drafts -------------------------------------------------------------------------------------


def test_an_author_saves_a_draft_that_readers_do_not_see(as_author: Client, author: User) -> None:
    page = write(as_author)

    assert "Saved as revision 1" in page.content.decode()
    article = Article.objects.get(slug="knees-after-sixty")
    assert article.newest_revision is not None
    assert article.newest_revision.created_by == author
    assert Client().get("/articles/knees-after-sixty/").status_code == 404


def test_the_form_comes_back_with_what_was_saved(as_author: Client) -> None:
    write(as_author, summary="Rest, then walk.", synonyms="knee pain\r\nsore knee\r\n")

    article = Article.objects.get()
    fields = filled(as_author.get(change(article)))
    assert fields["title"] == "Knees after sixty"
    assert fields["summary"] == "Rest, then walk."
    assert fields["text"] == "## Rest\n\nWalk a little.\n"
    assert fields["synonyms"] == "knee pain\nsore knee"
    assert article.synonyms == ["knee pain", "sore knee"]


def test_the_address_is_made_of_the_title_and_is_free(
    as_editor: Client, make_article: Callable[..., Article]
) -> None:
    make_article(slug="knees-after-sixty")
    write(as_editor)
    write(as_editor, title="New")
    write(as_editor, title="膝の痛み")

    slugs = set(Article.objects.values_list("slug", flat=True))
    assert {"knees-after-sixty-2", "new-2"} < slugs
    assert any(slug.startswith("article-") for slug in slugs)


def test_saving_the_same_words_makes_no_revision(as_editor: Client, article: Article) -> None:
    page = rewrite(as_editor, article)

    assert "no new revision was made" in page.content.decode()
    assert article.revisions.count() == 1


def test_a_draft_of_a_published_article_waits(as_author: Client, article: Article) -> None:
    rewrite(as_author, article, text="## Rest\n\nNew words.")

    assert article.revisions.count() == 2
    assert "New words." not in Client().get(article.get_absolute_url()).content.decode()


def test_an_author_changes_no_fact_of_a_published_article(
    as_author: Client, article: Article
) -> None:
    page = as_author.get(change(article))
    fields = filled(page, featured="on", slug="elsewhere", **{"authors-0-contributor": ""})
    as_author.post(change(article), fields)

    after = Article.objects.get(pk=article.pk)
    assert (after.featured, after.slug) == (False, article.slug)
    assert after.authors.count() == 1


def test_authors_stand_in_the_order_of_their_rows(as_editor: Client) -> None:
    first, second = (Contributor.objects.create(name=name) for name in ("Zoë", "Abel"))
    write(
        as_editor,
        **{
            "authors-TOTAL_FORMS": 2,
            "authors-0-contributor": first.pk,
            "authors-1-contributor": second.pk,
        },
    )

    assert Article.objects.get().ordered_authors() == [first, second]


# --- publishing ---------------------------------------------------------------------------------


def test_an_editor_publishes_and_readers_see_it(as_editor: Client) -> None:
    page = write(as_editor, _publish="1")

    assert "Readers see it now" in page.content.decode()
    shown = Client().get("/articles/knees-after-sixty/").content.decode()
    assert "Walk a little." in shown


def test_an_author_does_not_publish(as_author: Client, article: Article) -> None:
    page = as_author.get(change(article))
    assert 'name="_publish"' not in page.content.decode()

    answer = rewrite(as_author, article, text="Mine.", _publish="1")
    assert "publishing is for editors" in answer.content.decode()
    assert article.revisions.count() == 1


def test_an_empty_text_is_not_published(as_editor: Client) -> None:
    page = write(as_editor, text=" \n", _publish="1")

    assert "There is nothing to publish yet" in page.content.decode()
    assert not Article.objects.exists()


def test_an_article_is_scheduled_in_the_named_time_zone(as_editor: Client, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    timezone.get_default_timezone.cache_clear()
    try:
        tomorrow = timezone.localtime() + timedelta(days=1)
        assert "Europe/Berlin" in as_editor.get(ADD).content.decode()
        write(as_editor, _schedule="1", publish_at=f"{tomorrow:%Y-%m-%dT%H:%M}")
    finally:
        timezone.get_default_timezone.cache_clear()

    article = Article.objects.get()
    assert article.is_scheduled
    assert article.published_at == tomorrow.replace(second=0, microsecond=0)
    assert Client().get(article.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    "when", ["", "yesterday", "2001-01-01T10:00", "9999-12-31T23:59", "0001-01-01T00:00"]
)
def test_a_schedule_that_cannot_be_meant_is_refused(as_editor: Client, when: str) -> None:
    page = write(as_editor, _schedule="1", publish_at=when)

    assert page.status_code == 200
    assert "errornote" in page.content.decode()
    assert not Article.objects.exists()


def test_what_was_scheduled_is_published_now(as_editor: Client) -> None:
    tomorrow = timezone.localtime() + timedelta(days=1)
    write(as_editor, _schedule="1", publish_at=f"{tomorrow:%Y-%m-%dT%H:%M}")
    article = Article.objects.get()
    rewrite(as_editor, article, _publish="1")

    article = Article.objects.get()
    assert article.is_published
    assert article.live is not None
    assert article.live.published_at is not None
    assert article.live.published_at <= timezone.now()


def test_an_editor_unpublishes(as_editor: Client, article: Article) -> None:
    rewrite(as_editor, article, _unpublish="1")

    assert Client().get(article.get_absolute_url()).status_code == 404
    assert Article.objects.get(pk=article.pk).live is not None


def test_an_article_is_withdrawn_with_a_reason_and_a_better_one(
    as_editor: Client, article: Article, make_article: Callable[..., Article]
) -> None:
    better = make_article(title="Newer advice", slug="newer-advice")
    address = f"/admin/articles/article/{article.pk}/withdraw/"
    assert "required" in as_editor.post(address, {"reason": " "}).content.decode()

    answer = as_editor.post(address, {"reason": "Outdated.", "replaced_by": better.slug})
    assert answer.status_code == 302
    gone = Client().get(article.get_absolute_url())
    assert gone.status_code == 410
    assert "Outdated." in gone.content.decode()
    assert Article.objects.get(pk=article.pk).replaced_by == better


def test_only_an_editor_withdraws(as_author: Client, article: Article) -> None:
    address = f"/admin/articles/article/{article.pk}/withdraw/"
    assert as_author.get(address).status_code == 403
    assert as_author.post(address, {"reason": "No."}).status_code == 403


def test_an_article_is_never_deleted(as_superuser: Client, article: Article) -> None:
    assert as_superuser.post(f"/admin/articles/article/{article.pk}/delete/").status_code == 403
    assert Article.objects.filter(pk=article.pk).exists()


def test_an_old_date_of_publication_survives_a_new_revision(
    as_editor: Client, article: Article
) -> None:
    rewrite(as_editor, article, text="New.", _publish="1")

    assert Article.objects.get(pk=article.pk).published_at == datetime(
        2025, 9, 28, 9, 45, 46, tzinfo=UTC
    )


# --- sources ------------------------------------------------------------------------------------


def test_a_source_is_cited_by_its_doi(as_author: Client) -> None:
    source = Source.objects.create(title="A trial", publisher="BMJ", doi="10.1136/bmj.1")
    write(
        as_author,
        text="Walking helps.[^s1]",
        **{
            "sources-0-source": "https://doi.org/10.1136/BMJ.1",
            "sources-0-accessed_on": "2026-01-02",
        },
    )

    revision = Article.objects.get().newest_revision
    assert revision is not None
    citation = revision.citations.get()
    assert (citation.key, citation.source, citation.number) == ("s1", source, 1)
    assert citation.as_printed == "BMJ. A trial."


def test_an_unknown_source_is_named_and_nothing_is_lost(as_author: Client) -> None:
    page = write(as_author, text="My words.", **{"sources-0-source": "https://nowhere.example/"})

    text = page.content.decode()
    assert "Nothing on record matches" in text
    assert "My words." in text
    assert not Article.objects.exists()


def test_an_empty_row_takes_the_source_away(as_author: Client) -> None:
    Source.objects.create(title="A trial")
    write(as_author, **{"sources-0-key": "trial", "sources-0-source": "A trial"})
    article = Article.objects.get()
    rewrite(
        as_author,
        article,
        **{f"sources-0-{name}": "" for name in ("key", "source", "as_printed", "accessed_on")},
    )

    assert article.newest_revision is not None
    assert article.newest_revision.number == 2
    assert not article.newest_revision.citations.exists()


def test_a_key_is_not_given_twice(as_author: Client) -> None:
    Source.objects.create(title="One")
    Source.objects.create(title="Two")
    page = write(
        as_author,
        **{
            "sources-0-key": "a", "sources-0-source": "One",
            "sources-1-key": "a", "sources-1-source": "Two",
        },
    )  # fmt: skip

    assert "given twice" in page.content.decode()


def test_what_should_be_looked_at_again_is_said_on_saving(as_editor: Client) -> None:
    Source.objects.create(title="Unused")
    page = write(
        as_editor,
        risk_class="emergency",
        text="#### Deep\n\nx[^nobody]\n\n![](media:lost)\n\n::: soon\nAsk.\n:::",
        **{"sources-0-key": "unused", "sources-0-source": "Unused"},
    )

    text = page.content.decode()
    for sentence in (
        "not in the list of sources: nobody",
        "not cited in the text: unused",
        "no image with the key lost",
        "A heading skips a level",
        "needs a card that says when to get help now",
    ):
        assert sentence in text


def test_emergency_signs_come_first(as_editor: Client) -> None:
    page = write(as_editor, text="::: soon\nAsk.\n:::\n\n::: now\nRing.\n:::")
    assert "a card “now” stands after" in page.content.decode()

    other = write(as_editor, title="Other", text="::: now\nRing.\n:::\n\n::: soon\nAsk.\n:::")
    assert "a card “now” stands after" not in other.content.decode()


# --- preview ------------------------------------------------------------------------------------


def test_the_preview_shows_what_readers_will_see(as_author: Client) -> None:
    answer = as_author.post(
        "/admin/articles/article/preview/",
        {
            "title": "Knees",
            "language": "en",
            "text": "::: now Ring\nx\n:::\n\nWalk.[^a] <script>alert(1)</script>",
            "sources-3-key": "a",
            "sources-3-source": "12 · A trial",
        },
    )

    page = answer.content.decode()
    assert '<section class="care" data-degree="now"' in page
    assert 'href="#source-a"' in page
    assert "A trial</li>" in page
    assert "<script>alert" not in page


def test_the_preview_is_for_staff_and_writes_nothing(client: Client, as_member: Client) -> None:
    assert client.post("/admin/articles/article/preview/", {"text": "x"}).status_code == 403
    assert as_member.post("/admin/articles/article/preview/", {"text": "x"}).status_code == 302
    assert not Article.objects.exists()


def test_a_text_that_is_too_long_is_refused_and_kept(as_author: Client) -> None:
    long = "ö" * 100_001
    assert (
        "at most"
        in as_author.post("/admin/articles/article/preview/", {"text": long}).content.decode()
    )
    page = write(as_author, text=long)

    assert "at most 200000 are allowed" in page.content.decode()
    assert long in page.content.decode()
