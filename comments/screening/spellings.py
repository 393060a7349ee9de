"""What is read as something else, in phrases and texts alike: no list has to hold it again.

Short forms become their long ones ("im" and "I'm", which are folded alike, "I am"), haste and slang
the words that they stand for, and what only adds weight ("just", "honestly") is left out. Words
here are folded ones.
"""

import re
from collections.abc import Sequence

from comments.screening.words import Words, folded

# A harmless phrase must not differ from what it is longer than by one of these alone.
EMPTY = (
    *("just", "really", "honestly", "literally", "actually", "simply", "truly", "seriously"),
    *("genuinely", "fucking", "fuckin", "still", "even", "only", "always", "sometimes", "often"),
    *("kinda", "completely", "absolutely", "totally", "very", "basically"),
    *("solamente", "realmente", "simplemente", "sinceramente", "literalmente", "siempre", "ya"),
    *("muy", "jodidamente"),
)
OTHERWISE = {
    "im": "i am", "iam": "i am", "ive": "i have", "id": "i would", "dont": "do not",
    "dnt": "do not", "doesnt": "does not", "dosent": "does not", "didnt": "did not",
    "cant": "can not", "cannot": "can not", "wont": "will not", "wouldnt": "would not",
    "couldnt": "could not", "shouldnt": "should not", "isnt": "is not", "aint": "is not",
    "wasnt": "was not", "arent": "are not", "werent": "were not", "hasnt": "has not",
    "havent": "have not", "hadnt": "had not", "whats": "what is", "theres": "there is",
    "thats": "that is", "its": "it is", "hes": "he is", "shes": "she is", "theyre": "they are",
    "theyd": "they would", "youre": "you are", "youd": "you would", "youll": "you will",
    "wanna": "want to", "wana": "want to", "gonna": "going to", "gunna": "going to",
    "tryna": "trying to", "too": "to", "2": "to", "u": "you", "anymore": "any more",
    "nobody": "no one", "noone": "no one", "everybody": "everyone", "thinkin": "thinking",
    "livin": "living", "sucidal": "suicidal", "suicidle": "suicidal", "suicdal": "suicidal",
    "sewerslidal": "suicidal", "sucide": "suicide", "suiside": "suicide", "suicid": "suicide",
    "sewerslide": "suicide", "unalive": "kill", "unaliving": "killing", "unalived": "killed",
    "selfharm": "self harm", "selfharming": "self harming", "selfharmed": "self harmed",
    "kiero": "quiero", "q": "que", "k": "que", "ke": "que", "toy": "estoy", "bivir": "vivir",
    "bibir": "vivir", "sucidarme": "suicidarme", "suisidarme": "suicidarme",
    "sucidio": "suicidio", "suisidio": "suicidio", "xa": "para", "pa": "para",
}  # fmt: skip
MEANT: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(EMPTY, ()),
    **{word: tuple(to.split()) for word, to in OTHERWISE.items()},
}

GROUP = re.compile(r"\(([^()]*)\)")
# Written together, a shorter phrase could be a word of its own.
TOGETHER = 8


def meant(words: Sequence[str]) -> Sequence[str]:
    """Return the words as they are meant."""
    if MEANT.keys().isdisjoint(words):
        return words
    return [each for word in words for each in MEANT.get(word, (word,))]


def as_meant(words: Words) -> Words:
    """Return the words of a text as they are meant, where they stood."""
    if MEANT.keys().isdisjoint(words.words):
        return words
    result = Words([], [], [])
    for word, start, end in zip(*words, strict=True):
        for each in MEANT.get(word, (word,)):
            result.add(each, start, end)
    return result


def parts_of(phrase: str) -> list[list[Sequence[str]]]:
    """Return the words of a phrase part by part: "we go on (any more|)" has two, one a choice."""
    return [
        [meant(folded(choice)) for choice in (part.split("|") if number % 2 else [part])]
        for number, part in enumerate(GROUP.split(phrase))
    ]


def together(phrase: str) -> str:
    """Return a phrase without choices as it is written together, as in a hashtag."""
    words = folded(phrase)
    written = "".join(words)
    is_told = len(words) > 1 and len(written) >= TOGETHER and written.isascii()
    return written if is_told and not GROUP.search(phrase) else ""
