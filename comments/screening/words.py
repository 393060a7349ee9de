"""A text as a row of folded words: what phrases are compared with.

Folding is NFKC, small letters, no accents, lookalikes of other scripts as Latin letters, and no
characters that draw nothing (Unicode TR 36 and 39, the part that evasion by hand needs). A word
keeps its place in the text as it was typed. Chinese and Japanese have no borders between words:
each of their characters is a word here. All of it takes time in proportion to the text.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
# What `\w` leaves out of a word: accents that follow their letter, and letters in circles.
MORE = f"\u0300-\u036f\u20d0-\u20f0\u2460-\u24ff\U0001f110-\U0001f189{UNSEEN}"
LETTERS = rf"(?:(?![{CJK}_])[\w{MORE}])+"
APOSTROPHES = "'’ʼ`´"
# A row of signs is tried at its first only: from each of them, time would grow with the square.
SYMBOL = re.compile(
    rf"(?P<end>(?<![.!?…])[.!?…]++(?=\s)|[。！？]|\n[^\S\n]*\n)|(?P<cjk>[{CJK}]+)"
    rf"|{LETTERS}(?:[{APOSTROPHES}]{LETTERS})*"
)
END = ""  # stands where a sentence ends: no phrase goes on beyond it

# Letters of other scripts that are drawn like Latin ones; after folding, so small ones alone.
LOOKALIKES = dict(
    [
        *zip("авекмнорстухіјѕԁԛԝғһ", "abekmhopctyxijsdqwfh", strict=True),
        *zip("αβγεηικνορτυχωϲϳ", "abyeniknoptuxwcj", strict=True),
        *zip("ɑɡɩıłøđħʟɴʀꜱᴀʙᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢ", "agiilodhlnrsabcdejkmoptuvwz", strict=True),
    ]
)
# Traditional characters of the starter phrases, which are written with simplified ones.
SIMPLIFIED = dict(
    zip(
        "殺結條這個樣還沒義給見離開盡藥過從樓腦氣燒麼覺該誰對後辦遺書斷繩刪電話聯繫團購優惠處賺錢別軟後歲無壓穩讓",
        "杀结条这个样还没义给见离开尽药过从楼脑气烧么觉该谁对后办遗书断绳删电话联系团购优惠处赚钱别软后岁无压稳让",
        strict=True,
    )
)

# How letters are written as something else within a word, in two readings of what stands for I.
LEET = str.maketrans("0134578@$!|€£9", "oieastbasilelg")
LEET_OTHERWISE = str.maketrans("0134578@$!|€£9", "oleastbaslielg")
JOINERS = frozenset("._-*·•~+|!@$€£^:=#")
STANDS_FOR_A_LETTER = frozenset("@$!|€£")

LETTER_GAP = 3  # between spaced letters there is no more than this
SPACED = 3  # so many single letters in a row are a spelled-out word


class _Folds(dict[int, str]):
    """What each character folds to, found out when it is first seen."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if 0x1F150 <= code <= 0x1F189:  # negative circled and squared letters have no NFKC form
            character = chr(ord("a") + (code - 0x1F150) % 0x20 % 26)
        decomposed = unicodedata.normalize("NFKD", character).casefold()
        folded = "".join(
            LOOKALIKES.get(letter, SIMPLIFIED.get(letter, letter))
            for letter in unicodedata.normalize("NFKD", decomposed)
            if unicodedata.category(letter) not in {"Mn", "Cf", "Sk", "Po"}
        )
        if len(self) < 20_000:
            self[code] = folded
        return folded


FOLDS = _Folds({ord(sign): "" for sign in APOSTROPHES})


class Words(NamedTuple):
    """Folded words, and where each begins and ends in the text."""

    words: list[str]
    starts: list[int]
    ends: list[int]

    def add(self, word: str, start: int, end: int) -> None:
        self.words.append(word)
        self.starts.append(start)
        self.ends.append(end)

    def take(self, other: "Words", first: int, after: int) -> None:
        self.words.extend(other.words[first:after])
        self.starts.extend(other.starts[first:after])
        self.ends.extend(other.ends[first:after])


class Respelled(NamedTuple):
    """The words from `first` to before `after` read as others, in one or two ways."""

    first: int
    after: int
    readings: tuple[list[tuple[str, int, int]], list[tuple[str, int, int]]]


def words_of(text: str) -> Words:
    """Return the folded words of `text`, and END between sentences."""
    found = Words([], [], [])
    words, starts, ends = found
    for match in SYMBOL.finditer(text):
        start, end = match.span()
        word = match[0]
        if match.lastgroup == "cjk":
            _add_characters(found, word, start)
            continue
        if match.lastgroup:
            if words and len(words[-1]) == 1 and word[0] == ".":
                continue  # spelled out with dots and spaces
            word = END
        elif not (word := word.translate(FOLDS)):
            continue
        words.append(word)
        starts.append(start)
        ends.append(end)
    return found


