"""Dates of birth: a whole date, and a word for birth beside it. Other dates pass."""

import re
from collections.abc import Iterator

from comments.screening.outcomes import Span

MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo|"
    "junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre"
)
YEAR = r"(?:19|20)\d\d"
DATE = re.compile(
    rf"(?<!\d)(?:{YEAR}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:{YEAR}|\d\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? (?:of |de )?(?:{MONTHS}),? (?:de(?:l)? )?{YEAR}"
    rf"|(?:{MONTHS})\.? \d{{1,2}}(?:st|nd|rd|th)?,? {YEAR}"
    rf"|{YEAR}\s?年\s?\d{{1,2}}\s?月\s?\d{{1,2}}\s?[日号])(?!\d)",
    re.IGNORECASE | re.ASCII,
)
BEFORE = re.compile(
    r"(?:\bborn(?: on)?|\bdate of birth|\bbirth ?date|\bbirthday|\bd\.?o\.?b\b\.?|\bnac[ií]\w{0,4}|"
    r"\bfecha de nac(?:imiento|\.)|\bf\. ?nac\.?|\bcumplea[ñn]os|生日|出生(?:日期|年月日?)?|生于)"
    r"[^.!?。\n\d]{0,25}$",
    re.IGNORECASE | re.ASCII,
)
AFTER = re.compile(
    r"^\s?(?:出生|生(?:的|人|$)|\(?(?:date of birth|dob)\b)", re.IGNORECASE | re.ASCII
)
NEAR = 45


# Without one of these no date is one of birth; looking for them is much faster than for dates.
HINTS = (
    *("born", "birth", "dob", "d.o.b", "nac", "cumplea"),
    *("生日", "出生", "生于", "生的", "生人"),
)


def births(text: str, lowered: str) -> Iterator[Span]:
    """Yield where dates of birth stand in `text`, which is `lowered` in small letters."""
    is_hinted = any(hint in lowered for hint in HINTS) or text.rstrip().endswith("生")
    if not is_hinted:
        return
    for match in DATE.finditer(text):
        before = text[max(match.start() - NEAR, 0) : match.start()]
        if BEFORE.search(before) or AFTER.search(text[match.end() : match.end() + NEAR]):
            yield match.span()
