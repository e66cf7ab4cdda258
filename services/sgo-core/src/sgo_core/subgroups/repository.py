"""SQL of divisions, teaching groups and the stays in them."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, column, or_, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.subgroups.model import Division, TeachingGroup, TeachingGroupStay

# Stays and names of students belong to other slices; the lists here join their tables for reading.
_student = table(
    "student",
    *(
        column(name)
        for name in ("id", "last_name", "first_name", "middle_name", "search_name", "sex", "foreign_languages")
    ),
)
_membership = table(
    "membership", *(column(name) for name in ("id", "student_id", "organization_id", "main", "valid_from", "valid_to"))
)
_placement = table(
    "placement", *(column(name) for name in ("id", "membership_id", "group_id", "valid_from", "valid_to"))
)
_group = table("study_group", column("id"), column("grade"))

NAMES = ("last_name", "first_name", "middle_name")


def _on(stay: Any, day: date) -> Any:
    return and_(stay.valid_from <= day, or_(stay.valid_to.is_(None), stay.valid_to > day))


async def class_list(session: AsyncSession, group_id: UUID, day: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """Students of a class on a day in order of the alphabet, with the stays theirs in a subgroup rests on."""
    query = (
        select(
            _student.c.id.label("student_id"),
            *(_student.c[name] for name in NAMES),
            _student.c.sex,
            _student.c.foreign_languages,
            _membership.c.id.label("membership_id"),
            _placement.c.id.label("placement_id"),
            _placement.c.valid_to.label("placed_to"),
        )
        .join(_membership, _membership.c.student_id == _student.c.id)
        .join(_placement, _placement.c.membership_id == _membership.c.id)
        .where(_placement.c.group_id == group_id, _on(_placement.c, day))
        .order_by(_student.c.search_name, _student.c.id)
    )
    return (await session.execute(query)).all()


async def students_of(
    session: AsyncSession, organization_id: UUID, students: Collection[UUID], day: date
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Those of the students whose main place is in the organization on a day, with their grade."""
    query = (
        select(
            _membership.c.student_id,
            _membership.c.id.label("membership_id"),
            _membership.c.valid_to.label("stays_to"),
            _group.c.grade,
        )
        .outerjoin(_placement, and_(_placement.c.membership_id == _membership.c.id, _on(_placement.c, day)))
        .outerjoin(_group, _group.c.id == _placement.c.group_id)
        .where(
            _membership.c.organization_id == organization_id,
            _membership.c.student_id.in_(students),
            _membership.c.main,
            _on(_membership.c, day),
        )
    )
    return (await session.execute(query)).all()


async def get_division(session: AsyncSession, division_id: UUID, *, lock: bool = False) -> Division | None:
    """A division, locked if asked."""
    return await session.get(Division, division_id, with_for_update=lock or None, populate_existing=True)


async def get_group(session: AsyncSession, teaching_group_id: UUID) -> TeachingGroup | None:
    """A teaching group."""
    return await session.get(TeachingGroup, teaching_group_id)


