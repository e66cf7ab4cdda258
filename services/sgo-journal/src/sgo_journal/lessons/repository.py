"""All SQL of the lessons."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from orgdirectory import Group
from servicekit.ids import new_id
from servicekit.projections import write
from sgo_journal.lessons.model import Attendance, AttendanceCode, Lesson, Mark, MarkValue, RecordChange
from sgo_journal.lessons.record import Change, Entry, EntryKind
from sgo_journal.rosters.service import Stay


def _upsert(table: type[Mark] | type[Attendance], *noted: str) -> Insert:
    statement = insert(table)
    return statement.on_conflict_do_update(
        index_elements=["organization_id", "academic_year", "lesson_id", "student_id"],
        set_={name: statement.excluded[name] for name in noted},
    )


_TABLES: Mapping[EntryKind, type[Mark] | type[Attendance]] = {
    EntryKind.MARK: Mark,
    EntryKind.ATTENDANCE: Attendance,
}
_UPSERTS = {
    EntryKind.MARK: _upsert(Mark, "value", "comment"),
    EntryKind.ATTENDANCE: _upsert(Attendance, "code"),
}
_ADD_CHANGE = insert(RecordChange)


async def groups(session: AsyncSession, organization_id: UUID, group_ids: set[UUID]) -> dict[UUID, Group]:
    """Groups of the organization among the given ids."""
    found = await session.scalars(
        select(Group).where(Group.organization_id == organization_id, Group.id.in_(group_ids))
    )
    return {group.id: group for group in found}


async def add(session: AsyncSession, lessons: Sequence[dict[str, Any]]) -> bool:
    """Insert lessons; false, with none of them inserted for good, if an hour is taken."""
    created = await session.execute(insert(Lesson).values(list(lessons)).on_conflict_do_nothing().returning(Lesson.id))
    return len(created.all()) == len(lessons)


async def mark_values(session: AsyncSession) -> Sequence[MarkValue]:
    """Values a mark may have."""
    return (await session.scalars(select(MarkValue).order_by(MarkValue.position))).all()


async def attendance_codes(session: AsyncSession) -> Sequence[AttendanceCode]:
    """Codes of attendance."""
    return (await session.scalars(select(AttendanceCode).order_by(AttendanceCode.position))).all()


async def one(session: AsyncSession, visible: ColumnElement[bool], lesson_id: UUID) -> Lesson | None:
    """A lesson the caller sees."""
    return await session.scalar(select(Lesson).where(visible, Lesson.id == lesson_id))


async def of_group(
    session: AsyncSession,
    visible: ColumnElement[bool],
    group: Group,
    since: dt.date,
    until: dt.date,
    after: UUID | None,
    limit: int,
) -> Sequence[Lesson]:
    """Lessons of a group within [since, until] by date and hour, one more than ``limit``."""
    place = (Lesson.date, Lesson.number, Lesson.id)
    query = select(Lesson).where(
        visible,
        Lesson.organization_id == group.organization_id,
        Lesson.academic_year == group.academic_year,
        Lesson.group_id == group.id,
        Lesson.date.between(since, until),
    )
    if after is not None:
        query = query.where(tuple_(*place) > select(*place).where(Lesson.id == after).scalar_subquery())
    return (await session.scalars(query.order_by(*place).limit(limit + 1))).all()


async def take_version(session: AsyncSession, lesson: Lesson, version: int, values: Mapping[str, Any]) -> bool:
    """Raise the version of the lesson if it is still ``version`` and hold its row; false if it is another."""
    taken = await session.scalar(
        update(Lesson)
        .where(_key(Lesson, lesson), Lesson.id == lesson.id, Lesson.version == version)
        .values(version=version + 1, **values)
        .returning(Lesson.version)
        .execution_options(synchronize_session=False)
    )
    return taken is not None


async def set_counts(session: AsyncSession, lesson: Lesson, counts: Mapping[str, int]) -> None:
    """Store the counts of the record just saved."""
    await session.execute(
        update(Lesson)
        .where(_key(Lesson, lesson), Lesson.id == lesson.id)
        .values(**counts)
        .execution_options(synchronize_session=False)
    )


async def marks(session: AsyncSession, lesson: Lesson) -> dict[UUID, Entry]:
    """Marks of a lesson by student."""
    rows = await session.scalars(select(Mark).where(_key(Mark, lesson), Mark.lesson_id == lesson.id))
    return {row.student_id: Entry(row.value, row.comment) for row in rows}


async def attendance(session: AsyncSession, lesson: Lesson) -> dict[UUID, Entry]:
    """What is noted of presence at a lesson, by student."""
    rows = await session.scalars(select(Attendance).where(_key(Attendance, lesson), Attendance.lesson_id == lesson.id))
    return {row.student_id: Entry(row.code) for row in rows}


async def apply(
    session: AsyncSession, lesson: Lesson, version: int, found: Sequence[Change], by: str, at: dt.datetime
) -> None:
    """Write changes of the record and their history. The caller holds the lesson's row."""
    for kind in EntryKind:
        await _apply_kind(session, lesson, kind, [change for change in found if change.kind is kind])
    await write(session, _ADD_CHANGE, [_history(lesson, version, change, by, at) for change in found])