def _add_characters(found: Words, run: str, start: int) -> None:
    folded = run.translate(FOLDS)
    if len(folded) != len(run):  # a character that is drawn as several
        for number, character in enumerate(run, start):
            found.add(character.translate(FOLDS), number, number + 1)
        return
    found.words.extend(folded)
    found.starts.extend(range(start, start + len(run)))
    found.ends.extend(range(start + 1, start + len(run) + 1))


def folded(phrase: str) -> list[str]:
    """Return the words of a phrase."""
    return [word for word in words_of(phrase).words if word != END]


def respelled(text: str, plain: Words) -> list[Words]:
    """Return the words once or twice more, with disguised ones read as they are meant.

    Seen through are spaced and dotted letters, and digits and signs that stand for letters.
    Nothing disguised: an empty list.
    """
    found = list(_disguised(text, plain))
    if not found:
        return []
    return [_read(plain, found, 0), _read(plain, found, 1)]


def _read(plain: Words, found: list[Respelled], reading: int) -> Words:
    result, place = Words([], [], []), 0
    for each in found:
        result.take(plain, place, each.first)
        for word in each.readings[reading]:
            result.add(*word)
        place = each.after
    result.take(plain, place, len(plain.words))
    return result


def _disguised(text: str, plain: Words) -> Iterator[Respelled]:
    words, starts, ends = plain
    place = 0
    for suspect in _suspects(text, plain):
        if suspect < place:
            continue
        place = _end_of_letters(plain, suspect)
        if place - suspect >= SPACED:
            if not "".join(words[suspect:place]).isdigit():
                yield Respelled(suspect, place, _letters(plain, suspect, place))
            continue
        place = _end_of_chain(text, plain, suspect)
        start, end = starts[suspect], ends[place - 1]
        start -= bool(start and text[start - 1] in "$@")
        if any(map(str.isalpha, raw := text[start:end])):
            yield Respelled(suspect, place, _chained(raw, start, end))


def _suspects(text: str, plain: Words) -> list[int]:
    """Return the numbers of the words that may begin something disguised."""
    words, starts, ends = plain
    found = {
        n
        for n, word in enumerate(words)
        if (word and not (word.isalpha() or word.isdigit())) or _is_letter(word)
    }
    pairs = enumerate(zip(ends, starts[1:], strict=False))
    found.update(
        n
        for n, (end, start) in pairs
        if start == end + 1 and text[end] in JOINERS and words[n] < "\u3000"
    )
    if "$" in text or "@" in text:
        found.update(n for n, start in enumerate(starts) if start and text[start - 1] in "$@")
    return sorted(found)


def _end_of_letters(plain: Words, place: int) -> int:
    """Return where a row of single letters with small gaps ends that begins at `place`."""
    words, starts, ends = plain
    after = place
    while after < len(words) and _is_letter(words[after]):
        if after > place and starts[after] - ends[after - 1] > LETTER_GAP:
            break
        after += 1
    return after


def _is_letter(word: str) -> bool:
    return len(word) == 1 and word < "\u3000"


def _end_of_chain(text: str, plain: Words, place: int) -> int:
    """Return where words end that hang together by one sign each, as in v.i.agra."""
    words, starts, ends = plain
    after = place + 1
    while (
        after < len(words)
        and starts[after] == ends[after - 1] + 1
        and text[ends[after - 1]] in JOINERS
        and words[after] != END
        and words[after] < "\u3000"
    ):
        after += 1
    return after


def _letters(
    plain: Words, place: int, after: int
) -> tuple[list[tuple[str, int, int]], list[tuple[str, int, int]]]:
    """Spell words of single letters: a wider gap parts them; I, A and Y may stand alone."""
    words, starts, ends = plain
    gaps = [starts[n + 1] - ends[n] for n in range(place, after - 1)]
    narrow = min(gaps)
    spelled: list[tuple[str, int, int]] = []
    begin = place
    for number in range(place, after):
        if number == after - 1 or gaps[number - place] > narrow:
            word = "".join(words[begin : number + 1])
            spelled.append((word.translate(LEET), starts[begin], ends[number]))
            begin = number + 1
    word, start, end = spelled[0]
    alone = [(word[0], start, ends[place]), (word[1:], starts[place + 1], end)]
    otherwise = [*alone, *spelled[1:]] if word[0] in "aeiouy" and len(word) > 1 else spelled
    return spelled, otherwise


def _chained(
    raw: str, start: int, end: int
) -> tuple[list[tuple[str, int, int]], list[tuple[str, int, int]]]:
    kept = "".join(sign for sign in raw if sign not in JOINERS or sign in STANDS_FOR_A_LETTER)
    one, other = kept.translate(LEET), kept.translate(LEET_OTHERWISE)
    return [(one.translate(FOLDS), start, end)], [(other.translate(FOLDS), start, end)]