async def lock_groups(session: AsyncSession, ids: Collection[UUID]) -> Sequence[TeachingGroup]:
    """Teaching groups with their rows locked, in id order."""
    query = select(TeachingGroup).where(TeachingGroup.id.in_(ids)).order_by(TeachingGroup.id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


async def subgroups_of(session: AsyncSession, division_id: UUID) -> Sequence[UUID]:
    """Ids of the subgroups of a division that are in use."""
    query = select(TeachingGroup.id).where(TeachingGroup.division_id == division_id, TeachingGroup.active)
    return (await session.scalars(query)).all()


async def divisions_of(
    session: AsyncSession, group_id: UUID, *, active: bool | None
) -> Sequence[Row[Division, TeachingGroup | None]]:
    """Divisions of a class with the subgroups of each."""
    query = (
        select(Division, TeachingGroup)
        .outerjoin(TeachingGroup, TeachingGroup.division_id == Division.id)
        .where(Division.group_id == group_id)
        .order_by(Division.id, TeachingGroup.id)
    )
    if active is not None:
        query = query.where(Division.active == active)
    return (await session.execute(query)).all()


async def named(session: AsyncSession, organization_id: UUID, academic_year: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Id, name, class and name of the division of the teaching groups of a year that are in use."""
    query = (
        select(TeachingGroup.id, TeachingGroup.name, TeachingGroup.group_id, Division.name.label("division"))
        .outerjoin(Division, Division.id == TeachingGroup.division_id)
        .where(
            TeachingGroup.organization_id == organization_id,
            TeachingGroup.academic_year == academic_year,
            TeachingGroup.active,
        )
    )
    return (await session.execute(query)).all()


async def page(
    session: AsyncSession,
    organization_id: UUID,
    *,
    academic_year: int | None,
    kind: str | None,
    limit: int,
    after: UUID | None,
) -> Sequence[TeachingGroup]:
    """One page of an organization's teaching groups and one more."""
    query = select(TeachingGroup).where(TeachingGroup.organization_id == organization_id)
    if academic_year is not None:
        query = query.where(TeachingGroup.academic_year == academic_year)
    if kind is not None:
        query = query.where(TeachingGroup.kind == kind)
    if after is not None:
        query = query.where(TeachingGroup.id > after)
    return (await session.scalars(query.order_by(TeachingGroup.id).limit(limit + 1))).all()


async def lock_stays(session: AsyncSession, ids: Collection[UUID]) -> Sequence[TeachingGroupStay]:
    """Stays by id, locked."""
    query = select(TeachingGroupStay).where(TeachingGroupStay.id.in_(ids)).order_by(TeachingGroupStay.id)
    return (await session.scalars(query.with_for_update().execution_options(populate_existing=True))).all()


async def stays_in(session: AsyncSession, ids: Collection[UUID]) -> Sequence[TeachingGroupStay]:
    """All stays in teaching groups, of all times, in order of entry."""
    query = select(TeachingGroupStay).where(TeachingGroupStay.teaching_group_id.in_(ids))
    query = query.order_by(TeachingGroupStay.id).execution_options(populate_existing=True)
    return (await session.scalars(query)).all()


async def members(session: AsyncSession, ids: Collection[UUID], day: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """Who is in teaching groups on a day, with names, in order of the alphabet."""
    query = (
        select(
            TeachingGroupStay.teaching_group_id,
            TeachingGroupStay.student_id,
            TeachingGroupStay.valid_from.label("since"),
            *(_student.c[name] for name in NAMES),
        )
        .join(_student, _student.c.id == TeachingGroupStay.student_id)
        .where(TeachingGroupStay.teaching_group_id.in_(ids), _on(TeachingGroupStay, day))
        .order_by(_student.c.search_name, _student.c.id)
    )
    return (await session.execute(query)).all()


async def untold(session: AsyncSession, limit: int) -> Sequence[TeachingGroup]:
    """Teaching groups that changed since others were told, locked."""
    query = select(TeachingGroup).where(TeachingGroup.told_version < TeachingGroup.version).order_by(TeachingGroup.id)
    return (await session.scalars(query.limit(limit).with_for_update(skip_locked=True))).all()


async def across(
    session: AsyncSession, organization_id: UUID, group_ids: Collection[UUID], day: date
) -> Sequence[Row[UUID, UUID]]:
    """Groups across classes that students of some classes attend from a day on, with the class of each."""
    query = (
        select(TeachingGroupStay.teaching_group_id, _placement.c.group_id)
        .join(_placement, _placement.c.membership_id == TeachingGroupStay.membership_id)
        .where(
            TeachingGroupStay.organization_id == organization_id,
            TeachingGroupStay.placement_id.is_(None),
            or_(TeachingGroupStay.valid_to.is_(None), TeachingGroupStay.valid_to > day),
            _placement.c.group_id.in_(group_ids),
            _placement.c.valid_to.is_(None),
        )
    )
    return (await session.execute(query.distinct())).all()
