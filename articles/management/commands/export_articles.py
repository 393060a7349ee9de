"""`manage.py export_articles DIR`: every article that is not withdrawn, as a Markdown file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from articles.exporting import export_text
from articles.models import Article


class Command(BaseCommand):
    help = "Write each article to DIR/<category path>/<slug>.md, as import_articles reads it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *, folder: Path, **options: Any) -> None:
        articles = Article.objects.filter(withdrawn_at__isnull=True).with_page().order_by("slug")
        for article in articles.iterator(chunk_size=200):
            path = folder / article.category.path / f"{article.slug}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(export_text(article), encoding="utf-8", newline="\n")
        self.stdout.write(f"{articles.count()} articles written to {folder}.")
