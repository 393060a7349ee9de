"""The checks that look for phrases of the lists."""

from comments.models import Phrase
from comments.screening.outcomes import Finding
from comments.screening.reading import Reading

Kind = Phrase.Kind


def crisis(reading: Reading) -> Finding | None:
    """Ask first: the writer sees where to find help, and then chooses. A person reads it then."""
    if hits := reading.hits_of(Kind.CRISIS):
        spans = [hit.span for hit in hits]
        return reading.found("crisis", spans, phrase=hits[0].phrase, asks=True)
    return None


def method(reading: Reading) -> Finding | None:
    if hits := reading.hits_of(Kind.METHOD):
        return reading.found("method", [hit.span for hit in hits], phrase=hits[0].phrase)
    return None


def watched(reading: Reading) -> Finding | None:
    """Hold for one phrase to hold; else ask the writer to look again, once."""
    if hits := reading.hits_of(Kind.HOLD):
        return reading.found("watched", [hit.span for hit in hits], phrase=hits[0].phrase)
    hits = reading.hits_of(Kind.ASK)
    if hits and "watched" not in reading.answered:
        spans = [hit.span for hit in hits]
        return reading.found("watched", spans, phrase=hits[0].phrase, asks=True)
    return None
