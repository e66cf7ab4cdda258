"""Who could give a lesson of an absent teacher, in order, and why. Pure.

The points are a suggestion that the office reads with its reasons; it may choose anybody whom the timetable's rules let.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time
from uuid import UUID

from sgo_journal.timetable.values import Ban, Bound, Dated, Slot

SUBJECT, AREA, CLASS, WINDOW, AT_SCHOOL, SAME_BUILDING = 40, 20, 15, 10, 5, 5
SAME_NUMBER = -60
"""A lesson of the same number, where nobody knows the hours of both: it may well be at the same time."""
OTHER_BUILDING = -10
"""A walk between buildings within a break."""
OF_DAY = -2
"""For each lesson the teacher gives that day already."""
_A_POINT_OF_WEEK = 3
"""So many lessons of the week cost a point."""


@dataclass(frozen=True)
class Taught:
    """What a lesson or a teacher is about: ``subject`` as the region counts it, ``area`` its subject area."""

    subject: UUID
    area: str


@dataclass(frozen=True)
class Teacher:
    """A teacher as others' lessons are offered to: what is taught to which classes, the lessons of that day, how many that week."""

    id: UUID
    taught: frozenset[Taught]
    classes: frozenset[UUID]
    day: Sequence[Dated]
    week: int


@dataclass(frozen=True)
class Part:
    """A reason for or against, in points."""

    code: str
    points: int
    title: str


@dataclass(frozen=True)
class Candidate:
    """A teacher who is free as far as is known, with what speaks for and against."""

    teacher_id: UUID
    parts: tuple[Part, ...]

    @property
    def points(self) -> int:
        """All parts together."""
        return sum(part.points for part in self.parts)


def ranked(
    lesson: Dated,
    taught: Taught | None,
    teachers: Iterable[Teacher],
    bans: Collection[Ban],
    buildings: Mapping[UUID, UUID],
) -> list[Candidate]:
    """Teachers who are free while the lesson goes on, the best first; ``buildings`` by room.

    Where nobody knows its hours, all whom no ban keeps from it: what they teach and their day speak for and against them.
    """
    free = (one for one in teachers if _is_free(one, lesson, bans))
    found = [Candidate(one.id, tuple(_parts(one, lesson, taught, buildings))) for one in free]
    return sorted(found, key=lambda one: (-one.points, one.teacher_id))


def _is_free(teacher: Teacher, lesson: Dated, bans: Collection[Ban]) -> bool:
    if isinstance(lesson, Slot) and any(one.overlaps(lesson) for one in _timed(teacher)):
        return False
    asked = replace(lesson, teachers=(teacher.id,))
    return not any(ban.of is Bound.TEACHER and ban.forbids(asked) for ban in bans)


def _timed(teacher: Teacher) -> list[Slot]:
    return [one for one in teacher.day if isinstance(one, Slot)]


def _parts(teacher: Teacher, lesson: Dated, taught: Taught | None, buildings: Mapping[UUID, UUID]) -> Iterable[Part]:
    if taught is not None and any(one.subject == taught.subject for one in teacher.taught):
        yield Part("subject", SUBJECT, "Ведёт этот предмет")
    elif taught is not None and any(one.area == taught.area for one in teacher.taught):
        yield Part("area", AREA, "Ведёт предмет той же области")
    if not teacher.classes.isdisjoint(lesson.learners.classes):
        yield Part("class", CLASS, "Работает в этом классе")
    before, after = _neighbours(teacher, lesson)
    if before is not None and after is not None:
        yield Part("window", WINDOW, "Закрывает «окно»")
    elif teacher.day:
        yield Part("at-school", AT_SCHOOL, "В этот день в школе")
    if teacher.day:
        yield Part("day", OF_DAY * len(teacher.day), f"Уроков в этот день: {len(teacher.day)}")
    if teacher.week:
        yield Part("week", -(teacher.week // _A_POINT_OF_WEEK), f"Уроков за неделю: {teacher.week}")
    yield from _walk(lesson, (before, after), buildings)
    yield from _unknown(teacher, lesson)


def _neighbours(teacher: Teacher, lesson: Dated) -> tuple[Slot | None, Slot | None]:
    """The teacher's lessons before and after, by the clock."""
    if not isinstance(lesson, Slot):
        return None, None
    timed = _timed(teacher)
    before = max((one for one in timed if one.ends_at <= lesson.starts_at), key=_ends, default=None)
    return before, min((one for one in timed if one.starts_at >= lesson.ends_at), key=_starts, default=None)


def _unknown(teacher: Teacher, lesson: Dated) -> Iterable[Part]:
    if not isinstance(lesson, Slot):
        yield Part("time-unknown", 0, "Время урока неизвестно: занятость по часам не проверена")
    place = lesson.number, lesson.learners.shift
    unsure = (one for one in teacher.day if not (isinstance(lesson, Slot) and isinstance(one, Slot)))
    if any((one.number, one.learners.shift) == place for one in unsure):
        yield Part("same-number", SAME_NUMBER, "Ведёт урок под тем же номером")


def _ends(slot: Slot) -> time:
    return slot.ends_at


def _starts(slot: Slot) -> time:
    return slot.starts_at


def _walk(lesson: Dated, neighbours: Iterable[Slot | None], buildings: Mapping[UUID, UUID]) -> Iterable[Part]:
    here = buildings.get(lesson.room_id) if lesson.room_id else None
    near = [buildings.get(one.room_id) for one in neighbours if one is not None and one.room_id is not None]
    known = [building for building in near if building is not None]
    if here is None or not known:
        return
    if all(building == here for building in known):
        yield Part("building", SAME_BUILDING, "Соседние уроки в том же корпусе")
    else:
        yield Part("building", OTHER_BUILDING, "Соседний урок в другом корпусе")
