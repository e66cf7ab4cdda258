"""What a timetable, or somebody who plans by hand, does to lessons: all SQL of it, each change with its history."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Uuid,
    and_,
    bindparam,
    column,
    delete,
    exists,
    or_,
    select,
    table,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from servicekit.ids import new_id
from servicekit.projections import write
from sgo_journal.lessons.model import Lesson, LessonChange

__all__ = ["LessonChange"]

Action = Literal["added", "changed", "cancelled", "restored", "removed", "works"]

_KEPT = (
    *("date", "number", "starts_at", "ends_at", "teacher_id", "room_id", "state", "mode", "video_link"),
    *("line_id", "planned_date", "planned_number", "by_hand", "switch_id", "note"),
)
"""What the history keeps of a lesson, and what planning may change."""

_NEW: Mapping[str, Any] = {
    "starts_at": None,
    "ends_at": None,
    "teacher_id": None,
    "room_id": None,
    "line_id": None,
    "planned_date": None,
    "planned_number": None,
    "by_hand": False,
    "switch_id": None,
    "state": "planned",
    "mode": "on_site",
    "video_link": None,
    "note": None,
    "topic": None,
    "topic_id": None,
    "attendance_checked": False,
    "version": 1,
    "told_version": 0,
    "recorded_at": None,
    "learners": 0,
    "absent": 0,
    "marks": 0,
}
_PART = 1000
_BARE = defer(Lesson.homework)
"""Many lessons are planned by the place they have; what is given at them is asked for where it is read."""
HOLDERS = ("lesson_work", "mark", "attendance", "assessment", "homework", "remark", "substitution", "switched_lesson")
"""Tables whose rows stand at a lesson: one that has any is not taken away."""
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('timetable:' || :organization, 0))")


async def hold(session: AsyncSession, organization_id: UUID) -> None:
    """Let nobody else write timetables or plan lessons of the organization until the transaction ends."""
    await session.execute(_LOCK, {"organization": str(organization_id)})


@dataclass(frozen=True)
class Reason:
    """Why something is changed, by whom and when."""

    text: str
    by: UUID
    at: dt.datetime


def new_lesson(organization_id: UUID, academic_year: int, at: dt.datetime, **values: Any) -> dict[str, Any]:
    """A row of a lesson nobody has written in yet."""
    key = {"organization_id": organization_id, "academic_year": academic_year, "id": new_id()}
    return {**_NEW, **key, "created_at": at, **values}


def recorded(lesson: Lesson) -> bool:
    """Whether something was recorded of the lesson when it took place. A topic or homework may be set ahead."""
    return lesson.recorded_at is not None


def is_over(lesson: Lesson, local_now: dt.datetime) -> bool:
    """Whether nothing can be decided on the lesson any more: it is recorded, or its hour has passed by the organization's clock."""
    ended = lesson.ends_at is not None and lesson.ends_at <= local_now.time()
    return recorded(lesson) or lesson.date < local_now.date() or (lesson.date == local_now.date() and ended)


def _content() -> ColumnElement[bool]:
    """Whether somebody has put something into the lesson, or decided something about it that is kept.

    What was written and erased again counts, and a substitution that was taken back: their history names the lesson.
    """
    written = (Lesson.topic, Lesson.topic_id, Lesson.recorded_at)
    return or_(
        *(column.is_not(None) for column in written),
        *(exists().where(*_in_lesson(name)) for name in HOLDERS),
        exists().where(*_in_lesson("homework", "due_lesson_id")),
    )


def _in_lesson(name: str, by: str = "lesson_id") -> Iterator[ColumnElement[bool]]:
    rows = table(name, column("organization_id", Uuid), column("academic_year", Integer), column(by, Uuid))
    yield rows.c.organization_id == Lesson.organization_id
    yield rows.c.academic_year == Lesson.academic_year
    yield rows.c[by] == Lesson.id


def _of(organization_id: UUID, academic_year: int) -> Select[Lesson]:
    return select(Lesson).where(Lesson.organization_id == organization_id, Lesson.academic_year == academic_year)


