"""Codes of organizations by all-Russian classifiers: ОКПО, ОКАТО, ОКТМО, ОКОГУ, and the КПП of the tax service."""

import re
from itertools import cycle, islice

from identifiers.errors import InvalidIdentifier
from identifiers.letters import to_latin

_OKPO_TRADER = 10
_OKPO_UNIT = 14
_KPP = re.compile(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}")
_OKATO = re.compile(r"(?!00)[0-9]{2}([0-9]{3}([0-9]{3}([0-9]{3})?)?)?")
_OKTMO = re.compile(r"(?!00)[0-9]{8}([0-9]{3})?")
_OKTMO_MUNICIPALITY = 8
_OKTMO_SETTLEMENT = 11
_TEN = 10


def _remainder(code: str, first_weight: int) -> int:
    weights = islice(cycle(range(1, 11)), first_weight - 1, None)
    return sum(int(digit) * weight for digit, weight in zip(code, weights, strict=False)) % 11


def control_digit(code: str) -> int:
    """Control digit of a code by the general rule of the classifiers (Р 50.1.024): weights 1…10 in a circle, mod 11.

    A remainder of 10 is counted anew with weights from 3; 10 again is 0. In ОКПО it is the last digit; of ОКТМО and ОКАТО it is
    published beside the code and no part of it.
    """
    first = _remainder(code, 1)
    return first if first < _TEN else _remainder(code, 3) % 10


def _control_digits(code: str) -> set[int]:
    """Digits that issued numbers bear: of 9 digits counted anew some programs weigh the last with 11, not 1."""
    found = {control_digit(code)}
    if len(code) == _OKPO_TRADER - 1 and _remainder(code, 1) == _TEN:
        found.add((_remainder(code[:-1], 3) + 11 * int(code[-1])) % 11 % 10)
    return found


def _matching(text: str, pattern: str | re.Pattern[str], code: str, title_ru: str) -> str:
    value = text.strip()
    if re.fullmatch(pattern, value) is None or not value.strip("0"):
        raise InvalidIdentifier(f"{code}.format", title_ru)
    return value


def parse_okpo(text: str) -> str:
    """Return a checked ОКПО: 8 digits of a legal entity, 10 of a sole trader; 14 of a separate unit have no check digit."""
    value = _matching(text, "([0-9]{8}|[0-9]{10}|[0-9]{14})", "okpo", "ОКПО должен состоять из 8, 10 или 14 цифр")
    if len(value) != _OKPO_UNIT and int(value[-1]) not in _control_digits(value[:-1]):
        raise InvalidIdentifier("okpo.checksum", "ОКПО указан с ошибкой: не сходится контрольное число")
    return value


def parse_okato(text: str) -> str:
    """Return an ОКАТО: 2, 5, 8 or 11 digits from the region (``03401``)."""
    return _matching(text, _OKATO, "okato", "ОКАТО должен состоять из 2, 5, 8 или 11 цифр и начинаться с кода региона")


def parse_oktmo(text: str) -> str:
    """Return an ОКТМО of a municipality (8 digits) or of a settlement (11)."""
    return _matching(text, _OKTMO, "oktmo", "ОКТМО должен состоять из 8 или 11 цифр и начинаться с кода региона")


def parse_municipality_oktmo(text: str) -> str:
    """Return an ОКТМО of a municipality, 8 digits."""
    return _oktmo_of(text, _OKTMO_MUNICIPALITY)


def parse_settlement_oktmo(text: str) -> str:
    """Return an ОКТМО of a settlement, 11 digits."""
    return _oktmo_of(text, _OKTMO_SETTLEMENT)


def _oktmo_of(text: str, length: int) -> str:
    value = parse_oktmo(text)
    if len(value) != length:
        raise InvalidIdentifier("oktmo.format", f"Нужен код ОКТМО из {length} цифр")
    return value


def parse_okogu(text: str) -> str:
    """Return an ОКОГУ, 7 digits."""
    return _matching(text, "[0-9]{7}", "okogu", "ОКОГУ должен состоять из 7 цифр")


def parse_kpp(text: str) -> str:
    """Return a КПП: 9 characters, of which the fifth and sixth may be Latin letters. It has no check digit."""
    return _matching(
        to_latin(text.upper()), _KPP, "kpp", "КПП должен состоять из 9 знаков: цифры, на пятом и шестом месте и буквы"
    )
