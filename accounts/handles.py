"""Handles: the public names of members. What may be one, and when two are the same to the eye.

The rules follow Unicode Technical Standard 39 (Security Mechanisms): a handle is of one script, or
of a mixture that section 5.2 calls highly restrictive, and is compared by a skeleton (section 4).
"""

import random
import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from accounts.models import User

SHORTEST, LONGEST = 3, 30

SEPARATORS = " -_.'’"

# Who speaks for the site, and professions: a name may not claim what only a badge may say.
PROTECTED_WORDS = (
    "abuse admin administrator administrators admins clinician clinicians doctor doctors dr editor "
    "editorial editors gp help helpdesk hospital md medic medical midwife mod moderation moderator "
    "moderators mods nurse nurses official paramedic pharmacist physician physio physiotherapist "
    "postmaster prof professor psychiatrist psychologist reviewer root security staff superuser "
    "support surgeon sysadmin system therapist webmaster"
)
PROTECTED_NAMES = (
    "account accounts anonymous author contact deleted deleted-user erased everyone former-member "
    "guest info login logout me member nobody none noreply null removed reader signup unknown user "
    "undefined visitor withdrawn you"
)

ADJECTIVES = (
    "Amber Bright Brisk Calm Clear Copper Crisp Early Easy Fern Gentle Golden Green Hazel Honest "
    "Kind Lively Mellow Merry Misty Open Patient Plain Quiet Silver Slow Steady Sunny Warm Wide"
)
NOUNS = (
    "Alder Aspen Badger Birch Brook Cedar Cloud Finch Harbour Hare Heron Hill Island Kestrel Lark "
    "Linden Maple Meadow Moss Otter Owl Pebble Pine River Robin Sparrow Swift Thrush Willow Wren"
)

# Letters that draw nothing or change nothing one can see (Default_Ignorable_Code_Point, UAX 44).
INVISIBLE_LETTERS = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"
) | {chr(code) for code in range(0xFE00, 0xFE10)}

# Lookalikes in text faces, after case folding: Cyrillic, Greek, Latin and digits onto one letter.
LOOKALIKES = str.maketrans(
    {
        **dict(zip("авекмнорстухіјѕһԁԛԝьзбѵ", "abekmhopctyxljshdqwb36v", strict=True)),
        **dict(zip("αβγεζηικμνορτυχω", "abyezhlkmvoptuxw", strict=True)),
        **dict(zip("01iıɩ|ſøđłħŧ", "ollllls" + "odlht", strict=True)),
        "æ": "ae",
        "œ": "oe",
        "þ": "p",
        "ɑ": "a",
        "ɡ": "g",
    }
)
LOOKALIKE_PAIRS = (("rn", "m"), ("vv", "w"))

# Scripts that one name may mix (UTS 39, section 5.2).
SCRIPT_MIXTURES = (
    {"LATIN", "CJK", "HIRAGANA", "KATAKANA"},
    {"LATIN", "CJK", "BOPOMOFO"},
    {"LATIN", "CJK", "HANGUL"},
)


def propose() -> str:
    """Return a free handle of two friendly words, with a number when the words alone are taken."""
    pairs = [draw(secrets.SystemRandom()) for _unused in range(6)]
    numbered = [f"{pair} {secrets.choice(range(2, 10_000))}" for pair in pairs]
    return next(free(pairs + numbered), f"{pairs[0]} {secrets.choice(range(10_000, 10_000_000))}")


def draw(lots: random.Random) -> str:
    """Return two friendly words, drawn from `lots`."""
    return f"{lots.choice(ADJECTIVES.split())} {lots.choice(NOUNS.split())}"


def free(handles: Iterable[str]) -> Iterator[str]:
    """Yield those of `handles` that nobody has, in their order."""
    keys = {handle: fold(handle) for handle in handles}
    taken = taken_among(keys.values())
    return (handle for handle, key in keys.items() if key not in taken)


def taken_among(keys: Iterable[str], but_for: "User | None" = None) -> set[str]:
    """Return those of these folded handles that `but_for` may not take.

    Other apps may have given names that no handle shall be mistaken for (`names_in_use`).
    """
    from accounts import hooks  # asked by the models that validate their handles here

    keys = list(keys)
    return borne_among(keys, but_for).union(*hooks.ask("names_in_use", keys))


def borne_among(keys: Iterable[str], but_for: "User | None" = None) -> set[str]:
    """Return those of these folded handles that another member has, or had within a year."""
    from accounts.models import FormerHandle, User

    keys = list(keys)
    bearers = User.objects.filter(handle_key__in=keys)
    if but_for is not None:
        bearers = bearers.exclude(pk=but_for.pk)
    borne = {key for key in bearers.values_list("handle_key", flat=True) if key}
    return borne | FormerHandle.objects.among(keys, but_for)


