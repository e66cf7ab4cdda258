"""Series and numbers of documents: birth certificate, passport of the Russian Federation, medical policy."""

import re
from enum import StrEnum

from identifiers.errors import InvalidIdentifier
from identifiers.letters import to_cyrillic, to_hyphens, to_latin
from identifiers.numbers import luhn_digit
from identifiers.personal import PersonalText

_SERIES = re.compile(r"([^\s-]{1,7})[\s-]*([^\s-]{2})")
_ROMAN = re.compile(r"[IVXLC]{1,7}")
_LETTERS = re.compile(r"[А-ЯЁ]{2}")
_OTHER_LENGTH = 32
_ENP = 16


class DocumentKind(StrEnum):
    """Kind of an identity document, as it stands in applications, class lists and events."""

    BIRTH_CERTIFICATE = "birth_certificate"
    PASSPORT_RF = "passport_rf"
    OTHER = "other"


def parse_birth_certificate_series(text: str) -> PersonalText:
    """Return the series as ``IV-АГ``: Roman number in Latin letters, hyphen, two Cyrillic letters.

    Look-alikes of the other alphabet are put right in each part; a missing or long dash becomes a hyphen.
    """
    match = _SERIES.fullmatch(to_hyphens(text.strip().upper()))
    if match is not None:
        roman, letters = to_latin(match[1]), to_cyrillic(match[2])
        if _ROMAN.fullmatch(roman) and _LETTERS.fullmatch(letters):
            return PersonalText(f"{roman}-{letters}")
    raise InvalidIdentifier(
        "birth_certificate_series.format",
        "Серия свидетельства о рождении: римское число, дефис и две русские буквы, например IV-АГ",
    )


def _six_digits(text: str, code: str, name: str) -> PersonalText:
    value = text.strip()
    if re.fullmatch(r"[0-9]{6}", value) is None:
        raise InvalidIdentifier(f"{code}.format", f"Номер {name} должен состоять из 6 цифр")
    return PersonalText(value)


def parse_birth_certificate_number(text: str) -> PersonalText:
    """Return the 6 digits of a birth certificate's number."""
    return _six_digits(text, "birth_certificate_number", "свидетельства о рождении")


def parse_passport_series(text: str) -> PersonalText:
    """Return the 4 digits of a passport's series, written ``0314`` or ``03 14``."""
    match = re.fullmatch(r"([0-9]{2}) ?([0-9]{2})", text.strip())
    if match is None:
        raise InvalidIdentifier("passport_series.format", "Серия паспорта РФ должна состоять из 4 цифр")
    return PersonalText(match[1] + match[2])


def parse_passport_number(text: str) -> PersonalText:
    """Return the 6 digits of a passport's number."""
    return _six_digits(text, "passport_number", "паспорта РФ")


def parse_division_code(text: str) -> str:
    """Return the code of the division that issued a passport as ``230-001``."""
    match = re.fullmatch(r"([0-9]{3})[- ]?([0-9]{3})", to_hyphens(text.strip()))
    if match is None:
        raise InvalidIdentifier("division_code.format", "Код подразделения должен состоять из 6 цифр, например 230-001")
    return f"{match[1]}-{match[2]}"


def parse_medical_policy(text: str) -> PersonalText:
    """Return the number of a medical insurance policy.

    16 digits are the single number (ЕНП) and are checked by its control digit; policies of former patterns are free text.
    """
    digits = re.sub(r"[ -]", "", to_hyphens(text))
    if re.fullmatch(rf"[0-9]{{{_ENP}}}", digits) is None:
        value = _free_text(text, "medical_policy", "Номер полиса")
        if not value:
            raise InvalidIdentifier("medical_policy.format", "Номер полиса не указан")
        return value
    if not digits.strip("0") or luhn_digit(digits[:-1]) != int(digits[-1]):
        raise InvalidIdentifier("medical_policy.checksum", "Полис указан с ошибкой: не сходится контрольное число")
    return PersonalText(digits)


def _free_text(text: str, what: str, name: str) -> PersonalText:
    value = " ".join(text.split()).upper()
    if len(value) > _OTHER_LENGTH or not value.isprintable():
        raise InvalidIdentifier(f"{what}.format", f"{name}: не длиннее {_OTHER_LENGTH} печатных знаков")
    return PersonalText(value)


def parse_document(kind: DocumentKind, series: str, number: str) -> tuple[PersonalText, PersonalText]:
    """Return series and number in normal form. Any other document needs a number; its series may be empty."""
    match kind:
        case DocumentKind.BIRTH_CERTIFICATE:
            return parse_birth_certificate_series(series), parse_birth_certificate_number(number)
        case DocumentKind.PASSPORT_RF:
            return parse_passport_series(series), parse_passport_number(number)
        case DocumentKind.OTHER:
            normal = (
                _free_text(series, "document_series", "Серия документа"),
                _free_text(number, "document_number", "Номер документа"),
            )
            if not normal[1]:
                raise InvalidIdentifier("document_number.format", "Номер документа не указан")
            return normal
