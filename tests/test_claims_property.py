"""Whatever is done to an article, its page says of each section what the rows say, and no more.

A thousand stories are played, and after each step the page is held against a second opinion
(tests/clinical_story.py). They are the same at each run; one that fails is told at its shortest.
"""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from django.utils.html import strip_tags
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from articles.claims import claims_of
from articles.models import Article, Category, Contributor, Review, Revision, Source
from articles.models.revision import new_citation
from articles.signing import CannotSign, check_minor, mark_minor
from tests.clinical_story import Mark, Paper, Part, Signature, Story
from tests.reviewing import approve

pytestmark = pytest.mark.django_db

STORIES = 1_000
STORIES_A_PAGE = 25  # of every so many the page itself is read
BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEADINGS = ("One", "Two", "Three", "Four", "Five")
BODIES = ("Rest.", "Walk.", "Rest.[^a]", "Walk.[^a]", "Talk.[^b]", "Talk.[^a][^b]")
LEADS = (("Spasm", "In short."), ("Tic", "In short."), ("Spasm", "At length."))

SINCE = "since clinical review on"
SENTENCES = {
    "spelling": f"Spelling corrected {SINCE}",
    "source": f"A source cited here was changed {SINCE}",
    "moved": f"Moved {SINCE}",
    "edited": f"Edited {SINCE}",
    "added": f"Added or newly titled {SINCE}",
    "unchecked": "Not yet checked by a clinician",
}
OF_THE_LEAD = SENTENCES | {
    "edited": f"Title, summary or opening edited {SINCE}",
    "unchecked": "Title, summary and opening not yet checked by a clinician",
}
MORE = {"source": " See the sources"}

VERBS = (
    "edit", "edit", "edit", "delete", "add", "reorder", "retitle", "restore", "publish",
    "sign", "sign", "sign", "take_back", "dispute", "mark", "mark", "refuse", "accept",
    "change_source", "change_byline", "unpublish",
)  # fmt: skip
Step = tuple[str, tuple[int, int, int]]
NUMBERS = st.tuples(*[st.integers(0, 63)] * 3)
STEPS = st.lists(st.tuples(st.sampled_from(VERBS), NUMBERS), min_size=3, max_size=7)
stories = count()


