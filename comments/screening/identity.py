"""Numbers that name a person: of health services, records, states, banks and cards."""

import re
from collections.abc import Callable, Iterator

from comments.screening import check_digits
from comments.screening.outcomes import Span

SEPARATORS = re.compile(r"[ \-.\u00a0]")

# Each shape stands between characters that are no part of a word. All are of bounded length.
SHAPES: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = tuple(
    (re.compile(rf"(?<![\w.-]){shape}(?![\w-])", re.ASCII), proves)
    for shape, proves in (
        (r"\d{3}[ -]?\d{3}[ -]?\d{4}", check_digits.is_nhs_number),
        (r"\d(?:[ -]?\d){12,18}", check_digits.is_card),
        (r"(?:\d{8}|[XYZxyz]-?\d{7})[ -]?[A-Za-z]", check_digits.is_dni),
        (r"\d{17}[\dXx]", check_digits.is_chinese_id),
        (r"[12] ?\d\d ?\d\d ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d", check_digits.is_nir),
        (r"[A-Z]\d{9}", check_digits.is_kvnr),
    )
)
IBAN = re.compile(
    r"(?<![\w.-])[A-Za-z]{2}\d\d(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?(?![\w-])", re.ASCII
)
# US social security: no check digit, but never 000, 666 or 900 and above.
SSN = re.compile(r"(?<![\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\w-])", re.ASCII)
BSN = re.compile(r"\b(?:\d{4}[ .]?\d{2}[ .]?\d{3}|\d{3}[ .]?\d{3}[ .]?\d{3})\b", re.ASCII)
BSN_WORDS = re.compile(r"\b(?:bsn|burgerservicenummer|sofinummer)\b", re.IGNORECASE | re.ASCII)
CONTEXT = 40  # characters before a number in which words say what it is

RECORD_WORDS = (
    r"\bMRN\b|\bmedical record(?: no\.?| number)?|\b(?:hospital|patient|chart|health card|"
    r"insurance|policy|passport|NHS|medicare|medicaid|member) (?:id|no\.?|number|#)"
    r"|\bpatient id|\bsocial security(?: no\.?| number)?|\bSSN\b|\bFallnummer|\bPatientennummer|"
    r"\bVersicher(?:ten|ungs)nummer|\bReisepassnummer|\bhistoria cl[ií]nica|"
    r"\bn[úu]mero de (?:la )?(?:historia|afiliaci[óo]n|seguridad social|tarjeta|paciente)|"
    r"\bNHC\b|\bNUHSA\b|\btarjeta sanitaria|\bpasaporte|\bDNI\b|\bNIE\b|\bpatiëntnummer|"
    r"病历号|病案号|住院号|门诊号|就诊卡号?|社保(?:卡)?号|医保(?:卡)?号|身份证(?:号码?)?|护照号?"
)
RECORD = re.compile(
    rf"(?:{RECORD_WORDS})(?:\s|[:：#.,º°=是为n]|\bis\b|\bes\b|\bno\b|\bist\b){{0,8}}"
    r"(?P<number>[A-Z]{0,4}-?\d[A-Z\d]{0,20}(?:[ /-]\d[A-Z\d]{0,12}){0,4})(?!\w)",
    re.IGNORECASE | re.ASCII,
)
# Looking for these first is much faster than for all of the above.
HINTS = (
    *("mrn", "record", "hospital", "patient", "patiënt", "chart", "card", "insurance", "policy"),
    *("passport", "nhs", "medica", "member ", "security", "ssn", "fallnummer", "versicher"),
    *("reisepass", "historia", "mero de", "nhc", "nuhsa", "tarjeta", "pasaporte", "dni", "nie"),
    *("病", "住院", "门诊", "就诊", "保", "身份证", "护照"),
)
DIGITS_OF_A_RECORD = 5
MAYBE_RECORD = re.compile(r"\d(?:[A-Za-z]{0,20}[ /-]?\d){4}", re.ASCII)


def identity_numbers(text: str) -> Iterator[Span]:
    """Yield where numbers stand that tell what they are by themselves, or nearly."""
    for shape, proves in SHAPES:
        for match in shape.finditer(text):
            if proves(SEPARATORS.sub("", match[0]).upper()):
                yield match.span()
    yield from (match.span() for match in SSN.finditer(text))
    for match in BSN.finditer(text):
        before = text[max(match.start() - CONTEXT, 0) : match.start()]
        if BSN_WORDS.search(before) and check_digits.is_bsn(SEPARATORS.sub("", match[0])):
            yield match.span()


def record_numbers(text: str, lowered: str) -> Iterator[Span]:
    """Yield numbers of records in `text`, which is `lowered` in small letters: a word says so."""
    if not any(hint in lowered for hint in HINTS) or not MAYBE_RECORD.search(text):
        return
    for match in RECORD.finditer(text):
        if sum(map(str.isdigit, match["number"])) >= DIGITS_OF_A_RECORD:
            yield match.span("number")


def bank_accounts(text: str) -> Iterator[Span]:
    for match in IBAN.finditer(text):
        if check_digits.is_iban(SEPARATORS.sub("", match[0]).upper()):
            yield match.span()
