"""Words of an address as people type it: types of objects and punctuation say nothing, ё and case do not matter."""

import re

from identifiers import normal_name

_WORD = re.compile(r"[0-9a-zа-я/-]+", re.IGNORECASE)
_TYPES = frozenset(
    word
    for line in (
        "г город с село ст станица ст-ца п пос поселок х хутор д дер деревня дом кв корп стр двлд влд литер мкр микрорайон тер снт",
        "ул улица пер переулок пр просп проспект пр-кт пр-д проезд б-р бульвар пл площадь ш шоссе наб наб-я",
        "р-н район край обл область респ",
    )
    for word in line.split()
)


def words(text: str) -> list[str]:
    """Words to look for; a text of types alone keeps them."""
    found: list[str] = _WORD.findall(normal_name(text))
    return [one for one in found if one not in _TYPES] or found


def has_digit(word: str) -> bool:
    """Whether a word may be the number of a house."""
    return any(character.isdigit() for character in word)


def searched(*names: str) -> str:
    """Names in the form they are looked for: each word after a space."""
    return "".join(f" {word}" for name in names for word in _WORD.findall(normal_name(name)))