class Play:
    """One story, in the rows and in the second opinion: each verb is done to both."""

    def __init__(self, article: Article, people: dict[str, Contributor], users: list[User]) -> None:
        """Begin with a text that is out, and signed whole."""
        self.article, self.people, self.users = article, people, users
        self.story = Story(byline={"Ada"})
        self.revisions: list[Revision] = []
        self.drafts: list[tuple[Any, ...]] = []
        self.reviews: list[Review] = []
        self.sources = {key: Source.objects.create(title=f"Trial {key}") for key in "ab"}
        self.now = BEGIN
        self.title, self.lead = LEADS[0], BODIES[0]
        self.outline = [("One", BODIES[0]), ("Two", BODIES[2]), ("Three", BODIES[0])]
        self._write(0, 1)
        self.sign(0, 0, 0)

    # --- writing ----------------------------------------------------------------------------------

    def edit(self, which: int, what: int, how: int) -> None:
        which %= len(self.outline) + 2
        if which == len(self.outline):
            self.title = LEADS[what % 3]
        elif which > len(self.outline):
            self.lead = BODIES[what % len(BODIES)]
        else:
            self.outline[which] = (self.outline[which][0], BODIES[what % len(BODIES)])
        self._write(what, how)

    def delete(self, which: int, what: int, how: int) -> None:
        if self.outline:
            self.outline.pop(which % len(self.outline))
        self._write(what, how)

    def add(self, which: int, what: int, how: int) -> None:
        if len(self.outline) < len(HEADINGS):
            section = HEADINGS[what % len(HEADINGS)], BODIES[what % len(BODIES)]
            self.outline.insert(which % (len(self.outline) + 1), section)
        self._write(what, how)

    def reorder(self, which: int, what: int, how: int) -> None:
        if self.outline:
            section = self.outline.pop(which % len(self.outline))
            self.outline.insert(what % (len(self.outline) + 1), section)
        self._write(what, how)

    def retitle(self, which: int, what: int, how: int) -> None:
        if self.outline:
            which %= len(self.outline)
            self.outline[which] = HEADINGS[what % len(HEADINGS)], self.outline[which][1]
        self._write(what, how)

    def restore(self, which: int, what: int, how: int) -> None:
        """Write an older text again, with its citations as they were printed then."""
        old = which % len(self.revisions)
        revision = self.article.restore(self.revisions[old], by=self.users[what % 2])
        self.title, self.lead, self.outline = deepcopy(self.drafts[old])
        self._wrote(revision, self.story.papers[old].parts, what, how)

    def _write(self, what: int, how: int) -> None:
        citations = [new_citation(source, key) for key, source in self.sources.items()]
        text = "\n\n".join([self.lead, *(f"## {title}\n\n{body}" for title, body in self.outline)])
        title, summary = self.title
        writer = self.users[what % 2]
        fields: dict[str, Any] = {"title": title, "summary": summary, "citations": citations}
        revision = self.article.revise(text=text, by=writer, **fields)
        sections = [("", f"{title}/{summary}/{self.lead}"), *self.outline]
        self._wrote(revision, self._parts(sections), what, how)

    def _parts(self, sections: list[tuple[str, str]]) -> list[Part]:
        found: list[Part] = []
        for heading, body in sections:
            keys = re.findall(r"\[\^(\w)\]", body)
            printed = (self.sources[key].title for key in keys)
            nth = [part.words[0] for part in found].count(heading)
            found.append(Part((heading, body, *printed), frozenset(keys), nth))
        return found

    def _wrote(self, revision: Revision, parts: list[Part], what: int, how: int) -> None:
        if revision.number > len(self.revisions):
            paper = Paper(revision.number, parts, ("Ben", "Kay")[what % 2])
            self.revisions.append(revision)
            self.drafts.append(deepcopy((self.title, self.lead, self.outline)))
            self.story.papers.append(paper)
        if how % 4:
            self.publish(0, 0, 0)

    def publish(self, which: int, what: int, _how: int) -> None:
        """Publish the newest text, or now and then an older one."""
        number = which % len(self.revisions) if what % 2 else -1
        self.article.publish(self.revisions[number])
        self.story.live = self.story.papers[number]
        self.story.live.was_out = True

    def unpublish(self, *_numbers: int) -> None:
        self.article.unpublish()

    # --- signing ----------------------------------------------------------------------------------

    def sign(self, which: int, what: int, how: int) -> None:
        """Sign some of a text or all of it, mostly of the newest; now and then one's own words."""
        number = which % len(self.revisions) if how % 3 == 0 else -1
        paper = self.story.papers[number]
        every = set(range(len(paper.parts)))
        some = {position for position in every if what >> position & 1} or every
        person = ("Nora", "Nora", "Nora", "Kay", "Ada")[which % 5]
        outcome = ("approve", "approve", "approve", "approve", "changes", "reject")[what % 6]
        is_approval, is_whole = outcome == "approve", how % 2 == 0
        positions = some if how // 3 % 2 else every
        try:
            review = approve(
                self.revisions[number], *positions, contributor=self.people[person],
                covers_whole=is_whole, outcome=outcome,
            )  # fmt: skip
        except CannotSign:
            assert self.story.is_refused(paper, person, positions)
            return
        assert not (is_approval and self.story.is_refused(paper, person, positions))
        number = len(self.reviews)
        signature = Signature(number, paper, person, positions, self.now, is_whole, is_approval)
        self.story.signatures.append(signature)
        self.reviews.append(review)

    def take_back(self, which: int, *_numbers: int) -> None:
        if self.reviews:
            self.reviews[which % len(self.reviews)].take_back("A mistake.")
            self.story.signatures[which % len(self.reviews)].stands = False

    def dispute(self, which: int, *_numbers: int) -> None:
        if self.reviews:
            self.reviews[which % len(self.reviews)].dispute()
            self.story.signatures[which % len(self.reviews)].stands = False

    def mark(self, which: int, what: int, how: int) -> None:
        """Mark what differs between the newest two texts as spellings, or between any two."""
        known = len(self.revisions)
        new, old = (which % known, what % known) if how % 4 == 0 else (-1, max(-2, -known))
        try:
            mark_minor(self.revisions[new], self.revisions[old], by=self.users[0])
        except CannotSign:
            assert not self.story.mark(self.story.papers[new], self.story.papers[old])
        else:
            assert self.story.mark(self.story.papers[new], self.story.papers[old])

    def refuse(self, which: int, *_numbers: int) -> None:
        self._look_at(which, is_minor=False)

    def accept(self, which: int, *_numbers: int) -> None:
        self._look_at(which, is_minor=True)

    def _look_at(self, which: int, *, is_minor: bool) -> None:
        if not self.story.marks:
            return
        told = self.story.marks[which % len(self.story.marks)]
        row = self._row(told)
        if told.is_checked:
            with pytest.raises(CannotSign, match="already"):
                check_minor(row, is_minor=is_minor, by=self.users[1])
            return
        check_minor(row, is_minor=is_minor, by=self.users[1])
        told.is_checked, told.stands = True, is_minor

    def _row(self, told: Mark) -> Any:
        number, position = told.of
        return self.revisions[number - 1].sections.get(position=position).minor_edit

    # --- around it --------------------------------------------------------------------------------

    def change_source(self, which: int, what: int, _how: int) -> None:
        key = "ab"[which % 2]
        source = self.sources[key]
        if what % 2:
            source.title += "!"
        else:
            is_current = source.status == Source.Status.CURRENT
            source.status = Source.Status.RETRACTED if is_current else Source.Status.CURRENT
        source.save()
        source.refresh_from_db()
        self.story.changed[key] = self.now

    def change_byline(self, which: int, *_numbers: int) -> None:
        """Let the byline name somebody who may have signed, or not."""
        self.story.byline = {"Ada", "Nora"} if which % 2 else {"Ada"}
        self.article.set_authors([self.people[name] for name in sorted(self.story.byline)])

    # --- what is said -----------------------------------------------------------------------------

    def check(self) -> None:
        """Hold what is kept for lists against the second opinion."""
        article, told = Article.objects.get(pk=self.article.pk), self.story.said()
        assert article.review_state == told.state
        assert article.reviewed_on == (told.since and told.since.date())

    def check_sections(self) -> None:
        """Hold what is said of each section against it."""
        found, told = claims_of(Revision.objects.get(pk=self.article.live_id)), self.story.said()
        number = {review.pk: number for number, review in enumerate(self.reviews)}
        said = [(c.kind.value, number[c.review.pk] if c.review else None) for c in found.sections]
        assert said == told.sections
        assert {(g.signed.heading, number[g.review.pk]) for g in found.removed} == told.gone

    def check_page(self) -> None:
        """Hold the notes that readers see against it: under which heading each stands."""
        for cache in caches.all():
            cache.clear()  # another story had the same versions
        page = Client().get("/articles/spasm/").content.decode()
        shown = re.findall(r'<h2 id="s-.*?</h2>|<p class="since".*?</p>', page, re.DOTALL)
        shown = [" ".join(strip_tags(found).split()) for found in shown]
        gone = [note for note in shown if note.startswith("A section was removed here")]
        assert sorted(gone) == sorted(self._notes_of_what_is_gone())
        kept = [
            found.removesuffix(" Read the signed wording") for found in shown if found not in gone
        ]
        assert kept == list(self._headings_and_notes())

    def _headings_and_notes(self) -> Iterator[str]:
        told = self.story.said()
        assert self.story.live
        for part, (kind, signature) in zip(self.story.live.parts, told.sections, strict=True):
            if part.words[0]:
                yield part.words[0]
            if kind != "signed" and told.state != "unchecked":
                sentence = (SENTENCES if part.words[0] else OF_THE_LEAD)[kind]
                yield f"{sentence}{self._day(signature)}." + MORE.get(kind, "")

    def _notes_of_what_is_gone(self) -> Iterator[str]:
        for heading, signature in self.story.said().gone:
            day = f"since clinical review on{self._day(signature)}"
            note = f"A section was removed here {day}: “{heading}”."
            yield f"{note} Read the signed wording"

    def _day(self, signature: int | None) -> str:
        if signature is None:
            return ""
        at = self.story.signatures[signature].at
        return f" {at.day} {at:%B %Y}"


@pytest.fixture
def begun(make_user: Callable[..., User]) -> Play:
    """Two who write, of whom Kay reviews too; Nora, who only reviews; and Ada, the author."""
    users = [make_user("Ben"), make_user("Kay")]
    people = {
        "Ada": Contributor.objects.create(name="Ada"),
        "Kay": Contributor.objects.create(name="Kay", user=users[1]),
        "Nora": Contributor.objects.create(name="Nora", profession="Neurologist"),
    }
    article = Article(slug="spasm", category=Category.objects.at(["Health"]))
    article.save()
    article.set_authors([people["Ada"]])
    with time_machine.travel(BEGIN, tick=False):
        return Play(article, people, users)


@settings(
    max_examples=STORIES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(STEPS)
def test_a_page_says_what_the_rows_say(begun: Play, steps: list[Step]) -> None:
    with time_machine.travel(BEGIN, tick=False) as clock, transaction.atomic():
        play = deepcopy(begun)
        for verb, numbers in steps:
            play.now += timedelta(days=1)
            clock.move_to(play.now)
            getattr(play, verb)(*numbers)
            play.check()
        play.check_sections()
        if next(stories) % STORIES_A_PAGE == 0 and play.article.is_published:
            play.check_page()
        transaction.set_rollback(True)