async def planned_between(
    session: AsyncSession, organization_id: UUID, academic_year: int, since: dt.date, until: dt.date
) -> list[tuple[Lesson, bool]]:
    """Lessons of an organization that a timetable gave a place in [since, until), or that lie there; and whether they have content.

    Nobody writes in them or refers to them till the transaction ends. Content is asked for when they are held: what was being
    written meanwhile counts. The caller holds the journals, as whoever writes in a lesson does first.
    """
    there = or_(
        and_(Lesson.planned_date >= since, Lesson.planned_date < until), and_(Lesson.date >= since, Lesson.date < until)
    )
    query = _of(organization_id, academic_year).where(there).order_by(Lesson.id).with_for_update(of=Lesson)
    query = query.options(_BARE)
    lessons = (await session.scalars(query.execution_options(populate_existing=True))).all()
    in_year = and_(Lesson.organization_id == organization_id, Lesson.academic_year == academic_year)
    content = set(await session.scalars(select(Lesson.id).where(in_year, there, _content())))
    return [(lesson, lesson.id in content) for lesson in lessons]


async def live_on(
    session: AsyncSession, organization_id: UUID, academic_year: int, days: Collection[dt.date]
) -> Sequence[Lesson]:
    """Lessons that are to be held on the days."""
    query = _of(organization_id, academic_year).where(Lesson.date.in_(days), Lesson.state == "planned")
    return (await session.scalars(query.options(_BARE).order_by(Lesson.date, Lesson.number, Lesson.id))).all()


async def by_ids(
    session: AsyncSession, organization_id: UUID, academic_year: int, ids: Collection[UUID], *, hold: bool = False
) -> Mapping[UUID, Lesson]:
    """Lessons of an organization as they stand now, by id; ``hold``: nobody writes in them till the transaction ends."""
    query = _of(organization_id, academic_year).where(Lesson.id.in_(ids)).execution_options(populate_existing=True)
    if hold:
        query = query.order_by(Lesson.id).with_for_update(of=Lesson, key_share=True)
    return {lesson.id: lesson for lesson in await session.scalars(query)}


