"""What waited for a moderator before there were cases gets one: held comments, open reports."""

from datetime import timedelta
from typing import Any

from django.db import migrations
from django.db.models import Min, Q
from django.utils import timezone


def open_cases(apps: Any, schema_editor: Any) -> None:
    Case = apps.get_model("comments", "Case")
    Comment = apps.get_model("comments", "Comment")
    there = Comment.objects.filter(removed_at=None, withdrawn_at=None)
    reported = Q(reports__isnull=False, reports__handled_at=None)
    waiting = there.filter(Q(held_at__isnull=False) | reported)
    waiting = waiting.exclude(cases__closed_at=None, cases__isnull=False)
    waiting = waiting.annotate(reported_at=Min("reports__created_at", filter=reported))
    for comment in waiting.order_by("pk").iterator(500):
        queue = "reported" if comment.reported_at else "held"
        since = comment.reported_at or comment.held_at
        Case.objects.create(
            comment=comment,
            queue=queue,
            opened_at=since,
            due_at=max(since + timedelta(days=1), timezone.now()),
        )


class Migration(migrations.Migration):
    dependencies = [("comments", "0009_reported_child_abuse")]

    operations = [migrations.RunPython(open_cases, migrations.RunPython.noop)]
