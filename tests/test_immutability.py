"""What an author wrote never changes, whoever asks the database."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from articles.models import Article, Citation, Review, ReviewedSection, Revision, Section, Source
from articles.models.revision import new_citation
from tests.reviewing import approve

pytestmark = pytest.mark.django_db

IMMUTABLE: tuple[Any, ...] = (Revision, Section, Citation, Review, ReviewedSection)
AUTHORED = [(model, name) for model in IMMUTABLE for name in model.AUTHORED]
DERIVED = [
    (model, field.name)
    for model in IMMUTABLE
    for field in model._meta.concrete_fields
    if field.name not in model.AUTHORED and not field.primary_key
]
TRIGGERS = {
    "articles_citation_immutable",
    "articles_review_immutable",
    "articles_reviewedsection_immutable",
    "articles_revision_immutable",
    "articles_section_immutable",
}


@pytest.fixture
def rows(make_article: Callable[..., Article]) -> dict[Any, Any]:
    """One row of each immutable model."""
    source = Source.objects.create(title="Stroke", publisher="NHS")
    revision = make_article().revise(
        title="What is a stroke?",
        summary="Brain cells die.",
        text="Call now.[^s1]\n\n## Signs\n\nThe face drops.\n",
        citations=[new_citation(source, "s1")],
    )
    review = approve(revision)
    return {
        Review: review,
        ReviewedSection: review.reviewed_sections.all()[0],
        Revision: revision,
        Section: revision.sections.get(position=1),
        Citation: revision.citations.get(),
    }


@pytest.mark.parametrize(("model", "name"), AUTHORED)
def test_the_database_refuses_to_change_what_was_written(
    rows: dict[Any, Any], model: Any, name: str
) -> None:
    with pytest.raises(IntegrityError, match=model._meta.db_table), transaction.atomic():
        update(rows[model], name, another(rows[model], name))


@pytest.mark.parametrize(("model", "name"), DERIVED)
def test_what_is_derived_from_the_text_can_be_made_again(
    rows: dict[Any, Any], model: Any, name: str
) -> None:
    value = another(rows[model], name)
    update(rows[model], name, value)
    assert getattr(model.objects.get(pk=rows[model].pk), name) == value


@pytest.mark.parametrize(("model", "name"), AUTHORED)
def test_writing_the_same_again_is_no_change(rows: dict[Any, Any], model: Any, name: str) -> None:
    update(rows[model], name, getattr(rows[model], model._meta.get_field(name).attname))


def test_the_database_can_be_emptied(rows: dict[Any, Any]) -> None:
    models.QuerySet(ReviewedSection)._raw_delete(using="default")
    models.QuerySet(Citation)._raw_delete(using="default")
    models.QuerySet(Section)._raw_delete(using="default")
    assert not Citation.objects.exists()
    assert not Section.objects.exists()


def test_the_triggers_exist_after_all_migrations(db: None) -> None:
    assert triggers() == TRIGGERS


def test_migrating_restores_triggers_that_a_rebuilt_table_has_lost(db: None) -> None:
    with connection.cursor() as cursor:
        on_table = "" if connection.vendor == "sqlite" else " ON articles_revision"
        cursor.execute(f"DROP TRIGGER articles_revision_immutable{on_table}")
    assert triggers() == TRIGGERS - {"articles_revision_immutable"}

    call_command("migrate", verbosity=0)

    assert triggers() == TRIGGERS


def update(row: models.Model, name: str, value: Any) -> None:
    """Update past the model and its queryset, which refuse as well."""
    rows = models.QuerySet(type(row)).filter(pk=row.pk)
    rows.update(**{row._meta.get_field(name).attname: value})


def another(row: models.Model, name: str) -> Any:
    """Return a value that the field may hold and does not."""
    field = row._meta.get_field(name)
    match field.get_internal_type():
        case "DateTimeField":
            return datetime(2001, 1, 1, tzinfo=UTC)
        case "DateField":
            return date(2001, 1, 1)
        case "JSONField":
            return [{"anchor": "another", "text": "Another"}]
        case "BooleanField":
            return not getattr(row, field.attname)
        case "CharField" | "TextField":
            return "another"
        case _:
            return (getattr(row, field.attname) or 0) + 1


def triggers() -> set[str]:
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall()}
