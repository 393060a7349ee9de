"""What one section says, as it was written: what a signature is about, and what it is compared by.

With its words belong the title and the summary, for the first one, and its sources in full: a hash
covers these too (articles/markdown/), so a changed source is a difference here.
"""

from accounts.wording import Piece, compared
from articles.differences import shortened
from articles.markdown.sections import cut
from articles.models import Revision, Section


def texts_of(revision: Revision) -> list[str]:
    """Return what each section of `revision` says, in order."""
    printed = {row.key: row.as_printed for row in revision.citations.all()}
    texts = []
    for number, part in enumerate(cut(revision.text, revision.article.language)):
        words = part.source.strip("\n")
        if not number:
            words = "\n\n".join(filter(None, (revision.title, revision.summary, words)))
        keys = dict.fromkeys(key for key in part.citations if key in printed)
        sources = "\n".join(f"[{key}] {printed[key]}" for key in keys)
        texts.append("\n\n".join(filter(None, (words, sources))))
    return texts


def differences_of(before: Section, after: Section) -> list[Piece]:
    """Return the word differences between two sections, each within a few words of what stayed."""
    return shortened(compared(text_of(before), text_of(after)))


def text_of(section: Section) -> str:
    return texts_of(section.revision)[section.position]
