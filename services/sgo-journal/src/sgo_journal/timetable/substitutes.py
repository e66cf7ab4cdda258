"""Who could give a lesson in place of its teacher, the fittest first. Pure.

Whoever is busy or unavailable at that time is no candidate. The points say nothing of the lesson's quality: they order the list, and each
comes with its reason.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from sgo_journal.timetable.values import Ban, Bound, Slot

_NEAR_MINUTES = 30
_LOAD = 2


class Merit(StrEnum):
    """What speaks for a candidate, or against."""

    SUBJECT = "same_subject"
    CLASS = "teaches_class"
    WINDOW = "free_window"
    NEXT = "next_to_lessons"
    BUILDING = "same_building"
    FREE_DAY = "no_lessons_that_day"
    LOAD = "lessons_that_day"

    @property
    def words(self) -> str:
        """The merit as the office reads it."""
        return _WORDS[self]


_WORDS: Mapping[Merit, str] = {
    Merit.SUBJECT: "Ведёт этот предмет",
    Merit.CLASS: "Работает с этим классом (группой)",
    Merit.WINDOW: "В это время окно между уроками",
    Merit.NEXT: "Рядом свой урок",
    Merit.BUILDING: "В этот день работает в том же здании",
    Merit.FREE_DAY: "В этот день уроков нет, придётся приходить",
    Merit.LOAD: "Уроков в этот день",
}
_POINTS: Mapping[Merit, int] = {
    Merit.SUBJECT: 40,
    Merit.CLASS: 20,
    Merit.WINDOW: 15,
    Merit.NEXT: 10,
    Merit.BUILDING: 10,
    Merit.FREE_DAY: -15,
}


@dataclass(frozen=True)
class Candidate:
    """A teacher: what and whom the teacher teaches, and the lessons of the day."""

    teacher_id: UUID
    subjects: frozenset[UUID]
    learners: frozenset[UUID]
    day: tuple[Slot, ...]


@dataclass(frozen=True)
class Ranked:
    """A candidate with the sum of points and what it is made of."""

    teacher_id: UUID
    points: int
    merits: tuple[tuple[Merit, int], ...]


def ranked(
    lesson: Slot,
    subject: UUID | None,
    candidates: Iterable[Candidate],
    bans: Collection[Ban],
    buildings: Mapping[UUID, UUID],
) -> list[Ranked]:
    """Those who are free at the time of the lesson, the fittest first; ``buildings`` by room."""
    found = [
        _judged(lesson, subject, one, buildings)
        for one in candidates
        if one.teacher_id not in lesson.teachers and _free(lesson, one, bans)
    ]
    return sorted(found, key=lambda one: (-one.points, one.teacher_id))


def _free(lesson: Slot, candidate: Candidate, bans: Collection[Ban]) -> bool:
    if any(slot.overlaps(lesson) for slot in candidate.day):
        return False
    mine = Slot(
        lesson.source, lesson.journal_id, lesson.learners, lesson.day, lesson.number, lesson.starts_at, lesson.ends_at,
        (candidate.teacher_id,), lesson.room_id,
    )  # fmt: skip
    return not any(ban.of is Bound.TEACHER and ban.forbids(mine) for ban in bans)


def _judged(lesson: Slot, subject: UUID | None, candidate: Candidate, buildings: Mapping[UUID, UUID]) -> Ranked:
    holds = {
        Merit.SUBJECT: subject is not None and subject in candidate.subjects,
        Merit.CLASS: lesson.learners.id in candidate.learners
        or not lesson.learners.classes.isdisjoint(candidate.learners),
        Merit.WINDOW: _between(lesson, candidate.day),
        Merit.NEXT: any(_gap(lesson, slot) <= _NEAR_MINUTES for slot in candidate.day),
        Merit.BUILDING: _same_building(lesson, candidate.day, buildings),
        Merit.FREE_DAY: not candidate.day,
    }
    merits = [(merit, _POINTS[merit]) for merit, there in holds.items() if there]
    if candidate.day:
        merits.append((Merit.LOAD, -_LOAD * len(candidate.day)))
    return Ranked(candidate.teacher_id, sum(points for _, points in merits), tuple(merits))


def _between(lesson: Slot, day: Collection[Slot]) -> bool:
    return any(slot.ends_at <= lesson.starts_at for slot in day) and any(
        slot.starts_at >= lesson.ends_at for slot in day
    )


def _gap(one: Slot, other: Slot) -> int:
    """Minutes between two lessons of a day that do not overlap."""
    ends, starts = min(one.ends_at, other.ends_at), max(one.starts_at, other.starts_at)
    return int((_at(starts) - _at(ends)).total_seconds() // 60)


def _at(moment: time) -> datetime:
    return datetime.combine(date.min, moment)


def _same_building(lesson: Slot, day: Collection[Slot], buildings: Mapping[UUID, UUID]) -> bool:
    there = buildings.get(lesson.room_id) if lesson.room_id is not None else None
    return there is not None and any(slot.room_id is not None and buildings.get(slot.room_id) == there for slot in day)
