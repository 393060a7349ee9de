"""Groups of staff: there from the first migrate on, each with what it may do."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from accounts.groups import grant
from accounts.models import User

pytestmark = pytest.mark.django_db


def test_an_author_writes_articles_and_does_not_publish(author: User) -> None:
    assert author.has_perms(["articles.add_article", "articles.change_article"])
    assert author.has_perms(["articles.add_source", "articles.add_image"])
    assert author.has_perms(["articles.view_category", "articles.view_contributor"])
    assert not author.has_perm("articles.publish_article")
    assert not author.has_perm("articles.delete_article")
    assert not author.has_perm("articles.change_contributor")


def test_a_reviewer_reads_signs_notes_answers_questions_and_corrects(reviewer: User) -> None:
    assert reviewer.has_perms(["articles.view_article", "articles.view_revision"])
    assert reviewer.has_perms(["articles.add_review", "articles.add_sectionnote"])
    others = reviewer.get_all_permissions() - {
        "articles.add_review",
        "articles.add_sectionnote",
        "articles.change_minoredit",
        "articles.change_sectionnote",
        "comments.answer_question",
        "comments.view_case",
    }
    assert all(name.startswith("articles.view_") for name in others)


def test_an_editor_publishes_and_edits_all_but_what_is_fixed(editor: User) -> None:
    assert editor.has_perms(["articles.publish_article", "articles.delete_category"])
    assert editor.has_perms(["articles.change_contributor", "articles.change_page"])
    assert not editor.has_perm("articles.add_page")
    assert not editor.has_perm("articles.change_revision")


def test_migrating_again_keeps_what_staff_added_to_a_group(editor: User) -> None:
    grant("Editors", ["accounts.view_user"])
    call_command("migrate", verbosity=0)
    assert editor.has_perms(["accounts.view_user", "articles.publish_article"])


def test_a_permission_that_does_not_exist_is_named() -> None:
    with pytest.raises(LookupError, match=r"articles\.fly_article"):
        grant("Pilots", ["articles.fly_article"])
    assert not Group.objects.filter(name="Pilots").exists()
