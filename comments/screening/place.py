"""The checks that ask who writes and where, not what: only for those who have an account."""

from comments.screening.outcomes import Finding
from comments.screening.reading import Reading


def first(reading: Reading) -> Finding | None:
    return _if(reading, "first", "is_first")


def record(reading: Reading) -> Finding | None:
    return _if(reading, "record", "was_removed")


def switch(reading: Reading) -> Finding | None:
    return _if(reading, "switch", "all_wait")


def copies(reading: Reading) -> Finding | None:
    return _if(reading, "copies", "is_copy")


def _if(reading: Reading, check: str, known: str) -> Finding | None:
    return reading.found(check) if getattr(reading.history, known, False) else None
