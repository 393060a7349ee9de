"""A number that copies share although somebody changed a little.

Every longer word, and every pair of neighbours in Chinese, is hashed; the smallest few hashes stand
for the text (Broder 1997, min-wise sketches). Order, punctuation, digits, short words and disguise
do not count. Another word slips into the few only by chance: one changed word leaves the number as
it was eight times in ten in a text of sixty different words, five in one of twenty, and three in
one of twelve. Fewer hashes would keep more copies, and hold more people who wrote on one topic.
"""

import hashlib
from heapq import nsmallest

from comments.screening.glance import Glance

LONG = 4  # letters of a word that counts
KEPT = 6  # hashes that stand for the text
ENOUGH = 10  # different words; fewer are what two people may well say alike


def likeness_at(glance: Glance) -> int | None:
    """Return the number, which fits a BigIntegerField; None when there are too few words."""
    telling = {word for word in glance.words if len(word) >= LONG and word.isalpha()}
    telling.update(glance.pairs)
    if len(telling) < ENOUGH:
        return None
    few = nsmallest(KEPT, (_hash(word) for word in telling))
    return int.from_bytes(_digest(b"".join(few)), signed=True)


def _hash(word: str) -> bytes:
    return _digest(word.encode(errors="replace"))


def _digest(value: bytes) -> bytes:
    return hashlib.blake2b(value, digest_size=8).digest()
