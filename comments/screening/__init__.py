"""What is looked at in a comment before anybody sees it: one ordered pipeline of small checks.

`screen` runs them; CHECKS is their order. Each passes, asks the writer, or holds for a moderator.
Nothing that matched is stored or logged: what remains is the names of the checks that held.
"""

from comments.screening.outcomes import Candidate, Finding, Outcome, Verdict
from comments.screening.pipeline import (
    CHECKS,
    Check,
    describes_method,
    likeness_of,
    reason_of,
    screen,
)

__all__ = [
    "CHECKS",
    "Candidate",
    "Check",
    "Finding",
    "Outcome",
    "Verdict",
    "describes_method",
    "likeness_of",
    "reason_of",
    "screen",
]
