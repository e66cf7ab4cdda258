"""SQL of class teachers."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, column, or_, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.class_teachers.model import GroupTeacher

# Names of groups and workers, and stays of students, belong to other slices; questions about them join their tables for reading.
_group = table("study_group", *(column(name) for name in ("id", "name", "ends_on")))
_worker = table("worker", *(column(name) for name in ("id", "last_name", "first_name", "middle_name")))
_placement = table("placement", *(column(name) for name in ("membership_id", "group_id", "valid_from", "valid_to")))
_membership = table("membership", column("id"), column("student_id"))

NAMES = ("last_name", "first_name", "middle_name")


def _on(stay: Any, day: date) -> Any:
    return and_(stay.valid_from <= day, or_(stay.valid_to.is_(None), stay.valid_to > day))


async def get(session: AsyncSession, appointment_id: UUID, *, lock: bool = False) -> GroupTeacher | None:
    """An appointment, locked for an edit if asked."""
    return await session.get(GroupTeacher, appointment_id, with_for_update=lock or None, populate_existing=True)


async def class_teacher_on(session: AsyncSession, group_id: UUID, day: date) -> GroupTeacher | None:
    """The class teacher of a day, locked."""
    query = select(GroupTeacher).where(
        GroupTeacher.group_id == group_id, GroupTeacher.role == "class_teacher", _on(GroupTeacher, day)
    )
    return (await session.scalars(query.with_for_update().execution_options(populate_existing=True))).one_or_none()


async def page(
    session: AsyncSession,
    organization_id: UUID,
    *,
    day: date | None,
    group_id: UUID | None,
    limit: int,
    after: UUID | None,
    appointment_id: UUID | None = None,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """One page of an organization's appointments with names, and one more; ``day`` None: of all times."""
    query = (
        select(GroupTeacher, _group.c.name.label("group_name"), *(_worker.c[name] for name in NAMES))
        .join(_group, _group.c.id == GroupTeacher.group_id)
        .join(_worker, _worker.c.id == GroupTeacher.worker_id)
        .where(GroupTeacher.organization_id == organization_id)
    )
    if appointment_id is not None:
        query = query.where(GroupTeacher.id == appointment_id)
    if day is not None:
        query = query.where(_on(GroupTeacher, day), _group.c.ends_on > day)
    if group_id is not None:
        query = query.where(GroupTeacher.group_id == group_id)
    if after is not None:
        query = query.where(GroupTeacher.id > after)
    return (await session.execute(query.order_by(GroupTeacher.id).limit(limit + 1))).all()


async def led_by(session: AsyncSession, worker_id: UUID, organization_id: UUID, day: date) -> set[UUID]:
    """Groups of an organization that a worker leads on a day."""
    query = (
        select(GroupTeacher.group_id)
        .join(_group, _group.c.id == GroupTeacher.group_id)
        .where(
            GroupTeacher.worker_id == worker_id,
            GroupTeacher.organization_id == organization_id,
            _on(GroupTeacher, day),
            _group.c.ends_on > day,
        )
    )
    return set(await session.scalars(query))


async def students_led_by(
    session: AsyncSession, worker_id: UUID, students: Collection[UUID], organization_id: UUID, day: date
) -> set[UUID]:
    """Those of the students who are that day in a group of the organization that the worker leads."""
    query = (
        select(_membership.c.student_id)
        .join(_placement, _placement.c.membership_id == _membership.c.id)
        .join(GroupTeacher, GroupTeacher.group_id == _placement.c.group_id)
        .join(_group, _group.c.id == GroupTeacher.group_id)
        .where(
            _membership.c.student_id.in_(students),
            _on(_placement.c, day),
            GroupTeacher.worker_id == worker_id,
            GroupTeacher.organization_id == organization_id,
            _on(GroupTeacher, day),
            _group.c.ends_on > day,
        )
    )
    return set(await session.scalars(query))


async def untold(session: AsyncSession, limit: int) -> Sequence[GroupTeacher]:
    """Appointments that changed since others were told, locked."""
    query = select(GroupTeacher).where(GroupTeacher.told_version < GroupTeacher.version).order_by(GroupTeacher.id)
    return (await session.scalars(query.limit(limit).with_for_update(skip_locked=True))).all()
