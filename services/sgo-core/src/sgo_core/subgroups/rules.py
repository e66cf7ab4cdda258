"""Rules by which a class is divided: what each makes of the class list."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

ClassList = Sequence[Any]
"""Students in order of the alphabet, with ``student_id``, ``sex`` and ``foreign_languages``."""
Parts = dict[str, list[UUID]]
"""Students by name of the subgroup."""

_SEXES = {"female": "Девочки", "male": "Мальчики"}


def _by_hand(_students: ClassList, names: Sequence[str]) -> Parts:
    return {name: [] for name in names}


def _by_alphabet(students: ClassList, names: Sequence[str]) -> Parts:
    """Parts whose sizes differ by one at most, the larger first."""
    names = names or ("Подгруппа 1", "Подгруппа 2")
    size, larger = divmod(len(students), len(names))
    parts: Parts = {}
    begin = 0
    for number, name in enumerate(names):
        end = begin + size + (number < larger)
        parts[name] = [one.student_id for one in students[begin:end]]
        begin = end
    return parts


def _by_sex(students: ClassList, _names: Sequence[str]) -> Parts:
    return {name: [one.student_id for one in students if one.sex == sex] for sex, name in _SEXES.items()}


def _by_foreign_language(students: ClassList, _names: Sequence[str]) -> Parts:
    """A subgroup a language, by the first one of the card; who has none is in none."""
    parts: Parts = {}
    for one in students:
        if one.foreign_languages:
            parts.setdefault(one.foreign_languages[0], []).append(one.student_id)
    return dict(sorted(parts.items()))


RULES: Mapping[str, Callable[[ClassList, Sequence[str]], Parts]] = {
    "by_hand": _by_hand,
    "alphabet": _by_alphabet,
    "sex": _by_sex,
    "foreign_language": _by_foreign_language,
}
