"""Words kept at rest so that a copy of the database alone does not tell them."""

import base64
import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac

# Before it, a text is what was kept before this field encrypted.
MARK = "fernet:"


class EncryptedTextField(models.TextField[str, str]):
    """Text that is stored encrypted (Fernet: AES-128-CBC and HMAC-SHA256) under SECRET_KEY.

    It can't be searched. What was written under a key that is neither SECRET_KEY nor one of
    SECRET_KEY_FALLBACKS any more reads as empty.
    """

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value and encrypted(value)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return value and decrypted(value)


class EncryptedJSONField(models.TextField[Any, Any]):
    """An object of JSON, kept likewise; what cannot be read any more is an empty one."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypted(json.dumps(value))

    def from_db_value(self, value: str, expression: Any, connection: Any) -> Any:
        return json.loads(decrypted(value) or "{}")


def encrypted(text: str) -> str:
    return MARK + ciphers(keys()).encrypt(text.encode()).decode()


def decrypted(kept: str) -> str:
    if not kept.startswith(MARK):
        return kept
    try:
        return ciphers(keys()).decrypt(kept.removeprefix(MARK)).decode()
    except InvalidToken:
        return ""


def keys() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=4)
def ciphers(secrets: tuple[str, ...]) -> MultiFernet:
    """Return what encrypts with the first of `secrets`, and decrypts with each of them."""
    digests = (
        salted_hmac("accounts.encryption", "", secret=secret, algorithm="sha256").digest()
        for secret in secrets
    )
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
