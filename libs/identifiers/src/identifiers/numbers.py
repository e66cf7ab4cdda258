"""Numbers with control digits: СНИЛС, ИНН, ОГРН, ОГРНИП."""

import re
from collections.abc import Iterable

from identifiers.errors import InvalidIdentifier
from identifiers.personal import PersonalText

_SNILS = re.compile(r"([0-9]{3})[- ]?([0-9]{3})[- ]?([0-9]{3})[- ]?([0-9]{2})")
_SNILS_UNCHECKED = 1_001_998
"""Numbers up to 001-001-998 were issued before the control digits and carry none that could be checked."""

_INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_12_FIRST = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_12_SECOND = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_ORGANIZATION = 10
_INN_PERSON = 12
_OGRN = 13
_OGRNIP = 15


def _weighted(digits: str, weights: Iterable[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def _digits(text: str, lengths: tuple[int, ...], code: str, name: str) -> str:
    """The text without surrounding space, when it is that many ASCII digits and not all zeros."""
    value = text.strip()
    if len(value) not in lengths or re.fullmatch(r"[0-9]+", value) is None or not value.strip("0"):
        wanted = " или ".join(str(length) for length in lengths)
        raise InvalidIdentifier(f"{code}.format", f"{name} должен состоять из {wanted} цифр")
    return value


def _checked(value: str, completed: str, code: str, name: str) -> str:
    if value != completed:
        raise InvalidIdentifier(f"{code}.checksum", f"{name} указан с ошибкой: не сходится контрольное число")
    return value


def luhn_digit(number: str) -> int:
    """Control digit of a number by Luhn's rule, as the single number of a medical policy (ЕНП) bears it."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(number))]
    return -sum(value // 10 + value % 10 for value in doubled) % 10


def complete_snils(number: str) -> str:
    """Append the two control digits to the nine digits of a СНИЛС."""
    control = _weighted(number, range(9, 0, -1)) % 101 % 100
    return f"{number}{control:02d}"


def parse_snils(text: str) -> PersonalText:
    """Return the 11 digits of a СНИЛС written with or without separators (``112-233-445 95``)."""
    match = _SNILS.fullmatch(text.strip())
    if match is None or not (value := "".join(match.groups())).strip("0"):
        raise InvalidIdentifier("snils.format", "СНИЛС должен состоять из 11 цифр: 123-456-789 00")
    if int(value[:9]) <= _SNILS_UNCHECKED:
        return PersonalText(value)
    return PersonalText(_checked(value, complete_snils(value[:9]), "snils", "СНИЛС"))


def format_snils(snils: str) -> str:
    """Write 11 digits the way the document shows them: ``112-233-445 95``."""
    return f"{snils[:3]}-{snils[3:6]}-{snils[6:9]} {snils[9:]}"


def mask_snils(snils: str) -> str:
    """Write a СНИЛС so that its owner recognises it and nobody else learns it: ``***-***-445 95``."""
    return f"***-***-{snils[6:9]} {snils[9:]}"


def complete_inn(number: str) -> str:
    """Append the control digits: one to the 9 digits of an organization, two to the 10 digits of a person."""
    if len(number) == len(_INN_10):
        return f"{number}{_weighted(number, _INN_10) % 11 % 10}"
    number = f"{number}{_weighted(number, _INN_12_FIRST) % 11 % 10}"
    return f"{number}{_weighted(number, _INN_12_SECOND) % 11 % 10}"


def _parse_inn(text: str, *lengths: int) -> str:
    value = _digits(text, lengths, "inn", "ИНН")
    own = value[:-1] if len(value) == _INN_ORGANIZATION else value[:-2]
    return _checked(value, complete_inn(own), "inn", "ИНН")


def parse_inn(text: str) -> str:
    """Return a checked ИНН of an organization (10 digits) or a person (12)."""
    return _parse_inn(text, _INN_ORGANIZATION, _INN_PERSON)


def parse_organization_inn(text: str) -> str:
    """Return a checked ИНН of an organization, 10 digits."""
    return _parse_inn(text, _INN_ORGANIZATION)


def parse_person_inn(text: str) -> PersonalText:
    """Return a checked ИНН of a person, 12 digits."""
    return PersonalText(_parse_inn(text, _INN_PERSON))


def complete_ogrn(number: str) -> str:
    """Append the control digit: to the 12 digits of an ОГРН (mod 11) or the 14 of an ОГРНИП (mod 13)."""
    modulus = 11 if len(number) == _OGRN - 1 else 13
    return f"{number}{int(number) % modulus % 10}"


def parse_ogrn(text: str) -> str:
    """Return a checked ОГРН, 13 digits."""
    value = _digits(text, (_OGRN,), "ogrn", "ОГРН")
    return _checked(value, complete_ogrn(value[:-1]), "ogrn", "ОГРН")


def parse_ogrnip(text: str) -> str:
    """Return a checked ОГРНИП (sole trader), 15 digits."""
    value = _digits(text, (_OGRNIP,), "ogrnip", "ОГРНИП")
    return _checked(value, complete_ogrn(value[:-1]), "ogrnip", "ОГРНИП")


def parse_registration_number(text: str) -> str:
    """Return the checked number of whoever runs an organization: ОГРН of a legal entity or ОГРНИП of a sole trader."""
    return parse_ogrnip(text) if len(text.strip()) == _OGRNIP else parse_ogrn(text)
