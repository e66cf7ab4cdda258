"""Series and numbers of identity documents: birth certificate, passport of the Russian Federation."""

import re
from enum import StrEnum

from identifiers.errors import InvalidIdentifier

# What keyboards and office programs put for a hyphen, and letters that look alike in the two alphabets.
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_TO_ROMAN = str.maketrans("ХСІ", "XCI")
_TO_CYRILLIC = str.maketrans("ABEKMHOPCTXY", "АВЕКМНОРСТХУ")
_SERIES = re.compile(r"([^\s-]{1,7})[\s-]*([^\s-]{2})")
_ROMAN = re.compile(r"[IVXLC]{1,7}")
_LETTERS = re.compile(r"[А-ЯЁ]{2}")
_OTHER_LENGTH = 32


class DocumentKind(StrEnum):
    """Kind of an identity document, as it stands in applications, class lists and events."""

    BIRTH_CERTIFICATE = "birth_certificate"
    PASSPORT_RF = "passport_rf"
    OTHER = "other"


def parse_birth_certificate_series(text: str) -> str:
    """Return the series as ``IV-АГ``: Roman number in Latin letters, hyphen, two Cyrillic letters.

    Look-alikes of the other alphabet are put right in each part; a missing or long dash becomes a hyphen.
    """
    match = _SERIES.fullmatch(text.strip().upper().translate(_DASHES))
    if match is not None:
        roman, letters = match[1].translate(_TO_ROMAN), match[2].translate(_TO_CYRILLIC)
        if _ROMAN.fullmatch(roman) and _LETTERS.fullmatch(letters):
            return f"{roman}-{letters}"
    raise InvalidIdentifier(
        "birth_certificate_series.format",
        "Серия свидетельства о рождении: римское число, дефис и две русские буквы, например IV-АГ",
    )


def _six_digits(text: str, code: str, name: str) -> str:
    value = text.strip()
    if re.fullmatch(r"[0-9]{6}", value) is None:
        raise InvalidIdentifier(f"{code}.format", f"Номер {name} должен состоять из 6 цифр")
    return value


def parse_birth_certificate_number(text: str) -> str:
    """Return the 6 digits of a birth certificate's number."""
    return _six_digits(text, "birth_certificate_number", "свидетельства о рождении")


def parse_passport_series(text: str) -> str:
    """Return the 4 digits of a passport's series, written ``0314`` or ``03 14``."""
    match = re.fullmatch(r"([0-9]{2}) ?([0-9]{2})", text.strip())
    if match is None:
        raise InvalidIdentifier("passport_series.format", "Серия паспорта РФ должна состоять из 4 цифр")
    return match[1] + match[2]


def parse_passport_number(text: str) -> str:
    """Return the 6 digits of a passport's number."""
    return _six_digits(text, "passport_number", "паспорта РФ")


def _free_text(text: str, part: str, name: str) -> str:
    value = " ".join(text.split()).upper()
    if len(value) > _OTHER_LENGTH or not value.isprintable():
        raise InvalidIdentifier(
            f"document_{part}.format", f"{name} документа: не длиннее {_OTHER_LENGTH} печатных знаков"
        )
    return value


def parse_document(kind: DocumentKind, series: str, number: str) -> tuple[str, str]:
    """Return series and number in normal form. Any other document needs a number; its series may be empty."""
    match kind:
        case DocumentKind.BIRTH_CERTIFICATE:
            return parse_birth_certificate_series(series), parse_birth_certificate_number(number)
        case DocumentKind.PASSPORT_RF:
            return parse_passport_series(series), parse_passport_number(number)
        case DocumentKind.OTHER:
            normal = _free_text(series, "series", "Серия"), _free_text(number, "number", "Номер")
            if not normal[1]:
                raise InvalidIdentifier("document_number.format", "Номер документа не указан")
            return normal
