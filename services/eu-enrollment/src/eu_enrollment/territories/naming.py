"""Names of settlements and streets in the form they are compared in: the type apart, the words without case, dots and «имени»."""

import re
from dataclasses import dataclass

from identifiers import normal_name

_WORD = re.compile(r"[0-9a-zа-я-]+")
_IGNORED = frozenset({"им", "имени"})
_SETTLEMENTS = {
    word: line.split()[0]
    for line in (
        "г город",
        "пгт",
        "рп",
        "п пос поселок",
        "с село",
        "ст-ца ст станица",
        "х хут хутор",
        "д дер деревня",
        "а аул",
        "снт тер территория",
    )
    for word in line.split()
}
_STREETS = {
    word: line.split()[0]
    for line in (
        "ул улица",
        "пер переулок",
        "пр-кт пр просп проспект",
        "пр-д проезд",
        "б-р бульвар",
        "пл площадь",
        "ш шоссе",
        "наб набережная",
        "туп тупик",
        "аллея ал",
        "мкр микрорайон",
        "кв-л квартал",
        "снт тер территория",
    )
    for word in line.split()
}


@dataclass(frozen=True, slots=True)
class Name:
    """``type`` is the short form of the type's word, empty where none is written; ``words`` the rest."""

    type: str
    words: str

    def may_be(self, other: "Name") -> bool:
        """Whether both may name the same: a type left out fits any."""
        return self.words == other.words and (not self.type or not other.type or self.type == other.type)


def settlement_name(text: str) -> Name:
    """«г. Краснодар», «Краснодар г», «станица Динская»."""
    return _name(text, _SETTLEMENTS)


def street_name(text: str) -> Name:
    """«ул. им. Ленина», «Ленина улица», «пр-кт Мира»."""
    return _name(text, _STREETS)


def words_of(text: str) -> list[str]:
    """Words of a typed address to look for, without the words of types; a text of these alone keeps them."""
    found = [word for word in _WORD.findall(normal_name(text)) if word not in _IGNORED]
    return [word for word in found if word not in _STREETS and word not in _SETTLEMENTS] or found


def _name(text: str, types: dict[str, str]) -> Name:
    found = [word for word in _WORD.findall(normal_name(text)) if word not in _IGNORED]
    if len(found) > 1:
        ends = [found[0], found[-1]]
        named = next((word for word in ends if types.get(word) == "ул"), None) or next(filter(types.get, ends), None)
        if named is not None:
            found.remove(named)
            return Name(types[named], " ".join(found))
    return Name("", " ".join(found))
