"""Give what is published a date for its next review; that of what came by import is spread."""

import calendar
from datetime import date, timedelta
from typing import Any

import django.utils.timezone
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F
from django.utils import timezone

CYCLES = {"dose": 12, "emergency": 12, "treatment": 24, "living": 36}


def set_due(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Count the cycle from the publication; where that is over, as if imported today.

    Otherwise all that is older than a cycle would be overdue at once.
    """
    articles = apps.get_model("articles", "Article")._default_manager
    undated = articles.filter(live__isnull=False, published_at__isnull=False, next_due=None)
    today = timezone.localdate()
    for pk, published_at, risk_class in undated.values_list("pk", "published_at", "risk_class"):
        months = CYCLES[risk_class]
        due: dict[str, Any] = {"next_due": months_later(timezone.localdate(published_at), months)}
        if due["next_due"] <= today:
            due = {"next_due": spread(today, months, pk), "imported_on": today}
        articles.filter(pk=pk).update(**due, version=F("version") + 1)


def spread(begin: date, months: int, number: int) -> date:
    days = (months_later(begin, months) - begin).days
    return begin + timedelta(days=1 + number * 2_654_435_769 % 2**32 * days // 2**32)


def months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


class Migration(migrations.Migration):
    dependencies = [("articles", "0005_hashes_without_empty_lines")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="imported_on",
            field=models.DateField(editable=False, null=True, verbose_name="imported on"),
        ),
        migrations.AddField(
            model_name="dailyreaders",
            name="counted_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False, verbose_name="counted"
            ),
        ),
        migrations.AlterField(
            model_name="reviewround",
            name="evidence_searched_on",
            field=models.DateField(blank=True, null=True, verbose_name="evidence searched on"),
        ),
        migrations.AlterField(
            model_name="reviewround",
            name="evidence_searched_in",
            field=models.CharField(blank=True, max_length=500, verbose_name="evidence searched in"),
        ),
        migrations.AlterModelOptions(
            name="reviewround",
            options={
                "ordering": ["-finished_at", "-pk"],
                "verbose_name": "finished review",
                "verbose_name_plural": "reviews due and finished",
            },
        ),
        migrations.RunPython(set_due, migrations.RunPython.noop),
    ]