def hold(handle: str) -> None:
    """Let nobody else take or give `handle`, or one like it, until the transaction ends.

    The database keeps two handles apart, but not a handle from a name that another app gives at
    the same moment: whoever makes either holds it, and looks once more whether it is free. (SQLite
    has one writer at a time anyway.)
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"handle {fold(handle)}"]
            )


def take(handle: str, by: "User | None" = None) -> None:
    """Hold `handle` for a member; raises IntegrityError when it is not theirs to take."""
    hold(handle)
    if taken_among([fold(handle)], but_for=by):
        raise IntegrityError(f"Taken: {fold(handle)}")


def clean(handle: str) -> str:
    """Return `handle` as it is stored and shown: compatibility forms and spaces made plain."""
    return " ".join(unicodedata.normalize("NFKC", handle).split())


def fold(handle: str) -> str:
    """Return the skeleton of `handle`: two handles with the same one could be mistaken."""
    decomposed = unicodedata.normalize("NFD", clean(handle).casefold())
    bare = "".join(
        character
        for character in decomposed
        if character not in SEPARATORS and not "\u0300" <= character <= "\u036f"
    )
    skeleton = unicodedata.normalize("NFC", bare).translate(LOOKALIKES)
    for pair, letter in LOOKALIKE_PAIRS:
        skeleton = skeleton.replace(pair, letter)
    return skeleton


def validate(handle: str) -> None:
    """Raise ValidationError, with a sentence for its chooser, unless `handle` may be one."""
    handle = clean(handle)
    for refusal in (refuse_length, refuse_characters, refuse_addresses, refuse_mixtures):
        if problem := refusal(handle):
            raise ValidationError(problem, code="handle")
    if is_protected(handle):
        raise ValidationError(
            _("This name is kept for the people who run the site, or claims a profession."),
            code="handle_protected",
        )


def refuse_length(handle: str) -> str | None:
    if SHORTEST <= len(handle) <= LONGEST and fold(handle):
        return None
    return _("Use between %(shortest)d and %(longest)d characters.") % {
        "shortest": SHORTEST,
        "longest": LONGEST,
    }


def refuse_characters(handle: str) -> str | None:
    marks = 0
    for character in handle:
        category = unicodedata.category(character)
        marks = marks + 1 if category == "Mn" else 0
        known = category[0] in "LM" or category == "Nd" or character in SEPARATORS
        if not known or character in INVISIBLE_LETTERS or marks > 2:
            return _("Use only letters, digits, spaces, and . - _ ’ between them.")
    if unicodedata.category(handle[0])[0] not in "LN" or handle[-1] in SEPARATORS:
        return _("Begin and end with a letter or a digit.")
    return None


def refuse_addresses(handle: str) -> str | None:
    """Refuse what a reader could take for a link: a dot may stand before a space only."""
    if re.search(r"\.\S", handle) or handle.casefold().startswith(("www ", "http")):
        return _("Leave out what looks like a web or e-mail address.")
    if re.search(rf"[{re.escape(SEPARATORS)}]{{2}}", handle.replace(". ", " ")):
        return _("Put no two of . - _ ’ beside each other.")
    return None


def refuse_mixtures(handle: str) -> str | None:
    scripts = {script(character) for character in handle if character.isalpha()}
    if len(scripts) <= 1 or any(scripts <= mixture for mixture in SCRIPT_MIXTURES):
        return None
    return _("Use letters of one alphabet: mixed ones can imitate another name.")


def is_protected(handle: str) -> bool:
    """Tell whether `handle` is, or contains as a word, a name that only the site may use."""
    camel_split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", handle)
    words = re.split(rf"[{re.escape(SEPARATORS)}]+", f"{handle} {camel_split}")
    key, site = fold(handle), fold(settings.SITE_NAME)
    return (
        key in keys_of(f"{PROTECTED_NAMES} {PROTECTED_WORDS}")
        or not keys_of(PROTECTED_WORDS).isdisjoint(map(fold, words))
        or key == site
        or (len(site) >= SHORTEST and site in key)
    )


@cache
def keys_of(names: str) -> frozenset[str]:
    return frozenset(map(fold, names.split()))


def script(character: str) -> str:
    """Return the script of a letter: the first word of its Unicode name tells it well enough."""
    return unicodedata.name(character, "UNKNOWN").split()[0].removesuffix("-COMPATIBILITY")
