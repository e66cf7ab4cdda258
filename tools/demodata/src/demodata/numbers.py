"""Fictional identifiers that pass their checksums and never repeat inside one region."""

from datetime import date
from random import Random

from identifiers import complete_inn, complete_ogrn, complete_snils, format_snils

_SNILS_FIRST = 1_001_999  # numbers up to 001-001-998 carry no checksum
_SNILS_SPACE = 997_999_000
_CERTIFICATE_LETTERS = "АБВГДЕЖЗИК"
_CERTIFICATE_ROMANS = ("II", "III", "IV", "V")
_CERTIFICATE_SPACE = 1_000_000 * len(_CERTIFICATE_LETTERS) ** 2 * len(_CERTIFICATE_ROMANS)
_PASSPORT_REGION = "03"
_PASSPORT_SPACE = 7_000_000  # six digits and seven blank years around the year of issue
_PHONE_SPACE = 10_000_000


def snils(serial: int) -> str:
    """СНИЛС ``123-456-789 00`` of a person, distinct for distinct serials."""
    return format_snils(complete_snils(f"{_SNILS_FIRST + _scatter(serial, _SNILS_SPACE):09d}"))


def birth_certificate(serial: int) -> tuple[str, str]:
    """Series and number of a Russian birth certificate, distinct for distinct serials."""
    rest, number = divmod(_scatter(serial, _CERTIFICATE_SPACE), 1_000_000)
    rest, second = divmod(rest, len(_CERTIFICATE_LETTERS))
    roman, first = divmod(rest, len(_CERTIFICATE_LETTERS))
    series = f"{_CERTIFICATE_ROMANS[roman]}-{_CERTIFICATE_LETTERS[first]}{_CERTIFICATE_LETTERS[second]}"
    return series, f"{number:06d}"


def passport(serial: int, issued_on: date) -> tuple[str, str]:
    """Series and number of a Russian passport issued on a date, distinct for distinct serials."""
    shift, number = divmod(_scatter(serial, _PASSPORT_SPACE), 1_000_000)
    return f"{_PASSPORT_REGION}{(issued_on.year + shift - 3) % 100:02d}", f"{number:06d}"


def phone(serial: int) -> str:
    """A mobile number from a range no operator gives out."""
    return f"+7900{_scatter(serial, _PHONE_SPACE):07d}"


def inn(rng: Random) -> str:
    """ИНН of a legal entity of the region (23)."""
    return complete_inn(f"23{rng.randrange(1, 80):02d}{rng.randrange(100_000):05d}")


def ogrn(rng: Random) -> str:
    """ОГРН of a legal entity registered in the region in 2002-2020."""
    return complete_ogrn(f"1{rng.randrange(2, 21):02d}23{rng.randrange(1, 80):02d}{rng.randrange(100_000):05d}")


def _scatter(serial: int, space: int) -> int:
    """Spread serials over ``space`` without collisions: the multiplier is a prime that divides no space used here."""
    if not 0 <= serial < space:
        raise ValueError(f"serial {serial} is outside 0..{space - 1}")
    return (serial * 611_953_921 + 7_654_321) % space
