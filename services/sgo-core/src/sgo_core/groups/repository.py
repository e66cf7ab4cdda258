"""SQL of academic years, classes and groups."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.groups.model import AcademicYear, StudyGroup


async def years(session: AsyncSession, first: int, last: int) -> Sequence[AcademicYear]:
    """Academic years of an interval, both ends included."""
    query = select(AcademicYear).where(AcademicYear.year.between(first, last)).order_by(AcademicYear.year)
    return (await session.scalars(query)).all()


async def years_by_number(session: AsyncSession, numbers: Collection[int]) -> Sequence[AcademicYear]:
    """Academic years by number."""
    return (await session.scalars(select(AcademicYear).where(AcademicYear.year.in_(numbers)))).all()


async def year(session: AsyncSession, number: int) -> AcademicYear | None:
    """An academic year."""
    return await session.get(AcademicYear, number)


async def insert_new(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> Sequence[StudyGroup]:
    """Insert groups whose names are free; those that came in are returned."""
    statement = insert(StudyGroup).on_conflict_do_nothing().returning(StudyGroup)
    return (await session.scalars(statement, rows)).all()


async def lock(session: AsyncSession, ids: Collection[UUID]) -> Sequence[StudyGroup]:
    """Groups with their rows locked, always in id order."""
    query = select(StudyGroup).where(StudyGroup.id.in_(ids)).order_by(StudyGroup.id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


async def get(session: AsyncSession, group_id: UUID) -> StudyGroup | None:
    """A group."""
    return await session.get(StudyGroup, group_id)


async def of_organization(session: AsyncSession, organization_id: UUID, academic_year: int) -> Sequence[StudyGroup]:
    """Active groups of an organization in a year."""
    query = select(StudyGroup).where(
        StudyGroup.organization_id == organization_id, StudyGroup.academic_year == academic_year, StudyGroup.active
    )
    return (await session.scalars(query)).all()


async def by_ids(session: AsyncSession, ids: Collection[UUID]) -> Sequence[StudyGroup]:
    """Groups by id, those that exist."""
    return (await session.scalars(select(StudyGroup).where(StudyGroup.id.in_(ids)))).all()


async def page(
    session: AsyncSession,
    organization_id: UUID,
    academic_year: int | None,
    kind: str | None,
    limit: int,
    after: UUID | None,
) -> Sequence[StudyGroup]:
    """One page of an organization's groups and one more row."""
    query = select(StudyGroup).where(StudyGroup.organization_id == organization_id)
    if academic_year is not None:
        query = query.where(StudyGroup.academic_year == academic_year)
    if kind is not None:
        query = query.where(StudyGroup.kind == kind)
    if after is not None:
        query = query.where(StudyGroup.id > after)
    return (await session.scalars(query.order_by(StudyGroup.id).limit(limit + 1))).all()
