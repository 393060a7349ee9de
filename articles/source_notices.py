"""What the page of an article says of sources that are no longer what they were.

It rests on the status of the sources alone (articles/source_tasks.py sets it), so that a text which
cites a retracted study tomorrow says so from its first day. No query beyond the citations.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from articles import source_words
from articles.models import Citation, Revision


@dataclass(frozen=True)
class SourceNotice:
    """A sentence for one section, and the source it speaks of."""

    text: str
    status: str
    key: str
    number: int


def notices_by_position(
    revision: Revision, citations: Sequence[Citation]
) -> list[list[SourceNotice]]:
    """Return what is said at each section of `revision`, the worst first.

    `citations` are those of the revision, with their sources.
    """
    said = {
        one.key: SourceNotice(text, one.source.status, one.key, one.number)
        for one in citations
        if one.number
        and (text := source_words.at_a_section(one.source.status, one.source.status_on))
    }
    return [
        sorted(
            (said[key] for key in keys if key in said),
            key=lambda notice: (-source_words.rank(notice.status), notice.number),
        )
        for keys in revision.cited_keys()
    ]


def sources_counted(citations: Iterable[Citation]) -> str:
    """Return "3 sources, 1 retracted"."""
    return source_words.counted([citation.source.status for citation in citations])
