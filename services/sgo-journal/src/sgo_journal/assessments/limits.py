"""How many assessments a class has a day and a week. Pure.

One control work a day for a class, and none at its first or last lesson, is what the recommendations of Rosobrnadzor and the Ministry of
Education to schools ask for (letter of 06.08.2021 № СК-228/03, 01.169/08-01): the number is refused beyond, the lesson remarked on.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Limits:
    """How many a class may have a day and a week; none: any number."""

    per_day: int = 1
    per_week: int | None = None


@dataclass(frozen=True)
class Planned:
    """An assessment as it is counted. Works of one subject on one day are one: subgroups of a class write at different lessons."""

    id: UUID
    subject: UUID
    classes: frozenset[UUID]
    day: date


class Excess(StrEnum):
    """Which limit is exceeded; the value is the stable code."""

    DAY = "assessment.too-many-a-day"
    WEEK = "assessment.too-many-a-week"

    @property
    def words(self) -> str:
        """The excess as the office reads it."""
        return _WORDS[self]


_WORDS: Mapping[Excess, str] = {
    Excess.DAY: "У класса в этот день уже назначено столько контрольных работ, сколько допускается",
    Excess.WEEK: "У класса на этой неделе уже назначено столько контрольных работ, сколько допускается",
}


class Remark(StrEnum):
    """What there is against the lesson of an assessment."""

    FIRST = "first_lesson"
    LAST = "last_lesson"


def excess(new: Planned, others: Iterable[Planned], limits: Limits) -> set[tuple[Excess, UUID]]:
    """Which limits of which classes an assessment would exceed beside others."""
    beside = [one for one in others if one.id != new.id]
    found = set()
    for of_class in new.classes:
        mine = [(one.day, one.subject) for one in (*beside, new) if of_class in one.classes]
        monday = new.day - timedelta(days=new.day.weekday())
        if len({subject for day, subject in mine if day == new.day}) > limits.per_day:
            found.add((Excess.DAY, of_class))
        of_week = {(day, subject) for day, subject in mine if monday <= day < monday + _WEEK}
        if limits.per_week is not None and len(of_week) > limits.per_week:
            found.add((Excess.WEEK, of_class))
    return found


def remarks(number: int, numbers: Collection[int]) -> list[Remark]:
    """What there is against a lesson among the numbers of its class's day."""
    found = [Remark.FIRST] if number == min(numbers) else []
    return [*found, Remark.LAST] if number == max(numbers) else found
