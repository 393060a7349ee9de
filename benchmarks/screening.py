"""What it costs to screen a text: `python -m benchmarks.screening`.

Ordinary texts and hostile ones of 5,000 characters, with the starter phrases. "Words" is what a
signed-out text costs, with one small question to the database; "in all" is that of a member, with
the questions about them. What is counted is the processor's time, median and worst: other work on
the machine changes it less than the clock's, whose median stands beside it.
"""

import gc
import statistics
import time
from collections.abc import Callable

from benchmarks.measuring import database

Clock = Callable[[], float]

LENGTH = 5_000
REPEATS = 30

ENGLISH = (
    "I have had acupuncture for my facial spasm since 12 March 2021, nine sessions so far, and it's"
    " a little calmer. My neurologist, who I see twice a year, gave me 20 mg of something else at"
    " night and told me to read https://www.nhs.uk/conditions/ first. My pressure is 120/80."
    " Does anybody here know whether the twitching around the eye comes back after a break?\n\n"
)
SPANISH = (
    "Llevo nueve sesiones de acupuntura desde el 12 de marzo de 2021 y el espasmo está mejor."
    " La neuróloga, que me ve dos veces al año, me dio 20 mg por la noche. ¿Sabéis si vuelve tras"
    " de un descanso? Tengo la tensión en 120/80 y duermo unas 6 horas.\n\n"
)
CHINESE = (
    "我从2021年3月12日开始做针灸,到现在一共做了九次,面部痉挛好了一些。神经科医生每年看两次,晚上"
    "吃20毫克的药,血压120/80。请问休息一段时间之后会不会复发?\n\n"
)
ORDINARY = {"English": ENGLISH, "Spanish": SPANISH, "Chinese": CHINESE}
HOSTILE = {
    "one letter": "a",
    "spaced letters": "k i l l ",
    "dotted letters": "v.i.a.g.r.a.",
    "digits and letters": "m1r4cl3 ",
    "digits": "1",
    "spaced digits": "1 2 3 4 5 6 7 ",
    "digits with signs": "1-2.3/(4) ",
    "almost a phone number": "+1 2 3 4 5 6a ",
    "almost an IBAN": "GB82 WEST 1234 ",
    "almost an address": "a.b-c+d.",
    "at signs": "@a.b",
    "words for at and dot": "a at b dot ",
    "almost a phrase": "I want to I want ",
    "phrases": "I want to die ",
    "harmless phrases": "quiero morir de ",
    "almost a Chinese phrase": "我想我想自",
    "Chinese phrases": "我想自杀",
    "links": "http://a.b/c ",
    "link with dots": "a.b.c.d.e.f.",
    "brackets of links": "http://a.b/c)",
    "accents": "é\u0301\u0302",
    "unseen characters": "a\u200b",
    "one character drawn as many": "ﷺ",
    "mathematical letters": "𝓼𝓹𝓪𝓶 ",
    "lookalikes": "mirаcle сure ",
    "record numbers": "MRN MRN: ",
    "births": "born 12 March ",
    "streets": "1 Aa Bb Cc ",
    "new lines": "\n ",
    "exclamation marks": "! ?",
    "words of crisis, then full stops": f"I want to die{'.' * LENGTH}",
    "dollars": "$p@m",
}

# For each pattern of personal data and links what it nearly matches, without end.
PATTERN_TRAPS = (
    "a.", "a-", "@", "a@", "a@b", "a@b.", "(at)", "a(at)b(dot)", "艾特", "点", " at ", " dot ",
    "+1", "(+1)", "1-", "1 - ", "1.", "(1)", "1/1/", "12-12-", "2021-12-", "2021年1月",
    "born 1.1.", "1 march ",
    "march 1, ", "dob:", "生日", "MRN 1a", "patient no 1 1 ", "NHS: ", "dni 1a1a", "A1 ",
    "GB82AAAA", "GB82 ", "AA11 AAAA ", "1 Aa ", "12 Aaaa Bbbb ", "calle Aa de la Aa ", "c/ A 1",
    "Aaaastr", "Aaaastrasse ", "大路路", "大路1", "postcode ", "zip 1a ", ", CA 9411", "1234 AB",
    "http://", "http://a.", "a.b/", "www.", "doi 1 ", "10.1000/", "isbn 9-7-", "$1,", "1.1.1 mg",
    "1 000 000 ", "1,000,", "!", "a!", "A ", "AAAA ", "a' ", "''", "_", "a_b", "$a$", "a|b|",
    "\u200b.",
)  # fmt: skip

# With one of each, no pattern is left out because it has nothing to look for.
OPENS_ALL = "I want to die, MRN 943 476 5919 born 生日 calle str. 号 road post a://b x@y dot at "


def main() -> None:
    with database():
        measure()


def measure() -> None:
    from accounts.models import User
    from articles.models import Article, Category

    author = User.objects.create_user("reader@example.org", handle="Reader")
    article = Article.objects.create(slug="article", category=Category.objects.at(["Health"]))
    gc.disable()
    for kind, texts in (("ordinary", ORDINARY), ("hostile", HOSTILE)):
        for name, text in texts.items():
            words = "{:.1f} to {:.1f}".format(*times(text, None, article))
            in_all = "{:.1f} to {:.1f}".format(*times(text, author, article))
            clock = times(text, author, article, time.perf_counter)[0]
            print(f"words {words:14} in all {in_all:14} clock {clock:4.1f} {kind}: {name}")
    growth(article)


def growth(article: object) -> None:
    """Print by how much twice a text takes longer; 2 is in proportion, 4 a pattern gone wrong."""
    parts = [
        *HOSTILE.values(),
        *PATTERN_TRAPS,
        *map(chr, range(32, 127)),
        *"。年月日号点路é@ａ１\n",
    ]
    found = sorted(((grown(part, article), part) for part in parts), reverse=True)
    for times_longer, part in found[:5]:
        print(f"{times_longer:.1f} times as long for twice of {part!r}")
    print(f"{len(parts)} kinds of text")


def grown(part: str, article: object) -> float:
    """Return the least time for 20,000 characters in those for 10,000."""
    return least(part, LENGTH * 4, article) / least(part, LENGTH * 2, article)


def least(part: str, length: int, article: object) -> float:
    from comments.screening import Candidate, screen

    text = (OPENS_ALL + part * length)[:length]
    candidate = Candidate(text, article)  # type: ignore[arg-type] # as above
    return min(spent(lambda: screen(candidate)) for _number in range(3))


def times(
    part: str, author: object, article: object, clock: Clock = time.thread_time
) -> tuple[float, float]:
    """Return median and worst of the milliseconds for `part`, repeated to the full length."""
    from comments.screening import Candidate, screen

    text = (part * (LENGTH // len(part) + 1))[:LENGTH]
    candidate = Candidate(text, article, author)  # type: ignore[arg-type] # imported late
    screen(candidate)
    taken = [spent(lambda: screen(candidate), clock) * 1_000 for _number in range(REPEATS)]
    return statistics.median(taken), max(taken)


def spent(deed: Callable[[], object], clock: Clock = time.thread_time) -> float:
    start = clock()
    deed()
    return clock() - start


if __name__ == "__main__":
    main()
