"""What is screened, and what may come of it."""

from dataclasses import dataclass
from enum import StrEnum

from accounts.models import User
from articles.models import Article
from comments.models import Comment

Span = tuple[int, int]


class Outcome(StrEnum):
    """What a check that does not let pass wants done."""

    ASK = "ask"  # the writer looks again, or chooses
    HOLD = "hold"  # a moderator looks before anybody else does


@dataclass(frozen=True)
class Candidate:
    """A text that somebody wants to post; signed out there is no author."""

    text: str
    article: Article
    author: User | None = None
    parent: Comment | None = None
    comment: Comment | None = None  # the one that is edited

    @property
    def by_staff(self) -> bool:
        return bool(self.author and self.author.is_staff)


@dataclass(frozen=True)
class Finding:
    """What one check says about a text, with the places it means (`text[a:b]`)."""

    check: str
    outcome: Outcome
    spans: tuple[Span, ...] = ()
    phrase: int | None = None  # the row of Phrase that matched, where one did


@dataclass(frozen=True)
class Verdict:
    """What all checks say together, in their order."""

    findings: tuple[Finding, ...] = ()

    @property
    def needs_help(self) -> bool:
        """Tell whether the writer is shown where to find help, before anything else."""
        return any(each.check == "crisis" and each.outcome is Outcome.ASK for each in self.findings)

    @property
    def asks(self) -> list[Finding]:
        """Return what is put to the writer, apart from the help in a crisis."""
        asked = [each for each in self.findings if each.outcome is Outcome.ASK]
        return [each for each in asked if each.check != "crisis"]

    @property
    def holds(self) -> list[str]:
        """Return the names of the checks that hold: what `Comment.held_for` keeps."""
        held = [each.check for each in self.findings if each.outcome is Outcome.HOLD]
        return list(dict.fromkeys(held))
