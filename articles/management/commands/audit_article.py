"""`manage.py audit_article SLUG [--on DAY]`: an article's trail, or its text as it was then."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import override

from articles.audit_report import entries_of
from articles.claims import Claims
from articles.live_history import claims_at, end_of, live_at
from articles.models import Article, OldAddress
from articles.models.revision import revision_hash
from articles.publishing import name_of
from articles.trust import summary_of


class Command(BaseCommand):
    help = (
        "Print all that is on record of an article, the oldest first. With --on YYYY-MM-DD, print "
        "the exact text that readers saw at the end of that day, and what the page said of its "
        "clinical review."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="The end of its address: /articles/SLUG/.")
        parser.add_argument("--on", metavar="YYYY-MM-DD", type=day, help="A day in TIME_ZONE.")
        parser.add_argument("--json", action="store_true", help="For machines.")

    def handle(self, *, slug: str, on: date | None, json: bool, **options: Any) -> None:
        article = Article.objects.filter(slug=slug).first() or OldAddress.objects.article_at(slug)
        if article is None:
            raise CommandError(f"There is no article at /articles/{slug}/, and there never was.")
        # In one language, whoever asks: it may be read years later, beside another one.
        with override("en"):
            found = text_on(article, on) if on else trail_of(article)
        self.stdout.write(as_json(found) if json else "\n".join(as_text(found)))


def day(typed: str) -> date:
    """Return the day that was typed; raise CommandError, with a sentence, for what is none."""
    try:
        found = date.fromisoformat(typed)
    except ValueError as error:
        raise CommandError(f"{typed} is no day. Write one like 2026-03-31.") from error
    if found > timezone.localdate():
        raise CommandError(f"{typed} is still to come.")
    return found


def trail_of(article: Article) -> dict[str, Any]:
    return {
        "article": article.slug,
        "title": str(article),
        "printed": timezone.now(),
        "messages from readers": article.messages.count(),
        "trail": [
            {"at": entry.at, "what": entry.what, **entry.facts} for entry in entries_of(article)
        ],
    }


def text_on(article: Article, on: date) -> dict[str, Any]:
    """Return what readers saw at the end of the day `on`, word for word."""
    moment = end_of(on)
    revision = live_at(article, moment)
    found: dict[str, Any] = {"article": article.slug, "at": moment}
    if revision is None:
        why = article.withdrawn_reason if is_withdrawn_by(article, moment) else ""
        return found | {"published": False, "withdrawn because": why}
    citations = list(revision.citations.select_related("source"))
    claims = claims_at(revision, moment)
    return found | {
        "published": True,
        "revision": revision.number,
        "sha256": revision.sha256,
        "hash agrees with the text": revision_hash(revision, citations) == revision.sha256,
        "clinical review, as the page said it": summary_of(claims),
        "by section": by_section(claims),
        "title": revision.title,
        "summary": revision.summary,
        "sources": {citation.key: citation.as_printed for citation in citations},
        "text": revision.text,
    }


def is_withdrawn_by(article: Article, moment: datetime) -> bool:
    return bool(article.withdrawn_at and article.withdrawn_at <= moment)


def by_section(claims: Claims) -> dict[str, Any]:
    found = {
        f"{claim.section.position} {name_of(claim.section)}": {
            "says": claim.kind.value,
            "sha256": claim.section.sha256,
            "sha256 signed": claim.signed.sha256 if claim.signed else "",
        }
        for claim in claims.sections
    }
    gone = {f"gone: {one.signed}": {"sha256 signed": one.signed.sha256} for one in claims.removed}
    return found | gone


# --- on paper -------------------------------------------------------------------------------------


def as_json(found: dict[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False, indent=2, default=plain)


def plain(value: Any) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    return str(value)


def as_text(found: dict[str, Any]) -> Iterator[str]:
    """Yield lines to be read or printed: facts with their names, the text of the article last."""
    trail, text = found.pop("trail", None), found.pop("text", None)
    yield from facts(found)
    for entry in trail or ():
        yield ""
        yield f"{moment(entry.pop('at'))}  {entry.pop('what')}"
        yield from facts(entry, indent=2)
    if text is not None:
        yield from ("", "----- text, word for word -----", text.rstrip("\n"), "----- end -----")


def facts(values: dict[str, Any], *, indent: int = 0) -> Iterator[str]:
    """Yield a line for each fact that there is; what has parts stands below its name."""
    space = " " * indent
    for name, value in values.items():
        if value is None or value in ("", {}, []):
            continue
        if isinstance(value, dict):
            yield f"{space}{name}:"
            yield from facts(value, indent=indent + 2)
        else:
            yield f"{space}{name}: {words(value)}"


def words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return " ".join(str(value).split())


def moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S %z}"