async def add(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add lessons; the database refuses a second one of a journal at a place."""
    for start in range(0, len(rows), _PART):
        await (await session.connection()).execute(insert(Lesson), list(rows[start : start + _PART]))


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if value is None or isinstance(value, str | int | bool) else str(value)
        for name, value in values.items()
    }


async def change(
    session: AsyncSession, changed: Sequence[tuple[Lesson, Mapping[str, Any]]], action: Action, reason: Reason
) -> None:
    """Change lessons (``values`` of the kept columns each) and keep what they were. The caller holds the organization's timetable.

    They are first taken off their places: one may go where another has been.
    """
    for start in range(0, len(changed), _PART):
        part = changed[start : start + _PART]
        await _keep(session, [(lesson, _only_changed(lesson, values)) for lesson, values in part], action, reason)
    moved = [lesson for lesson, values in changed if {"date", "number"} & values.keys() and lesson.state == "planned"]
    for start in range(0, len(moved) if len(moved) > 1 else 0, _PART):
        off = update(Lesson).where(_among(moved[start : start + _PART])).values(state="cancelled")
        await session.execute(off.execution_options(synchronize_session=False))
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for lesson, values in changed:
        # State is written in any case: those that move were taken off their places.
        row = {"state": lesson.state, **values}
        alike.setdefault(tuple(sorted(row)), []).append(
            {"of_organization": lesson.organization_id, "of_year": lesson.academic_year, "of_id": lesson.id}
            | {f"new_{name}": value for name, value in row.items()}
        )
    connection = await session.connection()
    for names, rows in alike.items():
        statement = (
            update(Lesson.__table__)  # type: ignore[arg-type]
            .where(
                Lesson.organization_id == bindparam("of_organization"),
                Lesson.academic_year == bindparam("of_year"),
                Lesson.id == bindparam("of_id"),
            )
            .values(version=Lesson.version + 1, **{name: bindparam(f"new_{name}") for name in names})
        )
        await connection.execute(statement, rows)


async def remove(session: AsyncSession, lessons: Sequence[Lesson], reason: Reason) -> None:
    """Take lessons without content away; the history keeps that they were."""
    for start in range(0, len(lessons), _PART):
        part = lessons[start : start + _PART]
        gone: Mapping[str, Any] = {}
        kept = [(lesson, ({name: getattr(lesson, name) for name in (*_KEPT, "journal_id")}, gone)) for lesson in part]
        await _keep(session, kept, "removed", reason)
        await session.execute(delete(Lesson).where(_among(part)).execution_options(synchronize_session=False))


async def keep_added(session: AsyncSession, rows: Sequence[Mapping[str, Any]], reason: Reason) -> None:
    """Keep that lessons were added by hand."""
    kept = [
        _row(
            row["organization_id"],
            row["academic_year"],
            row["id"],
            "added",
            {},
            _told({name: row[name] for name in (*_KEPT, "journal_id")}),
            reason,
        )
        for row in rows
    ]
    await write(session, insert(LessonChange), kept)


async def keep_works(
    session: AsyncSession, lesson: Lesson, old: Sequence[Any], new: Sequence[Any], reason: Reason
) -> None:
    """Keep what the works of a lesson were, and became."""
    row = _row(lesson.organization_id, lesson.academic_year, lesson.id, "works", {"works": old}, {"works": new}, reason)
    await write(session, insert(LessonChange), [row])


def _only_changed(lesson: Lesson, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    changed = {name: value for name, value in values.items() if name in _KEPT and getattr(lesson, name) != value}
    return {name: getattr(lesson, name) for name in changed}, changed


async def _keep(
    session: AsyncSession,
    changed: Sequence[tuple[Lesson, tuple[Mapping[str, Any], Mapping[str, Any]]]],
    action: Action,
    reason: Reason,
) -> None:
    rows = [
        _row(lesson.organization_id, lesson.academic_year, lesson.id, action, _told(old), _told(new), reason)
        for lesson, (old, new) in changed
    ]
    await write(session, insert(LessonChange), rows)


def _row(
    organization_id: UUID,
    academic_year: int,
    lesson_id: UUID,
    action: Action,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    reason: Reason,
) -> dict[str, Any]:
    return {
        "organization_id": organization_id,
        "academic_year": academic_year,
        "id": new_id(),
        "lesson_id": lesson_id,
        "action": action,
        "old": old,
        "new": new,
        "reason": reason.text,
        "changed_by": reason.by,
        "changed_at": reason.at,
    }


def _among(lessons: Sequence[Lesson]) -> ColumnElement[bool]:
    """Lessons of one organization and year."""
    return and_(
        Lesson.organization_id == lessons[0].organization_id,
        Lesson.academic_year == lessons[0].academic_year,
        Lesson.id.in_([lesson.id for lesson in lessons]),
    )


async def history(session: AsyncSession, lesson: Lesson, after: UUID | None, limit: int) -> Sequence[LessonChange]:
    """What was decided on a lesson, in order, one more than ``limit``."""
    query = select(LessonChange).where(
        LessonChange.organization_id == lesson.organization_id,
        LessonChange.academic_year == lesson.academic_year,
        LessonChange.lesson_id == lesson.id,
    )
    if after is not None:
        query = query.where(LessonChange.id > after)
    return (await session.scalars(query.order_by(LessonChange.id).limit(limit + 1))).all()


async def between(
    session: AsyncSession,
    organization_id: UUID,
    wanted: ColumnElement[bool],
    since: dt.date,
    until: dt.date,
    *,
    hold: bool = False,
) -> Sequence[Lesson]:
    """Lessons of [since, until) that are wanted, cancelled ones too, by day and number.

    ``hold``: as they stand now, and nobody writes in them till the transaction ends.
    """
    query = select(Lesson).where(
        Lesson.organization_id == organization_id, wanted, Lesson.date >= since, Lesson.date < until
    )
    if hold:
        query = query.order_by(Lesson.id).with_for_update(of=Lesson, key_share=True)
        query = query.execution_options(populate_existing=True)
    else:
        query = query.options(_BARE)
    found = (await session.scalars(query)).all()
    return sorted(found, key=lambda lesson: (lesson.date, lesson.number, lesson.id))


_SUBJECTS = text("""
    SELECT j.id, coalesce(j.title, s.title) AS subject FROM journal AS j LEFT JOIN subject AS s ON s.id = j.subject_id
     WHERE j.id = ANY (:ids)
""")


async def subjects_of_journals(session: AsyncSession, journal_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """What journals are called; those whose subject is not told of yet are absent."""
    rows = await session.execute(_SUBJECTS, {"ids": list(journal_ids)})
    return {row.id: row.subject for row in rows if row.subject is not None}
