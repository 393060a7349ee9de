"""How passwords are kept, and which are refused: length counts, composition does not.

NIST SP 800-63B-4, section 3.1.1.2, and OWASP ASVS 5.0, V6.2.
"""

import string
import unicodedata

from django.conf import settings
from django.contrib.auth import password_validation
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SHORTEST, LONGEST = 15, 128

ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "!@#$%^&*()_+",
)
RUNS = tuple(run for row in ROWS for run in (row, row[::-1]))


class Argon2Hasher(Argon2PasswordHasher):
    """Argon2id with OWASP's smallest recommended memory (Password Storage Cheat Sheet).

    Django's own parameters cost 100 MB a hash: twenty people who log in at once would need 2 GB.
    """

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1


def normalise(password: str | None) -> str | None:
    """Return `password` in NFKC, so that the same characters typed on another device match."""
    return None if password is None else unicodedata.normalize("NFKC", password)


class LengthValidator:
    """Accept 15 to 128 characters: below is guessed, above costs more to hash than it protects."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        length = len(unicodedata.normalize("NFKC", password))
        if length < SHORTEST:
            raise ValidationError(
                _("Use at least %(shortest)d characters. A few words in a row are fine."),
                code="password_too_short",
                params={"shortest": SHORTEST},
            )
        if length > LONGEST:
            raise ValidationError(
                _("Use at most %(longest)d characters."),
                code="password_too_long",
                params={"longest": LONGEST},
            )

    def get_help_text(self) -> str:
        return _("At least %(shortest)d characters. A few words in a row are easy to remember.") % {
            "shortest": SHORTEST
        }


class CommonPasswordValidator(password_validation.CommonPasswordValidator):
    """Refuse common passwords, and long ones that are made of one or two guessable pieces.

    Lists of common passwords have few of 15 characters, so "passwordpassword", "qwertyuiopasdfgh"
    and "Bedside2026!!!!" are recognised by what they are made of.
    """

    FEWEST_PIECES = 3

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        text = "".join(unicodedata.normalize("NFKC", password).casefold().split())
        text = text.strip(string.punctuation) or text
        if text and (self.count_pieces(text) < self.FEWEST_PIECES or repeats_a_short_piece(text)):
            raise ValidationError(
                _("This password is too easy to guess. Use words that do not belong together."),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return ""

    def count_pieces(self, text: str) -> int:
        """Return how few guesses make up `text`; a piece that follows itself counts once."""
        text = text[:LONGEST]
        fewest = [0] + [len(text)] * len(text)
        for end in range(1, len(text) + 1):
            for start in range(end):
                piece = text[start:end]
                if text[:start].endswith(piece):
                    cost = 0
                elif len(piece) == 1 or self.is_guessable(piece):
                    cost = 1
                else:
                    continue
                fewest[end] = min(fewest[end], fewest[start] + cost)
        return fewest[-1]

    def is_guessable(self, piece: str) -> bool:
        return (
            (len(piece) >= 4 and piece in self.passwords)
            or (len(piece) <= 4 and piece.isdecimal())  # a year, a date
            or (len(piece) >= 3 and any(piece in run for run in RUNS))
            or piece == "".join(settings.SITE_NAME.casefold().split())
        )


def repeats_a_short_piece(text: str) -> bool:
    """Tell whether `text` is up to four characters over and over."""
    return any(
        text == (text[:size] * len(text))[: len(text)] for size in range(1, 5) if len(text) > size
    )
