"""What may go out unsigned, by CLINICAL_REVIEW: asked by the admin, the importer and the shell."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import AuditAct, User
from articles.models import Article
from articles.publishing import Exempt, why_not_published
from tests.desk import change, rewrite, write
from tests.reviewing import approve, edit, text_of

pytestmark = pytest.mark.django_db

THREE = text_of("One", "Two", "Three")


@pytest.fixture
def required(settings: Any) -> None:
    settings.CLINICAL_REVIEW = "required"


@pytest.fixture
def draft(make_article: Callable[..., Article]) -> Article:
    return make_article(text=THREE, published=None)


def deeds(article: Article) -> list[str]:
    acts = AuditAct.objects.filter(object_type="articles.Article", object_id=str(article.pk))
    return list(acts.order_by("pk").values_list("deed", flat=True))


def published(article: Article) -> bool:
    return Article.objects.published().filter(pk=article.pk).exists()


# --- labelled -----


def test_whoever_may_publish_does_and_is_told_before_what_is_not_signed(
    as_editor: Client, draft: Article
) -> None:
    approve(draft.newest_revision, 1)
    page = as_editor.get(change(draft)).text
    assert "3 of 4 sections are not signed" in page
    assert "“Title, summary and beginning”, “Two”, “Three”" in page
    assert f"/admin/articles/article/{draft.pk}/ask/" in page
    assert "You may publish; readers are told." in page
    rewrite(as_editor, draft, _publish="1")
    assert published(draft)


def test_what_is_signed_is_not_warned_of(as_editor: Client, draft: Article) -> None:
    approve(draft.newest_revision)
    assert "not signed" not in as_editor.get(change(draft)).text


# --- required: the first time -----


def test_the_first_publication_waits_until_all_is_signed_and_the_words_are_kept(
    as_editor: Client, draft: Article, required: None
) -> None:
    page = rewrite(as_editor, draft, text=text_of("One", "Two"), _publish="1").text
    assert "Saved as revision 2." in page
    assert "3 of 3 sections are not signed" in page
    assert "Readers see it now" not in page
    assert not published(draft)
    newest = draft.newest_revision
    approve(newest, 0, 1)
    page = rewrite(as_editor, draft, _publish="1").text
    assert "1 of 3 sections is not signed: “Two”." in page
    assert "It cannot be published before that" in page
    approve(newest, 2)
    assert "Readers see it now" in rewrite(as_editor, draft, _publish="1").text
    assert published(draft)


def test_a_new_article_is_kept_as_a_draft(as_editor: Client, required: None) -> None:
    page = write(as_editor, _publish="1").text
    assert "are not signed" in page
    assert not Article.objects.published().exists()
    assert Article.objects.get().newest_revision


def test_a_signed_section_that_is_gone_is_missed(draft: Article, required: None) -> None:
    approve(draft.newest_revision)
    shorter = edit(draft, text_of("One", "Three"), publish=False)
    assert "“Two”" in why_not_published(shorter)
    with pytest.raises(ValidationError, match="is gone"):
        draft.publish(shorter)
    approve(shorter, 1, covers_whole=True)
    draft.publish(shorter)


def test_later_edits_go_out(as_editor: Client, article: Article, required: None) -> None:
    assert "Readers see it now" in rewrite(as_editor, article, text="New.", _publish="1").text


def test_an_article_that_was_taken_back_is_no_first_time(
    as_editor: Client, article: Article, required: None
) -> None:
    rewrite(as_editor, article, _unpublish="1")
    assert "Readers see it now" in rewrite(as_editor, article, _publish="1").text


def test_the_shell_passes_there_too(draft: Article, author: User, required: None) -> None:
    with pytest.raises(ValidationError, match="4 of 4 sections are not signed"):
        draft.publish(draft.newest_revision)  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="publishing is for editors"):
        draft.publish(draft.newest_revision, by=author)  # type: ignore[arg-type]
    assert deeds(draft) == ["article.authors_changed", "article.revised"]


# --- required: each time -----


@pytest.mark.parametrize("risk", ["dose", "emergency"])
def test_a_dose_or_an_emergency_is_signed_each_time(
    as_editor: Client, make_article: Callable[..., Article], settings: Any, risk: str
) -> None:
    article = make_article(text=THREE, risk_class=risk)
    settings.CLINICAL_REVIEW = "required"
    page = rewrite(as_editor, article, text=text_of("One"), _publish="1").text
    assert "2 of 2 sections are not signed" in page
    article.refresh_from_db()
    assert article.live.number == 1  # type: ignore[union-attr]
    approve(article.newest_revision)
    assert "Readers see it now" in rewrite(as_editor, article, _publish="1").text


# --- required: in time -----


def schedule(client: Client, article: Article) -> str:
    at = timezone.localtime(timezone.now() + timedelta(days=2))
    return rewrite(client, article, publish_at=f"{at:%Y-%m-%dT%H:%M}", _schedule="1").text


def test_a_schedule_is_asked_when_it_is_set(
    as_editor: Client, draft: Article, required: None
) -> None:
    assert "are not signed" in schedule(as_editor, draft)
    assert "article.scheduled" not in deeds(draft)
    approve(draft.newest_revision)
    page = schedule(as_editor, draft)
    assert "It will be published on" in page
    assert "If a review is taken back before then, it stays a draft." in page
    assert deeds(draft)[-1] == "article.scheduled"


def test_what_was_scheduled_stays_a_draft_when_a_review_is_taken_back(
    as_editor: Client, draft: Article, required: None
) -> None:
    review = approve(draft.newest_revision)
    schedule(as_editor, draft)
    review.take_back("I was wrong.")
    assert deeds(draft)[-1] == "article.unscheduled"
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert not published(draft)
        draft.refresh_from_db()
        assert not draft.published_revisions().exists()
        with pytest.raises(ValidationError, match="not signed"):
            draft.publish(draft.newest_revision)  # type: ignore[arg-type]


def test_where_reading_it_is_enough_a_schedule_holds(as_editor: Client, draft: Article) -> None:
    review = approve(draft.newest_revision)
    schedule(as_editor, draft)
    review.take_back("I was wrong.")
    assert deeds(draft)[-1] == "article.scheduled"


def test_a_revision_taken_off_the_schedule_was_never_seen(
    as_editor: Client, draft: Article, settings: Any
) -> None:
    schedule(as_editor, draft)
    rewrite(as_editor, draft, _unpublish="1")
    settings.CLINICAL_REVIEW = "required"
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert "not signed" in why_not_published(draft.newest_revision)  # type: ignore[arg-type]


# --- imports -----

FILE = """---
title: Knees
slug: knees
category: Health/Recovery
authors: [Anna Writes]
published: 2026-01-05T10:00:00Z
---
## Rest

