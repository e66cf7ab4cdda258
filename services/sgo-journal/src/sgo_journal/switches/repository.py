"""All SQL of the switches."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.projections import write
from sgo_journal.lessons.service import Lesson
from sgo_journal.switches.model import Switch, SwitchedLesson

_PART = 1000


async def one(session: AsyncSession, switch_id: UUID) -> Switch | None:
    """A switch."""
    query = select(Switch).where(Switch.id == switch_id)
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def page(session: AsyncSession, organization_id: UUID, after: UUID | None, limit: int) -> Sequence[Switch]:
    """Switches of an organization, one more than ``limit``."""
    query = select(Switch).where(Switch.organization_id == organization_id)
    if after is not None:
        query = query.where(Switch.id > after)
    return (await session.scalars(query.order_by(Switch.id).limit(limit + 1))).all()


async def in_force(
    session: AsyncSession, organization_id: UUID, academic_year: int, since: dt.date, until: dt.date
) -> Sequence[Switch]:
    """Switches of days of [since, until) that were not undone, in the order they were made."""
    query = select(Switch).where(
        Switch.organization_id == organization_id,
        Switch.academic_year == academic_year,
        Switch.valid_to > since,
        Switch.valid_from < until,
        Switch.undone_at.is_(None),
    )
    return (await session.scalars(query.order_by(Switch.id))).all()


def under(switch: Switch) -> ColumnElement[bool]:
    """Lessons under a switch, for a query."""
    return and_(Lesson.academic_year == switch.academic_year, Lesson.id.in_(_lessons_of(switch)))


def _lessons_of(switch: Switch) -> Select[UUID]:
    return select(SwitchedLesson.lesson_id).where(
        SwitchedLesson.organization_id == switch.organization_id,
        SwitchedLesson.academic_year == switch.academic_year,
        SwitchedLesson.switch_id == switch.id,
    )


def beside(switch: Switch) -> ColumnElement[bool]:
    """Whatever the lessons under a switch are under, for ``standing_over``."""
    return SwitchedLesson.lesson_id.in_(_lessons_of(switch))


def on_days(switch: Switch) -> ColumnElement[bool]:
    """Whatever lessons of the days of a switch are under, for ``standing_over``."""
    days = select(Lesson.id).where(
        Lesson.organization_id == switch.organization_id,
        Lesson.academic_year == switch.academic_year,
        Lesson.date >= switch.valid_from,
        Lesson.date < switch.valid_to,
    )
    return SwitchedLesson.lesson_id.in_(days)


def at_lesson(lesson: Lesson) -> ColumnElement[bool]:
    """Whatever a lesson is under, for ``standing_over``."""
    return SwitchedLesson.lesson_id == lesson.id


async def standing_over(
    session: AsyncSession, organization_id: UUID, academic_year: int, wanted: ColumnElement[bool]
) -> Mapping[UUID, list[tuple[SwitchedLesson, Switch]]]:
    """The switches in force over lessons, by lesson, in the order they were made."""
    of_switch = and_(
        Switch.organization_id == SwitchedLesson.organization_id,
        Switch.academic_year == SwitchedLesson.academic_year,
        Switch.id == SwitchedLesson.switch_id,
    )
    query = select(SwitchedLesson, Switch).join(Switch, of_switch)
    query = query.where(
        SwitchedLesson.organization_id == organization_id,
        SwitchedLesson.academic_year == academic_year,
        wanted,
        Switch.undone_at.is_(None),
    )
    found: dict[UUID, list[tuple[SwitchedLesson, Switch]]] = {}
    for row, switch in await session.execute(query.order_by(Switch.id)):
        found.setdefault(row.lesson_id, []).append((row, switch))
    return found


async def put_under(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put lessons under switches."""
    await write(session, insert(SwitchedLesson), rows)


async def drop_notes(
    session: AsyncSession, organization_id: UUID, academic_year: int, lesson_ids: Collection[UUID]
) -> None:
    """Keep no notes for lessons that are under switches."""
    await session.execute(
        update(SwitchedLesson)
        .where(
            SwitchedLesson.organization_id == organization_id,
            SwitchedLesson.academic_year == academic_year,
            SwitchedLesson.lesson_id.in_(lesson_ids),
        )
        .values(own_note=None)
        .execution_options(synchronize_session=False)
    )


async def let_go(session: AsyncSession, rows: Collection[SwitchedLesson]) -> None:
    """Let lessons out from under switches."""
    found = list(rows)
    for start in range(0, len(found), _PART):
        part = found[start : start + _PART]
        gone = delete(SwitchedLesson).where(
            SwitchedLesson.organization_id == part[0].organization_id,
            SwitchedLesson.academic_year == part[0].academic_year,
            SwitchedLesson.id.in_([row.id for row in part]),
        )
        await session.execute(gone.execution_options(synchronize_session=False))
