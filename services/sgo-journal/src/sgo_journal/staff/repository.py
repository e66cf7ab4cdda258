"""All SQL of the staff."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, column, func, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.core import GroupTeacherRole
from servicekit.projections import upsert_newer, write
from sgo_journal.staff.model import GroupTeacher, Worker

_UPSERT_WORKER = upsert_newer(Worker, "id")
_SUBGROUP = table("teaching_group", column("id", Uuid), column("group_id", Uuid))
"""What the rosters keep of the subgroups of a class."""


def _full_name() -> ColumnElement[str]:
    return func.concat_ws(" ", Worker.last_name, Worker.first_name, Worker.middle_name)


async def upsert_workers(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Store workers whose state is newer than the known one."""
    await write(session, _UPSERT_WORKER, rows)


async def names(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, str]:
    """Full names of workers by id; those not told of yet are absent."""
    rows = await session.execute(select(Worker.id, _full_name()).where(Worker.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


async def teachers(
    session: AsyncSession, organization_id: UUID, after: UUID | None, limit: int
) -> list[tuple[UUID, str]]:
    """Who holds a teaching post in an organization, id and full name, in id order, one more than ``limit``."""
    query = select(Worker.id, _full_name()).where(Worker.teaches_in.contains([organization_id]))
    if after is not None:
        query = query.where(Worker.id > after)
    return [(worker_id, name) for worker_id, name in await session.execute(query.order_by(Worker.id).limit(limit + 1))]


async def of_organization(session: AsyncSession, organization_id: UUID) -> dict[UUID, str]:
    """Full names of all who hold a teaching post in an organization, by id."""
    query = select(Worker.id, _full_name()).where(Worker.teaches_in.contains([organization_id]))
    return {row[0]: row[1] for row in await session.execute(query)}


async def posted_among(session: AsyncSession, organization_id: UUID, ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of the workers who hold a teaching post in an organization."""
    query = select(Worker.id).where(Worker.id.in_(ids), Worker.teaches_in.contains([organization_id]))
    return frozenset(await session.scalars(query))


async def led(session: AsyncSession, worker_id: UUID, group_ids: Collection[UUID], day: date) -> frozenset[UUID]:
    """Those of the groups that a worker leads on a date."""
    query = select(GroupTeacher.group_id).where(
        GroupTeacher.worker_id == worker_id, GroupTeacher.group_id.in_(group_ids), GroupTeacher.active_on(day)
    )
    return frozenset(await session.scalars(query))


def class_learners(worker_id: UUID | None, day: date) -> Select[UUID]:
    """Ids of the classes whose class teacher the worker is on the date, and of their subgroups."""
    classes = select(GroupTeacher.group_id).where(
        GroupTeacher.worker_id == worker_id,
        GroupTeacher.role == GroupTeacherRole.CLASS_TEACHER.value,
        GroupTeacher.active_on(day),
    )
    return select(classes.union_all(select(_SUBGROUP.c.id).where(_SUBGROUP.c.group_id.in_(classes))).subquery().c[0])
