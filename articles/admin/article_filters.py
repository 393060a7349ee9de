"""By what the list of articles can be narrowed."""

from typing import Any

from django.contrib import admin
from django.db.models import F, Q, QuerySet, TextChoices
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.forms import tree_choices
from articles.models import Article, Category


class State(TextChoices):
    DRAFT = "draft", _("draft")
    SCHEDULED = "scheduled", _("scheduled")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


def state_of(article: Article) -> State:
    if article.withdrawn_at:
        return State.WITHDRAWN
    if article.is_scheduled:
        return State.SCHEDULED
    return State.PUBLISHED if article.is_published else State.DRAFT


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*State.choices, ("waiting", _("newer draft waiting"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        stands = Q(withdrawn_at__isnull=True)
        conditions = {
            State.DRAFT: stands & Q(published_at__isnull=True),
            State.SCHEDULED: stands & Q(published_at__gt=timezone.now()),
            State.PUBLISHED: stands & Q(published_at__lte=timezone.now()),
            State.WITHDRAWN: Q(withdrawn_at__isnull=False),
            "waiting": stands & Q(newest_number__gt=F("live__number")),
        }
        return queryset.filter(conditions.get(self.value() or "", Q()))


class CategoryFilter(admin.SimpleListFilter):
    """Takes in what stands in the categories below, too."""

    title = _("category")
    parameter_name = "category"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(pk), label) for pk, label in tree_choices()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        chosen = dict(self.lookup_choices).get(self.value() or "") and self.value()
        if not chosen:
            return queryset
        category = Category.objects.get(pk=chosen)
        return queryset.filter(category__in=Category.objects.within(category).values("pk"))
