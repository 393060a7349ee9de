"""Keeping how often articles were read on a day, as numbers alone."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from articles.models import Article, DailyReaders, OldAddress

KEPT = timedelta(days=120)
AT_ONCE = 500


def by_article(readers: Mapping[tuple[str, date], int]) -> Counter[tuple[int, date]]:
    """Return counts by article instead of slug; old addresses lead to the article of today.

    What names no article is left out.
    """
    known = dict(
        OldAddress.objects.filter(kind=OldAddress.Kind.ARTICLE, article__isnull=False).values_list(
            "path", "article"
        )
    ) | dict(Article.objects.values_list("slug", "pk"))
    found: Counter[tuple[int, date]] = Counter()
    for (slug, day), number in readers.items():
        if (pk := known.get(slug)) is not None:
            found[pk, day] += number
    return found


def keep(found: Mapping[tuple[int, date], int]) -> int:
    """Store the counts of days that are not forgotten yet; return how many are new or larger.

    A smaller number takes the place of none: it comes from a file that holds a part of the day.
    """
    today = timezone.localdate()
    wanted = {
        (pk, day): number for (pk, day), number in found.items() if today - KEPT < day <= today
    }
    with transaction.atomic():
        days = {day for _pk, day in wanted}
        stored = DailyReaders.objects.select_for_update().filter(day__in=days).order_by("pk")
        known = {(row.article_id, row.day): row.readers for row in stored}
        larger = [key for key, number in wanted.items() if number > known.get(key, 0)]
        _write(larger, wanted)
    return len(larger)


def _write(keys: Iterable[tuple[int, date]], numbers: Mapping[tuple[int, date], int]) -> None:
    DailyReaders.objects.bulk_create(
        [DailyReaders(article_id=pk, day=day, readers=numbers[pk, day]) for pk, day in keys],
        update_conflicts=True,
        update_fields=["readers"],
        unique_fields=["article", "day"],
        batch_size=AT_ONCE,
    )


def forget_old() -> None:
    DailyReaders.objects.filter(counted_at__lte=timezone.now() - KEPT).delete()
