"""Numbers that prove themselves: by their check digits, a mistyped one is told from a real one.

Each function takes the bare digits (and letters, in capitals) and tells whether they add up.
"""

import re

DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
CN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
IBAN_LENGTHS = {
    "AT": 20,
    "BE": 16,
    "BG": 22,
    "CH": 21,
    "CY": 28,
    "CZ": 24,
    "DE": 22,
    "DK": 18,
    "EE": 20,
    "ES": 24,
    "FI": 18,
    "FR": 27,
    "GB": 22,
    "GR": 27,
    "HR": 21,
    "HU": 28,
    "IE": 22,
    "IS": 26,
    "IT": 27,
    "LI": 21,
    "LT": 20,
    "LU": 20,
    "LV": 21,
    "MC": 27,
    "MT": 31,
    "NL": 18,
    "NO": 15,
    "PL": 28,
    "PT": 25,
    "RO": 24,
    "SE": 24,
    "SI": 19,
    "SK": 24,
    "SM": 27,
    "TR": 26,
    "UA": 29,
}


def is_nhs_number(digits: str) -> bool:
    """UK, NHS Data Dictionary: ten digits, modulus 11."""
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    check = 11 - sum(int(d) * (10 - n) for n, d in enumerate(digits[:9])) % 11
    return check % 11 == int(digits[9]) and check != 10


def is_card(digits: str) -> bool:
    """Payment cards, ISO/IEC 7812: 13 to 19 digits, Luhn; the first says which network."""
    if not 13 <= len(digits) <= 19 or digits[0] not in "23456" or len(set(digits)) == 1:
        return False
    doubled = [int(d) * 2 if n % 2 else int(d) for n, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def is_dni(value: str) -> bool:
    """Spain, DNI and NIE: the letter is the number modulo 23."""
    number = value[:-1].translate(str.maketrans("XYZ", "012"))
    return number.isdigit() and DNI_LETTERS[int(number) % 23] == value[-1]


def is_chinese_id(value: str) -> bool:
    """China, GB 11643: a date of birth within, and ISO 7064 MOD 11-2."""
    if not re.fullmatch(r"[1-9]\d{5}(19|20)\d\d(0[1-9]|1[0-2])[0-3]\d{4}[\dX]", value):
        return False
    total = sum(int(d) * w for d, w in zip(value, CN_WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == value[17]


def is_bsn(digits: str) -> bool:
    """The Netherlands, BSN: nine digits, the eleven test."""
    if len(digits) != 9 or len(set(digits)) == 1:
        return False
    return (sum(int(d) * (9 - n) for n, d in enumerate(digits[:8])) - int(digits[8])) % 11 == 0


def is_nir(value: str) -> bool:
    """France, numéro de sécurité sociale: the key is 97 less the number modulo 97."""
    number = value[:13].replace("2A", "19").replace("2B", "18")
    return len(value) == 15 and number.isdigit() and 97 - int(number) % 97 == int(value[13:])


def is_kvnr(value: str) -> bool:
    """Germany, Krankenversichertennummer: a letter and nine digits, modulus 10."""
    digits = f"{ord(value[0]) - 64:02d}{value[1:9]}"
    weighted = [int(d) * (2 if n % 2 else 1) for n, d in enumerate(digits)]
    return sum(w // 10 + w % 10 for w in weighted) % 10 == int(value[9])


def is_iban(value: str) -> bool:
    """ISO 13616: moved to the end and read as digits, the number is 1 modulo 97."""
    if IBAN_LENGTHS.get(value[:2]) != len(value):
        return False
    return int("".join(str(int(sign, 36)) for sign in value[4:] + value[:4])) % 97 == 1
