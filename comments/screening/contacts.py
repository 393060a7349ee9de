"""Ways to reach a person: e-mail addresses and telephone numbers."""

import re
from collections.abc import Callable, Iterator

from comments.screening.outcomes import Span
from comments.screening.phrase_book import digits_of

AT = r"(?:@|\s?[\[({<]\s?(?:at|arroba|艾特)\s?[\])}>]\s?|\s(?:at|arroba)\s|\s?艾特\s?)"
DOT = r"(?:\.|\s?[\[({<]\s?(?:dot|punto|点)\s?[\])}>]\s?|\s(?:dot|punto)\s|\s?点\s?)"
EMAIL = re.compile(
    r"(?<![\w.+À-ɏ-])[\w.+À-ɏ-]{1,64}\s?@\s?(?:[\w-]{1,63}\s?\.\s?){1,5}[a-z]{2,24}(?![\w@])"
    # With words for both signs it is an address; "look at this. Com…" has the one alone.
    rf"|(?<![\w.+-])[\w.+-]{{1,64}}(?=@|\s?[\[({{<\sa艾])(?={AT}[\w-]{{1,63}}\s?[.\[({{<\sdp点]){AT}"
    rf"(?:[\w-]{{1,63}}{DOT}){{1,4}}(?:com|org|net|edu|gov|info|io|eu|uk|us|es|cn|de|nl|fr|mx|ar|co)"
    r"(?!\w)",
    re.IGNORECASE | re.ASCII,
)
# In words alone ("name at example dot org") one sign at least has to be a word for a dot.
AT_HINTS = ("(at", "( at", "[at", "[ at", "{at", "{ at", "<at", "< at", "arroba", "艾特")
DOT_HINTS = ("dot", "punto", "点")
SAYS_DOT = re.compile(r"@|[\[({<]|\b(?:dot|punto)\b|点", re.IGNORECASE | re.ASCII)

NUMBER = re.compile(
    r"(?<![\w.,/-])(?:\+|\(\+?)?\d(?:[ \-./()\u2010-\u2015]{0,2}\d){6,16}(?!\w)", re.ASCII
)

PHONE_WORDS = re.compile(
    r"\b(?:call|calls|phone|telephone|tel|mobile|cell|cellphone|text me|sms|whatsapp|whats app|"
    r"telegram|viber|ring me|reach me|my number|contact|fax|ll[aá]ma\w*|tel[eé]fono|tfno|m[oó]vil|"
    r"celular|n[uú]mero|escr[ií]be\w*|cont[aá]cta\w*|handy|telefon)\b|wasap|guasap|"
    r"电话|手机|微信|致电|拨打|打给|联系|号码|加我|QQ|電話|手機",
    re.IGNORECASE | re.ASCII,
)
BEFORE = 30  # characters in which such a word says what the number is
# Free to call: an organisation pays for them. 116 is the European range of social services.
FREE = re.compile(
    r"(?:00)?(?:44)?0?8(?:00|08)\d{4,7}|1?8(?:00|33|44|55|66|77|88)\d{7}|116\d{3}|(?:34)?900\d{6}"
)
NORTH_AMERICA = re.compile(r"\+?1?[ .-]?\(?[2-9]\d\d\)?[ .-]{0,2}[2-9]\d\d[ .-]\d{4}")
SPAIN = re.compile(r"[6-9]\d\d[ -]\d{3}[ -]\d{3}|[6-9]\d\d[ -]\d\d[ -]\d\d[ -]\d\d|[67]\d{8}")
CHINA = re.compile(r"1[3-9]\d[ -]?\d{4}[ -]?\d{4}")
# A trunk zero, then groups; "0.125" has a dot after it, and "007" is no area.
TRUNK = re.compile(r"\(?0[1-9][\d ()/\-\u00a0\u2010-\u2015.]{7,18}")


def email_addresses(text: str, lowered: str) -> Iterator[Span]:
    in_words = " at " in lowered and any(hint in lowered for hint in DOT_HINTS)
    if "@" not in text and not in_words and not any(hint in lowered for hint in AT_HINTS):
        return
    for match in EMAIL.finditer(text):
        if SAYS_DOT.search(match[0]):
            yield match.span()


def phone_numbers(text: str, is_known: Callable[[str], bool]) -> Iterator[Span]:
    """Yield where numbers stand that ring at somebody's; `is_known` tells helplines by digits."""
    for match in NUMBER.finditer(text):
        number, digits = match[0], digits_of(match[0])
        before = text[max(match.start() - BEFORE, 0) : match.start()]
        is_phone = _is_phone(number, digits, before) and not FREE.fullmatch(digits)
        if is_phone and not is_known(digits):
            yield match.span()


def _is_phone(number: str, digits: str, before: str) -> bool:
    if "+" in number or (digits.startswith("00") and digits[2:3] != "0"):
        return 8 <= len(digits) <= 17
    if any(shape.fullmatch(number) for shape in (NORTH_AMERICA, SPAIN, CHINA)):
        return not digits.endswith("000000")
    if TRUNK.fullmatch(number) and 9 <= len(digits) <= 12:
        return True
    return 7 <= len(digits) <= 15 and bool(PHONE_WORDS.search(before))
