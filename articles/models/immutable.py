"""Rows whose authored columns never change: what a reader was shown stays on record.

A database trigger (articles/sql/) holds the same rule against everything that is not this code.
"""

from typing import Any, ClassVar, NoReturn, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model, covariant=True)


class ImmutableError(TypeError):
    """Somebody tried to change or delete what stays on record."""


class ImmutableQuerySet(models.QuerySet[Row]):
    def update(self, **changes: Any) -> int:
        refuse_authored(self.model, changes)
        return super().update(**changes)

    def delete(self) -> NoReturn:
        raise ImmutableError(f"A {self.model._meta.verbose_name} is never deleted.")


class Immutable(models.Model):
    """A base for models that name their authored fields in `AUTHORED`; others are derived."""

    AUTHORED: ClassVar[tuple[str, ...]]

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> None:
        if not self._state.adding:
            refuse_authored(type(self), update_fields or self.AUTHORED)
        super().save(*args, update_fields=update_fields, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ImmutableError(f"A {self._meta.verbose_name} is never deleted.")


def refuse_authored(model: Any, names: Any) -> None:
    if kept := sorted(set(names) & set(model.AUTHORED)):
        raise ImmutableError(f"A {model._meta.verbose_name} keeps its {', '.join(kept)}.")
