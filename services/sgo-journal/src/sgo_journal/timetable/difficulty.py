"""What sanitary rules have against a week of a class: said to the office, never a refusal.

After СанПиН 1.2.3685-21, tables 6.9–6.11, and СП 2.4.3648-20, 3.4.16: how hard subjects are, how many lessons a day has, which days
should be the hardest. The figures stand in ``difficulty.yaml``, which tells what of them is assumed; an organization may set its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from servicekit.packaged import read_yaml

_MONDAY, _FRIDAY = 1, 5
_EXERCISE = "sport"


class Remark(StrEnum):
    """What there is to remark on a week."""

    TOO_MANY = "too_many_lessons"
    HARD_MONDAY = "hardest_monday"
    HARD_FRIDAY = "hardest_friday"
    GAP = "gap"

    @property
    def words(self) -> str:
        """The remark as the office reads it."""
        return _TITLES[self]


_TITLES: Mapping[Remark, str] = {
    Remark.TOO_MANY: "Уроков в день больше, чем допускают санитарные правила",
    Remark.HARD_MONDAY: "Самый трудный день недели — понедельник",
    Remark.HARD_FRIDAY: "Самый трудный день недели — последний учебный",
    Remark.GAP: "Между уроками класса есть окно",
}


def _grades(key: str | int) -> Iterator[int]:
    first, _, last = str(key).partition("-")
    yield from range(int(first), int(last or first) + 1)


@cache
def _norms() -> tuple[Mapping[int, Mapping[str, int]], Mapping[int, Mapping[str, int]]]:
    read: Mapping[str, Any] = read_yaml("sgo_journal.timetable", "difficulty.yaml")
    points = {grade: of for key, of in read["points"].items() for grade in _grades(key)}
    return points, {grade: of for key, of in read["lessons"].items() for grade in _grades(key)}


def points_of(grade: int, subject: str, own: Mapping[tuple[int, str], int]) -> int:
    """Points of a subject (its code) in a grade, as the organization (``own``) or the tables have them; 0 where nobody has."""
    points, _ = _norms()
    found = own.get((grade, subject))
    return points.get(grade, {}).get(subject, 0) if found is None else found


def by_the_rules() -> Mapping[tuple[int, str], int]:
    """Points of subjects by grade and code as the tables have them."""
    points, _ = _norms()
    return {(grade, subject): value for grade, of in points.items() for subject, value in of.items()}


@dataclass(frozen=True)
class Taught:
    """A lesson of the class's week: subgroups that learn at once make one number."""

    weekday: int
    number: int
    subject: str


@dataclass(frozen=True)
class Day:
    """How hard a day of the week is, and what there is to remark."""

    weekday: int
    lessons: int
    points: int
    remarks: tuple[Remark, ...]


def week_of(grade: int, taught: Iterable[Taught], own: Mapping[tuple[int, str], int]) -> list[Day]:
    """Points and remarks of each day of a class's week. Where subgroups learn different subjects at once, the harder one counts."""
    days: dict[int, dict[int, tuple[int, str]]] = {}
    for one in taught:
        numbers = days.setdefault(one.weekday, {})
        weight = (points_of(grade, one.subject, own), one.subject)
        numbers[one.number] = max(numbers.get(one.number, weight), weight)
    totals = {weekday: sum(points for points, _ in numbers.values()) for weekday, numbers in days.items()}
    _, limits = _norms()
    limit = limits.get(grade)
    once_left = 1
    found = []
    for weekday, numbers in sorted(days.items()):
        remarks = []
        if limit is not None and len(numbers) > limit["most"]:
            with_exercise = any(subject == _EXERCISE for _, subject in numbers.values())
            if len(numbers) <= limit["once"] and with_exercise and once_left:
                once_left = 0
            else:
                remarks.append(Remark.TOO_MANY)
        remarks += _hardest(weekday, totals)
        if max(numbers) - min(numbers) + 1 > len(numbers):
            remarks.append(Remark.GAP)
        found.append(Day(weekday, len(numbers), totals[weekday], tuple(remarks)))
    return found


def _hardest(weekday: int, totals: Mapping[int, int]) -> list[Remark]:
    """The hardest days should be Tuesday to Thursday: a first or last day that is alone at the top is remarked on."""
    others = [points for day, points in totals.items() if day != weekday]
    if not others or totals[weekday] <= max(others):
        return []
    if weekday == _MONDAY:
        return [Remark.HARD_MONDAY]
    return [Remark.HARD_FRIDAY] if weekday >= _FRIDAY and weekday == max(totals) else []
