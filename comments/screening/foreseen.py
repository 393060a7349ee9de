"""What a phrase would have found among the newest comments, told to staff who add or change it."""

from typing import NamedTuple

from comments.models import Comment, Phrase
from comments.screening.glance import Glance
from comments.screening.phrase_book import SPOKEN, book_of

LAST = 500
# Of these, one in so many is a phrase that people use for all kinds of things.
COMMON = 20


class Foreseen(NamedTuple):
    found: int
    among: int

    @property
    def is_common(self) -> bool:
        """Tell whether it is much; what was said once is not, however few comments there are."""
        return self.found > 1 and self.found * COMMON >= self.among


def foreseen(phrase: Phrase) -> Foreseen:
    """Return in how many of the newest comments `phrase` stands; none when it is not looked for."""
    if not phrase.is_on or phrase.kind not in SPOKEN:
        return Foreseen(0, 0)
    book = book_of([phrase])
    newest = Comment.objects.filter(removed_at=None, withdrawn_at=None).order_by("-created_at")
    texts = list(newest.values_list("text", flat=True)[:LAST])
    return Foreseen(sum(bool(book.hits(text, Glance(text))) for text in texts), len(texts))