async def _apply_kind(session: AsyncSession, lesson: Lesson, kind: EntryKind, found: Sequence[Change]) -> None:
    table = _TABLES[kind]
    gone = [change.student_id for change in found if change.new is None]
    if gone:
        await session.execute(
            delete(table)
            .where(_key(table, lesson), table.lesson_id == lesson.id, table.student_id.in_(gone))
            .execution_options(synchronize_session=False)
        )
    rows = [_row(lesson, kind, change.student_id, change.new) for change in found if change.new is not None]
    await write(session, _UPSERTS[kind], rows)


async def move_notes(session: AsyncSession, student_id: UUID, merged_into: UUID | None) -> None:
    """Let marks and attendance noted under a card's id be those of the child it was merged into, or the card's own again.

    A note stays where it is at a lesson where the child has one of its own.
    """
    for table in _TABLES.values():
        mine = or_(table.recorded_as == student_id, and_(table.student_id == student_id, table.recorded_as.is_(None)))
        own = aliased(table)
        there = select(own.id).where(
            own.organization_id == table.organization_id,
            own.academic_year == table.academic_year,
            own.lesson_id == table.lesson_id,
            own.student_id == (merged_into or student_id),
        )
        values = {"student_id": merged_into or student_id, "recorded_as": student_id if merged_into else None}
        statement = update(table).where(mine, ~there.exists()).values(values)
        await session.execute(statement.execution_options(synchronize_session=False))


def _row(lesson: Lesson, kind: EntryKind, student_id: UUID, entry: Entry) -> dict[str, Any]:
    noted = {"value": entry.value, "comment": entry.comment} if kind is EntryKind.MARK else {"code": entry.value}
    return {
        "organization_id": lesson.organization_id,
        "academic_year": lesson.academic_year,
        "id": new_id(),
        "lesson_id": lesson.id,
        "student_id": student_id,
        **noted,
    }


def _history(lesson: Lesson, version: int, change: Change, by: str, at: dt.datetime) -> dict[str, Any]:
    return {
        "organization_id": lesson.organization_id,
        "academic_year": lesson.academic_year,
        "id": new_id(),
        "lesson_id": lesson.id,
        "lesson_version": version,
        "student_id": change.student_id,
        "kind": change.kind.value,
        "old_value": change.old.value if change.old else None,
        "old_comment": change.old.comment if change.old else None,
        "new_value": change.new.value if change.new else None,
        "new_comment": change.new.comment if change.new else None,
        "changed_by": by,
        "changed_at": at,
    }


def _key(table: Any, lesson: Lesson) -> ColumnElement[bool]:
    """The organization and year of a lesson: every query of its rows stays in one shard and one partition."""
    return and_(table.organization_id == lesson.organization_id, table.academic_year == lesson.academic_year)


async def history(session: AsyncSession, lesson: Lesson, after: UUID | None, limit: int) -> Sequence[RecordChange]:
    """Changes of a lesson's record in the order they were made, one more than ``limit``."""
    query = select(RecordChange).where(_key(RecordChange, lesson), RecordChange.lesson_id == lesson.id)
    if after is not None:
        query = query.where(RecordChange.id > after)
    return (await session.scalars(query.order_by(RecordChange.id).limit(limit + 1))).all()


async def of_student(
    session: AsyncSession,
    visible: ColumnElement[bool],
    student_id: UUID,
    stays: Sequence[Stay],
    since: dt.date,
    until: dt.date,
) -> Sequence[tuple[Lesson, str | None, str | None, str | None]]:
    """Lessons of [since, until) in the groups where the student was that day: lesson, mark, its comment, attendance."""
    there = [
        and_(
            Lesson.organization_id == stay.organization_id,
            Lesson.academic_year == stay.academic_year,
            Lesson.group_id == stay.group_id,
            Lesson.date >= max(stay.since, since),
            Lesson.date < min(stay.until or until, until),
        )
        for stay in stays
    ]
    if not there:
        return []
    rows = await session.execute(
        select(Lesson, Mark.value, Mark.comment, Attendance.code)
        .outerjoin(Mark, _noted(Mark, student_id))
        .outerjoin(Attendance, _noted(Attendance, student_id))
        .where(visible, or_(*there))
        .order_by(Lesson.date, Lesson.number, Lesson.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def _noted(table: type[Mark] | type[Attendance], student_id: UUID) -> ColumnElement[bool]:
    return and_(
        table.organization_id == Lesson.organization_id,
        table.academic_year == Lesson.academic_year,
        table.lesson_id == Lesson.id,
        table.student_id == student_id,
    )


async def recorded(session: AsyncSession, after: UUID | None, limit: int) -> Sequence[Lesson]:
    """Lessons that have a record, in id order."""
    query = select(Lesson).where(Lesson.recorded_at.is_not(None))
    if after is not None:
        query = query.where(Lesson.id > after)
    return (await session.scalars(query.order_by(Lesson.id).limit(limit))).all()