Walk a little.
"""


def test_an_import_is_an_exception_that_the_trail_names(required: None, tmp_path: Path) -> None:
    (tmp_path / "knees.md").write_text(FILE)
    call_command("import_articles", str(tmp_path), stdout=StringIO())
    article = Article.objects.get(slug="knees")
    assert published(article)
    assert deeds(article)[-1] == "article.imported_unreviewed"
    act = AuditAct.objects.get(deed="article.imported_unreviewed")
    assert act.hashes == {"revision 1": article.live.sha256}  # type: ignore[union-attr]


def test_an_import_may_leave_as_drafts_what_nobody_signed(required: None, tmp_path: Path) -> None:
    (tmp_path / "knees.md").write_text(FILE)
    call_command("import_articles", str(tmp_path), drafts_unless_reviewed=True, stdout=StringIO())
    assert not published(Article.objects.get(slug="knees"))


def test_an_import_where_nothing_is_required_is_a_publication(tmp_path: Path) -> None:
    (tmp_path / "knees.md").write_text(FILE)
    call_command("import_articles", str(tmp_path), stdout=StringIO())
    assert deeds(Article.objects.get(slug="knees"))[-1] == "article.published"


def test_an_import_over_what_was_scheduled_as_signed_stays_scheduled(
    as_editor: Client, draft: Article, required: None
) -> None:
    approve(draft.newest_revision)  # type: ignore[arg-type]
    schedule(as_editor, draft)
    draft.refresh_from_db()
    later = edit(draft, text_of("One"), publish=False)
    draft.publish(later, at=timezone.now() + timedelta(days=3), exempt=Exempt.IMPORT)
    assert draft.is_scheduled
    assert deeds(draft)[-1] == "article.imported_unreviewed"


def test_an_exemption_is_no_leave_to_publish(draft: Article, author: User) -> None:
    with pytest.raises(ValidationError, match="for editors"):
        draft.publish(draft.newest_revision, by=author, exempt=Exempt.SAFETY)  # type: ignore[arg-type]


# --- the trail -----


def test_every_deed_on_an_article_is_in_the_trail(as_editor: Client, editor: User) -> None:
    write(as_editor)
    article = Article.objects.get()
    rewrite(as_editor, article, text="Other words.", _publish="1")
    rewrite(as_editor, article, risk_class="dose", funding="A fund")
    as_editor.post(f"/admin/articles/article/{article.pk}/restore/1/")
    rewrite(as_editor, article, _unpublish="1")
    rewrite(as_editor, article, _publish="1")
    as_editor.post(f"/admin/articles/article/{article.pk}/withdraw/", {"reason": "Wrong."})
    assert deeds(article) == [
        *("article.revised", "article.revised", "article.published"),
        *("article.risk_class_changed", "article.facts_changed"),
        *("article.revised", "article.restored", "article.unpublished"),
        *("article.published", "article.withdrawn"),
    ]
    acts = AuditAct.objects.filter(object_type="articles.Article")
    assert {act.actor for act in acts} == {editor.public_id}
    assert acts.get(deed="article.facts_changed").fields == ["funding"]
    texts = str([(act.fields, act.hashes, act.reason) for act in acts])
    assert "Other words" not in texts
    assert "Wrong." not in texts


def test_changed_authors_are_in_the_trail(
    as_editor: Client, article: Article, make_article: Callable[..., Article]
) -> None:
    other = make_article(by="Zoë").ordered_authors()[0]
    before = len(deeds(article))
    rewrite(as_editor, article, **{"authors-0-contributor": other.pk})
    assert deeds(article)[before:] == ["article.authors_changed"]
    rewrite(as_editor, article)
    assert deeds(article)[before:] == ["article.authors_changed"]
