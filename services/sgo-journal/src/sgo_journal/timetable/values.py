"""What a timetable is made of: learners, lines of a week, dated slots. Pure: no database, no today."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID


class Parity(StrEnum):
    """In which weeks of the two-week cycle a line stands; the week in which study begins is odd."""

    EVERY = "every"
    ODD = "odd"
    EVEN = "even"


@dataclass(frozen=True)
class Learners:
    """Who is taught together over [since, until): a class or group, a subgroup of it, or a group across classes.

    ``classes`` are those its students come from: of a whole class itself alone. ``division_id`` is of a subgroup; ``students``, those of
    a subgroup or a group across classes, tell whether two of these have a student in common. Classes of one ``combined_set`` may be
    taught together by one teacher (класс-комплект). ``grade`` and ``shift`` say which bells ring for them.
    """

    id: UUID
    classes: frozenset[UUID]
    grade: int | None
    shift: int
    since: date
    until: date
    division_id: UUID | None = None
    students: frozenset[UUID] = frozenset()
    combined_set: str | None = None

    @property
    def whole(self) -> bool:
        """Whether it is a whole class or group."""
        return self.id in self.classes

    def meets(self, other: "Learners") -> bool:
        """Whether somebody would have to be in both at once.

        Subgroups of one division have no student in common; of others the lists tell.
        """
        if self.id == other.id:
            return True
        if self.whole or other.whole:
            return not self.classes.isdisjoint(other.classes)
        if self.division_id is not None and self.division_id == other.division_id:
            return False
        return not self.students.isdisjoint(other.students)

    def taught_with(self, other: "Learners") -> bool:
        """Whether one teacher may teach both at once, in one room."""
        return self.combined_set is not None and self.combined_set == other.combined_set and self.id != other.id


@dataclass(frozen=True)
class Line:
    """A line of the weekly template: a journal's lesson on a weekday, under ``length`` numbers in a row from ``number``.

    ``fixed`` tells those who plan by machine that it must stay where it is.
    """

    id: UUID
    journal_id: UUID
    learners: Learners
    weekday: int
    number: int
    teachers: tuple[UUID, ...]
    room_id: UUID | None = None
    length: int = 1
    parity: Parity = Parity.EVERY
    fixed: bool = False


@dataclass(frozen=True, kw_only=True)
class Dated:
    """A dated lesson of a journal; ``source`` is the line it comes from, or the lesson itself that stands already.

    One that is no ``Slot`` has a number that no bell rings for: nobody knows its hours.
    """

    source: UUID
    journal_id: UUID
    learners: Learners
    day: date
    number: int
    teachers: tuple[UUID, ...]
    room_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Slot(Dated):
    """A dated lesson and its hours."""

    starts_at: time
    ends_at: time

    @property
    def place(self) -> tuple[date, int]:
        """Day and number."""
        return self.day, self.number

    def overlaps(self, other: "Slot") -> bool:
        """Whether both go on at once, by the clock: numbers of two shifts say nothing of each other."""
        return self.day == other.day and self.starts_at < other.ends_at and other.starts_at < self.ends_at


class Bound(StrEnum):
    """Who or what a ban is about; ``EVENT``: a room that a class event holds."""

    TEACHER = "teacher"
    ROOM = "room"
    EVENT = "event"


@dataclass(frozen=True)
class Ban:
    """When a teacher or a room cannot be had: on [since, until), on a weekday or every day, at some numbers of a shift or at all.

    The weekday is the day's own, whichever timetable is kept on it. ``hours``: from when to when it goes on, by the clock.
    """

    id: UUID
    of: Bound
    subject_id: UUID
    since: date
    until: date
    weekday: int | None = None
    numbers: frozenset[int] | None = None
    shift: int | None = None
    hours: tuple[datetime, datetime] | None = None

    @property
    def absence(self) -> bool:
        """Whether a teacher is away for whole days: then the lessons stand, and somebody substitutes."""
        return self.of is Bound.TEACHER and self.weekday is None and self.numbers is None and self.shift is None

    def forbids(self, lesson: Dated) -> bool:
        """Whether the lesson lies under the ban, at whatever hours it is."""
        of_lesson = lesson.teachers if self.of is Bound.TEACHER else (lesson.room_id,)
        return (
            self.subject_id in of_lesson
            and self.since <= lesson.day < self.until
            and self.weekday in {None, lesson.day.isoweekday()}
            and self.shift in {None, lesson.learners.shift}
            and (self.numbers is None or lesson.number in self.numbers)
            and (self.hours is None or (isinstance(lesson, Slot) and _meet(self.hours, lesson)))
        )


def _meet(hours: tuple[datetime, datetime], slot: Slot) -> bool:
    return datetime.combine(slot.day, slot.starts_at) < hours[1] and hours[0] < datetime.combine(slot.day, slot.ends_at)
