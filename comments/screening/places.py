"""Where a person lives: postcodes and streets, where their shape or a word beside them tells."""

import re
from collections.abc import Iterator

from comments.screening.outcomes import Span

# ISO 3166-2:GB postcode areas; the last two letters are never C I K M O V, so "E10 5MG" is none.
UK_AREAS = frozenset(
    (  # noqa: SIM905 # a list of a hundred strings is harder to read
        "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG "
        "DH DL DN DT DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM "
        "IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW "
        "OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY "
        "TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE "
    ).split()
)
UK = re.compile(
    r"(?<![\w-])(?P<area>[A-Z]{1,2})\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}(?![\w-])", re.ASCII
)
US_STATES = (
    "A[LKZR]|C[AOT]|D[EC]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|"
    "T[NX]|UT|V[TA]|W[AVIY]"
)
US = re.compile(rf"(?<=, )(?:{US_STATES}) \d{{5}}(?:-\d{{4}})?(?![\w-])")
# Elsewhere a postcode is a bare number: a word has to say what it is.
NAMED = re.compile(
    r"(?:\bpost ?code|\bpostal code|\bzip(?: code)?|\bPLZ|\bPostleitzahl|\bc[óo]digo postal|"
    r"\bC\. ?P\.|\bcode postal|邮编|邮政编码)(?:\s|[:：是为.,=]|\bis\b|\bes\b|\bist\b){0,6}"
    r"(?P<code>(?=[A-Z]{0,2}\d)[A-Z\d]{2,5}(?:[ -]?[A-Z\d]{2,4})?)(?!\w)",
    re.IGNORECASE | re.ASCII,
)
HINTS = ("post", "zip", "plz", "c.p", "c. p", "cp", "邮")
DUTCH = re.compile(r"(?<=\d[ ,])(?:, ?)?[1-9]\d{3} [A-Z]{2}(?= [A-Z]| ?,|[ \n]*$)")
# What every postcode has that tells by its shape.
MAYBE_POSTCODE = re.compile(r"\d [A-Z]{2}|[A-Z\d] \d[A-Z]{2}|[A-Z]{2} \d{5}", re.ASCII)

NAME = r"[A-ZÁÉÍÓÚÑÄÖÜ][\w'’.-]{1,20}"
# With each the words one of which it holds: looking for these first is much faster.
STREETS: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    (
        ("st", "rd", "road", "av", "ln", "lane", "dr", "cl", "cr", "ct", "court", "terr", "gard",
         "boul", "blvd", "squ", "grove", "way"),
        re.compile(
            rf"(?<![\w.,/-])\d{{1,5}}[A-Za-z]? (?:{NAME} ){{1,3}}"
            r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Crescent|Terrace|Gardens|"
            r"Boulevard|Blvd|Court|Ct|Square|Grove|Way)\b"
        ),
    ),
    (
        ("calle", "c/", "avd", "av.", "avenida", "plaza", "paseo"),
        re.compile(
            r"(?<!\w)(?:[Cc]alle|[Cc]/|[Aa]v(?:enida|da\.?|d?\.)|[Pp]laza|[Pp]aseo)\s?"
            rf"(?:del? |la |las |los |el ){{0,2}}{NAME}(?: (?:del? |la |las |los )?{NAME}){{0,3}}"
            r",? ?(?:n[º°.úu]m?\.? ?)?\d{1,4}(?!\w)"
        ),
    ),
    (
        ("strasse", "str.", "weg ", "gasse", "allee", "straat", "laan", "gracht"),
        re.compile(
            r"(?<!\w)[A-ZÄÖÜ][a-zäöüß-]{2,25}(?:straße|strasse|str\.|weg|gasse|allee|straat|laan|"
            r"gracht) \d{1,4}[a-z]?(?!\w)"
        ),
    ),
    (
        ("号", "弄"),
        re.compile(r"[\u4e00-\u9fff]{2,8}(?:路|街|大道|巷|弄|胡同)\d{1,5}(?:号|弄)(?!线)"),
    ),
)  # fmt: skip


def places(text: str, lowered: str) -> Iterator[Span]:
    """Yield where addresses stand in `text`, which is `lowered` in small letters."""
    for hints, shape in STREETS:
        if any(hint in lowered for hint in hints):
            yield from (match.span() for match in shape.finditer(text))
    if MAYBE_POSTCODE.search(text):
        yield from (match.span() for match in UK.finditer(text) if match["area"] in UK_AREAS)
        for shape in (US, DUTCH):
            yield from (match.span() for match in shape.finditer(text))
    if any(hint in lowered for hint in HINTS):
        yield from (match.span("code") for match in NAMED.finditer(text))
