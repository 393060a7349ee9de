"""`manage.py check_links`: whether the addresses of cited sources still answer."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from articles.link_checking.asking import ask_all
from articles.models import Article, Source

ORDER = ("ok", "moved", "refused", "gone", "failed")


class Command(BaseCommand):
    help = (
        "Ask the addresses of all sources that published articles cite, a few sites at a time, and"
        " print what does not answer. Nothing is stored. It goes out to the network, so it works"
        " only with CHECK_LINKS=true."
    )

    def handle(self, **options: Any) -> None:
        if not settings.CHECK_LINKS:
            raise CommandError("CHECK_LINKS is off: no other site is asked anything.")
        urls = [link for source in cited_sources() if (link := source.link)]
        outcomes: Counter[str] = Counter()
        for answer in ask_all(urls):
            outcomes[answer.outcome] += 1
            if answer.outcome != "ok":
                said = f"{answer.outcome:<8}{answer.url}  {answer.detail}"
                self.stdout.write("".join(c if c.isprintable() else "�" for c in said))
        counts = ", ".join(f"{outcomes[kind]} {kind}" for kind in ORDER)
        self.stdout.write(f"{sum(outcomes.values())} addresses asked: {counts}.")


def cited_sources() -> Iterator[Source]:
    live = Article.objects.published().values("live")
    cited = Source.objects.filter(citations__revision__in=live).distinct().order_by("pk")
    return cited.iterator()
