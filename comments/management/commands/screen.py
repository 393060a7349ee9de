"""`manage.py screen --explain [FILE]`: what each check says about a text.

`manage.py screen --new-starters`: add the phrases that came with Bedside since the lists were made.
"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from articles.models import Article
from comments.models import Phrase
from comments.screening import CHECKS, Candidate, Finding, screen


class Command(BaseCommand):
    help = (
        "Screen a text from FILE, or from the standard input, and print what each check says."
        " The text itself is never printed: only how many places are meant, and which phrase."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", metavar="FILE")
        parser.add_argument("--explain", action="store_true", help="also list checks that pass")
        parser.add_argument(
            "--new-starters",
            action="store_true",
            help="screen nothing; add phrases that came with Bedside since, and say which:"
            " none that staff deleted or changed",
        )
        parser.add_argument("--article", help="the article's address: what stands after /articles/")
        parser.add_argument("--member", help="the member's random id; without: somebody signed out")
        parser.add_argument("--answered", nargs="*", default=[], help="crisis personal watched")

    def handle(self, *, file: Path | None, explain: bool, **options: Any) -> None:
        if options["new_starters"]:
            self.add_new_starters()
            return
        text = file.read_text(encoding="utf-8") if file else sys.stdin.read()
        candidate = Candidate(text, _article(options["article"]), _member(options["member"]))
        if candidate.by_staff:
            self.stdout.write("Staff are never held or asked.")
            return
        verdict = screen(candidate, answered=options["answered"])
        found = {finding.check: finding for finding in verdict.findings}
        for check in CHECKS:
            if finding := found.get(check.name):
                self.stdout.write(f"{check.name}: {_told(finding)} {check.reason}")
            elif explain:
                asked = candidate.author or not check.needs_author
                self.stdout.write(f"{check.name}: {'pass' if asked else 'not asked (signed out)'}")

    def add_new_starters(self) -> None:
        added = Phrase.objects.add_new_starters()
        for phrase in added:
            self.stdout.write(f"{phrase.kind} {phrase.language or 'any'}: {phrase}")
        self.stdout.write(f"Added: {len(added)}. They work at once; staff can switch each off.")


def _told(finding: Finding) -> str:
    """Say what a finding wants; never what matched, which may be somebody's number."""
    told = str(finding.outcome)
    if finding.spans:
        told += f", {len(finding.spans)} place{'s' * (len(finding.spans) > 1)}"
    if finding.phrase:
        told += f", phrase {finding.phrase}: “{Phrase.objects.get(pk=finding.phrase)}”"
    return f"{told}."


def _article(slug: str | None) -> Article:
    articles = Article.objects.select_related("category")
    found = articles.filter(slug=slug).first() if slug else articles.newest().first()
    if not found:
        raise CommandError("There is no such article.")
    return found


def _member(public_id: str | None) -> User | None:
    if not public_id:
        return None
    try:
        return User.objects.get(public_id=public_id)
    except (User.DoesNotExist, ValueError) as error:
        raise CommandError("There is no such member.") from error
