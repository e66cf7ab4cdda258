"""Telephone numbers."""

import re

from identifiers.errors import InvalidIdentifier
from identifiers.letters import to_hyphens
from identifiers.personal import PersonalText

_TYPED = re.compile(r"\+?[0-9 ().-]+")
_NATIONAL = re.compile(r"[3-9][0-9]{9}")
_LONG_DISTANCE = re.compile(r"[78]([0-9]{10})")
_INTERNATIONAL = re.compile(r"(?!7)[1-9][0-9]{7,14}|7[0-9]{10}")


def parse_phone(text: str) -> PersonalText:
    """Return a telephone number by E.164: ``+78612000000``.

    ``8 (861) 200-00-00``, ``861 200-00-00`` and ``7…`` are numbers of Russia; of another country a number begins with a plus. A number
    without the code of its city is refused: nobody can say where it rings.
    """
    typed = to_hyphens(text.strip())
    if _TYPED.fullmatch(typed):
        digits = re.sub(r"[^0-9]", "", typed)
        if typed.startswith("+"):
            if _INTERNATIONAL.fullmatch(digits):
                return PersonalText(f"+{digits}")
        elif (long_distance := _LONG_DISTANCE.fullmatch(digits)) is not None:
            return PersonalText(f"+7{long_distance[1]}")
        elif _NATIONAL.fullmatch(digits):
            return PersonalText(f"+7{digits}")
    raise InvalidIdentifier("phone.format", "Неверный номер телефона: нужен номер с кодом, например +7 861 200-00-00")
