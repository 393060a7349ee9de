"""`manage.py render_revisions`: HTML and the rest that is derived from the text, made anew."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from articles import markdown
from articles.models import Revision


class Command(BaseCommand):
    help = "Remake the derived columns of revisions that an older renderer made."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="Those of this renderer too.")

    def handle(self, *, all: bool, **options: Any) -> None:
        revisions = Revision.objects.select_related("article").order_by("pk")
        if not all:
            revisions = revisions.exclude(renderer_version=markdown.RENDERER_VERSION)
        count = 0
        for revision in revisions.iterator(chunk_size=100):
            revision.render()
            count += 1
        self.stdout.write(f"{count} revisions rendered.")
