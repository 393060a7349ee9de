"""What counts as a word: one answer for what is indexed and what is asked, on every database.

Both databases are given words made here, parted by spaces, and so cannot disagree about accents,
hyphens ("covid-19") or Chinese; what is left to them is the stem.
"""

import re
import unicodedata

# Han, kana and hangul: written without spaces, or with endings that stick to the word.
CJK = (
    "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
# Signs inside words that Python's \w leaves out: accents, Hebrew and Arabic points, Indic and
# South-East Asian vowels.
SIGNS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u0900-\u0963\u0966-\u109f\u1780-\u17ff"
)
WORD = re.compile(f"[{CJK}]+|[^\\W_{CJK}](?:[^\\W_{CJK}]|[{SIGNS}])*")
RUN = re.compile(f"[{CJK}]+")
IS_CJK = re.compile(f"[{CJK}]")

# Accents, points and Arabic's hamzas and drawn-out letters; Cyrillic й keeps its breve, because
# Russian endings rest on it.
DROPPED = re.compile("(?<!и)[\u0300-\u036f]+|[\u0591-\u05c7\u0640\u064b-\u065f\u0670]+")

LONGEST_WORD = 100  # characters; PostgreSQL takes 2,046 bytes


def fold(text: str) -> str:
    """Return `text` without case, accents, or the difference of wide and narrow letters."""
    if text.isascii():
        return text.lower()
    bare = DROPPED.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return unicodedata.normalize("NFKC", bare).casefold()


def words(text: str) -> list[str]:
    """Return the words of `text`, folded, in their order.

    Chinese, Japanese and Korean give overlapping pairs of characters: 高血压 is 高血 and 血压.
    """
    return _words(fold(text))


def indexed(text: str) -> list[str]:
    """Return the words under which `text` is found.

    After them the characters that begin no pair, for those who ask for one character alone.
    """
    folded = fold(text)
    return [*_words(folded), *(run[-1] for run in RUN.findall(folded) if len(run) > 1)]


def _words(folded: str) -> list[str]:
    return [part for word in WORD.findall(folded) for part in _parts(word)]


def _parts(word: str) -> list[str]:
    if len(word) > 1 and IS_CJK.match(word):
        return [word[at : at + 2] for at in range(len(word) - 1)]
    return [word[:LONGEST_WORD]]
