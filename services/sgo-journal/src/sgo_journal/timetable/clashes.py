"""What cannot be taught at once. Pure: the same judgement for a draft, a publication and a single lesson."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain, combinations
from typing import TypeVar
from uuid import UUID

from sgo_journal.timetable.dating import Year, days
from sgo_journal.timetable.values import Ban, Bound, Dated, Line, Slot


class Reason(StrEnum):
    """Why a lesson cannot stand; the value is the stable code."""

    TEACHER = "timetable.teacher-busy"
    ROOM = "timetable.room-busy"
    LEARNERS = "timetable.learners-busy"
    TEACHER_BANNED = "timetable.teacher-unavailable"
    TEACHER_AWAY = "timetable.teacher-away"
    ROOM_BANNED = "timetable.room-unavailable"
    ROOM_EVENT = "timetable.room-at-event"
    ROOM_EVENT_ON_DAYS = "timetable.room-at-event-on-days"
    SHIFT = "timetable.outside-shift"
    NO_STUDY = "timetable.no-study-day"
    VALIDITY = "timetable.outside-validity"

    @property
    def words(self) -> str:
        """The reason as the office reads it."""
        return _TITLES[self]

    @property
    def blocking(self) -> bool:
        """Whether nothing can be published over it: who is away is substituted, a room that an event holds is left for that day."""
        return self not in {Reason.TEACHER_AWAY, Reason.ROOM_EVENT_ON_DAYS}


_TITLES: Mapping[Reason, str] = {
    Reason.TEACHER: "Учитель в это время ведёт другой урок",
    Reason.ROOM: "Кабинет в это время занят другим уроком",
    Reason.LEARNERS: "У класса (группы) или её учеников в это время другой урок",
    Reason.TEACHER_BANNED: "Учитель в это время недоступен",
    Reason.TEACHER_AWAY: "Учитель в эти дни отсутствует: понадобится замена",
    Reason.ROOM_BANNED: "Кабинет в это время недоступен",
    Reason.ROOM_EVENT: "В кабинете в это время мероприятие",
    Reason.ROOM_EVENT_ON_DAYS: "В кабинете в эти дни мероприятие: урокам понадобится другой кабинет",
    Reason.SHIFT: "Урока с таким номером нет в звонках смены",
    Reason.NO_STUDY: "В этот день у класса (группы) нет уроков по календарю",
    Reason.VALIDITY: "Класс (группа) или журнал в эти дни не действует",
}


@dataclass(frozen=True)
class Clash:
    """Why ``one`` cannot stand: because of ``other`` (a line or lesson, a ban), on so many ``days`` from ``day`` on.

    ``one`` and ``other`` are sources of slots; ``subject_id`` is the teacher or room that is wanted twice or cannot be had.
    """

    reason: Reason
    one: UUID
    other: UUID | None
    day: date
    number: int
    subject_id: UUID | None = None
    days: int = 1


_BANNED: Mapping[Bound, Reason] = {
    Bound.TEACHER: Reason.TEACHER_BANNED,
    Bound.ROOM: Reason.ROOM_BANNED,
    Bound.EVENT: Reason.ROOM_EVENT,
}
Rooms = Mapping[UUID, int]
"""How many lessons a shared room (a sports hall) takes at once; of a room that is not named, one."""

_Key = tuple[Reason, UUID, UUID | None, int, UUID | None]
"""A clash but for its days."""


def clashes(slots: Collection[Slot], rooms: Rooms, bans: Collection[Ban]) -> list[Clash]:
    """All clashes among slots, each pair for a reason once, with its first day and the number of days.

    Days on which the same lines lie at the same times are judged once: a year of a large school has some forty kinds of days.
    """
    of_subject = _by_subject(bans)
    judged: dict[frozenset[object], list[_Key]] = {}
    found: dict[_Key, list[date]] = {}
    for day, of_day in sorted(_grouped((slot.day, slot) for slot in slots).items()):
        pattern = frozenset((slot.source, slot.number, slot.starts_at, slot.ends_at) for slot in of_day)
        if pattern not in judged:
            judged[pattern] = list(_pairs(of_day, rooms))
        for key in (*judged[pattern], *_banned(of_day, of_subject)):
            found.setdefault(key, []).append(day)
    return [
        Clash(reason, one, other, dates[0], number, subject_id, len(dates))
        for (reason, one, other, number, subject_id), dates in found.items()
    ]


_K = TypeVar("_K")


def _grouped(pairs: Iterable[tuple[_K, Slot]]) -> dict[_K, list[Slot]]:
    groups: dict[_K, list[Slot]] = {}
    for key, slot in pairs:
        groups.setdefault(key, []).append(slot)
    return groups


def _pairs(slots: Iterable[Slot], rooms: Rooms) -> Iterator[_Key]:
    ordered = sorted(slots, key=lambda slot: (slot.starts_at, slot.ends_at))
    for teacher, taught in _grouped((one, slot) for slot in ordered for one in set(slot.teachers)).items():
        for one, other in _overlapping(taught):
            if not _together(one, other):
                yield Reason.TEACHER, one.source, other.source, other.number, teacher
    for room, held in _grouped((slot.room_id, slot) for slot in ordered).items():
        if room is not None:
            yield from _crowded(room, held, rooms.get(room, 1))
    # A pair of groups across classes meets in each class they have in common.
    seen: set[_Key] = set()
    for attended in _grouped((one, slot) for slot in ordered for one in slot.learners.classes).values():
        for one, other in _overlapping(attended):
            if one.learners.meets(other.learners):
                seen.add((Reason.LEARNERS, one.source, other.source, other.number, None))
    yield from seen


def _overlapping(slots: Iterable[Slot]) -> Iterator[tuple[Slot, Slot]]:
    return ((one, other) for one, other in combinations(slots, 2) if one.overlaps(other))


def _together(one: Slot, other: Slot) -> bool:
    """One lesson for several classes of a set: one teacher, one room, the same time."""
    return (
        one.learners.taught_with(other.learners)
        and (one.starts_at, one.ends_at, one.room_id) == (other.starts_at, other.ends_at, other.room_id)
        and set(one.teachers) == set(other.teachers)
    )


def _crowded(room: UUID, slots: Iterable[Slot], takes: int) -> Iterator[_Key]:
    """Lessons that begin in a room when it is full, with each that goes on there; classes taught together count once."""
    inside: list[Slot] = []
    for slot in slots:
        inside = [one for one in inside if one.overlaps(slot)]
        if any(_together(one, slot) for one in inside):
            continue
        if len(inside) >= takes:
            for one in inside:
                yield Reason.ROOM, one.source, slot.source, slot.number, room
        inside.append(slot)


def barred(lessons: Iterable[Dated], bans: Collection[Ban]) -> list[Clash]:
    """What bans have against lessons whose hours nobody knows: all that can be judged of them."""
    of_subject = _by_subject(bans)
    return [
        Clash(reason, one, other, lesson.day, number, subject_id)
        for lesson in lessons
        for reason, one, other, number, subject_id in _banned([lesson], of_subject)
    ]


def _by_subject(bans: Iterable[Ban]) -> dict[UUID, list[Ban]]:
    of_subject: dict[UUID, list[Ban]] = {}
    for ban in bans:
        of_subject.setdefault(ban.subject_id, []).append(ban)
    return of_subject


def _banned(slots: Iterable[Dated], bans: Mapping[UUID, Sequence[Ban]]) -> Iterator[_Key]:
    for slot in slots:
        for ban in chain.from_iterable(bans.get(one, ()) for one in {*slot.teachers, slot.room_id} if one is not None):
            if ban.forbids(slot):
                yield _BANNED[ban.of], slot.source, ban.id, slot.number, ban.subject_id


def unfit(lines: Iterable[Line], year: Year, since: date, until: date) -> list[Clash]:
    """Lines that can never stand in [since, until): without bells in their shift, without a day of study, of another term."""
    found = []
    rung: dict[tuple[object, ...], frozenset[int] | None] = {}
    for line in lines:
        learners = line.learners
        first, last = max(since, learners.since), min(until, learners.until)
        if first >= last:
            found.append(Clash(Reason.VALIDITY, line.id, None, since, line.number))
            continue
        key = (learners.grade, learners.shift, line.weekday, first, last)
        if key not in rung:
            rung[key] = _rung(line, year, first, last)
        numbers = rung[key]
        if numbers is None:
            found.append(Clash(Reason.NO_STUDY, line.id, None, first, line.number))
            continue
        found += [
            Clash(Reason.SHIFT, line.id, None, first, number)
            for number in range(line.number, line.number + line.length)
            if number not in numbers
        ]
    return found


def _rung(line: Line, year: Year, since: date, until: date) -> frozenset[int] | None:
    """Numbers that the line's weekday has on some day of study; none where it has no such day."""
    learners = line.learners
    calendar = year.calendar.for_grade(learners.grade)
    of_weekday = [
        day for day in days(since, until) if calendar.is_study_day(day) and calendar.weekday_of(day) == line.weekday
    ]
    if not of_weekday:
        return None
    return frozenset(number for day in of_weekday for number in year.times(learners.grade, learners.shift, day))
