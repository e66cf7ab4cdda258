"""SQL of curricula."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from sgo_core.curricula.model import Curriculum, CurriculumClass, CurriculumLine


async def get(session: AsyncSession, curriculum_id: UUID, *, lock: bool = False) -> Curriculum | None:
    """A curriculum, locked if asked."""
    return await session.get(Curriculum, curriculum_id, with_for_update=lock or None, populate_existing=True)


async def lines(session: AsyncSession, curriculum_ids: Collection[UUID]) -> Mapping[UUID, list[CurriculumLine]]:
    """Lines of curricula in their order, without the dropped ones."""
    found: dict[UUID, list[CurriculumLine]] = {one: [] for one in curriculum_ids}
    query = select(CurriculumLine).where(CurriculumLine.curriculum_id.in_(curriculum_ids), ~CurriculumLine.dropped)
    for line in await session.scalars(query.order_by(CurriculumLine.position, CurriculumLine.id)):
        found[line.curriculum_id].append(line)
    return found


async def every_line(session: AsyncSession, curriculum_id: UUID) -> Sequence[CurriculumLine]:
    """Lines of a curriculum, the dropped ones too."""
    query = select(CurriculumLine).where(CurriculumLine.curriculum_id == curriculum_id)
    return (await session.scalars(query.order_by(CurriculumLine.position, CurriculumLine.id))).all()


async def classes(session: AsyncSession, curriculum_ids: Collection[UUID]) -> Mapping[UUID, list[CurriculumClass]]:
    """Classes of curricula, without the dropped ones."""
    found: dict[UUID, list[CurriculumClass]] = {one: [] for one in curriculum_ids}
    query = select(CurriculumClass).where(CurriculumClass.curriculum_id.in_(curriculum_ids), ~CurriculumClass.dropped)
    for one in await session.scalars(query.order_by(CurriculumClass.group_id)):
        found[one.curriculum_id].append(one)
    return found


async def every_class(session: AsyncSession, curriculum_id: UUID) -> Sequence[CurriculumClass]:
    """Classes of a curriculum, the dropped ones too."""
    query = select(CurriculumClass).where(CurriculumClass.curriculum_id == curriculum_id)
    return (await session.scalars(query.order_by(CurriculumClass.group_id))).all()


async def in_force_from(session: AsyncSession, group_ids: Collection[UUID], day: date) -> Sequence[CurriculumClass]:
    """What classes study by on a day and later, locked in order of class."""
    query = select(CurriculumClass).where(
        CurriculumClass.group_id.in_(group_ids),
        CurriculumClass.valid_from.is_not(None),
        or_(CurriculumClass.valid_to.is_(None), CurriculumClass.valid_to > day),
    )
    query = query.order_by(CurriculumClass.group_id, CurriculumClass.id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


async def of_classes(session: AsyncSession, group_ids: Collection[UUID], day: date) -> Mapping[UUID, Curriculum]:
    """Curricula in force for classes on a day, by class."""
    query = (
        select(CurriculumClass.group_id, Curriculum)
        .join(Curriculum, Curriculum.id == CurriculumClass.curriculum_id)
        .where(
            CurriculumClass.group_id.in_(group_ids),
            CurriculumClass.valid_from <= day,
            or_(CurriculumClass.valid_to.is_(None), CurriculumClass.valid_to > day),
        )
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def page(
    session: AsyncSession,
    organization_id: UUID,
    filters: Mapping[str, Any],
    limit: int,
    after: UUID | None,
) -> Sequence[Curriculum]:
    """One page of an organization's curricula, and one more; ``filters`` by column, None for any value."""
    query = select(Curriculum).where(Curriculum.organization_id == organization_id)
    for name, value in filters.items():
        if value is not None:
            query = query.where(getattr(Curriculum, name) == value)
    if after is not None:
        query = query.where(Curriculum.id > after)
    return (await session.scalars(query.order_by(Curriculum.id).limit(limit + 1))).all()


async def to_copy(
    session: AsyncSession, organization_id: UUID, from_year: int, to_year: int, ids: Collection[UUID] | None
) -> Sequence[Curriculum]:
    """Last approved editions of a year's curricula that have no copy in another year yet."""
    later, copy = aliased(Curriculum), aliased(Curriculum)
    query = select(Curriculum).where(
        Curriculum.organization_id == organization_id,
        Curriculum.academic_year == from_year,
        Curriculum.state == "approved",
        ~exists().where(later.replaces == Curriculum.id, later.state == "approved"),
        ~exists().where(copy.copied_from == Curriculum.id, copy.academic_year == to_year, copy.state != "withdrawn"),
    )
    if ids is not None:
        query = query.where(Curriculum.id.in_(ids))
    return (await session.scalars(query.order_by(Curriculum.id))).all()


def approved() -> Select[Curriculum]:
    """Curricula that readers are told of."""
    return select(Curriculum).where(Curriculum.state == "approved")
