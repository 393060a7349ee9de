"""How the clinical review of what is published stands, in numbers for everyone to read."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.functional import Promise

from articles.models import Article, ReviewState
from articles.models.due import is_due_soon, is_long_overdue, is_overdue

# From the best to the worst.
STATES = (ReviewState.SIGNED, ReviewState.CHANGED, ReviewState.IN_PART, ReviewState.UNCHECKED)


@dataclass(frozen=True)
class StateOfReview:
    articles: int
    by_state: Sequence[tuple[str | Promise, int]]
    due_soon: int
    overdue: int
    long_overdue: int
    oldest: Article | None  # of those overdue


def state_of_review() -> StateOfReview:
    """Count what is published now: two queries."""
    published = Article.objects.published()
    counts = published.aggregate(
        articles=Count("pk"),
        due_soon=Count("pk", filter=is_due_soon()),
        overdue=Count("pk", filter=is_overdue()),
        long_overdue=Count("pk", filter=is_long_overdue()),
        **{state.value: Count("pk", filter=Q(review_state=state)) for state in STATES},
    )
    by_state = [(state.label, counts.pop(state.value)) for state in STATES]
    late = published.filter(is_overdue()).for_list().order_by("next_due", "pk")
    return StateOfReview(**counts, by_state=by_state, oldest=late.first())
