"""What an event cannot be planned over: lessons and other events, by the clock."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from servicekit.errors import FieldError
from servicekit.uow import UnitOfWork
from sgo_journal.class_events import repository
from sgo_journal.class_events.errors import ClassEventConflictsError
from sgo_journal.class_events.model import ClassEvent
from sgo_journal.lessons import planning
from sgo_journal.lessons.service import Lesson
from sgo_journal.rosters import service as rosters

Span = tuple[dt.datetime, dt.datetime]
_DAY = dt.timedelta(days=1)
_MIDNIGHT = dt.time()


def span(starts_on: dt.date, ends_on: dt.date, starts_at: dt.time | None, ends_at: dt.time | None) -> Span:
    """From when to when something goes on; without hours, over its whole days."""
    until = dt.datetime.combine(ends_on, ends_at) if ends_at else dt.datetime.combine(ends_on + _DAY, _MIDNIGHT)
    return dt.datetime.combine(starts_on, starts_at or _MIDNIGHT), until


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


@dataclass(frozen=True)
class Over:
    """What an event may be planned over knowingly: ``lessons`` of its classes and of its responsible worker, whose place it takes.

    ``events``: others of theirs, where one of the two has no hours: a week of mathematics and a class hour in it.
    """

    lessons: bool
    events: bool


async def require_free(
    uow: UnitOfWork, organization_id: UUID, event_id: UUID | None, values: Mapping[str, Any], over: Over
) -> None:
    """Raise ``ClassEventConflictsError`` that names what is taken; the caller holds the organization's timetable.

    An event without hours goes on over its whole days. A room is nobody else's, whatever the event is planned ``over``.
    """
    academic_year = values["academic_year"]
    classes = set(values["learners_ids"])
    for key in values["learners_ids"]:
        classes |= await rosters.beside_class(uow, organization_id, academic_year, key)
    days = values["starts_on"], values["ends_on"] + _DAY
    mine = span(values["starts_on"], values["ends_on"], values["starts_at"], values["ends_at"])
    others = await repository.within(uow.session, organization_id, *days, filters={"state": "planned"})
    wrong = [*_taken_by_events(others, event_id, values, classes, mine, over)]
    asked = Lesson.room_id == values["room_id"] if values["room_id"] is not None else None
    if not over.lessons:
        people = Lesson.learners_id.in_(classes) | (Lesson.teacher_id == values["responsible_id"])
        asked = people if asked is None else people | asked
    if asked is not None:
        found = await planning.between(uow.session, organization_id, asked & (Lesson.state == "planned"), *days)
        wrong += _taken_by_lessons(found, values, classes, mine, people=not over.lessons)
    if wrong:
        raise ClassEventConflictsError(errors=list(dict.fromkeys(wrong)))


def _taken_by_events(
    found: Iterable[ClassEvent],
    event_id: UUID | None,
    values: Mapping[str, Any],
    classes: Collection[UUID],
    mine: Span,
    over: Over,
) -> Iterable[FieldError]:
    for other in found:
        if other.id == event_id or not _meet(
            mine, span(other.starts_on, other.ends_on, other.starts_at, other.ends_at)
        ):
            continue
        if values["room_id"] is not None and other.room_id == values["room_id"]:
            yield FieldError("/body/room_id", "class-event.room-busy", "Кабинет занят другим мероприятием")
        if over.events and None in {values["starts_at"], other.starts_at}:
            continue
        if not set(classes).isdisjoint(other.learners_ids):
            yield FieldError("/body/learners_ids", "class-event.learners-busy", "У класса другое мероприятие")
        if other.responsible_id == values["responsible_id"]:
            yield FieldError("/body/responsible_id", "class-event.responsible-busy", "Ответственный занят на другом")


def _taken_by_lessons(
    found: Iterable[Lesson], values: Mapping[str, Any], classes: Collection[UUID], mine: Span, *, people: bool
) -> Iterable[FieldError]:
    for lesson in found:
        if values["starts_at"] is not None and (lesson.starts_at is None or lesson.ends_at is None):
            continue
        if not _meet(mine, span(lesson.date, lesson.date, lesson.starts_at, lesson.ends_at)):
            continue
        if values["room_id"] is not None and lesson.room_id == values["room_id"]:
            yield FieldError("/body/room_id", "class-event.room-busy", "В кабинете в это время урок")
        if people and lesson.learners_id in classes:
            yield FieldError("/body/learners_ids", "class-event.learners-at-lesson", "У класса в это время урок")
        if people and lesson.teacher_id == values["responsible_id"]:
            yield FieldError("/body/responsible_id", "class-event.responsible-at-lesson", "Ответственный ведёт урок")
