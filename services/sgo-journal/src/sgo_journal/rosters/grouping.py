"""All SQL of the teaching groups: subgroups of classes and groups across them."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_journal.rosters.model import Placement, TeachingGroup, roster_stay, taught_on


async def teaching_groups_by_ids(session: AsyncSession, ids: Collection[UUID]) -> Sequence[TeachingGroup]:
    """Teaching groups by id."""
    return (await session.scalars(select(TeachingGroup).where(TeachingGroup.id.in_(ids)))).all()


async def subgroups(session: AsyncSession, class_id: UUID) -> frozenset[UUID]:
    """Subgroups of a class."""
    query = select(TeachingGroup.id).where(TeachingGroup.group_id == class_id, TeachingGroup.kind == "subgroup")
    return frozenset(await session.scalars(query))


async def teaching_groups(
    session: AsyncSession, organization_id: UUID, academic_year: int | None, after: UUID | None, limit: int
) -> Sequence[TeachingGroup]:
    """Teaching groups of an organization in id order, one more than ``limit``."""
    query = select(TeachingGroup).where(TeachingGroup.organization_id == organization_id)
    if academic_year is not None:
        query = query.where(TeachingGroup.academic_year == academic_year)
    if after is not None:
        query = query.where(TeachingGroup.id > after)
    return (await session.scalars(query.order_by(TeachingGroup.id).limit(limit + 1))).all()


async def sharing(
    session: AsyncSession, organization_id: UUID, academic_year: int, ids: Collection[UUID], day: date
) -> Sequence[tuple[UUID, UUID, UUID | None]]:
    """Students of teaching groups on a date: group, student, the class or group the student is in besides."""
    query = (
        select(roster_stay.c.learners_id, roster_stay.c.student_id, Placement.group_id)
        .outerjoin(
            Placement,
            and_(
                Placement.organization_id == roster_stay.c.organization_id,
                Placement.academic_year == roster_stay.c.academic_year,
                Placement.student_id == roster_stay.c.student_id,
                Placement.main,
                Placement.active_on(day),
            ),
        )
        .where(
            roster_stay.c.organization_id == organization_id,
            roster_stay.c.academic_year == academic_year,
            roster_stay.c.learners_id.in_(ids),
            taught_on(day),
        )
    )
    return [(row[0], row[1], row[2]) for row in await session.execute(query)]


async def beside_class(session: AsyncSession, organization_id: UUID, academic_year: int, class_id: UUID) -> set[UUID]:
    """Teaching groups of a class's students: its subgroups, and groups across classes in which one of them ever is."""
    other = roster_stay.alias()
    across = (
        select(other.c.learners_id)
        .join(
            Placement,
            and_(
                Placement.organization_id == other.c.organization_id,
                Placement.academic_year == other.c.academic_year,
                Placement.student_id == other.c.student_id,
            ),
        )
        .where(
            other.c.organization_id == organization_id,
            other.c.academic_year == academic_year,
            Placement.group_id == class_id,
            Placement.valid_from < func.coalesce(other.c.valid_to, date.max),
            other.c.valid_from < func.coalesce(Placement.valid_to, date.max),
        )
    )
    query = select(TeachingGroup.id).where(
        TeachingGroup.organization_id == organization_id,
        TeachingGroup.academic_year == academic_year,
        or_(TeachingGroup.group_id == class_id, TeachingGroup.id.in_(across)),
    )
    return set(await session.scalars(query))
